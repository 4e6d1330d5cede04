# Reference numbers for carry-over, channel attitudes, shocks and service recovery (cxlab/journey).
# Run from the repository root: Rscript tests/oracles/r/carry_over.R
# Writes tests/oracles/carry_over.json.
suppressMessages({library(lavaan); library(jsonlite); library(sandwich); library(nlme); library(survey)})
packages <- c("lavaan", "sandwich", "nlme", "survey")
out <- list(versions = c(list(R = R.version.string), lapply(setNames(packages, packages), function(p) as.character(packageVersion(p)))))

# --- carry-over: three waves, experience and satisfaction latent, use observed
panel <- read.csv("data/cx_panel/cx_panel.csv")
for (w in 1:4) panel[[paste0("exr3_w", w)]] <- 8 - panel[[paste0("exr3_w", w)]]
measured <- '
experience_w1 =~ 1*exr1_w1 + l2*exr2_w1 + l3*exr3_w1
experience_w2 =~ 1*exr1_w2 + l2*exr2_w2 + l3*exr3_w2
experience_w3 =~ 1*exr1_w3 + l2*exr2_w3 + l3*exr3_w3
satisfaction_w1 =~ 1*sat1_w1 + m2*sat2_w1 + m3*sat3_w1
satisfaction_w2 =~ 1*sat1_w2 + m2*sat2_w2 + m3*sat3_w2
satisfaction_w3 =~ 1*sat1_w3 + m2*sat2_w3 + m3*sat3_w3
exr1_w1 ~~ exr1_w2 + exr1_w3
exr1_w2 ~~ exr1_w3
exr2_w1 ~~ exr2_w2 + exr2_w3
exr2_w2 ~~ exr2_w3
exr3_w1 ~~ exr3_w2 + exr3_w3
exr3_w2 ~~ exr3_w3
sat1_w1 ~~ sat1_w2 + sat1_w3
sat1_w2 ~~ sat1_w3
sat2_w1 ~~ sat2_w2 + sat2_w3
sat2_w2 ~~ sat2_w3
sat3_w1 ~~ sat3_w2 + sat3_w3
sat3_w2 ~~ sat3_w3
experience_w1 ~~ satisfaction_w1 + days_w1
satisfaction_w1 ~~ days_w1
experience_w2 ~~ days_w2
satisfaction_w2 ~~ days_w2
experience_w3 ~~ days_w3
satisfaction_w3 ~~ days_w3
'
own <- '
experience_w2 ~ r*experience_w1
experience_w3 ~ r*experience_w2
satisfaction_w2 ~ s*satisfaction_w1 + p*experience_w2
satisfaction_w3 ~ s*satisfaction_w2 + p*experience_w3
'
across <- 'days_w2 ~ u*days_w1 + c*satisfaction_w1
days_w3 ~ u*days_w2 + c*satisfaction_w2
'
none <- 'days_w2 ~ u*days_w1
days_w3 ~ u*days_w2
'
free <- gsub("\\b[rspuc]\\*", "", paste0(own, across))
# what a unit of disturbance in experience does to use one and two waves later, to satisfaction one wave later
effects <- '
sat_1 := p*r + s*p
use_1 := c*p
use_2 := u*c*p + c*(p*r + s*p)
'
run <- function(text, ...) sem(text, panel, estimator = "MLR", missing = "fiml", fixed.x = FALSE, meanstructure = TRUE, ...)
fit <- run(paste0(measured, own, across, effects))
fits <- list(free = run(paste0(measured, free)), equal = fit, none = run(paste0(measured, own, none)))
pe <- parameterEstimates(fit, standardized = TRUE)
pick <- function(label) { row <- pe[pe$label == label, ]; list(est = row$est[1], se = row$se[1], std = mean(row$std.all)) }
test <- lavTestLRT(fits$free, fits$equal, fits$none)
out$carry_over <- c(setNames(lapply(c("r", "s", "u", "c", "p", "sat_1", "use_1", "use_2"), pick), c("r", "s", "u", "c", "p", "sat_1", "use_1", "use_2")),
  list(chisq = unname(fitMeasures(fit, "chisq.scaled")), df = unname(fitMeasures(fit, "df")),
    diff = test[["Chisq diff"]][-1], diff_df = test[["Df diff"]][-1], diff_p = test[["Pr(>Chisq)"]][-1]))

