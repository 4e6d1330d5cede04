# Journey map, funnel and transitions with weights of customers, by the survey package. The weights are a formula of the
# customer's number, the same in the tests: 1 + (number mod 7) / 2, and 0 for every 50th.
suppressPackageStartupMessages({library(survey); library(jsonlite)})

log <- read.csv("data/journey_events/journey_events.csv", stringsAsFactors = FALSE)
log <- log[!duplicated(log$event), ]
log$clock <- as.numeric(as.POSIXct(log$time, format = "%Y-%m-%d %H:%M", tz = "UTC")) / 86400
number <- as.numeric(sub("C", "", log$customer))
log$w <- ifelse(number %% 50 == 0, 0, 1 + (number %% 7) / 2)
log <- log[log$w > 0, ]
stages <- c("awareness", "discovery", "attraction", "consultation", "buying", "use", "support", "advocacy")
log$place <- match(log$stage, stages)
log <- log[order(match(log$customer, unique(log$customer)), log$clock, seq_len(nrow(log))), ]
wilson <- function(p, n) as.numeric(suppressWarnings(prop.test(p * n, n, correct = FALSE)$conf.int))

# Map: a design of customers in each cell; the difference to the mean of all events from influence functions.
rated <- log[!is.na(log$valence), ]
rated$cell <- paste(rated$stage, rated$touchpoint, sep = ".")
design <- svydesign(ids = ~customer, data = rated, weights = ~w)
map <- do.call(rbind, lapply(sort(unique(rated$cell)), function(cell) {
  here <- rated$cell == cell
  part <- svydesign(ids = ~customer, data = rated[here, ], weights = ~w)
  mean <- svymean(~valence, part); bad <- svymean(~I(as.numeric(valence < 0)), part)
  clusters <- length(unique(rated$customer[here]))
  d <- update(design, inside = as.numeric(here), value = as.numeric(here) * valence, one = 1)
  gap <- svycontrast(svytotal(~ value + inside + valence + one, d), quote(value / inside - valence / one))
  share <- coef(bad)[[1]]; bad_se <- SE(bad)[[1]]
  kish <- tapply(rated$w[here], rated$customer[here], mean)
  n_eff <- min(if (share > 0 && share < 1) share * (1 - share) / bad_se^2 else sum(kish)^2 / sum(kish^2), sum(here))
  ends <- wilson(share, n_eff)
  data.frame(cell = cell, n = sum(here), customers = clusters, mean = coef(mean)[[1]], se = SE(mean)[[1]],
             lower = coef(mean)[[1]] - qt(.975, clusters - 1) * SE(mean)[[1]], difference = unname(coef(gap)),
             p = 2 * pt(-abs(unname(coef(gap)) / sqrt(as.numeric(vcov(gap)))), clusters - 1), negative = share,
             negative_lower = ends[1], negative_upper = ends[2],
             gain = -unname(coef(gap)) * sum(rated$w[here]) / sum(rated$w))
}))

# Funnel: shares of those at the stage before; effective number without n/(n - 1); groups by Rao and Scott's F.
who <- log[!duplicated(log$customer), c("customer", "w", "segment")]
who$furthest <- tapply(log$place, log$customer, max)[who$customer]
first <- function(k) { at <- log[log$place >= k, ]; tapply(at$clock, at$customer, min)[who$customer] }
funnel <- lapply(2:8, function(k) {
  part <- who[who$furthest >= k - 1, ]
  part$on <- as.numeric(part$furthest >= k)
  d <- svydesign(ids = ~1, data = part, weights = ~w)
  found <- svymean(~on, d)
  p <- coef(found)[[1]]; n <- nrow(part)
  ends <- wilson(p, min(n, p * (1 - p) / (SE(found)[[1]]^2 * (n - 1) / n)))
  test <- svychisq(~on + segment, d)
  wait <- (first(k) - first(k - 1))[match(part$customer[part$on == 1], who$customer)]
  waits <- svydesign(ids = ~1, data = data.frame(wait = as.numeric(wait), w = part$w[part$on == 1]), weights = ~w)
  list(reached = sum(part$on), conversion = p, se = SE(found)[[1]], lower = ends[1], upper = ends[2],
       f = unname(test$statistic), df1 = unname(test$parameter[1]), df2 = unname(test$parameter[2]),
       p = unname(test$p.value), wait = as.numeric(svyquantile(~wait, waits, .5, qrule = "hf2", ci = FALSE)[[1]]))
})

# Transitions: among the steps from a state, customers as clusters.
quiet <- unname(quantile(unlist(tapply(log$clock, log$customer, diff)), .95))
same <- c(log$customer[-1] == log$customer[-nrow(log)], FALSE)
following <- ifelse(same, c(log$stage[-1], NA), "end")
known <- log$clock <= max(log$clock) - quiet
steps <- data.frame(from = log$stage, to = following, customer = log$customer, w = log$w)[known, ]
moves <- do.call(rbind, lapply(c("awareness", "buying", "use", "support"), function(state) {
  part <- steps[steps$from == state, ]
  do.call(rbind, lapply(sort(unique(part$to)), function(goal) {
    part$on <- as.numeric(part$to == goal)
    found <- svymean(~on, svydesign(ids = ~customer, data = part, weights = ~w))
    p <- coef(found)[[1]]
    ends <- if (p < 1) wilson(p, min(nrow(part), p * (1 - p) / SE(found)[[1]]^2)) else c(NA, NA)
    data.frame(from = state, to = goal, count = sum(part$on), n = nrow(part), p = p, lower = ends[1], upper = ends[2])
  }))
}))

# Groups in which all or nobody goes on, by hand-made data.
odd <- data.frame(group = rep(1:3, each = 6), w = rep(c(1, 2, .5, 3, 1, 1.5), 3),
                  on = c(1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1))
tested <- svychisq(~on + group, svydesign(~1, weights = ~w, data = odd))
empty <- c(odd, list(test = unname(c(tested$statistic, tested$parameter, tested$p.value))))

write_json(list(versions = list(R = R.version.string, survey = as.character(packageVersion("survey"))), map = map, funnel = funnel,
                moves = moves, empty = empty), "tests/oracles/journey_weights.json", auto_unbox = TRUE, digits = 12, pretty = TRUE)
