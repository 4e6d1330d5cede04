# Reference numbers for cx.reliability and cx.describe: psych::alpha, psych::describe.
# Run from the repository: Rscript tests/oracles/r/reliability.R   (writes tests/oracles/reliability.json)
suppressPackageStartupMessages({library(psych); library(jsonlite)})

read_set <- function(name) read.csv(list.files(file.path("data", name), "\\.csv$", full.names = TRUE)[1])

scale_numbers <- function(x, use) {
  x <- as.data.frame(x)
  if (use == "complete") x <- na.omit(x)
  capture.output(a <- suppressWarnings(psych::alpha(x, use = use, warnings = FALSE)))
  list(
    n = nrow(x), raw = a$total$raw_alpha, std = a$total$std.alpha, average_r = a$total$average_r, ase = a$total$ase,
    feldt = c(a$feldt$lower.ci[[1]], a$feldt$upper.ci[[1]]),
    items = colnames(x), item_n = a$item.stats$n, raw_r = a$item.stats$raw.r, r_cor = a$item.stats$r.cor,
    r_drop = a$item.stats$r.drop, mean = a$item.stats$mean, sd = a$item.stats$sd, drop = a$alpha.drop$raw_alpha
  )
}
both <- function(x) list(listwise = scale_numbers(x, "complete"), pairwise = scale_numbers(x, "pairwise"))
columns <- function(data, prefix) data[, grep(prefix, names(data)), drop = FALSE]

mobi <- read_set("ecsi_mobile")
reputation <- read_set("corporate_reputation")
reputation[reputation == -99] <- NA
advertisers <- read_set("yellow_pages")

set.seed(20)
level <- rnorm(60)
small <- data.frame(lapply(c(a = 0.9, b = 0.8, c = 0.7, d = -0.8), function(slope)
  pmin(5, pmax(1, round(3 + slope * level + rnorm(60, sd = 0.7))))))
turned <- transform(small, d = 6 - d)
holes <- turned
holes[c(3, 17), "a"] <- NA
holes[c(5, 17, 40), "c"] <- NA
holes[51, "d"] <- NA

describe_numbers <- function(x) {
  rows <- function(type) {
    d <- psych::describe(x, type = type)
    list(n = d$n, mean = d$mean, sd = d$sd, median = d$median, min = d$min, max = d$max, skew = d$skew, kurtosis = d$kurtosis)
  }
  list(items = colnames(x), type3 = rows(3), type2 = rows(2))
}

out <- list(
  versions = list(R = R.version.string, psych = as.character(packageVersion("psych"))),
  data = list(small = small, holes = holes),
  alpha = list(
    mobi_image = both(columns(mobi, "^IMAG")), mobi_expectations = both(columns(mobi, "^CUEX")),
    mobi_quality = both(columns(mobi, "^PERQ")), mobi_value = both(columns(mobi, "^PERV")),
    mobi_satisfaction = both(columns(mobi, "^CUSA")), mobi_loyalty = both(columns(mobi, "^CUSL")),
    reputation_like = both(columns(reputation, "^like_[0-9]")), reputation_comp = both(columns(reputation, "^comp_[0-9]")),
    reputation_loyalty = both(columns(reputation, "^cusl_[0-9]")), yellow_pages = both(advertisers[, paste0("q", 2:10)]),
    small_as_asked = both(small), small_turned = both(turned), holes = both(holes)
  ),
  describe = list(mobi = describe_numbers(mobi), reputation = describe_numbers(columns(reputation, "^(like|comp|cusl)_[0-9]")),
                  small = describe_numbers(small)),
  correlations = list(holes_pairwise = cor(holes, use = "pairwise"), like_listwise = cor(columns(reputation, "^like_[0-9]"), use = "complete"))
)
write_json(out, "tests/oracles/reliability.json", digits = NA, auto_unbox = TRUE, na = "null", dataframe = "columns", matrix = "rowmajor")
