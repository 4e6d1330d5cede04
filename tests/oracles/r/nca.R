# Reference numbers for cx.nca: the steps of Dul (2016) written out point by point, areas by counting and by polygons.
# Run from the repository: Rscript tests/oracles/r/nca.R   (writes tests/oracles/nca.json)
suppressPackageStartupMessages(library(jsonlite))

mobi <- read.csv(list.files("data/ecsi_mobile", "\\.csv$", full.names = TRUE)[1])
mobi$image <- rowMeans(mobi[, paste0("IMAG", 1:5)])
mobi$satisfaction <- rowMeans(mobi[, paste0("CUSA", 1:3)])

# A peer: nobody with as much or less of the condition reached as much, but for cases at the same spot.
peers <- function(x, y) {
  keep <- sapply(seq_along(x), function(i) all(y[x <= x[i] & !(x == x[i] & y == y[i])] < y[i]))
  p <- data.frame(x = x[keep], y = y[keep])
  p[order(p$x), ]
}
shoelace <- function(x, y) abs(sum(x * c(y[-1], y[1]) - c(x[-1], x[1]) * y)) / 2
# The zone above the staircase as one polygon: along the steps, then back along the top of the scope.
zone_steps <- function(p, s) {
  p <- unique(p)
  px <- s[1]; py <- s[3]
  for (i in seq_len(nrow(p))) { px <- c(px, p$x[i], p$x[i]); py <- c(py, tail(py, 1), p$y[i]) }
  shoelace(c(px, s[2], s[2], s[1]), c(py, tail(py, 1), s[4], s[4]))
}
# The zone above a line, by integrating its height over the scope.
zone_line <- function(line, s) {
  height <- function(x) pmin(pmax(s[4] - (line[1] + line[2] * x), 0), s[4] - s[3])
  cuts <- sort(unique(pmin(pmax(c(s[1], s[2], (s[3:4] - line[1]) / line[2]), s[1]), s[2])))
  sum(sapply(seq_len(length(cuts) - 1), function(i) integrate(height, cuts[i], cuts[i + 1], rel.tol = 1e-12)$value))
}
zone_hull <- function(p, s) {
  p <- unique(p)
  grid <- approx_hull(p)
  shoelace(c(s[1], grid$x[1], grid$x, s[2], s[2], s[1]), c(s[3], s[3], grid$y, tail(grid$y, 1), s[4], s[4]))
}
# Upper hull from first to last peer: chull of the peers and the corner below the last.
approx_hull <- function(p) {
  if (nrow(p) < 3) return(p)
  q <- rbind(p, data.frame(x = max(p$x), y = min(p$y)))
  h <- sort(chull(q$x, q$y))
  q <- q[h, ]
  q <- q[!(q$x == max(p$x) & q$y == min(p$y)), ]
  q[order(q$x), ]
}
needed <- function(p, line, wanted, s) {
  p <- unique(p)
  steps <- sapply(wanted, function(w) { i <- which(p$y >= w - 1e-9)[1]; if (is.na(i)) NA else p$x[i] })
  list(ce_fdh = steps, cr_fdh = (wanted - line[1]) / line[2])
}
one <- function(x_name, y_name, scope = NULL) {
  x <- mobi[[x_name]]; y <- mobi[[y_name]]
  s <- if (is.null(scope)) c(range(x), range(y)) else scope
  all <- peers(x, y); p <- unique(all)
  line <- unname(coef(lm(y ~ x, data = p))); weighted <- unname(coef(lm(y ~ x, data = all)))
  area <- (s[2] - s[1]) * (s[4] - s[3])
  wanted <- s[3] + (s[4] - s[3]) * (0:10) / 10
  list(x = x_name, y = y_name, scope = s, peers = as.list(p), cases = nrow(all),
       ce_fdh = zone_steps(p, s) / area, cr_fdh = zone_line(line, s) / area, ce_vrs = zone_hull(p, s) / area,
       line = line, cr_fdh_cases = zone_line(weighted, s) / area, line_cases = weighted,
       accuracy = mean(y <= line[1] + line[2] * x + 1e-9),
       condition_inefficiency = (s[2] - min((s[4] - line[1]) / line[2], s[2])) / (s[2] - s[1]),
       outcome_inefficiency = (max(line[1] + line[2] * s[1], s[3]) - s[3]) / (s[4] - s[3]),
       wanted = wanted, needed = needed(p, line, wanted, s))
}
cases <- list(
  one("image", "satisfaction"), one("image", "satisfaction", c(1, 10, 1, 10)), one("CUEX1", "CUSA1"),
  one("PERQ3", "CUSA3"), one("PERQ3", "CUSA3", c(1, 10, 1, 10)), one("IMAG5", "satisfaction")
)

# The permutation test, the plain way.
set.seed(20)
x <- mobi$CUEX1; y <- mobi$CUSA1; s <- c(range(x), range(y)); area <- (s[2] - s[1]) * (s[4] - s[3])
own <- zone_steps(peers(x, y), s) / area
dealt <- replicate(2000, zone_steps(peers(x, sample(y)), s) / area)
test <- list(x = "CUEX1", y = "CUSA1", effect = own, p = (1 + sum(dealt >= own - 1e-9)) / 2001, mean = mean(dealt))

write_json(list(r = R.version.string, packages = list(jsonlite = as.character(packageVersion("jsonlite"))), cases = cases,
                test = test), "tests/oracles/nca.json", auto_unbox = TRUE, digits = NA, pretty = TRUE, na = "null")
