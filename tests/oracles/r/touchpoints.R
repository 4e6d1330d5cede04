# Multilevel model of journey_events by lme4 and pbkrtest; touchpoint effects of touchpoint_diary by lm and sandwich.
# Run from the repository: Rscript tests/oracles/r/touchpoints.R   (writes tests/oracles/touchpoints.json)
suppressPackageStartupMessages({library(lme4); library(pbkrtest); library(sandwich); library(lmtest); library(jsonlite)})

log <- read.csv("data/journey_events/journey_events.csv", stringsAsFactors = FALSE)
rated <- log[!duplicated(log$event) & !is.na(log$valence), ]
tight <- lmerControl(optimizer = "Nelder_Mead", optCtrl = list(FtolAbs = 1e-12, FtolRel = 1e-14, XtolRel = 1e-10, maxfun = 1e5))
both <- lmer(valence ~ 1 + (1 | customer) + (1 | touchpoint), rated, control = tight)
contact <- lmer(valence ~ contact + (1 | customer) + (1 | touchpoint), rated, control = tight)
customer <- lmer(valence ~ 1 + (1 | customer), rated, control = tight)
touchpoint <- lmer(valence ~ 1 + (1 | touchpoint), rated, control = tight)
parts <- function(m) setNames(as.data.frame(VarCorr(m))$vcov, as.data.frame(VarCorr(m))$grp)

# Profile of the REML criterion over one share: lme4's own criterion at theta = relative standard deviations.
criterion <- update(both, devFunOnly = TRUE)
names_theta <- names(getME(both, "theta"))
at <- function(shares) { # shares: customer, touchpoint, residual
  theta <- sqrt(shares[1:2] / shares[3])
  if (!startsWith(names_theta[1], "customer")) theta <- rev(theta)
  criterion(unname(theta))
}
estimate <- parts(both)[c("customer", "touchpoint", "Residual")]
estimate <- unname(estimate / sum(estimate))
limit <- REMLcrit(both) + qchisq(.95, 1)
profile_end <- function(part, ends) {
  others <- setdiff(1:3, part)
  gap <- function(share) {
    inner <- optimize(function(split) {
      s <- numeric(3); s[part] <- share; s[others] <- (1 - share) * c(1 - split, split); at(s)
    }, c(1e-6, 1 - 1e-6), tol = 1e-9)
    inner$objective - limit
  }
  uniroot(gap, ends, tol = 1e-9)$root
}
ends <- t(sapply(1:3, function(i) c(profile_end(i, c(.001, estimate[i])), profile_end(i, c(estimate[i], .95)))))

# Shrunken means with their errors from Henderson's equations written out in full.
x <- getME(contact, "X"); z <- as.matrix(t(getME(contact, "Zt"))); v <- parts(contact)
which_customer <- seq_len(nlevels(getME(contact, "flist")$customer))
g <- c(rep(v["customer"], length(which_customer)), rep(v["touchpoint"], ncol(z) - length(which_customer)))
inverse <- solve(rbind(cbind(crossprod(x), crossprod(x, z)), cbind(crossprod(z, x), crossprod(z) + diag(v["Residual"] / g))))
solution <- inverse %*% c(crossprod(x, rated$valence), crossprod(z, rated$valence))
places <- levels(getME(contact, "flist")$touchpoint)
shrunken <- t(sapply(seq_along(places), function(j) {
  l <- numeric(ncol(x) + ncol(z))
  l[seq_len(ncol(x))] <- colMeans(x[rated$touchpoint == places[j], , drop = FALSE])
  l[ncol(x) + length(which_customer) + j] <- 1
  c(sum(l * solution), sqrt(v["Residual"] * drop(l %*% inverse %*% l)))
}))
df <- sapply(1:2, function(i) SATmodcomp(contact, matrix(as.numeric(1:2 == i), 1))$test$ddf[1])
lr <- function(m) max(as.numeric(REMLcrit(m) - REMLcrit(both)), 0)

# Touchpoint effects.
diary <- read.csv("data/touchpoint_diary/touchpoint_diary.csv", stringsAsFactors = FALSE)
types <- setdiff(sort(unique(diary$touchpoint_type)), "none")
pairs <- unique(diary[c("respondent", "brand", "consideration_before", "consideration_after")])
for (type in types) {
  own <- diary[diary$touchpoint_type == type, ]
  key <- paste(own$respondent, own$brand); want <- paste(pairs$respondent, pairs$brand)
  count <- table(key)[want]; count[is.na(count)] <- 0
  mean_positivity <- tapply(own$positivity, key, mean, na.rm = TRUE)[want] - 3
  mean_positivity[is.na(mean_positivity)] <- 0
  pairs[[paste0("frequency_", type)]] <- log1p(as.numeric(count))
  pairs[[paste0("positivity_", type)]] <- as.numeric(mean_positivity)
}
pairs <- pairs[complete.cases(pairs), ]
pairs$change <- pairs$consideration_after - pairs$consideration_before
effects <- c(paste0("frequency_", types), paste0("positivity_", types))
fitted_model <- function(outcome, before) {
  m <- lm(reformulate(c(if (before) "consideration_before", "brand", effects), outcome), pairs)
  covariance <- vcovCL(m, cluster = pairs$respondent, type = "HC1", cadjust = TRUE)
  groups <- length(unique(pairs$respondent))
  tested <- coeftest(m, covariance, df = groups - 1)
  half <- qt(.975, groups - 1) * tested[, 2]
  joint <- function(which) { b <- coef(m)[which]; f <- drop(b %*% solve(covariance[which, which], b)) / length(b)
    list(f = f, p = pf(f, length(b), groups - 1, lower.tail = FALSE)) }
  list(n = nobs(m), groups = groups, r2 = summary(m)$r.squared, adj_r2 = summary(m)$adj.r.squared,
       terms = rownames(tested), b = tested[, 1], se = tested[, 2], t = tested[, 3], p = tested[, 4],
       lower = tested[, 1] - half, upper = tested[, 1] + half,
       frequency = joint(grep("^frequency", names(coef(m)))), positivity = joint(grep("^positivity", names(coef(m)))))
}

out <- list(
  versions = c(list(R = R.version.string), lapply(setNames(nm = c("lme4", "pbkrtest", "sandwich", "lmtest")), function(p) as.character(packageVersion(p)))),
  levels = list(
    n = nrow(rated), both = as.list(parts(both)), criterion = as.numeric(REMLcrit(both)), ends = ends,
    customer = as.list(parts(customer)), touchpoint = as.list(parts(touchpoint)),
    criteria = c(as.numeric(REMLcrit(customer)), as.numeric(REMLcrit(touchpoint))),
    chi2 = c(lr(touchpoint), lr(customer)), contact = as.list(parts(contact)), fixed = unname(fixef(contact)),
    se = unname(sqrt(diag(as.matrix(vcov(contact))))), df = df, grand_mean = unname(fixef(both)),
    places = places, mean = shrunken[, 1], mean_se = shrunken[, 2],
    raw = unname(tapply(rated$valence, rated$touchpoint, mean)[places])
  ),
  effects = list(with_before = fitted_model("consideration_after", TRUE), without_before = fitted_model("consideration_after", FALSE),
                 change_score = fitted_model("change", FALSE), change_with_before = fitted_model("change", TRUE))
)
write_json(out, "tests/oracles/touchpoints.json", digits = NA, auto_unbox = TRUE, na = "null", matrix = "rowmajor")
