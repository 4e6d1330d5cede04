# Reference numbers for the feedback metrics (cxlab/metrics): intervals and tests of shares, means and net scores, with and
# without survey weights, cross-validated comparison of linear and logistic models, attenuation, sizes of samples.
# Run from the repository root: Rscript tests/oracles/r/metrics.R
# Writes tests/oracles/metrics.json. Data: data/ecsi_mobile/mobi.csv and data/total_cx_6p/total_cx_6p.csv.
suppressMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "fail")

mobi <- read.csv("data/ecsi_mobile/mobi.csv")
set.seed(20260301)
mobi$w <- round(runif(nrow(mobi), 0.4, 2.4), 3)
mobi$g <- sample(c("a", "b", "c"), nrow(mobi), TRUE)
net <- function(x) 100 * ((x >= 9) - (x <= 6))
z <- qnorm(0.975)

# ---- NPS: Wald, adjusted (three answers added), score interval by inversion of the restricted likelihood
nps_of <- function(x) {
  p <- mean(x >= 9); d <- mean(x <= 6); n <- length(x)
  se <- sqrt((p + d - (p - d)^2) / n)
  pa <- (sum(x >= 9) + .75) / (n + 3); da <- (sum(x <= 6) + .75) / (n + 3)
  half <- z * sqrt((pa + da - (pa - da)^2) / (n + 3))
  # profile likelihood of the net share v over the share against, by numerical maximisation, and its score statistic
  b <- sum(x >= 9); c <- sum(x <= 6); a <- n - b - c
  q_at <- function(v) {
    ll <- function(q) { k <- c(q + v, q, 1 - v - 2 * q); m <- c(b, c, a); sum(ifelse(m > 0, m * log(pmax(k, 1e-300)), 0)) }
    optimize(ll, c(max(0, -v), (1 - v) / 2), maximum = TRUE, tol = 1e-13)$maximum
  }
  stat <- function(v) { q <- q_at(v); (p - d - v) / sqrt((2 * q + v - v^2) / n) }
  low <- if (p - d > -1) uniroot(function(v) stat(v) - z, c(-1 + 1e-9, p - d - 1e-9), tol = 1e-12)$root else -1
  high <- if (p - d < 1) uniroot(function(v) stat(v) + z, c(p - d + 1e-9, 1 - 1e-9), tol = 1e-12)$root else 1
  list(nps = 100 * (p - d), se = 100 * se, wald = 100 * (p - d + c(-1, 1) * z * se),
       adjusted = 100 * (pa - da + c(-1, 1) * half), score = 100 * c(low, high), p = p, d = d, n = n)
}
samples <- list(mobi = mobi$CUSL3, small = c(10, 9, 9, 8, 3, 10, 7, 2, 9, 10, 10, 6), few_against = c(rep(10, 18), 8, 8, 0))
nps <- lapply(samples, function(x) c(nps_of(x), list(x = x)))

# ---- shares and means
share <- function(x) { t <- prop.test(sum(x), length(x), correct = FALSE); c(mean(x), as.numeric(t$conf.int)) }
mean_of <- function(x) { t <- t.test(x); c(mean(x), sd(x) / sqrt(length(x)), as.numeric(t$conf.int)) }
csat <- list(mean = mean_of(mobi$CUSA1), top2 = share(mobi$CUSA1 >= 9), top3 = share(mobi$CUSA1 >= 8), bottom2 = share(mobi$CUSA1 <= 2))

# ---- with survey weights
design <- svydesign(ids = ~1, weights = ~w, data = mobi)
wilson_at <- function(p, n) { m <- (p + z^2 / (2 * n)) / (1 + z^2 / n); h <- z / (1 + z^2 / n) * sqrt(p * (1 - p) / n + z^2 / (4 * n^2)); c(m - h, m + h) }
svy <- function(f, design) { m <- svymean(f, design); c(as.numeric(coef(m)), as.numeric(SE(m))) }
weighted <- list(nps = svy(~I(net(CUSL3)), design), mean = svy(~CUSA1, design), top2 = svy(~I(as.numeric(CUSA1 >= 9)), design),
                 index = svy(~I(100 * ((CUSA1 + CUSA2 + CUSA3) / 3 - 1) / 9), design), effective = sum(mobi$w)^2 / sum(mobi$w^2),
                 mean_ci = as.numeric(confint(svymean(~CUSA1, design), df = degf(design))))
