# Reference numbers for weighted regression (cx.regress(weights=)): lm, sandwich, car, survey.
# Run from the repository root: Rscript tests/oracles/r/regression_weights.R
# Writes tests/oracles/regression_weights.json. Data: data/channel_attitudes (simulated), complete rows.
suppressMessages({library(sandwich); library(lmtest); library(car); library(survey); library(jsonlite)})
d <- read.csv("data/channel_attitudes/channel_attitudes.csv")
d <- d[complete.cases(d[, c("bst1", "sst1", "swe1", "age_group", "weight")]), ]
d$weight[c(3, 10)] <- 0
used <- d[d$weight > 0, ]
m <- lm(bst1 ~ sst1 + swe1 + factor(age_group), data = used, weights = weight)
small <- lm(bst1 ~ sst1, data = used, weights = weight)
hc <- lapply(c(HC0 = "HC0", HC3 = "HC3"), function(type) as.list(sqrt(diag(vcovHC(m, type)))))
hc$nonrobust <- as.list(sqrt(diag(vcov(m))))
svy <- svyglm(bst1 ~ sst1 + swe1 + factor(age_group), svydesign(ids = ~1, weights = ~weight, data = used))
cat(toJSON(list(
  about = "weighted regression on channel_attitudes (simulated)", r = R.version.string,
  packages = sapply(c("sandwich", "car", "survey"), function(p) as.character(packageVersion(p))),
  b = as.list(coef(m)), se = hc, survey_se = as.list(SE(svy)), n = nobs(m), r2 = summary(m)$r.squared,
  adj_r2 = summary(m)$adj.r.squared, sigma_scaled = summary(m)$sigma / sqrt(mean(used$weight)),
  gvif = as.list(vif(m)[, "GVIF"]), f_change = anova(small, m)$F[2]
), digits = 15, auto_unbox = TRUE), file = "tests/oracles/regression_weights.json")
