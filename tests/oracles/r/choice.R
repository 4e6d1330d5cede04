# Reference numbers for cx.ordinal, cx.binary and cx.cub: MASS::polr, ordinal::clm (with nominal_test), glm, survey::svyglm and
# svyolr, sandwich, and formulas written out (average marginal effects, Brant's test, Hosmer-Lemeshow, CUB by optim).
# Run from the repository: Rscript tests/oracles/r/choice.R   (writes tests/oracles/choice.json)
suppressPackageStartupMessages({library(MASS); library(ordinal); library(sandwich); library(survey); library(numDeriv); library(jsonlite)})
read_set <- function(name) read.csv(list.files(file.path("data", name), "\\.csv$", full.names = TRUE)[1])

house <- read_set("housing_satisfaction")
levels3 <- c("Low", "Medium", "High")
house$Sat <- factor(house$Sat, levels3, ordered = TRUE)
house$Infl <- factor(house$Infl, levels3)
house$Type <- factor(house$Type, sort(unique(house$Type)))
house$Cont <- factor(house$Cont, c("Low", "High"))
house$top <- as.integer(house$Sat == "High")
long <- house[rep(seq_len(nrow(house)), house$Freq), ]

mobi <- read_set("ecsi_mobile")
mobi$w <- 0.5 + (seq_len(nrow(mobi)) %% 7) / 4          # weights that anyone can make again
mobi$zone <- factor(c("a", "b", "c")[seq_len(nrow(mobi)) %% 3 + 1])
mobi$y <- cut(mobi$CUSA1, c(0, 6, 7, 8, 9, 10), labels = FALSE)   # 1..5
mobi$top <- as.integer(mobi$CUSL1 >= 9)

links <- c(logit = "logistic", probit = "probit", cloglog = "cloglog", loglog = "loglog", cauchit = "cauchit")
tests_of <- function(m, weights = NULL) {
  d <- drop1(m, test = "Chisq")[-1, ]
  list(term = rownames(d), df = d$Df, lr = d$LRT, p = d[["Pr(>Chi)"]])
}
numbers_clm <- function(m, null) {
  q <- length(m$beta)
  list(beta = unname(m$beta), names = names(m$beta), zeta = unname(m$alpha), se = unname(sqrt(diag(vcov(m)))),
       loglik = as.numeric(logLik(m)), aic = AIC(m), null = as.numeric(logLik(null)), terms = tests_of(m))
}
ordinal_models <- function(link) {
  m <- clm(Sat ~ Infl + Type + Cont, data = house, weights = Freq, link = link, control = clm.control(gradTol = 1e-12, maxIter = 200))
  null <- clm(Sat ~ 1, data = house, weights = Freq, link = link)
  if (!link %in% c("logit", "probit")) return(numbers_clm(m, null))   # polr finds no starting values for some of the others
  p <- polr(Sat ~ Infl + Type + Cont, data = house, weights = Freq, method = links[[link]], Hess = TRUE)
  c(numbers_clm(m, null), list(polr = list(beta = unname(coef(p)), zeta = unname(p$zeta), se = unname(sqrt(diag(vcov(p)))),
                                           deviance = p$deviance, aic = AIC(p))))
}

