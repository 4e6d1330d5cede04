# Reference numbers for retention, before-after tests, control charts and spreading failures (cxlab/journey, cxlab/estimate).
# Formulas are written out here: BTYD, qcc, trend and igraph are not needed. Data are made here and stored with the numbers.
# Run from the repository root: Rscript tests/oracles/r/management.R
# Writes tests/oracles/management.json.
suppressMessages({library(jsonlite); library(MASS); library(sandwich)})
set.seed(20240701)
out <- list(versions = list(R = R.version.string, sandwich = as.character(packageVersion("sandwich"))))

# BG/NBD: simulated customers, likelihood of Fader, Hardie & Lee (2005), eq. 6, by optim
n <- 400; age <- sample(seq(27, 39, by = 1), n, TRUE)
true <- c(r = 0.6, alpha = 6, a = 0.9, b = 2.5)
rate <- rgamma(n, true["r"], true["alpha"]); leave <- rbeta(n, true["a"], true["b"])
buys <- lapply(seq_len(n), function(i) {
  at <- 0; times <- c()
  repeat {
    at <- at + rexp(1, rate[i])
    if (at > age[i]) break
    times <- c(times, at)
    if (runif(1) < leave[i]) break
  }
  times
})
x <- lengths(buys); tx <- round(sapply(buys, function(t) if (length(t)) max(t) else 0), 6)
loglik <- function(p, x, tx, age) {
  r <- p[1]; al <- p[2]; a <- p[3]; b <- p[4]
  one <- lgamma(r + x) - lgamma(r) + r * log(al) + lbeta(a, b + x) - lbeta(a, b) - (r + x) * log(al + age)
  two <- lgamma(r + x) - lgamma(r) + r * log(al) + lbeta(a + 1, b + pmax(x, 1) - 1) - lbeta(a, b) - (r + x) * log(al + tx)
  sum(log(exp(one) + ifelse(x > 0, exp(two), 0)))
}
neg <- function(l) -loglik(exp(l), x, tx, age)
fit <- optim(log(c(1, 5, 1, 2)), neg, method = "BFGS", control = list(reltol = 1e-15, maxit = 2000, ndeps = rep(1e-5, 4)))
fit <- nlm(neg, fit$par, gradtol = 1e-12, steptol = 1e-14, ndigit = 15, iterlim = 500)
par <- exp(fit$estimate)
hess <- optimHess(fit$estimate, neg, control = list(ndeps = rep(1e-3, 4)))
se <- par * sqrt(diag(solve(hess)))
# Expectations without the hypergeometric function: somebody who leaves with probability p after a purchase buys
# (1 - E exp(-lambda p t)) / p times until t (their eq. 7); its mean over p by numerical integration
newcomer <- function(t) integrate(function(p) (1 - (par[2] / (par[2] + p * t))^par[1]) / p * dbeta(p, par[3], par[4]), 0, 1, rel.tol = 1e-11)$value
alive <- ifelse(x > 0, 1 / (1 + par[3] / (par[4] + x - 1) * ((par[2] + age) / (par[2] + tx))^(par[1] + x)), 1)
ahead <- sapply(seq_len(n), function(i) alive[i] * integrate(function(p)
  (1 - ((par[2] + age[i]) / (par[2] + age[i] + p * 30))^(par[1] + x[i])) / p * dbeta(p, par[3], par[4] + x[i]), 0, 1, rel.tol = 1e-10)$value)
out$bg_nbd <- list(x = x, t_x = tx, age = age, estimate = par, se = se, loglik = -fit$minimum,
  newcomer = sapply(c(10, 52), newcomer), alive = alive[1:40], expected = ahead[1:40], horizon = 30)

# shifted beta geometric: cohorts of unequal length, by optim
cohorts <- list(a = c(500, 361, 280, 235, 203, 180), b = c(320, 240, 190, 155), c = c(150, 101))
sbg <- function(l) {
  al <- exp(l[1]); be <- exp(l[2])
  -sum(sapply(cohorts, function(k) {
    t <- seq_along(k[-1])
    sum(-diff(k) * (lbeta(al + 1, be + t - 1) - lbeta(al, be))) + tail(k, 1) * (lbeta(al, be + max(t)) - lbeta(al, be))
  }))
}
f <- nlm(sbg, nlm(sbg, c(0, 0))$estimate, gradtol = 1e-12, steptol = 1e-14, ndigit = 15)
p <- exp(f$estimate)
surv <- function(t) exp(lbeta(p[1], p[2] + t) - lbeta(p[1], p[2]))
# the tail of the sum of S(k + j)/S(k)/1.1^(j-1): beyond 3,000 terms it is far below 1e-12
derl <- function(k) sum(surv(k + 1:3000) / surv(k) / 1.1^(0:2999))
out$sbg <- list(cohorts = cohorts, estimate = p, se = p * sqrt(diag(solve(optimHess(f$estimate, sbg, control = list(ndeps = rep(1e-3, 2)))))),
  loglik = -f$minimum, survival = surv(0:10), lifetime = sapply(c(0, 1, 5), derl))

