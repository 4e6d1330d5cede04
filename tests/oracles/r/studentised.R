# Reference numbers for bootstrap-t intervals (cxlab.resample.intervals.studentised): boot's own, from stored replicates.
# Run from the repository root: Rscript tests/oracles/r/studentised.R
# Writes tests/oracles/studentised.json.
suppressMessages({library(boot); library(jsonlite)})
set.seed(20261122)
x <- round(rexp(40, 1 / 3), 6)
statistic <- function(rows, index) { one <- rows[index]; c(mean(one), var(one) / length(one)) }
drawn <- boot(x, statistic, R = 399)
ends <- sapply(c(0.9, 0.95), function(level) boot.ci(drawn, conf = level, type = "stud")$student[4:5])
cat(toJSON(list(
  about = "boot.ci(type = 'stud') of a mean of 40 exponential numbers",
  r = R.version.string, boot = as.character(packageVersion("boot")),
  estimate = drawn$t0[1], variance = drawn$t0[2], replicates = drawn$t[, 1], variances = drawn$t[, 2],
  levels = c(0.9, 0.95), lower = ends[1, ], upper = ends[2, ]
), digits = 15, auto_unbox = TRUE), file = "tests/oracles/studentised.json")