# parallel lines: nominal_test by term, all terms at once, and Brant's test written out from its binary fits
nominal <- function(link) {
  control <- clm.control(gradTol = 1e-10, maxIter = 200)
  m <- clm(Sat ~ Infl + Type + Cont, data = house, weights = Freq, link = link, control = control)
  free <- list(Infl = clm(Sat ~ Type + Cont, nominal = ~ Infl, data = house, weights = Freq, link = link, control = control),
               Type = clm(Sat ~ Infl + Cont, nominal = ~ Type, data = house, weights = Freq, link = link, control = control),
               Cont = clm(Sat ~ Infl + Type, nominal = ~ Cont, data = house, weights = Freq, link = link, control = control),
               all = clm(Sat ~ 1, nominal = ~ Infl + Type + Cont, data = house, weights = Freq, link = link, control = control))
  lapply(free, function(f) {
    x <- as.numeric(2 * (logLik(f) - logLik(m))); df <- attr(logLik(f), "df") - attr(logLik(m), "df")
    list(lr = x, df = df, p = pchisq(x, df, lower.tail = FALSE))
  })
}
brant <- function(formula, data, y, cuts, groups) {
  X <- model.matrix(formula, data)
  fits <- lapply(cuts, function(k) glm.fit(X, as.integer(data[[y]] > k), family = binomial(), control = list(epsilon = 1e-14, maxit = 100)))
  q <- ncol(X) - 1
  pi <- sapply(fits, fitted)
  inverse <- lapply(seq_along(cuts), function(m) solve(t(X) %*% (X * pi[, m] * (1 - pi[, m]))))
  V <- matrix(0, q * length(cuts), q * length(cuts))
  for (m in seq_along(cuts)) for (l in seq_along(cuts)) {
    first <- min(m, l); last <- max(m, l)
    w <- pi[, last] - pi[, m] * pi[, l]
    block <- inverse[[m]] %*% (t(X) %*% (X * w)) %*% inverse[[l]]
    V[(m - 1) * q + 1:q, (l - 1) * q + 1:q] <- block[-1, -1]
  }
  b <- unlist(lapply(fits, function(f) f$coefficients[-1]))
  one <- function(columns) {
    D <- do.call(rbind, lapply(2:length(cuts), function(m) {
      R <- matrix(0, length(columns), length(b))
      for (i in seq_along(columns)) { R[i, columns[i]] <- 1; R[i, (m - 1) * q + columns[i]] <- -1 }
      R
    }))
    x <- drop(t(D %*% b) %*% solve(D %*% V %*% t(D)) %*% (D %*% b))
    list(chisq = x, df = nrow(D), p = pchisq(x, nrow(D), lower.tail = FALSE))
  }
  list(all = one(1:q), terms = lapply(groups, one))
}
long$code <- as.integer(long$Sat)

# average marginal effects by central differences of the estimated model, delta method by central differences of the parameters
clm_probabilities <- function(zeta, beta, X, F) {
  eta <- drop(X %*% beta)
  cum <- sapply(zeta, function(z) F(z - eta))
  cbind(cum, 1) - cbind(0, cum)
}
delta <- function(f, theta, V) {
  estimate <- f(theta)
  J <- sapply(seq_along(theta), function(i) { h <- 1e-5; up <- theta; up[i] <- up[i] + h; down <- theta; down[i] <- down[i] - h; (f(up) - f(down)) / (2 * h) })
  J <- matrix(J, nrow = length(estimate))
  list(estimate = estimate, se = sqrt(diag(J %*% V %*% t(J))))
}
housing_effects <- function() {
  m <- clm(Sat ~ Infl + Type + Cont, data = house, weights = Freq, control = clm.control(gradTol = 1e-12))
  k <- length(m$alpha)
  X <- model.matrix(~ Infl + Type + Cont, house)[, -1]
  w <- house$Freq / sum(house$Freq)
  at <- function(theta, column, value, other = NULL) {
    Z <- X; if (!is.null(other)) Z[, other] <- 0
    Z[, column] <- value
    colSums(w * clm_probabilities(theta[1:k], theta[-(1:k)], Z, plogis))
  }
  change <- function(column, group) delta(function(t) at(t, column, 1, group) - at(t, column, 0, group), coef(m), vcov(m))
  infl <- c("InflMedium", "InflHigh"); type <- grep("^Type", colnames(X), value = TRUE)
  columns <- colnames(X); group <- list(infl, infl, type, type, type, "ContHigh")
  c(list(columns = columns), setNames(lapply(seq_along(columns), function(i) change(columns[i], group[[i]])), columns))
}
profile_probability <- function() {
  m <- clm(Sat ~ Infl + Type + Cont, data = house, weights = Freq, control = clm.control(gradTol = 1e-12))
  new <- data.frame(Infl = "High", Type = levels(house$Type)[4], Cont = "Low")
  p <- predict(m, newdata = new, se.fit = TRUE, interval = TRUE)
  list(type = as.character(new$Type), fit = as.numeric(p$fit), se = as.numeric(p$se.fit), lwr = as.numeric(p$lwr), upr = as.numeric(p$upr))
}

