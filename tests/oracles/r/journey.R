# Journey map, funnel, transitions and summaries of the simulated dataset journey_events, by R's own functions.
suppressPackageStartupMessages({library(sandwich); library(survey); library(jsonlite)})

log <- read.csv("data/journey_events/journey_events.csv", stringsAsFactors = FALSE)
log <- log[!duplicated(log$event), ]
log$clock <- as.numeric(as.POSIXct(log$time, format = "%Y-%m-%d %H:%M", tz = "UTC")) / 86400
stages <- c("awareness", "discovery", "attraction", "consultation", "buying", "use", "support", "advocacy")
log$place <- match(log$stage, stages)
log <- log[order(match(log$customer, unique(log$customer)), log$clock, seq_len(nrow(log))), ]
rated <- log[!is.na(log$valence), ]

# Map: cluster sandwich in each cell; difference to the mean of all events from the survey package (influence functions).
rated$cell <- paste(rated$stage, rated$touchpoint, sep = ".")
design <- svydesign(ids = ~customer, data = rated, weights = ~1)
rated$one <- 1
cells <- sort(unique(rated$cell))
map <- do.call(rbind, lapply(cells, function(cell) {
  here <- rated$cell == cell
  part <- rated[here, ]
  clusters <- length(unique(part$customer))
  fit <- lm(valence ~ 1, data = part)
  se <- sqrt(vcovCL(fit, cluster = part$customer, type = "HC0", cadjust = TRUE)[1, 1])
  bad <- lm(as.numeric(valence < 0) ~ 1, data = part)
  bad_se <- sqrt(vcovCL(bad, cluster = part$customer, type = "HC0", cadjust = TRUE)[1, 1])
  d <- update(design, inside = as.numeric(here), value = as.numeric(here) * rated$valence)
  ratios <- svytotal(~ value + inside + valence + one, update(d, one = 1))
  gap <- svycontrast(ratios, quote(value / inside - valence / one))
  difference <- unname(coef(gap))
  gap_se <- sqrt(as.numeric(vcov(gap)))
  p <- 2 * pt(-abs(difference / gap_se), clusters - 1)
  share <- unname(coef(bad))
  n_eff <- if (share > 0) min(share * (1 - share) / bad_se^2, nrow(part)) else clusters
  wilson <- suppressWarnings(prop.test(share * n_eff, n_eff, correct = FALSE)$conf.int)
  ends <- mean(part$valence) + c(-1, 1) * qt(.975, clusters - 1) * se
  data.frame(cell = cell, n = nrow(part), customers = clusters, mean = mean(part$valence), se = se, lower = ends[1],
             upper = ends[2], difference = difference, se_difference = gap_se, p = p, negative = share,
             negative_lower = wilson[1], negative_upper = wilson[2])
}))
map$p_holm <- p.adjust(map$p, "holm")
map$p_bh <- p.adjust(map$p, "BH")

# Funnel: reached = furthest stage; Wilson's interval; groups by chi-square without correction.
furthest <- tapply(log$place, log$customer, max)
reached <- sapply(1:8, function(k) sum(furthest >= k))
conversion <- lapply(2:8, function(k) as.numeric(suppressWarnings(
  prop.test(reached[k], reached[k - 1], correct = FALSE)$conf.int)))
group <- tapply(log$segment, log$customer, function(x) x[1])
test <- lapply(2:8, function(k) {
  x <- tapply(furthest >= k, group, sum); n <- tapply(furthest >= k - 1, group, sum)
  found <- suppressWarnings(prop.test(x, n, correct = FALSE))
  list(chi2 = unname(found$statistic), p = found$p.value)
})
gaps <- unlist(tapply(log$clock, log$customer, diff))
quiet <- unname(quantile(gaps, .95))
last <- tapply(log$clock, log$customer, max)
still <- last > max(log$clock) - quiet
under_way <- sapply(2:8, function(k) sum(furthest == k - 1 & still))