# invariance of satisfaction over waves 1 to 3
sat <- function(l, i, m) paste(sapply(1:3, function(w) paste0(
  "f", w, " =~ 1*sat1_w", w, " + ", l(2, w), "sat2_w", w, " + ", l(3, w), "sat3_w", w, "\n",
  paste0("sat", 1:3, "_w", w, " ~ ", sapply(1:3, i, w = w), "1", collapse = "\n"), "\nf", w, " ~ ", if (w == 1) "0" else m, "*1")),
  collapse = "\n")
rest <- paste0("\n", paste0("sat", 1:3, "_w1 ~~ sat", 1:3, "_w2 + sat", 1:3, "_w3\nsat", 1:3, "_w2 ~~ sat", 1:3, "_w3", collapse = "\n"), "\nf1 ~~ f2 + f3\nf2 ~~ f3")
levels <- list(configural = sat(function(k, w) "", function(k, w) "", "0"), metric = sat(function(k, w) paste0("l", k, "*"), function(k, w) "", "0"),
  scalar = sat(function(k, w) paste0("l", k, "*"), function(k, w) paste0("i", k, "*"), "NA"))
held <- lapply(levels, function(text) sem(paste0(text, rest), panel, estimator = "MLR", missing = "fiml"))
out$invariance <- list(chisq = unname(sapply(held, fitMeasures, "chisq.scaled")), df = unname(sapply(held, fitMeasures, "df")),
  cfi = unname(sapply(held, fitMeasures, "cfi.robust")), diff = do.call(lavTestLRT, unname(held))[["Chisq diff"]][-1])

# random intercepts: fairness and days, three waves, paths equal
ri <- '
a =~ 1*fair_w1 + 1*fair_w2 + 1*fair_w3
b =~ 1*days_w1 + 1*days_w2 + 1*days_w3
a1 =~ 1*fair_w1
a2 =~ 1*fair_w2
a3 =~ 1*fair_w3
b1 =~ 1*days_w1
b2 =~ 1*days_w2
b3 =~ 1*days_w3
fair_w1 ~~ 0*fair_w1
fair_w2 ~~ 0*fair_w2
fair_w3 ~~ 0*fair_w3
days_w1 ~~ 0*days_w1
days_w2 ~~ 0*days_w2
days_w3 ~~ 0*days_w3
a ~~ b + 0*a1 + 0*b1
b ~~ 0*a1 + 0*b1
a1 ~~ b1
a2 ~ aa*a1 + ab*b1
b2 ~ bb*b1 + ba*a1
a3 ~ aa*a2 + ab*b2
b3 ~ bb*b2 + ba*a2
a2 ~~ b2
a3 ~~ b3
'
apart <- suppressWarnings(sem(ri, panel, estimator = "ML", missing = "fiml"))
pe <- parameterEstimates(apart)
out$random_intercepts <- lapply(setNames(c("aa", "bb", "ab", "ba"), c("aa", "bb", "ab", "ba")), function(label) {
  row <- pe[pe$label == label, ][1, ]; list(est = row$est, se = row$se) })
out$random_intercepts$chisq <- unname(fitMeasures(apart, "chisq"))

# --- channel attitudes
channels <- read.csv("data/channel_attitudes/channel_attitudes.csv")
for (name in c("sst3", "swe3", "sap3", "bst3", "bwe3", "bap3")) channels[[name]] <- 8 - channels[[name]]
base <- '
search_store =~ sst1 + sst2 + sst3
search_web =~ swe1 + swe2 + swe3
search_app =~ sap1 + sap2 + sap3
buy_store =~ bst1 + bst2 + bst3
buy_web =~ bwe1 + bwe2 + bwe3
buy_app =~ bap1 + bap2 + bap3
buy_store ~~ buy_web + buy_app
buy_web ~~ buy_app
'
cross <- sem(paste0(base, "buy_store ~ search_store + search_web + search_app\nbuy_web ~ search_store + search_web + search_app\nbuy_app ~ search_store + search_web + search_app"),
  channels, estimator = "MLR", missing = "fiml")
