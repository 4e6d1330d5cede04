# Reference numbers for missing answers: Little's MCAR test by its formula on lavaan's saturated ML moments, Rubin's rules
# by mice, and chained equations with predictive mean matching by mice.
# Run from the repository's root: Rscript tests/oracles/r/missing.R   (writes tests/oracles/missing.json)
suppressMessages({library(lavaan); library(mice); library(jsonlite)})

reputation <- read.csv("data/corporate_reputation/corp_rep_data.csv", sep = ";")
if (ncol(reputation) < 10) reputation <- read.csv("data/corporate_reputation/corp_rep_data.csv")
reputation[reputation == -99] <- NA
loyal <- reputation[, c("cusl_1", "cusl_2", "cusl_3", "cusa", "comp_1", "comp_2", "like_1")]

set.seed(20240611)
schools <- HolzingerSwineford1939[, paste0("x", 1:6)]
gone <- plogis(-1.5 + 1.2 * as.numeric(scale(schools$x1)))
schools$x4[runif(nrow(schools)) < gone] <- NA
schools$x2[runif(nrow(schools)) < .1] <- NA
schools$x5[runif(nrow(schools)) < gone / 2] <- NA

cases <- list(airquality = airquality, nhanes = nhanes, reputation = loyal, schools = schools)

# Little (1988): sum over patterns of n (m - mu)' S^-1 (m - mu), df = answered items summed over patterns minus items.
little <- function(d) {
  names(d) <- make.names(names(d))
  text <- paste(unlist(lapply(seq_along(d), function(i) sprintf("%s ~~ %s", names(d)[i], paste(names(d)[i:length(d)], collapse = " + ")))), collapse = "\n")
  scaled <- as.data.frame(scale(d))
  fit <- lavaan(paste(text, paste(names(d), "~ 1", collapse = "\n"), sep = "\n"), scaled, missing = "ml", do.fit = FALSE,
    em.h1.iter.max = 100000, em.h1.tol = 1e-14)
  h1 <- lavInspect(fit, "sampstat")
  mu <- as.numeric(h1$mean); S <- unclass(h1$cov)
  there <- !is.na(scaled)
  key <- apply(there * 1, 1, paste, collapse = "")
  total <- 0; df <- -ncol(d); patterns <- 0
  for (k in unique(key)) {
    o <- which(there[which(key == k)[1], ])
    if (!length(o)) next
    rows <- as.matrix(scaled[key == k, o, drop = FALSE])
    away <- colMeans(rows) - mu[o]
    total <- total + nrow(rows) * drop(t(away) %*% solve(S[o, o, drop = FALSE]) %*% away)
    df <- df + length(o); patterns <- patterns + 1
  }
  list(statistic = total, df = df, pvalue = pchisq(total, df, lower.tail = FALSE), patterns = patterns,
    data = lapply(as.list(d), I))
}

# The odds of a missing answer, one predictor at a time, in standard deviations of the predictor.
odds <- function(d, item, predictor) {
  keep <- !is.na(d[[predictor]])
  z <- as.numeric(scale(d[[predictor]][keep])); y <- is.na(d[[item]][keep])
  m <- glm(y ~ z, family = binomial, control = list(epsilon = 1e-14, maxit = 100))
  b <- coef(summary(m))["z", ]
  list(item = item, predictor = predictor, n = sum(keep), odds_ratio = unname(exp(b[1])), lower = unname(exp(b[1] - qnorm(.975) * b[2])),
    upper = unname(exp(b[1] + qnorm(.975) * b[2])), pvalue = unname(pchisq(m$null.deviance - m$deviance, 1, lower.tail = FALSE)))
}

pooled <- function(fits, dfcom = NULL) {
  s <- summary(pool(fits, dfcom = dfcom), type = "all", conf.int = TRUE)
  list(term = as.character(s$term), m = s$m[1], dfcom = s$dfcom, estimate = s$estimate, se = s$std.error, statistic = s$statistic, df = s$df, pvalue = s$p.value,
    lower = s[["2.5 %"]], upper = s[["97.5 %"]], within = s$ubar, between = s$b, total = s$t, riv = s$riv, lambda = s$lambda, fmi = s$fmi)
}
each <- function(fits) list(each_estimate = t(sapply(fits$analyses, coef)), each_se = t(sapply(fits$analyses, function(f) sqrt(diag(vcov(f))))))

imp <- mice(nhanes, m = 8, seed = 7, printFlag = FALSE)
fits <- with(imp, lm(chl ~ age + bmi))
rubin <- list(small = c(pooled(fits), each(fits)), large = c(pooled(fits, Inf), each(fits)))

many <- mice(schools, m = 400, maxit = 10, method = "pmm", seed = 11, printFlag = FALSE)
chained <- pooled(with(many, lm(x4 ~ x1 + x2 + x5)))

out <- list(about = "Little's test, odds of a missing answer, Rubin's rules, chained equations",
  versions = list(r = R.version.string, lavaan = as.character(packageVersion("lavaan")), mice = as.character(packageVersion("mice"))),
  little = lapply(cases, little),
  odds = list(odds(schools, "x4", "x1"), odds(schools, "x4", "x3"), odds(schools, "x5", "x4")),
  rubin = rubin, chained = chained)
write_json(out, "tests/oracles/missing.json", digits = NA, auto_unbox = TRUE, na = "null", null = "null")