weighted$top2_ci <- wilson_at(weighted$top2[1], weighted$top2[1] * (1 - weighted$top2[1]) / weighted$top2[2]^2)
by_group <- svyby(~I(net(CUSL3)), ~g, design, svymean)

# ---- waves
first <- mobi[1:120, ]; second <- mobi[121:250, ]
welch <- t.test(second$CUSA1, first$CUSA1)
props <- prop.test(c(sum(second$CUSA1 >= 9), sum(first$CUSA1 >= 9)), c(130, 120), correct = FALSE)
one <- nps_of(first$CUSL3); two <- nps_of(second$CUSL3)
se <- sqrt(one$se^2 + two$se^2); zz <- (two$nps - one$nps) / se
pair <- t.test(net(mobi$CUSA1), net(mobi$CUSL3), paired = TRUE)
tests <- list(welch = c(welch$estimate[1] - welch$estimate[2], welch$conf.int, welch$statistic, welch$parameter, welch$p.value),
              props = c(props$estimate[1] - props$estimate[2], props$conf.int, props$p.value),
              nps = c(two$nps - one$nps, se, zz, 2 * pnorm(-abs(zz))),
              paired = c(pair$estimate, pair$conf.int, pair$statistic, pair$parameter, pair$p.value))
groups <- split(mobi$CUSL3, mobi$g)
pairs <- combn(names(groups), 2, function(k) { a <- nps_of(groups[[k[1]]]); b <- nps_of(groups[[k[2]]]); 2 * pnorm(-abs((b$nps - a$nps) / sqrt(a$se^2 + b$se^2))) })
holm <- p.adjust(pairs, "holm")

# ---- ACSI-type index
items <- as.matrix(mobi[, c("CUSA1", "CUSA2", "CUSA3")])
slopes <- coef(lm(CUSL1 ~ CUSA1 + CUSA2 + CUSA3, mobi))[-1]
acsi <- list(equal = mean_of(100 * (rowMeans(items) - 1) / 9), regression = as.numeric(slopes / sum(slopes)),
             regression_index = mean(100 * (items %*% (slopes / sum(slopes)) - 1) / 9),
             named = mean(100 * (items %*% c(.5, .3, .2) - 1) / 9))

# ---- contest: folds made here, losses by lm and glm, corrected resampled t by its formula
folds <- 5; repeats <- 3
parts <- t(sapply(seq_len(repeats), function(i) sample(rep(seq_len(folds), length.out = 250))))
spline <- function(x, k) { p <- function(v) pmax(v, 0)^3; m <- length(k)
  sapply(seq_len(m - 2), function(j) (p(x - k[j]) - p(x - k[m - 1]) * (k[m] - k[j]) / (k[m] - k[m - 1]) + p(x - k[m]) * (k[m - 1] - k[j]) / (k[m] - k[m - 1])) / (k[m] - k[1])^2) }
mobi$stay <- as.numeric(mobi$CUSL1 >= 9)
knots <- unique(quantile(mobi$CUSL3, c(.05, .35, .65, .95)))
mobi$nps_s <- spline(mobi$CUSL3, as.numeric(knots))
models <- list("csat: linear" = ~CUSA1, "nps: linear" = ~CUSL3, "csat: top_box" = ~I(CUSA1 >= 9), "csat: quadratic" = ~CUSA1 + I(CUSA1^2),
               "nps: spline" = ~CUSL3 + nps_s, "nps: groups" = ~I(CUSL3 >= 9) + I(CUSL3 <= 6), "csat + nps: linear" = ~CUSA1 + CUSL3)