# before and after
b <- sample(3:10, 40, TRUE); a <- pmin(10, sample(4:10, 50, TRUE)); cb <- sample(3:10, 45, TRUE); ca <- sample(3:10, 38, TRUE)
tt <- t.test(a, b)
y <- c(b, a, cb, ca); wave <- rep(c(0, 1, 0, 1), c(40, 50, 45, 38)); treated <- rep(c(1, 0), c(90, 83))
m <- lm(y ~ wave * treated); v <- vcovHC(m, "HC2")
did_se <- sqrt(v["wave:treated", "wave:treated"])
w <- round(runif(40, 0.4, 2.2), 3)
wm <- sum(w * b) / sum(w)
out$means <- list(before = b, after = a, control_before = cb, control_after = ca, change = unname(diff(tt$estimate[2:1])), se = tt$stderr, df = unname(tt$parameter),
  t = unname(tt$statistic), p = tt$p.value, ci = tt$conf.int, did = unname(coef(m)["wave:treated"]), did_se = did_se,
  weights = w, weighted_mean = wm, weighted_var = 40 / 39 * sum((w * (b - wm))^2) / sum(w)^2)
one <- round(rnorm(30, 6, 1.5), 1); two <- round(one + rnorm(30, 0.4, 1), 1); grp <- rep(c(1, 0), c(16, 14))
pt <- t.test(two, one, paired = TRUE); gt <- t.test((two - one)[grp == 1], (two - one)[grp == 0])
out$paired <- list(before = one, after = two, treated = grp, change = unname(pt$estimate), t = unname(pt$statistic), p = pt$p.value, ci = pt$conf.int,
  did = unname(diff(gt$estimate[2:1])), did_p = gt$p.value, did_ci = gt$conf.int)
pr <- prop.test(c(34, 21), c(60, 55), correct = FALSE)
wil <- function(k, n) prop.test(k, n, correct = FALSE)$conf.int
p1 <- 21 / 55; p2 <- 34 / 60; l1 <- wil(21, 55); l2 <- wil(34, 60)
mc <- binom.test(13, 13 + 5); z <- qnorm(0.975); u <- 14 / 42; d <- 6 / 42
out$shares <- list(before = c(21, 55), after = c(34, 60), p = pr$p.value,
  ci = c(p2 - p1 - sqrt((p2 - l2[1])^2 + (l1[2] - p1)^2), p2 - p1 + sqrt((l2[2] - p2)^2 + (p1 - l1[1])^2)),
  pairs = c(won = 13, lost = 5, n = 40), mcnemar = mc$p.value,
  pair_ci = u - d + c(-1, 1) * z * sqrt((u + d - (u - d)^2) / 42))

