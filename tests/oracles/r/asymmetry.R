# Reference numbers for cx.penalty_reward, cx.kano, cx.gap and cx.response_surface: lm, sandwich::vcovHC,
# car::linearHypothesis and deltaMethod, t.test, wilcox.test, binom.test, survey::svymean, psych::alpha.
# Run from the repository: Rscript tests/oracles/r/asymmetry.R   (writes tests/oracles/asymmetry.json)
suppressPackageStartupMessages({library(sandwich); library(car); library(survey); library(psych); library(jsonlite)})

read_set <- function(name) read.csv(list.files(file.path("data", name), "\\.csv$", full.names = TRUE)[1])
mobi <- read_set("ecsi_mobile")
pages <- read_set("yellow_pages")
tested <- function(est, se, df) {
  t <- est / se
  list(est = est, se = se, t = t, p = 2 * pt(-abs(t), df), low = est - qt(.975, df) * se, high = est + qt(.975, df) * se)
}
combination <- function(m, V, rows) {
  rows <- matrix(rows, ncol = length(coef(m)))
  tested(drop(rows %*% coef(m)), sqrt(diag(rows %*% V %*% t(rows))), df.residual(m))
}
hypothesis <- function(m, h, V = NULL) {
  test <- if (is.null(V)) linearHypothesis(m, h) else linearHypothesis(m, h, vcov. = V)
  list(f = test$F[2], df = test$Df[2], p = test[["Pr(>F)"]][2])
}

# Penalty and reward of q2 to q5 for q1: 1-3 low, 8-10 high.
attributes <- c("q2", "q3", "q4", "q5")
for (q in attributes) {
  pages[[paste0(q, "_low")]] <- as.numeric(pages[[q]] <= 3)
  pages[[paste0(q, "_high")]] <- as.numeric(pages[[q]] >= 8)
}
dummies <- as.vector(rbind(paste0(attributes, "_low"), paste0(attributes, "_high")))
contrasts_of <- function(weights, type) {
  pages$w <- weights
  m <- lm(reformulate(dummies, "q1"), data = pages, weights = w)
  V <- if (type == "nonrobust") vcov(m) else vcovHC(m, type = type)
  s <- summary(m)
  k <- length(attributes)
  unit <- function(i) { r <- numeric(2 * k + 1); r[i] <- 1; r }
  low <- t(sapply(1:k, function(i) unit(2 * i)))
  high <- t(sapply(1:k, function(i) unit(2 * i + 1)))
  means <- t(sapply(attributes, function(q) {
    part <- ifelse(pages[[q]] <= 3, "low", ifelse(pages[[q]] >= 8, "high", "mid"))
    sapply(c("low", "mid", "high"), function(p) weighted.mean(pages[[q]][part == p], weights[part == p]))
  }))
  straight <- lm(reformulate(attributes, "q1"), data = pages, weights = w)
  list(
    n = t(sapply(attributes, function(q) c(sum(pages[[q]] <= 3), sum(pages[[q]] > 3 & pages[[q]] < 8), sum(pages[[q]] >= 8)))),
    means = means, penalty = combination(m, V, low), reward = combination(m, V, high),
    asymmetry = combination(m, V, low + high), range = combination(m, V, high - low),
    bend = combination(m, V, high / (means[, "high"] - means[, "mid"]) + low / (means[, "mid"] - means[, "low"])),
    joint = lapply(attributes, function(q) hypothesis(m, paste0(q, c("_low", "_high"), " = 0"), V)),
    symmetric = hypothesis(m, paste0(attributes, "_low + ", attributes, "_high = 0"), V),
    r2 = s$r.squared, adj_r2 = s$adj.r.squared, sigma = s$sigma, linear_r2 = summary(straight)$r.squared,
    linear_adj_r2 = summary(straight)$adj.r.squared
  )
}
set.seed(11)
indices <- t(replicate(12, sample.int(nrow(mobi), replace = TRUE)))
mobi_dummies <- data.frame(y = mobi$CUSA1, l1 = as.numeric(mobi$PERQ1 <= 5), h1 = as.numeric(mobi$PERQ1 >= 9),
                           l2 = as.numeric(mobi$PERQ2 <= 5), h2 = as.numeric(mobi$PERQ2 >= 9), w = mobi$IMAG1)
replicate_coefficients <- t(apply(indices, 1, function(i) coef(lm(y ~ l1 + h1 + l2 + h2, mobi_dummies[i, ], weights = w))))
without_one <- t(sapply(1:10, function(i) coef(lm(y ~ l1 + h1 + l2 + h2, mobi_dummies[-i, ], weights = w))))