# continuous predictors with a product, a logarithm and a square: effects through all of them
curved <- function() {
  f <- factor(y, ordered = TRUE) ~ IMAG1 * PERV1 + log(CUEX1) + I(PERQ1^2) + zone
  m <- clm(f, data = mobi, control = clm.control(gradTol = 1e-12, maxIter = 200))
  k <- length(m$alpha)
  prob <- function(theta, d) clm_probabilities(theta[1:k], theta[-(1:k)], model.matrix(~ IMAG1 * PERV1 + log(CUEX1) + I(PERQ1^2) + zone, d)[, names(m$beta)], plogis)
  slope <- function(theta, x) { h <- 1e-4; up <- mobi; up[[x]] <- up[[x]] + h; down <- mobi; down[[x]] <- down[[x]] - h; colMeans((prob(theta, up) - prob(theta, down)) / (2 * h)) }
  effects <- lapply(setNames(nm = c("IMAG1", "PERV1", "CUEX1", "PERQ1")), function(x) delta(function(t) slope(t, x), coef(m), vcov(m)))
  tested <- drop1(m, test = "Chisq")[-1, ]
  # a sandwich: scores by numerical differentiation of each row's log-likelihood
  row_ll <- function(theta) log(prob(theta, mobi)[cbind(seq_len(nrow(mobi)), mobi$y)])
  theta <- coef(m)
  S <- sapply(seq_along(theta), function(i) { h <- 1e-5; up <- theta; up[i] <- up[i] + h; down <- theta; down[i] <- down[i] - h; (row_ll(up) - row_ll(down)) / (2 * h) })
  V <- vcov(m) %*% crossprod(S) %*% vcov(m)
  list(names = names(theta), coef = unname(theta), se = unname(sqrt(diag(vcov(m)))), robust = unname(sqrt(diag(V) * nrow(mobi) / (nrow(mobi) - 1))),
       loglik = as.numeric(logLik(m)), terms = list(term = rownames(tested), df = tested$Df, lr = tested$LRT, p = tested[["Pr(>Chi)"]]), effects = effects)
}
weighted_ordinal <- function() {
  d <- svydesign(ids = ~1, weights = ~w, data = transform(mobi, fy = factor(y, ordered = TRUE)))
  m <- svyolr(fy ~ IMAG1 + PERV1 + zone, design = d)
  reference <- clm(fy ~ IMAG1 + PERV1 + zone, data = transform(mobi, fy = factor(y, ordered = TRUE), ww = w / mean(w)), weights = ww, control = clm.control(gradTol = 1e-12))
  list(beta = unname(m$coefficients), zeta = unname(m$zeta), se = unname(sqrt(diag(vcov(m)))), clm = unname(coef(reference)))
}