# control charts
ptukey_mean <- function(n) integrate(function(q) 1 - ptukey(q, n, Inf), 0, Inf, rel.tol = 1e-9)$value
ptukey_square <- function(n) integrate(function(q) 2 * q * (1 - ptukey(q, n, Inf)), 0, Inf, rel.tol = 1e-9)$value
c4 <- function(n) sqrt(2 / (n - 1)) * gamma(n / 2) / gamma((n - 1) / 2)
ns <- c(2, 3, 5, 10, 25)
d2 <- sapply(ns, ptukey_mean); d3 <- sqrt(sapply(ns, ptukey_square) - d2^2)
v <- round(c(rnorm(20, 7, 0.4), rnorm(10, 7.6, 0.4)), 2)
mr <- abs(diff(v))
g <- round(matrix(rnorm(12 * 5, 7, 1), 12), 1)
s <- apply(g, 1, sd); rg <- apply(g, 1, function(k) diff(range(k)))
size <- c(80, 120, 95, 60, 140, 110, 70, 100, 130, 90); cnt <- rbinom(10, size, 0.12)
pbar <- sum(cnt) / sum(size)
r <- rank(v); k <- seq_len(length(v) - 1); U <- 2 * cumsum(r)[k] - k * (length(v) + 1)
K <- max(abs(U)); nn <- length(v)
out$chart <- list(n = ns, c4 = c4(ns), d2 = d2, d3 = d3, values = v, mean20 = mean(v[1:20]), sigma20 = mean(mr[1:19]) / d2[1],
  groups = g, xbar_sd = mean(s) / c4(5), xbar_range = mean(rg) / d2[3], xbar_mean = mean(g),
  s_upper = mean(s) + 3 * mean(s) / c4(5) * sqrt(1 - c4(5)^2), r_upper = mean(rg) * (1 + 3 * d3[3] / d2[3]),
  size = size, counts = cnt, p_upper = pbar + 3 * sqrt(pbar * (1 - pbar) / size), u_upper = pbar + 3 * sqrt(pbar / size),
  pettitt_k = which.max(abs(U)), pettitt = K, pettitt_p = min(1, 2 * exp(-6 * K^2 / (nn^3 + nn^2))), lag1 = acf(v, plot = FALSE)$acf[2])

# failures on a network with a circle: all states of links and nodes, one by one
links <- rbind(c(1, 2), c(2, 3), c(1, 3), c(3, 4), c(2, 5)); pass <- c(0.5, 0.7, 0.2, 0.9, 0.4); fail <- c(0, 0.1, 0.05, 0.2, 0.15)
reach <- numeric(5); any <- 0; number <- 0
for (st in 0:31) {
  on <- bitwAnd(st, 2^(0:4)) > 0
  pr <- prod(ifelse(on, pass, 1 - pass))
  own <- diag(5) > 0
  for (i in which(on)) own[links[i, 1], links[i, 2]] <- own[links[i, 2], links[i, 1]] <- TRUE
  for (i in 1:5) own <- (own %*% own) > 0
  reach <- reach + pr * own[1, ]
  for (fs in 0:15) {
    down <- c(FALSE, bitwAnd(fs, 2^(0:3)) > 0)
    pf <- prod(ifelse(down[-1], fail[-1], 1 - fail[-1]))
    met <- sum(down & own[1, ])
    any <- any + pr * pf * (met > 0); number <- number + pr * pf * met
  }
}
out$spread <- list(links = links, pass = pass, fail = fail, reach = reach, any = any, number = number)
# what if: a formula evaluated again with one variable raised, within the scale (1 to 10)
suppressMessages(library(lavaan))
mobi <- read.csv("data/ecsi_mobile/mobi.csv")
fit <- lm(CUSL1 ~ CUSA1 * CUSA2 + log(PERV1) + I(IMAG1^2), data = mobi)
gain <- function(name, by) {
  new <- mobi; new[[name]] <- pmax(pmin(new[[name]] + by, 10), 1)
  mean(predict(fit, new) - predict(fit, mobi))
}
text <- "image =~ IMAG1 + IMAG2 + IMAG4
satisfaction =~ CUSA1 + CUSA2 + CUSA3
loyalty =~ CUSL1 + CUSL3
satisfaction ~ a*image
loyalty ~ b*satisfaction + c*image
total := a*b + c"
e <- parameterEstimates(sem(text, mobi))
unit <- function(f) mean(e$est[e$lhs == f & e$op == "=~"])
est <- function(label) e$est[e$label == label]
raise <- function(items, by) { m <- rowMeans(mobi[items]); mean(pmin(m + by, 10) - m) }
out$what_if <- list(
  regression = c(CUSA1 = gain("CUSA1", 1), PERV1 = gain("PERV1", 2), IMAG1 = gain("IMAG1", -1)),
  sem = c(image = est("total") * unit("loyalty") / unit("image") * raise(c("IMAG1", "IMAG2", "IMAG4"), 1),
          satisfaction = est("b") * unit("loyalty") / unit("satisfaction") * raise(c("CUSA1", "CUSA2", "CUSA3"), 1)),
  raised = raise(c("IMAG1", "IMAG2", "IMAG4"), 1))
out$versions$lavaan <- as.character(packageVersion("lavaan"))
write_json(lapply(out, function(part) lapply(part, function(v) if (is.null(names(v))) v else as.list(v))), "tests/oracles/management.json", digits = NA, auto_unbox = TRUE, matrix = "rowmajor")