run <- function(outcome, binary, w = NULL) {
  formulas <- c(lapply(models, function(f) update(f, as.formula(paste(outcome, "~ .")))), list(null = as.formula(paste(outcome, "~ 1"))))
  y <- mobi[[outcome]]; mass <- if (is.null(w)) rep(1, 250) else w
  losses <- sapply(formulas, function(f) unlist(lapply(seq_len(repeats), function(r) sapply(seq_len(folds), function(k) {
    out <- parts[r, ] == k; train <- mobi[!out, ]; train$mass <- mass[!out]
    fit <- if (binary) suppressWarnings(glm(f, quasibinomial, train, weights = mass, epsilon = 1e-13)) else lm(f, train, weights = mass)
    g <- predict(fit, mobi[out, ], type = "response")
    loss <- if (binary) -(y[out] * log(g) + (1 - y[out]) * log(1 - g)) else (y[out] - g)^2
    weighted.mean(loss, mass[out]) }))))
  score <- (losses[, "null"] - losses) / mean(losses[, "null"])
  interval <- function(d) { J <- length(d); h <- qt(.975, J - 1) * sqrt(var(d) * (1 / J + 1 / (folds - 1))); mean(d) + c(0, -h, h) }
  full <- lapply(formulas[names(models)], function(f) if (binary) glm(f, binomial, mobi) else lm(f, mobi))
  list(score = lapply(as.data.frame(score[, names(models)], optional = TRUE), interval), loss = as.list(colMeans(losses[, names(models)])),
       csat_less_nps = interval(score[, "csat: linear"] - score[, "nps: linear"]),
       aic = lapply(full, AIC), r2 = lapply(full, function(m) if (binary) 1 - m$deviance / m$null.deviance else summary(m)$r.squared))
}
contest <- list(parts = parts, numeric = run("CUSL1", FALSE), binary = run("stay", TRUE), weighted = run("CUSL1", FALSE, mobi$w))

# ---- attenuation
r <- cor.test(mobi$CUSA1, mobi$CUSL1)
fa <- factanal(items, 1)
rest <- rowMeans(items[, 2:3]); v <- cov(items[, 2:3]); alpha <- 2 * (1 - sum(diag(v)) / sum(v))
attenuation <- list(r = c(r$estimate, r$conf.int), communality = 1 - as.numeric(fa$uniquenesses), correction = cor(mobi$CUSA1, rest)^2 / alpha)

# ---- claims
claims <- list(wilson = as.numeric(prop.test(780, 1000, correct = FALSE)$conf.int), n_power = power.prop.test(p1 = .075, p2 = .029, power = .8)$n,
               power_178 = power.prop.test(n = 178, p1 = .075, p2 = .029)$power,
               test = { t <- prop.test(c(.17 * 4000, .32 * 15000), c(4000, 15000), correct = FALSE); c(t$conf.int, t$p.value) },
               n_wald = z^2 * (.075 * .925 + .029 * .971) / .046^2)

# ---- CES against satisfaction
six <- read.csv("data/total_cx_6p/total_cx_6p.csv")
ease <- cor.test(six$ease, six$overall)
ces <- list(mean = mean_of(na.omit(six$ease)), easy = share(na.omit(six$ease) >= 5), r = c(ease$estimate, ease$conf.int), n = sum(complete.cases(six[, c("ease", "overall")])))

made <- list(R = R.version.string, survey = as.character(packageVersion("survey")), jsonlite = as.character(packageVersion("jsonlite")))
result <- list(made_with = made, w = mobi$w, g = mobi$g, nps = nps, csat = csat, weighted = weighted,
               by_group = list(g = by_group$g, nps = as.numeric(coef(by_group)), se = as.numeric(SE(by_group))), tests = tests,
               pairs = list(p = pairs, holm = holm), acsi = acsi, contest = contest, attenuation = attenuation, claims = claims, ces = ces)
write(toJSON(result, auto_unbox = TRUE, digits = 15, matrix = "rowmajor"), "tests/oracles/metrics.json")
