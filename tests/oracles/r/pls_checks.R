# Checks of a PLS model's structural part, on sums of standardised answers (mode "unit"), for tests/test_pls_checks.py:
# quadratic effects, Ramsey's test, Gaussian copula terms, normality, and tests of two groups from resamples.
# From the repository root: Rscript tests/oracles/r/pls_checks.R
suppressMessages({library(jsonlite); library(lmtest); library(nortest)})
data <- read.csv("data/ecsi_mobile/mobi.csv")
blocks <- list(Image = paste0("IMAG", 1:5), Value = paste0("PERV", 1:2), Satisfaction = paste0("CUSA", 1:3),
               Loyalty = paste0("CUSL", 1:3))
causes <- list(Satisfaction = c("Image", "Value"), Loyalty = c("Image", "Satisfaction"))

scores <- function(rows) as.data.frame(lapply(blocks, function(items) as.vector(scale(rowSums(scale(rows[items]))))))
copula <- function(x) {
  x <- round(x, 10)
  qnorm(sapply(x, function(one) sum(x <= one)) / (length(x) + 1))
}
regression <- function(s, target, terms = NULL, kind = NULL) {
  frame <- s[c(target, causes[[target]])]
  for (one in terms) frame[[paste0("term_", one)]] <- if (kind == "square") s[[one]]^2 else copula(s[[one]])
  coef(lm(reformulate(setdiff(names(frame), target), target), frame))[-1]
}
cases <- do.call(rbind, lapply(names(causes), function(target) rbind(
  data.frame(target = target, source = causes[[target]], terms = "one"),
  data.frame(target = target, source = causes[[target]], terms = "all"))))
ask <- function(s, kind, case) {
  terms <- if (case$terms == "one") case$source else causes[[case$target]]
  found <- regression(s, case$target, terms, kind)
  c(term = found[[paste0("term_", case$source)]], path = found[[case$source]])
}
all_cases <- function(s, kind) sapply(seq_len(nrow(cases)), function(k) ask(s, kind, cases[k, ]))

set.seed(20)
index <- t(replicate(100, sample.int(nrow(data), replace = TRUE)))
own <- scores(data)
drawn <- lapply(c(square = "square", copula = "copula"), function(kind)
  t(apply(index, 1, function(i) all_cases(scores(data[i, ]), kind)["term", ])))

# two groups, resampled apart
first <- data$CUEX1 < 8
groups <- list(data[first, ], data[!first, ])
paths <- function(rows) unlist(lapply(names(causes), function(target) regression(scores(rows), target)))
resampled <- lapply(groups, function(rows) t(replicate(150, sample.int(nrow(rows), replace = TRUE))))
boot <- Map(function(rows, i) t(apply(i, 1, function(one) paths(rows[one, ]))), groups, resampled)
compare <- function(k) {
  n <- sapply(groups, nrow); b1 <- boot[[1]][, k]; b2 <- boot[[2]][, k]; se <- c(sd(b1), sd(b2))
  d <- paths(groups[[1]])[k] - paths(groups[[2]])[k]
  pairs <- expand.grid(b1, b2)
  henseler <- 1 - mean(2 * mean(b1) - pairs[, 1] - 2 * mean(b2) + pairs[, 2] > 0)
  pooled <- sqrt((n[1] - 1)^2 / (sum(n) - 2) * se[1]^2 + (n[2] - 1)^2 / (sum(n) - 2) * se[2]^2) * sqrt(sum(1 / n))
  parts <- (n - 1) / n * se^2
  df <- sum(parts)^2 / sum((n - 1) / n^2 * se^4) - 2
  list(difference = d, henseler = henseler, parametric = 2 * pt(-abs(d / pooled), sum(n) - 2),
       welch = 2 * pt(-abs(d) / sqrt(sum(parts)), df), welch_df = df)
}
reset <- lapply(names(causes), function(target) {
  test <- resettest(reformulate(causes[[target]], target), power = 2:3, type = "fitted", data = own)
  list(f = unname(test$statistic), df = unname(test$parameter), p = unname(test$p.value))
})
normal <- lapply(own[c("Image", "Value", "Satisfaction")], function(x) {
  test <- ad.test(x); n <- length(x); z <- x - mean(x); m <- function(k) mean(z^k)
  list(statistic = unname(test$statistic), p = test$p.value,
       skewness = m(3) / m(2)^1.5 * sqrt(n * (n - 1)) / (n - 2),
       kurtosis = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (m(4) / m(2)^2 - 3) + 6))
})
out <- list(
  versions = list(R = R.version.string, lmtest = as.character(packageVersion("lmtest")), nortest = as.character(packageVersion("nortest"))),
  index = index - 1, cases = cases,
  square = list(own = t(all_cases(own, "square")), se = apply(drawn$square, 2, sd)),
  copula = list(own = t(all_cases(own, "copula")), se = apply(drawn$copula, 2, sd)),
  reset = reset, normal = normal,
  groups = list(index = lapply(resampled, function(i) i - 1), paths = lapply(1:4, compare), sizes = sapply(groups, nrow)))
write(toJSON(out, digits = 15, auto_unbox = TRUE), "tests/oracles/pls_checks.json")
