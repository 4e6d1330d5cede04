# Reference numbers for cx.sem on two of the embedded surveys: corporate reputation (missing answers, left out row by row) and yellow pages.
# Run from the repository's root: Rscript tests/oracles/r/sem_surveys.R   (writes tests/oracles/sem_surveys.json)
suppressMessages({library(lavaan); library(jsonlite)})

reputation <- read.csv("data/corporate_reputation/corp_rep_data.csv", sep = ";")
if (ncol(reputation) < 10) reputation <- read.csv("data/corporate_reputation/corp_rep_data.csv")
names(reputation) <- sub("^X\\.U\\.FEFF\\.|^\ufeff", "", names(reputation))
reputation[reputation == -99] <- NA
pages <- read.csv("data/yellow_pages/customerSat.csv")

models <- list(
  reputation = list(data = "corporate_reputation", frame = reputation, model = "
    COMP =~ comp_1 + comp_2 + comp_3
    LIKE =~ like_1 + like_2 + like_3
    CUSL =~ cusl_1 + cusl_2 + cusl_3
    CUSL ~ a*COMP + b*LIKE
    difference := b - a"),
  pages = list(data = "yellow_pages", frame = pages, model = "
    price =~ q2 + q3 + q4
    reach =~ q6 + q7 + q8 + q9 + q10
    q1 ~ price + reach"))

result <- list(made_with = list(R = R.version.string, lavaan = as.character(packageVersion("lavaan"))))
for (name in names(models)) for (estimator in c("ML", "MLR")) {
  case <- models[[name]]
  fit <- sem(case$model, data = case$frame, estimator = estimator, missing = "listwise")
  kept <- parameterEstimates(fit, standardized = TRUE)
  kept <- kept[kept$op != "~1", c("lhs", "op", "rhs", "est", "se", "std.lv", "std.all")]
  names(kept) <- gsub(".", "_", names(kept), fixed = TRUE)
  result[[paste(name, estimator, sep = "_")]] <- list(
    data = case$data, model = case$model, estimator = estimator, n = lavInspect(fit, "nobs"),
    estimates = kept, fit = as.list(fitMeasures(fit)))
}
write_json(result, "tests/oracles/sem_surveys.json", digits = 12, auto_unbox = TRUE, pretty = FALSE)