same <- sem(paste0(base, "buy_store ~ search_store\nbuy_web ~ search_web\nbuy_app ~ search_app"), channels, estimator = "MLR", missing = "fiml")
pe <- parameterEstimates(cross, standardized = TRUE); pe <- pe[pe$op == "~", ]
v <- vcov(cross); d <- v["buy_store~search_store", "buy_store~search_store"] + v["buy_web~search_web", "buy_web~search_web"] - 2 * v["buy_store~search_store", "buy_web~search_web"]
design <- svydesign(ids = ~1, weights = ~weight, data = transform(channels,
  web_store = as.numeric(search_channel == "web" & purchase_channel == "store"), app_store = as.numeric(search_channel == "app" & purchase_channel == "store"),
  switched = as.numeric(search_channel != purchase_channel), buys_store = as.numeric(purchase_channel == "store")))
means <- svymean(~web_store + app_store + switched, design)
row <- svymean(~buys_store, subset(design, search_channel == "web"))
lead <- svycontrast(means, c(web_store = 1, app_store = -1, switched = 0))
n_eff <- function(p, se) p * (1 - p) / se^2
wilson <- function(p, se) { n <- n_eff(p, se); prop.test(p * n, n, correct = FALSE)$conf.int[1:2] }
out$channels <- list(to = pe$lhs, from = pe$rhs, est = pe$est, se = pe$se, std = pe$std.all, difference_se = sqrt(d),
  diff = lavTestLRT(cross, same)[["Chisq diff"]][2], share = unname(coef(means)), share_se = unname(SE(means)),
  row_share = unname(coef(row)), ci = suppressWarnings(wilson(coef(means)[[1]], SE(means)[[1]])), lead = unname(coef(lead)[1]), lead_se = unname(sqrt(attr(lead, "var")[1])))

# --- shocks: a series of 40 periods hit at the 21st, a control series, seasons of 4
set.seed(11)
n <- 40; at <- 21; t <- 0:(n - 1)
y <- round(7 + 0.01 * t + ifelse(t >= at - 1, -1.1 + 0.06 * (t - at + 1), 0) + as.numeric(arima.sim(list(ar = 0.4), n, sd = 0.2)), 3)
other <- round(6.8 + 0.01 * t + as.numeric(arima.sim(list(ar = 0.3), n, sd = 0.15)), 3)
x <- data.frame(y, other, t, level = as.numeric(t >= at - 1), slope = pmax(0, t - at + 1), season = factor(t %% 4))
nw <- function(m, lag) NeweyWest(m, lag = lag, prewhite = FALSE, adjust = TRUE)
describe <- function(m, v) {
  b <- coef(m); k <- length(b); last <- n - at
  c1 <- c(0, 0, 1, 0, rep(0, k - 4)); c2 <- c(0, 0, 0, 1, rep(0, k - 4)); c3 <- c(0, 0, 1, last, rep(0, k - 4)); c4 <- c(0, 0, 1, last / 2, rep(0, k - 4))
  list(est = sapply(list(c1, c2, c3, c4), function(w) sum(w * b)), se = sapply(list(c1, c2, c3, c4), function(w) sqrt(c(w %*% v %*% w))))
}
m <- lm(y ~ t + level + slope, x); v <- nw(m, 3)
q <- qt(0.975, n - 4)
edge <- function(k) abs(coef(m)[["level"]] + coef(m)[["slope"]] * k) - q * sqrt(v["level", "level"] + 2 * k * v["level", "slope"] + k^2 * v["slope", "slope"])
back <- -coef(m)[["level"]] / coef(m)[["slope"]]
ar <- gls(y ~ t + level + slope, x, correlation = corAR1(form = ~1), control = glsControl(tolerance = 1e-12, msTol = 1e-14, maxIter = 200))
s <- lm(y ~ t + level + slope + season, x)
out$shock <- list(y = y, control = other, at = at - 1, newey_west = describe(m, v), ols = describe(m, vcov(m)),
  season = describe(s, nw(s, 2)), difference = describe(lm(y - other ~ t + level + slope, x), nw(lm(y - other ~ t + level + slope, x), 3)),
  ar1 = c(describe(ar, ar$varBeta), list(phi = unname(coef(ar$modelStruct$corStruct, unconstrained = FALSE)))),
  recovery = c(back, uniroot(edge, c(0, back), tol = 1e-12)$root, uniroot(edge, c(back, 500), tol = 1e-12)$root))

