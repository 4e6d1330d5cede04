# Reference numbers for the coefficients beside alpha: lavaan, semTools, psych.
# Run from the repository: Rscript tests/oracles/r/reliability_family.R   (writes tests/oracles/reliability_family.json)
suppressPackageStartupMessages({library(psych); library(lavaan); library(semTools); library(GPArotation); library(jsonlite)})

read_set <- function(name) read.csv(list.files(file.path("data", name), "\\.csv(\\.gz)?$", full.names = TRUE)[1])
columns <- function(data, pattern) na.omit(data[, grep(pattern, names(data)), drop = FALSE])
quiet <- function(expr) { capture.output(out <- suppressMessages(suppressWarnings(expr))); out }

mobi <- read_set("ecsi_mobile")
reputation <- read_set("corporate_reputation")
reputation[reputation == -99] <- NA
sets <- list(
  mobi_image = columns(mobi, "^IMAG"), mobi_expectations = columns(mobi, "^CUEX"), mobi_quality = columns(mobi, "^PERQ"),
  mobi_satisfaction = columns(mobi, "^CUSA"), reputation_like = columns(reputation, "^like_[0-9]"),
  reputation_comp = columns(reputation, "^comp_[0-9]"), reputation_qual = columns(reputation, "^qual_[0-9]"),
  yellow_pages = na.omit(read_set("yellow_pages")[, paste0("q", 2:10)]), holzinger = HolzingerSwineford1939[, paste0("x", 1:9)]
)

# raw loadings a, error variances e, standardised loadings s
model <- function(items) {
  k <- seq_along(items)
  plus <- function(letter, after = "") paste0(letter, k, after, collapse = " + ")
  paste(c(
    paste0("f =~ NA*", items[1], " + ", paste0("a", k, "*", items, collapse = " + ")), "f ~~ 1*f", paste0(items, " ~~ e", k, "*", items),
    paste0("s", k, " := a", k, " / sqrt(a", k, "^2 + e", k, ")"),
    paste0("omega_implied := (", plus("a"), ")^2 / ((", plus("a"), ")^2 + ", plus("e"), ")"),
    paste0("ave := (", plus("s", "^2"), ") / ", length(k)),
    paste0("cr := (", plus("s"), ")^2 / ((", plus("s"), ")^2 + ", length(k), " - (", plus("s", "^2"), "))"),
    paste0("h := 1 / (1 + 1 / (", paste0("s", k, "^2 / (1 - s", k, "^2)", collapse = " + "), "))")), collapse = "\n")
}
# as tight as the search allows: beyond some tolerance it reports that it did not arrive
fitted <- function(x, ...) {
  for (tolerance in c(1e-14, 1e-13, 1e-12, 1e-11, 1e-10)) {
    fit <- suppressWarnings(cfa(model(names(x)), x, control = list(rel.tol = tolerance), ...))
    if (lavInspect(fit, "converged")) return(fit)
  }
  stop("no convergence")
}

congeneric <- function(x) {
  fit <- fitted(x, estimator = "MLM")
  p <- parameterEstimates(fit)
  own <- p[p$op == ":=", ]
  pick <- function(name) unlist(own[own$lhs == name, c("est", "se")], use.names = FALSE)
  z <- as.data.frame(scale(x))
  list(loadings = own$est[grep("^s[0-9]+$", own$lhs)], omega = unname(compRelSEM(fit)[["f"]]),
       omega_implied = pick("omega_implied"), ave = pick("ave"), cr = pick("cr"), h = pick("h"),
       cr_semtools = unname(compRelSEM(fitted(z), obs.var = FALSE)[["f"]]), ave_semtools = unname(AVE(fitted(z))[["f"]]),
       srmr = unname(fitMeasures(fit, "srmr")))
}

all_splits <- function(S) {
  k <- ncol(S)
  apply(combn(k, k %/% 2), 2, function(a) 4 * sum(S[a, -a]) / sum(S))
}