# Transitions with the end; steps from late events left out.
same <- c(log$customer[-1] == log$customer[-nrow(log)], FALSE)
following <- ifelse(same, c(log$stage[-1], NA), "end")
preceding <- ifelse(c(FALSE, same[-nrow(log)]), c(NA, log$stage[-nrow(log)]), NA)
known <- log$clock <= max(log$clock) - quiet
from <- factor(log$stage[known], stages); to <- factor(following[known], c(stages, "end"))
counts <- table(from, to)
g2 <- function(table) {
  table <- table[rowSums(table) > 0, colSums(table) > 0, drop = FALSE]
  c(loglin(table, list(1, 2), print = FALSE)$lrt, (nrow(table) - 1) * (ncol(table) - 1))
}
zero <- g2(counts)
third <- table(factor(preceding[known], stages), from, to)
first <- Reduce(`+`, lapply(stages, function(state) g2(third[, state, ])))
goodman <- function(x, level) {  # Goodman (1965), as printed in Technometrics 7, eq. 2.7
  a <- qchisq(1 - (1 - level) / length(x), 1); n <- sum(x)
  half <- sqrt(a * (a + 4 * x * (n - x) / n))
  cbind((a + 2 * x - half), (a + 2 * x + half)) / (2 * (n + a))
}
seen <- counts["awareness", ]
simultaneous <- goodman(as.numeric(seen), .95)
owner <- log$customer[known]
is_here <- from == "use"; is_step <- is_here & to == "support"
ratio <- svyratio(~step, ~here, svydesign(ids = ~owner, weights = ~1,
  data = subset(data.frame(owner = owner, step = as.numeric(is_step), here = as.numeric(is_here)), here == 1)))
p_step <- unname(coef(ratio)); se_step <- sqrt(as.numeric(vcov(ratio)))
n_eff <- min(p_step * (1 - p_step) / se_step^2, sum(is_here))
clustered <- as.numeric(prop.test(p_step * n_eff, n_eff, correct = FALSE)$conf.int)

# Summaries of the journey explaining the overall score.
by <- split(rated, factor(rated$customer, unique(rated$customer)))
peak <- function(v) { strong <- v[abs(v) == max(abs(v))]; min(strong) }
trend <- function(v) if (length(v) > 1) unname(coef(lm(v ~ seq_along(v)))[2]) else NA
sums <- do.call(rbind, lapply(by, function(one) data.frame(
  mean = mean(one$valence), last = one$valence[nrow(one)], minimum = min(one$valence), maximum = max(one$valence),
  peak = peak(one$valence), trend = trend(one$valence), overall = one$overall[1])))
sums <- sums[complete.cases(sums), ]
formulas <- list(mean = overall ~ mean, last = overall ~ last, minimum = overall ~ minimum, maximum = overall ~ maximum,
                 peak = overall ~ peak, peak_end = overall ~ peak + last, trend = overall ~ trend)
summaries <- lapply(formulas, function(formula) {
  fit <- lm(formula, data = sums)
  list(r2 = summary(fit)$r.squared, adjusted = summary(fit)$adj.r.squared, aic = AIC(fit), bic = BIC(fit),
       estimates = unname(coef(fit)), se = unname(sqrt(diag(vcovHC(fit, type = "HC3")))))
})

result <- list(
  versions = list(R = R.version.string, sandwich = as.character(packageVersion("sandwich")),
                  survey = as.character(packageVersion("survey"))),
  map = map,
  funnel = list(reached = reached, conversion = conversion, tests = test, quiet = quiet, under_way = under_way),
  transitions = list(counts = unclass(counts), order_0 = zero, order_1 = first, goodman = simultaneous,
                     use_support = c(p_step, clustered)),
  summaries = c(list(n = nrow(sums)), summaries)
)
write_json(result, "tests/oracles/journey.json", digits = 12, auto_unbox = TRUE, pretty = TRUE)
