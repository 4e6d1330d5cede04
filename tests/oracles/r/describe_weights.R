# Reference numbers for cx.describe(weights=): survey::svymean, svyvar, svyquantile(qrule = "school"), cov.wt; skewness, kurtosis
# and alpha written out. Run from the repository: Rscript tests/oracles/r/describe_weights.R  (writes tests/oracles/describe_weights.json)
suppressPackageStartupMessages({library(survey); library(jsonlite)})
set.seed(20261122)
n <- 180
f <- rnorm(n)
answer <- function(k, cuts) as.integer(cut(f + k * rnorm(n), c(-Inf, cuts, Inf)))
d <- data.frame(a = answer(.8, c(-1.5, -.5, .5, 1.5)), b = answer(1, c(-2, -1.2, -.2, .7)), c = 6L - answer(.9, c(-1, 0, 1, 2)),
                spend = round(exp(rnorm(n, 14, .8))), w = round(exp(rnorm(n, 0, .8)), 3))
d$a[sample(n, 9)] <- NA; d$b[sample(n, 14)] <- NA; d$w[c(3, 50)] <- 0

one <- function(x, w) {
  keep <- !is.na(x) & w > 0
  x <- x[keep]; w <- w[keep]; n <- length(x)
  design <- svydesign(ids = ~1, weights = ~w, data = data.frame(x, w))
  q <- function(p) as.numeric(svyquantile(~x, design, p, qrule = "school", ci = FALSE)$x)
  m <- sum(w * x) / sum(w)
  mk <- function(k) sum(w * (x - m)^k) / sum(w)
  g1 <- mk(3) / mk(2)^1.5; g2 <- mk(4) / mk(2)^2 - 3
  list(n = n, mean = as.numeric(svymean(~x, design)), sd = sqrt(as.numeric(svyvar(~x, design))), median = q(.5), quantiles = sapply(c(.1, .25, .75, .9), q),
       type3 = c(g1 * (1 - 1 / n)^1.5, (g2 + 3) * (1 - 1 / n)^2 - 3),
       type2 = c(g1 * sqrt(n * (n - 1)) / (n - 2), ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3))),
       floor = as.numeric(svymean(~I(as.numeric(x == 1)), design)), ceiling = as.numeric(svymean(~I(as.numeric(x == 5)), design)),
       table = if (max(x) <= 5) as.numeric(svytable(~factor(x, 1:5), design, Ntotal = n)))
}
used <- d[d$w > 0, ]
turned <- transform(used, c = 6 - c)
score <- rowMeans(turned[c("a", "b", "c")], na.rm = TRUE)
score[rowSums(!is.na(turned[c("a", "b", "c")])) < 2] <- NA
whole <- na.omit(turned[c("a", "b", "c", "w")])
S <- cov.wt(whole[1:3], whole$w)$cov
items <- na.omit(used[c("a", "b", "c", "spend", "w")])
out <- list(
  versions = list(R = R.version.string, survey = as.character(packageVersion("survey"))), data = d,
  items = lapply(d[c("a", "b", "c", "spend")], one, w = d$w), score = one(score, used$w)[c("n", "mean", "sd")],
  alpha = 3 / 2 * (1 - sum(diag(S)) / sum(S)), correlations = unname(cov.wt(items[1:4], items$w, cor = TRUE)$cor),
  effective = sum(used$w)^2 / sum(used$w^2)
)
write_json(out, "tests/oracles/describe_weights.json", digits = NA, auto_unbox = TRUE, na = "null")
