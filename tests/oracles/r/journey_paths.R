# Attribution by the absorbing chain with states deleted, and sequences by adist, hclust and formulas written out.
# Run from the repository: Rscript tests/oracles/r/journey_paths.R   (writes tests/oracles/journey_paths.json)
suppressPackageStartupMessages(library(jsonlite))

log <- read.csv("data/journey_events/journey_events.csv", stringsAsFactors = FALSE)
log <- log[!duplicated(log$event), ]
log <- log[order(log$customer, as.POSIXct(log$time, format = "%Y-%m-%d %H:%M", tz = "UTC"), seq_len(nrow(log))), ]
journeys <- split(log, log$customer)

# Attribution: touchpoints before the first purchase.
cut_off <- lapply(journeys, function(j) {
  at <- which(j$stage == "buying")
  list(path = if (length(at)) j$touchpoint[seq_len(at[1] - 1)] else j$touchpoint, won = length(at) > 0)
})
cut_off <- cut_off[sapply(cut_off, function(j) length(j$path) > 0)]
channels <- sort(unique(unlist(lapply(cut_off, `[[`, "path"))))
states_of <- function(path, order) sapply(seq_along(path), function(i) paste(path[max(1, i - order + 1):i], collapse = "|"))
conversion <- function(order, without = NULL) {
  walks <- lapply(cut_off, function(j) c("(start)", states_of(j$path, order), if (j$won) "(won)" else "(lost)"))
  from <- unlist(lapply(walks, function(w) w[-length(w)])); to <- unlist(lapply(walks, `[`, -1))
  counts <- table(from, to)
  p <- counts / rowSums(counts)
  inner <- rownames(p)
  if (!is.null(without)) inner <- inner[sub(".*\\|", "", inner) != without]
  q <- matrix(0, length(inner), length(inner), dimnames = list(inner, inner))
  shared <- intersect(inner, colnames(p))
  q[, shared] <- p[inner, shared]
  h <- solve(diag(length(inner)) - q, p[inner, "(won)"])
  unname(h["(start)"])
}
removal <- lapply(1:3, function(order) {
  whole <- conversion(order)
  list(whole = whole, effects = sapply(channels, function(ch) 1 - conversion(order, ch) / whole, USE.NAMES = FALSE))
})
won_paths <- lapply(cut_off[sapply(cut_off, `[[`, "won")], `[[`, "path")
credit <- function(weight) {
  total <- setNames(numeric(length(channels)), channels)
  for (path in won_paths) { w <- weight(length(path)); for (i in seq_along(path)) total[path[i]] <- total[path[i]] + w[i] / sum(w) }
  unname(total / sum(total))
}
rules <- list(
  first = credit(function(n) c(1, rep(0, n - 1))), last = credit(function(n) c(rep(0, n - 1), 1)), linear = credit(function(n) rep(1, n)),
  time_decay = credit(function(n) .5^((n - seq_len(n)) / 2)),
  u_shaped = credit(function(n) if (n == 1) 1 else if (n == 2) c(.5, .5) else c(.4, rep(.2 / (n - 2), n - 2), .4))
)

# Sequences of stages of the first 60 customers.
stages <- c("awareness", "discovery", "attraction", "consultation", "buying", "use", "support", "advocacy")
some <- journeys[1:60]
codes <- lapply(some, function(j) match(j$stage, stages))
lengths_ <- sapply(codes, length)
text <- sapply(codes, function(x) paste(letters[x], collapse = ""))
lcs <- unname(adist(text, costs = c(insertions = 1, deletions = 1, substitutions = 2)))
counts <- matrix(0, 8, 8)
for (x in codes) for (i in seq_len(length(x) - 1)) counts[x[i], x[i + 1]] <- counts[x[i], x[i + 1]] + 1
rates <- counts / pmax(rowSums(counts), 1)
costs <- 2 - rates - t(rates); diag(costs) <- 0
align <- function(a, b, indel) {
  d <- matrix(0, length(a) + 1, length(b) + 1)
  d[, 1] <- indel * 0:length(a); d[1, ] <- indel * 0:length(b)
  for (i in seq_along(a)) for (j in seq_along(b))
    d[i + 1, j + 1] <- min(d[i, j + 1] + indel, d[i + 1, j] + indel, d[i, j] + costs[a[i], b[j]])
  d[length(a) + 1, length(b) + 1]
}
indel <- max(costs) / 2
matching <- unname(sapply(codes, function(a) sapply(codes, function(b) align(a, b, indel))))
longest <- outer(lengths_, lengths_, pmax); shortest <- outer(lengths_, lengths_, pmin)
normalised <- unname(matching / (indel * (longest - shortest) + shortest * pmin(max(costs), 2 * indel)))
hamming <- unname(sapply(codes, function(a) sapply(codes, function(b) {
  n <- max(length(a), length(b)); sum(c(a, rep(0, n - length(a))) != c(b, rep(0, n - length(b))))
})))
trees <- list(ward = unname(cutree(hclust(as.dist(normalised), "ward.D2"), 3)))
best_medoids <- function(k) { # every choice of k medoids
  choices <- combn(60, k)
  cost <- apply(choices, 2, function(m) sum(apply(normalised[m, , drop = FALSE], 2, min)))
  min(cost)
}
silhouette <- function(d, g) mean(sapply(seq_along(g), function(i) {
  own <- g == g[i]
  if (sum(own) == 1) return(0)
  a <- sum(d[i, own]) / (sum(own) - 1)
  b <- min(tapply(d[i, !own], g[!own], mean))
  (b - a) / max(a, b)
}))
overall <- sapply(some, function(j) j$overall[1])
test <- oneway.test(overall ~ factor(trees$ward))
anova_table <- anova(lm(overall ~ factor(trees$ward)))

out <- list(
  versions = list(R = R.version.string),
  attribution = list(channels = channels, n = length(cut_off), won = length(won_paths), removal = removal, rules = rules),
  sequences = list(
    customers = names(some), lcs = lcs, costs = unname(costs), matching = matching, normalised = normalised, hamming = hamming,
    ward = trees$ward, pam_cost = sapply(2:3, best_medoids),
    silhouette = silhouette(normalised, trees$ward),
    welch = list(f = unname(test$statistic), df = unname(test$parameter), p = test$p.value,
                 eta2 = anova_table[["Sum Sq"]][1] / sum(anova_table[["Sum Sq"]])),
    overall = list(mean = unname(tapply(overall, trees$ward, mean, na.rm = TRUE)))
  )
)
write_json(out, "tests/oracles/journey_paths.json", digits = NA, auto_unbox = TRUE, na = "null", matrix = "rowmajor")
