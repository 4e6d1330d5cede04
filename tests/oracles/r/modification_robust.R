# Score tests of one added parameter by what its score varies by, written out with lavaan's Delta, weights and Gamma.
# From the repository root: Rscript tests/oracles/r/modification_robust.R  (reads the data of ordinal_sem.json)
suppressPackageStartupMessages({library(lavaan); library(jsonlite)})
d <- as.data.frame(fromJSON("tests/oracles/ordinal_sem.json")$data)
hs <- read.csv("tests/oracles/data/engine_hs.csv")
ordinal <- c("a1", "a2", "a3", "a4", "b1", "b2", "b3", "b4")
two <- "F =~ a1 + a2 + a3 + a4\nG =~ b1 + b2 + b3 + b4"
faces <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"

tested <- function(model, add, normal, ...) {
  fit <- sem(model, ...)
  # the larger model at the smaller one's estimates: the new parameter is 0
  start <- parTable(fit)
  larger <- sem(c(model, sub("(~~|=~) ", "\\1 start(0)*", add)), start = start[c("lhs", "op", "rhs", "est")], do.fit = FALSE, ...)
  delta <- lavInspect(larger, "delta"); weight <- lavInspect(fit, "WLS.V")
  off <- lavInspect(fit, "WLS.obs") - lavInspect(fit, "WLS.est"); n <- lavInspect(fit, "ntotal")
  gamma <- if (normal) {
    s <- lavInspect(fit, "sampstat")$cov; p <- nrow(s)
    2 * lavaan:::lav_matrix_duplication_ginv_pre_post(s %x% s)
  } else lavInspect(fit, "gamma")
  new <- which(parTable(larger)$free[parTable(larger)$lhs == add_lhs(add) & parTable(larger)$rhs == add_rhs(add)] > 0)
  j <- parTable(larger)$free[parTable(larger)$lhs == add_lhs(add) & parTable(larger)$rhs == add_rhs(add)][new]
  own <- delta[, -j, drop = FALSE]; extra <- delta[, j, drop = FALSE]
  k <- weight %*% (extra - own %*% solve(t(own) %*% weight %*% own, t(own) %*% weight %*% extra))
  score <- sum(k * off)
  (n - 1) * score^2 / drop(t(k) %*% gamma %*% k)
}
add_lhs <- function(text) trimws(strsplit(text, "~~|=~")[[1]][1])
add_rhs <- function(text) trimws(strsplit(text, "~~|=~")[[1]][2])

adds <- c("b1 ~~ b4", "a2 ~~ b2", "F =~ b3", "G =~ a4")
ulsadds <- c("visual =~ x9", "x7 ~~ x8", "textual =~ x3")
out <- list(
  versions = list(R = R.version.string, lavaan = as.character(packageVersion("lavaan"))),
  ordinal = sapply(adds, function(one) tested(two, one, FALSE, data = d[ordinal], ordered = ordinal)),
  ulsmv = sapply(adds, function(one) tested(two, one, FALSE, data = d[ordinal], ordered = ordinal, estimator = "ULSMV")),
  uls = sapply(ulsadds, function(one) tested(faces, one, TRUE, data = hs, estimator = "ULS")))
out[-1] <- lapply(out[-1], as.list)
write(toJSON(out, digits = 12, auto_unbox = TRUE), "tests/oracles/modification_robust.json")
print(out)
