# Wilson intervals of the claimed shares (stats::prop.test without continuity correction), and the n in each group at which the
# 95% Wald interval of a difference of two shares leaves out zero. Run from the repository's root.
library(jsonlite)

shares <- list(
  dropped = c(0.78, 1000), leave_once = c(0.32, 15000), leave_once_us = c(0.17, 4000),
  spent_more_2011 = c(0.73, 1018), spent_more_2012 = c(0.75, 1000)
)
intervals <- lapply(shares, function(s) {
  as.numeric(prop.test(s[1] * s[2], s[2], correct = FALSE)$conf.int)
})
p <- c(0.075, 0.029)
wald <- function(n) abs(diff(p)) - qnorm(0.975) * sqrt(sum(p * (1 - p)) / n)
needed <- min(which(vapply(1:1000, wald, numeric(1)) > 0))

write_json(
  list(R = R.version.string, jsonlite = as.character(packageVersion("jsonlite")), wilson = intervals, n_needed = needed),
  "tests/oracles/theory_claims.json", auto_unbox = TRUE, digits = 12, pretty = TRUE
)