# binary models
binary_numbers <- function(formula, data, family, weights = NULL) {
  data$.w <- if (is.null(weights)) 1 else weights
  m <- glm(formula, data = data, family = family, weights = .w, control = list(epsilon = 1e-14, maxit = 100))
  null <- update(m, . ~ 1)
  s <- summary(m)
  ll <- sum(data$.w * dbinom(m$y, 1, fitted(m), log = TRUE)); ll0 <- sum(data$.w * dbinom(m$y, 1, fitted(null), log = TRUE))
  n <- sum(data$.w)
  d <- drop1(m, test = "LRT")[-1, ]
  auc <- { p <- fitted(m); pos <- m$y == 1; w <- data$.w
    sum(outer(which(pos), which(!pos), function(i, j) w[i] * w[j] * ((p[i] > p[j]) + (p[i] == p[j]) / 2))) / (sum(w[pos]) * sum(w[!pos])) }
  list(names = names(coef(m)), b = unname(coef(m)), se = unname(s$coefficients[, 2]), z = unname(s$coefficients[, 3]), p = unname(s$coefficients[, 4]),
       loglik = ll, null = ll0, aic = -2 * ll + 2 * length(coef(m)), mcfadden = 1 - ll / ll0,
       nagelkerke = (1 - exp(2 * (ll0 - ll) / n)) / (1 - exp(2 * ll0 / n)), terms = list(term = rownames(d), lr = d$LRT, p = d[["Pr(>Chi)"]]),
       brier = sum(data$.w * (m$y - fitted(m))^2) / n, auc = auc)
}
hosmer <- function(formula, data, groups = 10) {
  m <- glm(formula, data = data, family = binomial(), control = list(epsilon = 1e-14, maxit = 100))
  p <- fitted(m)
  cutoff <- unique(quantile(p, seq(0, 1, 1 / groups)))
  g <- cut(p, cutoff, include.lowest = TRUE)
  O <- tapply(m$y, g, sum); E <- tapply(p, g, sum); N <- tapply(p, g, length)
  x <- sum((O - E)^2 / (E * (1 - E / N)))
  df <- length(O) - 2
  list(observed = unname(O), expected = unname(E), n = unname(N), chisq = x, df = df, p = pchisq(x, df, lower.tail = FALSE))
}
binary_effects <- function(family) {
  form <- top ~ IMAG1 * PERV1 + log(CUEX1) + zone
  m <- glm(form, data = mobi, family = family, control = list(epsilon = 1e-14, maxit = 100))
  prob <- function(t, d) m$family$linkinv(drop(model.matrix(delete.response(terms(m)), d) %*% t))
  slope <- function(t, x) { h <- 1e-4; up <- mobi; up[[x]] <- up[[x]] + h; down <- mobi; down[[x]] <- down[[x]] - h; mean((prob(t, up) - prob(t, down)) / (2 * h)) }
  change <- function(t, level) { a <- b <- mobi; a$zone[] <- level; b$zone[] <- "a"; mean(prob(t, a) - prob(t, b)) }
  one <- function(f) { d <- delta(f, coef(m), vcov(m)); c(d$estimate, d$se) }
  list(IMAG1 = one(function(t) slope(t, "IMAG1")), PERV1 = one(function(t) slope(t, "PERV1")), CUEX1 = one(function(t) slope(t, "CUEX1")),
       zone_b = one(function(t) change(t, "b")), zone_c = one(function(t) change(t, "c")),
       robust = unname(sqrt(diag(sandwich(m)) * nrow(mobi) / (nrow(mobi) - 1))))
}
weighted_binary <- function() {
  d <- svydesign(ids = ~1, weights = ~w, data = mobi)
  lapply(list(logit = quasibinomial(), probit = quasibinomial("probit")), function(family) {
    m <- svyglm(top ~ IMAG1 + PERV1 + zone, design = d, family = family, epsilon = 1e-14, maxit = 100)
    list(b = unname(coef(m)), se = unname(sqrt(diag(vcov(m)))))
  })
}

