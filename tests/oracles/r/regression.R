# Reference numbers for cx.regress: lm, sandwich::vcovHC, lmtest (coeftest, waldtest, bptest), car::vif, anova.
# Run from the repository: Rscript tests/oracles/r/regression.R   (writes tests/oracles/regression.json)
suppressPackageStartupMessages({library(sandwich); library(lmtest); library(car); library(jsonlite)})

read_set <- function(name) read.csv(list.files(file.path("data", name), "\\.csv$", full.names = TRUE)[1])
mobi <- read_set("ecsi_mobile")
blocks <- c(image = "^IMAG", expectations = "^CUEX", quality = "^PERQ", value = "^PERV", satisfaction = "^CUSA", loyalty = "^CUSL")
for (name in names(blocks)) mobi[[name]] <- rowMeans(mobi[, grep(blocks[[name]], names(mobi))])
reputation <- read_set("corporate_reputation")
reputation[reputation == -99] <- NA

covariances <- c("const", "HC0", "HC1", "HC2", "HC3")
one_cov <- function(m, type) {
  V <- if (type == "const") vcov(m) else vcovHC(m, type = type)
  test <- coeftest(m, vcov. = V)
  ci <- coefci(m, vcov. = V)
  slopes <- setdiff(seq_along(coef(m)), which(names(coef(m)) == "(Intercept)"))
  b <- coef(m)[slopes]
  f <- drop(t(b) %*% solve(V[slopes, slopes]) %*% b) / length(slopes)
  list(se = unname(test[, 2]), t = unname(test[, 3]), p = unname(test[, 4]), low = unname(ci[, 1]), high = unname(ci[, 2]),
       wald_f = f, wald_p = pf(f, length(slopes), df.residual(m), lower.tail = FALSE))
}
numbers <- function(m, vifs = TRUE) {
  s <- summary(m)
  X <- model.matrix(m)
  y <- model.response(model.frame(m))
  e <- residuals(m)
  n <- length(e)
  skew <- mean((e - mean(e))^3) / mean((e - mean(e))^2)^1.5
  kurt <- mean((e - mean(e))^4) / mean((e - mean(e))^2)^2
  jb <- n / 6 * (skew^2 + (kurt - 3)^2 / 4)
  bp <- bptest(m)
  cook <- cooks.distance(m)
  beta <- unname(coef(m) * apply(X, 2, sd) / sd(y))
  beta[colnames(X) == "(Intercept)"] <- NA
  list(
    formula = paste(deparse(formula(m)), collapse = ""), terms = names(coef(m)), b = unname(coef(m)), beta = beta,
    n = n, df = m$df.residual, r2 = s$r.squared, adj_r2 = s$adj.r.squared, sigma = s$sigma,
    f = unname(s$fstatistic), cov = setNames(lapply(covariances, one_cov, m = m), covariances),
    vif = if (vifs) { v <- car::vif(m); if (is.matrix(v)) list(term = rownames(v), gvif = unname(v[, 1]), df = unname(v[, 2]), adjusted = unname(v[, 3])) else list(term = names(v), gvif = unname(v)) } else NULL,
    bp = c(unname(bp$statistic), unname(bp$parameter), unname(bp$p.value)),
    cook = c(max(cook), as.numeric(names(cook)[which.max(cook)])), jb = c(jb, pchisq(jb, 2, lower.tail = FALSE))
  )
}

steps <- list(
  lm(loyalty ~ image, data = mobi), lm(loyalty ~ image + expectations + quality, data = mobi),
  lm(loyalty ~ image + expectations + quality + satisfaction, data = mobi)
)
step_numbers <- function(i) {
  m <- steps[[i]]
  base <- if (i == 1) lm(loyalty ~ 1, data = mobi) else steps[[i - 1]]
  a <- anova(base, m)
  w <- waldtest(base, m, vcov = vcovHC(m, type = "HC3"), test = "F")
  r2 <- summary(m)$r.squared
  delta <- r2 - summary(base)$r.squared
  list(r2 = r2, adj_r2 = summary(m)$adj.r.squared, delta_r2 = delta, f_change = a$F[2], df1 = a$Df[2], df2 = a$Res.Df[2],
       p = a[["Pr(>F)"]][2], f2 = delta / (1 - r2), wald_f = w$F[2], wald_p = w[["Pr(>F)"]][2])
}

out <- list(
  versions = c(list(R = R.version.string), lapply(setNames(nm = c("sandwich", "lmtest", "car")), function(p) as.character(packageVersion(p)))),
  models = list(
    scores = numbers(lm(loyalty ~ image + expectations + quality + value + satisfaction, data = mobi)),
    functions = numbers(lm(CUSL1 ~ CUSA1 * CUSA2 + log(PERV1) + I(IMAG1^2), data = mobi), vifs = FALSE),
    missing = numbers(lm(cusl_1 ~ comp_1 + like_1 + cusa, data = reputation)),
    categories = numbers(lm(cusl_1 ~ like_1 + factor(serviceprovider) + factor(servicetype), data = reputation)),
    interaction = numbers(lm(cusl_1 ~ factor(servicetype) * like_1, data = reputation), vifs = FALSE),
    two_factors = numbers(lm(cusl_1 ~ factor(servicetype) * factor(serviceprovider), data = reputation), vifs = FALSE),
    no_margin = numbers(lm(cusl_1 ~ factor(servicetype):like_1, data = reputation), vifs = FALSE),
    no_margin_factors = numbers(lm(cusl_1 ~ factor(servicetype) + factor(servicetype):factor(serviceprovider), data = reputation), vifs = FALSE),
    no_intercept = numbers(lm(cusl_1 ~ factor(servicetype) + like_1 - 1, data = reputation), vifs = FALSE)
  ),
  standardised = numbers(lm(scale(loyalty) ~ scale(image) * scale(satisfaction), data = mobi), vifs = FALSE),
  steps = lapply(seq_along(steps), step_numbers)
)
write_json(out, "tests/oracles/regression.json", digits = NA, auto_unbox = TRUE, na = "null", matrix = "rowmajor")
