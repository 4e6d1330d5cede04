# Facts about the embedded datasets, computed by R from the raw files (or from the R package where that is the source).
# Run from the repository's root: Rscript tests/oracles/r/datasets.R   (writes tests/oracles/datasets.json)
suppressPackageStartupMessages({library(psych); library(jsonlite)})

read_set <- function(name) read.csv(list.files(file.path("data", name), "\\.csv", full.names = TRUE)[1], check.names = FALSE)
straight <- function(table) sum(apply(table, 1, function(row) all(row == row[1])))

mobi <- read_set("ecsi_mobile")
alphas <- lapply(c(CUEX = "^CUEX", CUSL = "^CUSL"), function(block) {
  total <- suppressWarnings(alpha(mobi[, grep(block, names(mobi))]))$total
  list(raw = total$raw_alpha, standardised = total$std.alpha)
})

reputation <- read_set("corporate_reputation")
modelled <- grep("^(cusa|cusl_|qual_|perf_|csor_|attr_|comp_|like_)", names(reputation), value = TRUE)
modelled <- grep("global", modelled, value = TRUE, invert = TRUE)
gaps <- sapply(reputation[, modelled], function(x) sum(x == -99))

airline <- read_set("airline_journey")[, -1]
airline_cor <- cor(airline)

abc <- read_set("b2b_annual")
model_output <- grep("^(Naive|Prob|Most)", names(abc), value = TRUE)
zeros <- sapply(abc[, grep("^q", names(abc))], function(x) sum(x == 0, na.rm = TRUE))

data(customerSat, package = "bayesm")
data(housing, package = "MASS")
versions <- sapply(c("psych", "bayesm", "MASS", "jsonlite"), function(p) as.character(packageVersion(p)))
result <- list(
  made_with = c(list(R = R.version.string), as.list(versions)),
  ecsi_mobile = list(rows = nrow(mobi), columns = ncol(mobi), alpha = alphas,
                     cusl2 = as.list(cor(mobi)[c("CUSL1", "CUSL3"), "CUSL2"])),
  corporate_reputation = list(rows = nrow(reputation), columns = ncol(reputation), modelled = length(modelled),
                              missing = as.list(gaps[gaps > 0]), rows_with_missing = sum(rowSums(reputation[, modelled] == -99) > 0),
                              switch_1_4 = cor(reputation$switch_1, reputation$switch_4)),
  airline_journey = list(rows = nrow(airline), columns = ncol(airline), lowest_correlation = min(airline_cor),
                         highest_correlation = max(airline_cor[upper.tri(airline_cor)]),
                         overall = as.list(table(airline$o_experience)),
                         all_four = sum(rowSums(airline == 4) == 7), all_one = sum(rowSums(airline == 1) == 7)),
  b2b_annual = list(rows = nrow(abc), columns_raw = ncol(abc), model_output = model_output, zeros = as.list(zeros[zeros > 0]),
                    missing_q10 = sum(is.na(abc$q10)), mean_q10 = mean(abc$q10[abc$q10 > 0], na.rm = TRUE)),
  yellow_pages = list(rows = nrow(customerSat), columns = ncol(customerSat), means = unname(colMeans(customerSat)),
                      repeated = sum(duplicated(customerSat)), straight = straight(customerSat),
                      repeated_straight = straight(customerSat[duplicated(customerSat), ])),
  housing_satisfaction = list(cells = nrow(housing), tenants = sum(housing$Freq),
                              satisfaction = as.list(xtabs(Freq ~ Sat, housing)))
)
writeLines(toJSON(result, auto_unbox = TRUE, digits = 12, pretty = TRUE), "tests/oracles/datasets.json")
