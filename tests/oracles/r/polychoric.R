# Polychoric, tetrachoric and polyserial correlations, thresholds and their asymptotic covariance by lavaan.
# Run from the repository's root: Rscript tests/oracles/r/polychoric.R
suppressPackageStartupMessages({library(lavaan); library(jsonlite)})

reputation <- read.csv("data/corporate_reputation/corp_rep_data.csv")
items <- c("comp_1", "comp_2", "comp_3", "like_1", "like_2", "like_3", "cusl_1", "cusl_2", "cusl_3")
reputation[reputation == -99] <- NA
reputation <- reputation[stats::complete.cases(reputation[items]), items]
seven <- lavCor(reputation, ordered = items)
pairs <- parameterEstimates(lavCor(reputation, ordered = items, se = "robust.sem", output = "fit"))
pairs <- pairs[pairs$op == "~~" & pairs$lhs != pairs$rhs, c("lhs", "rhs", "est", "se")]
binary <- as.data.frame(lapply(reputation[1:4], function(x) as.integer(x > 4)))

# two variables whose table has one empty cell
gap <- data.frame(a = rep(c(0, 0, 1, 1), c(20, 0, 12, 18)), b = rep(c(0, 1, 0, 1), c(20, 0, 12, 18)))

# three ordered items, two of them short, and two measured ones
set.seed(41)
n <- 400
f <- rnorm(n)
mixed <- data.frame(
  o1 = cut(.8 * f + .6 * rnorm(n), c(-Inf, -1, 0, .6, 1.4, Inf), labels = FALSE),
  m1 = 7 + 3 * (.7 * f + .7 * rnorm(n)),
  o2 = cut(.7 * f + .7 * rnorm(n), c(-Inf, .4, Inf), labels = FALSE),
  m2 = 2 + .5 * (.6 * f + .8 * rnorm(n)),
  o3 = cut(.6 * f + .8 * rnorm(n), c(-Inf, -.7, .9, Inf), labels = FALSE)
)
fit <- cfa("F =~ o1 + m1 + o2 + m2 + o3", mixed, ordered = c("o1", "o2", "o3"))

out <- list(
  versions = list(R = R.version.string, lavaan = as.character(packageVersion("lavaan"))),
  reputation = list(items = items, n = nrow(reputation), cor = unclass(seven), 
                    th = unname(lavCor(reputation, ordered = items, output = "th")), pairs = pairs),
  binary = list(cor = unclass(lavCor(binary, ordered = names(binary)))),
  gap = list(data = gap, cor = suppressWarnings(lavCor(gap, ordered = names(gap)))[1, 2]),
  mixed = list(data = mixed, vector = unname(lavInspect(fit, "WLS.obs")), gamma = unname(unclass(lavInspect(fit, "gamma"))))
)
write_json(out, "tests/oracles/polychoric.json", digits = 12, auto_unbox = TRUE, dataframe = "columns", matrix = "rowmajor")
