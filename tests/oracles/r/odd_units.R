# Reference numbers for explanation in odd units (income in dong, years, shares of a billionth), with weights and gaps: lm, sandwich,
# Newton steps for the cauchit link, Johnson-Neyman ends, response surface with deltaMethod, LMG and PMVD over all orders of entry.
# Run from the repository: Rscript tests/oracles/r/odd_units.R   (writes tests/oracles/odd_units.json)
suppressPackageStartupMessages({library(sandwich); library(car); library(jsonlite)})
set.seed(20261123)
n <- 220
d <- data.frame(x1 = rnorm(n), income = round(exp(rnorm(n, 17, .7))), tiny = signif(1e-9 * rnorm(n), 6), year = sample(1960:2020, n, TRUE),
                w = round(exp(rnorm(n, 0, .8)), 4))
d$x2 <- round(d$x1 + .05 * rnorm(n), 6)
d$x1 <- round(d$x1, 6)
lat <- .1 * d$x1 + 1e-8 * (d$income - 3e7) * d$x1 + .02 * (d$year - 1990) * d$x1 + 4e8 * d$tiny + .02 * (d$year - 1990)
d$y <- signif(1e-4 * (3 + lat + rnorm(n)), 8)
d$o <- as.integer(cut(lat + rlogis(n), c(-Inf, -1, 0, 1, Inf)))
d$ideal <- sample(2000:2100, n, TRUE); d$actual <- pmin(pmax(d$ideal + round(20 * rnorm(n)), 2000), 2100)
d$match <- signif(1e-6 * (5 - .002 * (d$ideal - d$actual)^2 + .01 * d$ideal + rnorm(n)), 8)

# Johnson-Neyman in standard scores of the moderator, taken back to its units
johnson_neyman <- function(z) {
  x <- d$x1 - mean(d$x1); s <- (z - mean(z)) / sd(z)
  m <- lm(d$y ~ x * s); V <- vcovHC(m, "HC3"); b <- coef(m); t2 <- qt(.975, m$df.residual)^2
  p <- c(b[4]^2 - t2 * V[4, 4], 2 * (b[2] * b[4] - t2 * V[2, 4]), b[2]^2 - t2 * V[2, 2])
  sort((-p[2] + c(-1, 1) * sqrt(p[2]^2 - 4 * p[1] * p[3])) / (2 * p[1])) * sd(z) + mean(z)
}

# cumulative model with the cauchit link, by Newton steps on scaled columns (ordinal::clm stands in 1e5 for infinity)
X <- cbind(d$x1, d$income / 1e7, d$tiny * 1e9)
chance <- function(p) { a <- c(-Inf, p[1:3], Inf); e <- drop(X %*% p[4:6]); pcauchy(a[d$o + 1] - e) - pcauchy(a[d$o] - e) }
cauchit <- function() {
  ll <- function(p) sum(log(chance(p)))
  score <- function(p) {
    a <- c(-Inf, p[1:3], Inf); e <- drop(X %*% p[4:6]); up <- dcauchy(a[d$o + 1] - e); low <- dcauchy(a[d$o] - e); P <- chance(p)
    c(sapply(1:3, function(k) sum((up * (d$o == k) - low * (d$o == k + 1)) / P)), colSums(-X * (up - low) / P))
  }
  hessian <- function(p) sapply(1:6, function(k) { h <- replace(numeric(6), k, 1e-5); (score(p + h) - score(p - h)) / 2e-5 })
  p <- c(-1, 0, 1, 0, 0, 0)
  p <- suppressWarnings(optim(p, function(q) -ll(q), function(q) -score(q), method = "BFGS", control = list(reltol = 1e-14, maxit = 500)))$par
  for (i in 1:8) p <- p - solve(hessian(p), score(p))
  units <- c(1, 1, 1, 1, 1e-7, 1e9)
  list(b = p * units, se = sqrt(diag(solve(-hessian(p)))) * units, ll = ll(p))
}

surface <- function() {
  own <- data.frame(match = d$match, p = d$ideal - 2050, q = d$actual - 2050, income = d$income - weighted.mean(d$income, d$w), w = d$w)
  m <- lm(match ~ p + q + I(p^2) + I(p * q) + I(q^2) + income, own, weights = w)
  V <- vcovHC(m, "HC2"); b <- coef(m); names(b) <- c("b0", "x", "y", "x2", "xy", "y2", "c"); dimnames(V) <- list(names(b), names(b))
  f <- c("x + y", "x2 + xy + y2", "x - y", "x2 - xy + y2", "x2 - y2", "(y*xy - 2*x*y2)/(4*x2*y2 - xy^2)", "(x*xy - 2*y*x2)/(4*x2*y2 - xy^2)")
  found <- lapply(f, function(one) deltaMethod(b, one, vcov. = V))
  list(b = unname(b), se = unname(sqrt(diag(V))), estimate = sapply(found, function(r) r$Estimate), quantity_se = sapply(found, function(r) r$SE), df = m$df.residual)
}

r2 <- function(terms) if (length(terms)) summary(lm(reformulate(terms, "y"), d, weights = w))$r.squared else 0
orders <- function(v) if (length(v) <= 1) list(v) else do.call(c, lapply(seq_along(v), function(i) lapply(orders(v[-i]), function(p) c(v[i], p))))
importance <- function(names, always, kind) {
  total <- numeric(length(names)); mass <- 0
  for (p in orders(seq_along(names))) {
    steps <- c(r2(always), sapply(seq_along(p), function(k) r2(c(always, names[p[1:k]]))))
    weight <- if (kind == "lmg") 1 else prod(1 / (steps[length(steps)] - steps[2:length(p)]))
    total[p] <- total[p] + weight * diff(steps); mass <- mass + weight
  }
  total / mass
}
drivers <- c("x1", "x2", "income", "tiny")
m <- lm(y ~ x1 + income * tiny + I(year^2), d, weights = w)
out <- list(
  versions = c(list(R = R.version.string), lapply(setNames(nm = c("sandwich", "car")), function(p) as.character(packageVersion(p)))),
  data = d, johnson_neyman = list(income = johnson_neyman(d$income), year = johnson_neyman(d$year)), cauchit = cauchit(), surface = surface(),
  lmg = importance(drivers, "year", "lmg"), pmvd = importance(drivers, "year", "pmvd"),
  regression = list(b = unname(coef(m)), se = unname(sqrt(diag(vcovHC(m, "HC3")))), r2 = summary(m)$r.squared)
)
write_json(out, "tests/oracles/odd_units.json", digits = NA, auto_unbox = TRUE, na = "null")
