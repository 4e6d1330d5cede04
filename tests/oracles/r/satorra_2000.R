# Difference tests by Satorra (2000) of lavaan, on the rows that tests read: Rscript tests/oracles/r/satorra_2000.R
suppressMessages({library(lavaan); library(jsonlite)})
hs <- read.csv("tests/oracles/data/engine_hs.csv")
three <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
mimic <- paste(three, "visual + textual ~ ageyr", "speed ~ visual + textual", sep = "\n")
test_of <- function(large, small) {
  table <- lavTestLRT(large, small, method = "satorra.2000")
  list(chisq_diff = table[2, "Chisq diff"], df_diff = table[2, "Df diff"], pvalue = table[2, "Pr(>Chisq)"])
}
groups <- function(equal, ...) cfa(three, hs, group = "school", group.equal = equal, ...)
cases <- list(
  orthogonal_mlm = test_of(cfa(three, hs, estimator = "MLM"), cfa(three, hs, estimator = "MLM", orthogonal = TRUE)),
  orthogonal_mlr = test_of(cfa(three, hs, estimator = "MLR"), cfa(three, hs, estimator = "MLR", orthogonal = TRUE)),
  metric_mlm = test_of(groups("", estimator = "MLM"), groups("loadings", estimator = "MLM")),
  scalar_mlm = test_of(groups("loadings", estimator = "MLM"), groups(c("loadings", "intercepts"), estimator = "MLM")),
  scalar_mlr = test_of(groups("loadings", estimator = "MLR"), groups(c("loadings", "intercepts"), estimator = "MLR")),
  covariate_mlm = test_of(sem(mimic, hs, estimator = "MLM"), sem(sub("visual + textual ~ ageyr", "visual ~ ageyr\ntextual ~ 0*ageyr", mimic, fixed = TRUE), hs, estimator = "MLM"))
)
made <- list(R = R.version.string, lavaan = as.character(packageVersion("lavaan")), jsonlite = as.character(packageVersion("jsonlite")))
write(toJSON(list(made_with = made, cases = cases), auto_unbox = TRUE, digits = I(12), pretty = TRUE), "tests/oracles/satorra_2000.json")
