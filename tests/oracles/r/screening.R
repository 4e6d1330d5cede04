# Reference numbers for cxlab.survey.screening, in base R: rle, sd, mahalanobis, pchisq, cor.
# Definitions as in the package careless (longstring, irv, mahad; evenodd as in version 1.1, before its sign was turned).
# Writes tests/oracles/screening.json with the simulated answers and the indices. Run from the repository root:
#   Rscript tests/oracles/r/screening.R
library(jsonlite)

set.seed(20161)
n <- 60; k <- 18; per_construct <- 3; constructs <- k / per_construct
trait <- matrix(rnorm(n * constructs), n)
latent <- trait[, rep(seq_len(constructs), each = per_construct)] * 0.8 + matrix(rnorm(n * k), n) * 0.7
x <- pmin(pmax(round(3 + 1.1 * latent), 1), 5)
reversed <- c(2, 6, 11, 17)
x[, reversed] <- 6 - x[, reversed]
x[1, ] <- 3                       # a straight line
x[2, 1:17] <- 4                   # nearly one
x[3, ] <- rep(c(1, 5), 9)         # a zigzag
x[4, ] <- x[5, ]                  # a duplicate
x[6, ] <- NA                      # no answer at all
x[cbind(sample(7:n, 40, TRUE), sample(k, 40, TRUE))] <- NA
x[7, 1:16] <- NA                  # one construct left
colnames(x) <- sprintf("c%d_%d", rep(seq_len(constructs), each = per_construct), rep(seq_len(per_construct), constructs))

longstring <- apply(x, 1, function(row) max(rle(row)$lengths))
irv <- apply(x, 1, sd, na.rm = TRUE)

complete <- complete.cases(x)
d2 <- rep(NA_real_, n)
d2[complete] <- mahalanobis(x[complete, ], colMeans(x[complete, ]), cov(x[complete, ]))
p <- pchisq(d2, k, lower.tail = FALSE)

turned <- x
turned[, reversed] <- 6 - turned[, reversed]
even_odd <- apply(turned, 1, function(row) {
  halves <- sapply(seq_len(constructs), function(j) {
    items <- row[(j - 1) * per_construct + seq_len(per_construct)]
    c(mean(items[c(1, 3)], na.rm = TRUE), mean(items[2], na.rm = TRUE))
  })
  if (sum(complete.cases(t(halves))) < 3) return(NA_real_)
  r <- suppressWarnings(cor(halves[1, ], halves[2, ], use = "pairwise.complete.obs"))
  value <- 2 * r / (1 + r)
  if (!is.na(value) && value < -1) -1 else value
})

# The same with constructs of unequal length: items 1-5, 6-8, 9-14, 15-18.
groups <- list(1:5, 6:8, 9:14, 15:18)
even_odd_unequal <- apply(turned, 1, function(row) {
  halves <- sapply(groups, function(g) {
    items <- row[g]
    odd <- seq_along(items) %% 2 == 1
    c(mean(items[odd], na.rm = TRUE), mean(items[!odd], na.rm = TRUE))
  })
  if (sum(complete.cases(t(halves))) < 3) return(NA_real_)
  r <- suppressWarnings(cor(halves[1, ], halves[2, ], use = "pairwise.complete.obs"))
  value <- 2 * r / (1 + r)
  if (!is.na(value) && value < -1) -1 else value
})

means <- sapply(seq_len(constructs), function(j) {
  part <- turned[, (j - 1) * per_construct + seq_len(per_construct)]
  ifelse(rowSums(!is.na(part)) >= 2, rowMeans(part, na.rm = TRUE), NA)
})
sums <- sapply(seq_len(constructs), function(j) rowSums(turned[, (j - 1) * per_construct + seq_len(per_construct)]))

out <- list(
  made_by = "tests/oracles/r/screening.R", r = R.version.string,
  packages = list(stats = as.character(packageVersion("stats")), jsonlite = as.character(packageVersion("jsonlite"))),
  items = colnames(x), reversed = colnames(x)[reversed], answers = x,
  missing_share = rowMeans(is.na(x)), longstring = longstring, irv = irv, duplicated = duplicated(x),
  mahalanobis_d2 = d2, mahalanobis_p = p, even_odd = even_odd, even_odd_unequal = even_odd_unequal,
  mean_min2 = means, sum_all = sums
)
write_json(out, "tests/oracles/screening.json", auto_unbox = TRUE, digits = NA, na = "null", pretty = FALSE)
cat("even_odd range:", range(even_odd, na.rm = TRUE), " NA:", sum(is.na(even_odd)), " complete:", sum(complete), "\n")