# Largest sum of error variances by a general optimiser on a penalised function; no semidefinite solver is at hand.
glb_by_penalty <- function(S) {
  v <- diag(S); R <- cov2cor(S); w <- v / mean(v)
  par <- rep(log(min(eigen(R)$values) / 2), ncol(R))
  for (m in 10^-(0:9)) {
    value <- function(p) {
      l <- eigen(R - diag(exp(p)), symmetric = TRUE, only.values = TRUE)$values
      if (min(l) <= 0) return(1e10)
      -sum(w * exp(p)) - m * (sum(log(l)) + sum(p))
    }
    slope <- function(p) -(w * exp(p)) + m * diag(solve(R - diag(exp(p)), tol = 1e-30)) * exp(p) - m
    for (i in 1:3) par <- nlminb(par, value, slope, control = list(eval.max = 5000, iter.max = 5000, rel.tol = 1e-14, x.tol = 1e-14))$par
  }
  1 - sum(v * exp(par)) / sum(S)
}

bounds <- function(x) {
  S <- cov(x); R <- cor(x)
  g <- quiet(psych::guttman(R))
  h <- quiet(psych::splitHalf(S, covar = TRUE))
  splits <- all_splits(S)
  list(standard = list(l1 = g$lambda.1, l2 = g$lambda.2, l3 = g$lambda.3, l5 = g$lambda.5, l6 = g$lambda.6),
       raw = list(l2 = h$lambda2, l3 = h$alpha, l6 = h$lambda6, max = max(splits), min = min(splits), mean = mean(splits)),
       psych_max = h$maxrb, psych_min = h$minrb, psych_mean = h$meanr,
       glb = glb_by_penalty(S), glb_standard = glb_by_penalty(R), glb_fa = quiet(psych::glb.fa(R))$glb)
}

schmid_leiman <- function(x) {
  o <- quiet(psych::omega(cor(x), 3, plot = FALSE))
  list(omega_h = o$omega_h, omega_total = o$omega.tot, ecv = unname(o$ECV), general = unname(o$schmid$sl[, 1]))
}

ordinal <- function(x) {
  fit <- suppressWarnings(cfa(paste("f =~", paste(names(x), collapse = " + ")), x, ordered = names(x), std.lv = TRUE, estimator = "ULSMV",
                              control = list(rel.tol = 1e-12)))
  poly <- quiet(lavCor(x, ordered = names(x)))
  class(poly) <- "matrix"
  list(loadings = unname(lavInspect(fit, "std")$lambda[, 1]), omega_categorical = unname(compRelSEM(fit)[["f"]]),
       omega_ordinal = unname(compRelSEM(fit, ord.scale = FALSE)[["f"]]), alpha_ordinal = quiet(psych::alpha(poly))$total$std.alpha)
}

jackknife <- function(x) {
  value <- sapply(seq_len(nrow(x)), function(i) compRelSEM(fitted(x[-i, ]))[["f"]])
  sqrt((nrow(x) - 1) * mean((value - mean(value))^2))
}

set.seed(11)
resampled <- sets$mobi_image
draws <- t(replicate(12, sample.int(nrow(resampled), replace = TRUE)))
boot <- t(apply(draws, 1, function(rows) {
  fit <- fitted(resampled[rows, ])
  own <- parameterEstimates(fit, se = FALSE)
  c(compRelSEM(fit)[["f"]], sapply(c("cr", "ave", "h"), function(name) own$est[own$lhs == name]))
}))

out <- list(
  versions = c(list(R = R.version.string), lapply(c(psych = "psych", lavaan = "lavaan", semTools = "semTools", GPArotation = "GPArotation"),
                                                  function(p) as.character(packageVersion(p)))),
  congeneric = lapply(sets, congeneric), bounds = lapply(sets, bounds),
  hierarchical = lapply(sets[c("yellow_pages", "holzinger")], schmid_leiman),
  ordinal = lapply(sets[c("mobi_image", "mobi_satisfaction", "reputation_like", "reputation_qual")], ordinal),
  jackknife_omega = lapply(sets[c("mobi_image", "reputation_comp")], jackknife),
  resamples = list(rows = draws, values = boot), holzinger = HolzingerSwineford1939[, paste0("x", 1:9)]
)
write_json(out, "tests/oracles/reliability_family.json", digits = NA, auto_unbox = TRUE, na = "null", dataframe = "columns", matrix = "rowmajor")