# Gaps: expectation items against quality items of ecsi_mobile (both 1 to 10).
pairs <- list(c("CUEX1", "PERQ1"), c("CUEX2", "PERQ2"), c("CUEX3", "PERQ3"))
design <- svydesign(ids = ~1, weights = ~IMAG1, data = mobi)
one_gap <- function(e, p) {
  tt <- t.test(p, e, paired = TRUE)
  w <- suppressWarnings(wilcox.test(p, e, paired = TRUE, exact = FALSE))
  local <- update(design, e = e, p = p, d = p - e)
  weighted <- svymean(~d, local)
  list(mean_e = mean(e), sd_e = sd(e), mean_p = mean(p), sd_p = sd(p), r = cor(e, p), gap = mean(p - e), gap_sd = sd(p - e),
       t = unname(tt$statistic), df = unname(tt$parameter), p = tt$p.value, ci = as.numeric(tt$conf.int),
       v = unname(w$statistic), wilcoxon_p = w$p.value,
       weighted = list(gap = as.numeric(weighted), se = as.numeric(SE(weighted)), sd = sqrt(as.numeric(svyvar(~d, local))),
                       r = cov2cor(as.matrix(svyvar(~ e + p, local)))[1, 2]))
}
e_items <- mobi[c("CUEX1", "CUEX2", "CUEX3")]
p_items <- mobi[c("PERQ1", "PERQ2", "PERQ3")]
dimension <- one_gap(round(rowMeans(e_items), 10), round(rowMeans(p_items), 10))
whole <- round(rowMeans(p_items) - rowMeans(e_items), 10)
dimension$wilcoxon_p <- suppressWarnings(wilcox.test(whole, exact = FALSE))$p.value
dimension$v <- unname(suppressWarnings(wilcox.test(whole, exact = FALSE))$statistic)
a_e <- suppressWarnings(psych::alpha(e_items))$total$raw_alpha
a_p <- suppressWarnings(psych::alpha(p_items))$total$raw_alpha
trust <- with(dimension, (sd_e^2 * a_e + sd_p^2 * a_p - 2 * r * sd_e * sd_p) / (sd_e^2 + sd_p^2 - 2 * r * sd_e * sd_p))
item_gaps <- lapply(pairs, function(p) one_gap(mobi[[p[1]]], mobi[[p[2]]]))

# Response surface: satisfaction by one expectation and one quality item, centred at the middle of 1 to 10.
surface <- function(type, weights, covariate) {
  d <- data.frame(z = rowMeans(mobi[c("CUSA1", "CUSA2", "CUSA3")]), x = mobi$CUEX1 - 5.5, y = mobi$PERQ1 - 5.5, w = weights)
  d$c <- mobi$IMAG1 - weighted.mean(mobi$IMAG1, weights)
  d$x2 <- d$x^2; d$xy <- d$x * d$y; d$y2 <- d$y^2; d$diff <- d$x - d$y; d$sq <- d$diff^2
  fit <- function(terms) lm(reformulate(c(terms, if (covariate) "c"), "z"), data = d, weights = w)
  m <- fit(c("x", "y", "x2", "xy", "y2"))
  V <- if (type == "nonrobust") vcov(m) else vcovHC(m, type = type)
  pad <- function(row) c(0, row, rep(0, length(coef(m)) - 6))
  linear <- combination(m, V, rbind(pad(c(1, 1, 0, 0, 0)), pad(c(0, 0, 1, 1, 1)), pad(c(1, -1, 0, 0, 0)),
                                    pad(c(0, 0, 1, -1, 1)), pad(c(0, 0, 1, 0, -1))))
  x0 <- "((y*xy - 2*x*y2)/(4*x2*y2 - xy^2))"
  y0 <- "((x*xy - 2*y*x2)/(4*x2*y2 - xy^2))"
  p11 <- "((y2 - x2 + sqrt((x2 - y2)^2 + xy^2))/xy)"
  p21 <- "((y2 - x2 - sqrt((x2 - y2)^2 + xy^2))/xy)"
  formulas <- c(x0, y0, paste0(y0, " - ", p11, "*", x0), p11, paste0(y0, " - ", p21, "*", x0), p21)
  curved <- lapply(formulas, function(f) deltaMethod(m, f, vcov. = V))
  est <- sapply(curved, function(r) r$Estimate)
  se <- sapply(curved, function(r) r$SE)
  models <- list(
    difference = list(c("x + y = 0", "x2 = 0", "xy = 0", "y2 = 0"), "diff"),
    squared_difference = list(c("x = 0", "y = 0", "x2 - y2 = 0", "2*x2 + xy = 0"), "sq"),
    linear = list(c("x2 = 0", "xy = 0", "y2 = 0"), c("x", "y")),
    interaction = list(c("x2 = 0", "y2 = 0"), c("x", "y", "xy"))
  )
  comparisons <- lapply(models, function(one) {
    s <- summary(fit(one[[2]]))
    list(r2 = s$r.squared, adj_r2 = s$adj.r.squared, classical = hypothesis(m, one[[1]]), robust = hypothesis(m, one[[1]], V))
  })
  list(coefficients = combination(m, V, diag(length(coef(m)))), linear = linear,
       curved = tested(est, se, df.residual(m)), comparisons = comparisons, r2 = summary(m)$r.squared)
}
ones <- rep(1, nrow(mobi))

out <- list(
  versions = c(list(R = R.version.string), lapply(setNames(nm = c("sandwich", "car", "survey", "psych")), function(p) as.character(packageVersion(p)))),
  penalty_reward = list(
    HC3 = contrasts_of(rep(1, nrow(pages)), "HC3"), HC1 = contrasts_of(rep(1, nrow(pages)), "HC1"),
    nonrobust = contrasts_of(rep(1, nrow(pages)), "nonrobust"), weighted = contrasts_of(pages$q10 / mean(pages$q10), "HC3")
  ),
  resamples = list(indices = indices - 1, coefficients = unname(replicate_coefficients), without_one = unname(without_one)),
  kano = list(binomial = binom.test(60, 100)$p.value, fong_p = 2 * pnorm(-20 / sqrt(100 * 140 / 240))),
  gap = list(items = item_gaps, dimension = c(dimension, list(alpha_e = a_e, alpha_p = a_p, reliability = trust))),
  surface = list(
    HC3 = surface("HC3", ones, FALSE), nonrobust = surface("nonrobust", ones, FALSE),
    covariate = surface("HC3", ones, TRUE), weighted = surface("HC3", mobi$PERV1 / mean(mobi$PERV1), TRUE)
  )
)
write_json(out, "tests/oracles/asymmetry.json", digits = NA, auto_unbox = TRUE, na = "null", matrix = "rowmajor")