# CUB by direct maximisation of the log-likelihood, written out from Piccolo (2003); errors from the numerical Hessian
cub_loglik <- function(r, m, pi, xi, delta = 0, shelter = 1) {
  b <- choose(m - 1, r - 1) * (1 - xi)^(r - 1) * xi^(m - r)
  log(delta * (r == shelter) + (1 - delta) * (pi * b + (1 - pi) / m))
}
maximise <- function(f, start) {
  best <- optim(start, f, method = "Nelder-Mead", control = list(fnscale = -1, maxit = 20000, reltol = 1e-14))
  best <- optim(best$par, f, gr = function(t) grad(f, t), method = "BFGS", control = list(fnscale = -1, maxit = 5000, reltol = 1e-16))
  list(par = best$par, se = sqrt(diag(solve(-hessian(f, best$par)))), loglik = best$value)
}
cub_plain <- function(r, m) {
  x <- maximise(function(t) sum(cub_loglik(r, m, plogis(t[1]), plogis(t[2]))), c(0.5, -1))
  p <- plogis(x$par)
  fitted <- exp(cub_loglik(1:m, m, p[1], p[2]))
  list(pi = p[1], xi = p[2], se_pi = x$se[1] * p[1] * (1 - p[1]), se_xi = x$se[2] * p[2] * (1 - p[2]), loglik = x$loglik,
       fitted = fitted, dissimilarity = sum(abs(tabulate(r, m) / length(r) - fitted)) / 2)
}
cub_covariates <- function(r, m, Y, W, start) {
  k <- ncol(Y)
  maximise(function(t) sum(cub_loglik(r, m, plogis(drop(Y %*% t[1:k])), plogis(drop(W %*% t[-(1:k)])))), start)
}
cub_shelter <- function(r, m, at) {
  x <- maximise(function(t) sum(cub_loglik(r, m, plogis(t[1]), plogis(t[2]), plogis(t[3]), at)), c(0.5, -1, -2))
  p <- plogis(x$par)
  list(pi = p[1], xi = p[2], delta = p[3], se = x$se * p * (1 - p), loglik = x$loglik)
}
gold <- mobi$IMAG1
high <- as.integer(mobi$PERQ1 >= 8)

out <- list(
  versions = c(list(R = R.version.string), lapply(setNames(nm = c("MASS", "ordinal", "survey", "sandwich", "numDeriv")), function(p) as.character(packageVersion(p)))),
  housing = lapply(setNames(nm = names(links)), ordinal_models),
  nominal = lapply(setNames(nm = c("logit", "probit")), nominal),
  brant = brant(~ Infl + Type + Cont, long, "code", 1:2, list(Infl = 1:2, Type = 3:5, Cont = 6)),
  brant_mobi = brant(~ IMAG1 + PERV1, mobi, "y", 1:4, list(IMAG1 = 1, PERV1 = 2)),
  effects = housing_effects(), profile = profile_probability(), curved = curved(), weighted = weighted_ordinal(),
  binary = list(
    logit = binary_numbers(top ~ IMAG1 * PERV1 + log(CUEX1) + zone, mobi, binomial()),
    probit = binary_numbers(top ~ IMAG1 * PERV1 + log(CUEX1) + zone, mobi, binomial("probit")),
    cloglog = binary_numbers(top ~ IMAG1 * PERV1 + log(CUEX1) + zone, mobi, binomial("cloglog")),
    housing = binary_numbers(top ~ Infl + Type + Cont, house, binomial(), house$Freq)),
  hosmer = hosmer(top ~ IMAG1 + PERV1 + zone, mobi), hosmer_housing = hosmer(top ~ Infl + Type + Cont, long),
  binary_effects = list(logit = binary_effects(binomial()), probit = binary_effects(binomial("probit")), cloglog = binary_effects(binomial("cloglog"))),
  weighted_binary = weighted_binary(),
  cub = list(IMAG1 = cub_plain(gold, 10), PERV1 = cub_plain(mobi$PERV1, 10), CUSA1 = cub_plain(mobi$CUSA1, 10), shelter = cub_shelter(gold, 10, 8),
             covariates = cub_covariates(gold, 10, cbind(1, high), cbind(1, mobi$PERV1 - 6), c(0.5, 0, -1, 0)),
             feeling = cub_covariates(gold, 10, cbind(rep(1, length(gold))), cbind(1, high), c(0.5, -1, 0)))
)
write_json(out, "tests/oracles/choice.json", digits = NA, auto_unbox = TRUE, na = "null", matrix = "rowmajor")
