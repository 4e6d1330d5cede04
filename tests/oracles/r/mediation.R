# Reference numbers for mediation and moderation (cxlab/analyses/mediation, moderation): lm, sandwich, boot.
# Run from the repository root: Rscript tests/oracles/r/mediation.R
# Writes tests/oracles/mediation.json. Data: data/ecsi_mobile/mobi.csv (single items, so that no scoring rule enters).
suppressMessages({library(sandwich); library(boot); library(jsonlite)})
d <- read.csv("data/ecsi_mobile/mobi.csv")
x <- "IMAG1"; m1 <- "PERQ1"; m2 <- "CUSA1"; y <- "CUSL1"; z <- "CUEX1"
slope <- function(formula, data, name) unname(coef(lm(formula, data))[name])

parallel <- function(d) {
  a <- c(slope(PERQ1 ~ IMAG1 + CUEX1, d, x), slope(CUSA1 ~ IMAG1 + CUEX1, d, x))
  out <- coef(lm(CUSL1 ~ IMAG1 + PERQ1 + CUSA1 + CUEX1, d))
  b <- unname(out[c(m1, m2)])
  c(a, b, a * b, sum(a * b), unname(out[x]), slope(CUSL1 ~ IMAG1 + CUEX1, d, x))
}
serial <- function(d) {
  a1 <- slope(PERQ1 ~ IMAG1, d, x)
  second <- coef(lm(CUSA1 ~ IMAG1 + PERQ1, d))
  out <- coef(lm(CUSL1 ~ IMAG1 + PERQ1 + CUSA1, d))
  unname(c(a1 * out[m1], second[x] * out[m2], a1 * second[m1] * out[m2]))
}
set.seed(1)
index <- t(replicate(200, sample.int(nrow(d), replace = TRUE)))
drawn <- t(apply(index, 1, function(rows) parallel(d[rows, ])))
sds <- sapply(d[, c(x, m1, m2, y)], sd)

# one mediator: sensitivity by the two residuals (Imai, Keele & Yamamoto, 2010), formula written out
em <- lm(CUSA1 ~ IMAG1 + CUEX1, d); ey <- lm(CUSL1 ~ IMAG1 + CUEX1, d)
r <- cor(resid(em), resid(ey)); s1 <- sd(resid(ey)); s2 <- sd(resid(em))
rho <- c(-0.5, 0, 0.3)
acme <- unname(coef(em)[x]) * s1 / s2 * (r - rho * sqrt((1 - r^2) / (1 - rho^2)))
full <- summary(lm(CUSL1 ~ IMAG1 + CUSA1 + CUEX1, d))
f2 <- full$coefficients[m2, "t value"]^2 / full$df[2]

# moderation: loyalty on satisfaction, by image, with a covariate; centred, HC3
d$xc <- d$CUSA1 - mean(d$CUSA1); d$mc <- d$IMAG1 - mean(d$IMAG1)
fit <- lm(CUSL1 ~ xc * mc + CUEX1, d)
v <- vcovHC(fit, "HC3"); k <- c("xc", "xc:mc"); df <- df.residual(fit)
slope_at <- function(m) {
  one <- c(1, m); b <- sum(one * coef(fit)[k]); se <- sqrt(drop(t(one) %*% v[k, k] %*% one))
  c(b, se, b / se, 2 * pt(-abs(b / se), df))
}
levels <- c(-1, 0, 1) * sd(d$IMAG1)
t2 <- qt(0.975, df)^2
roots <- polyroot(c(coef(fit)["xc"]^2 - t2 * v["xc", "xc"], 2 * (coef(fit)["xc"] * coef(fit)["xc:mc"] - t2 * v["xc", "xc:mc"]),
                    coef(fit)["xc:mc"]^2 - t2 * v["xc:mc", "xc:mc"]))

cat(toJSON(list(
  about = "mediation and moderation on ecsi_mobile, single items", r = R.version.string,
  packages = sapply(c("sandwich", "boot"), function(p) as.character(packageVersion(p))),
  index = index - 1, parallel = parallel(d), drawn = drawn, serial = serial(d), sds = as.list(sds),
  sensitivity = list(rho = rho, acme = acme, r = r, robustness = (sqrt(f2^2 + 4 * f2) - f2) / 2),
  moderation = list(b = as.list(coef(fit)), se = as.list(sqrt(diag(v))), levels = levels,
                    slopes = t(sapply(levels, slope_at)), roots = sort(Re(roots)) + mean(d$IMAG1),
                    imaginary = max(abs(Im(roots))), mean = mean(d$IMAG1))
), digits = 15, auto_unbox = TRUE), file = "tests/oracles/mediation.json")