# difference in differences: fairness, four waves, south hit before wave 3
long <- reshape(panel[c("customer", "region", paste0("fair_w", 1:4))], direction = "long", varying = paste0("fair_w", 1:4), v.names = "y", timevar = "wave", idvar = "customer")
long <- long[!is.na(long$y), ]; long$hit <- as.numeric(long$region == "south")
long <- long[ave(long$y, long$customer, FUN = length) > 1, ]
demeaned <- function(names) { z <- as.data.frame(lapply(long[names], function(column) column - ave(column, long$customer))); z$id <- long$customer; z }
for (w in 1:4) { long[[paste0("w", w)]] <- as.numeric(long$wave == w); long[[paste0("e", w)]] <- long[[paste0("w", w)]] * long$hit }
long$post <- as.numeric(long$wave >= 3) * long$hit
clustered <- function(m, z) vcovCL(m, cluster = z$id, type = "HC1", cadjust = TRUE)
z <- demeaned(c("y", "w2", "w3", "w4", "post")); m1 <- lm(y ~ 0 + w2 + w3 + w4 + post, z)
z2 <- demeaned(c("y", "w2", "w3", "w4", "e1", "e3", "e4")); m2 <- lm(y ~ 0 + w2 + w3 + w4 + e1 + e3 + e4, z2)
v1 <- clustered(m1, z); v2 <- clustered(m2, z2)
out$panel <- list(mean = coef(m1)[["post"]], mean_se = sqrt(v1["post", "post"]), waves = unname(coef(m2)[c("e3", "e4")]),
  waves_se = unname(sqrt(diag(v2)[c("e3", "e4")])), before = coef(m2)[["e1"]], before_se = sqrt(v2["e1", "e1"]), customers = length(unique(z$id)))

# --- service recovery
set.seed(5)
n <- 240; failed <- rep(0:1, c(140, 100)); rating <- ifelse(failed == 1, sample(1:7, n, TRUE), NA)
fair <- ifelse(failed == 1, sample(1:7, n, TRUE), NA); kind <- ifelse(failed == 1, sample(1:7, n, TRUE), NA)
score <- round(5 + ifelse(failed == 1, ifelse(rating >= 5, 0.1, -1.2) + 0.2 * (fair - 4), 0) + rnorm(n), 3); w <- round(runif(n, 0.5, 2), 3)
group <- ifelse(failed == 0, "no", ifelse(rating >= 5, "good", "bad")); margin <- 0.4
welch <- function(one, two) {
  a <- score[group == one]; b <- score[group == two]; found <- t.test(a, b)
  p <- max(t.test(a, b, mu = -margin, alternative = "greater")$p.value, t.test(a, b, mu = margin, alternative = "less")$p.value)
  list(difference = unname(found$estimate[1] - found$estimate[2]), df = unname(found$parameter), p = found$p.value, ci = found$conf.int[1:2], p_equivalent = p)
}
only <- data.frame(score, fair, kind)[failed == 1, ]; m <- lm(score ~ fair + kind, only)
by <- svyby(~score, ~group, svydesign(ids = ~1, weights = ~w, data = data.frame(score, w, group)), svymean)
out$recovery <- list(failed = failed, rating = rating, fair = fair, kind = kind, score = score, w = w, margin = margin,
  contrasts = list(welch("good", "no"), welch("bad", "no"), welch("good", "bad")), justice = unname(coef(m)), justice_se = unname(sqrt(diag(vcovHC(m, "HC3")))),
  weighted = setNames(as.list(by$score), by$group))
write_json(out, "tests/oracles/carry_over.json", auto_unbox = TRUE, digits = 15, pretty = TRUE, na = "null")
