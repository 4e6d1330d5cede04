# Models of ordinal items by lavaan: parameter tables, estimates, tests.
# Run from the repository's root: Rscript tests/oracles/r/ordinal_sem.R
suppressPackageStartupMessages({library(lavaan); library(jsonlite)})

set.seed(1122)
n <- 500
cuts <- function(x, at) cut(x, c(-Inf, at, Inf), labels = FALSE)
f <- rnorm(n); g <- .5 * f + .85 * rnorm(n); h <- .4 * g + .9 * rnorm(n)
item <- function(factor, loading) loading * factor + sqrt(1 - loading^2) * rnorm(n)
five <- c(-1.4, -.6, .2, 1.1)
d <- data.frame(
  a1 = cuts(item(f, .8), five), a2 = cuts(item(f, .7), five + .2), a3 = cuts(item(f, .6), five - .3), a4 = cuts(item(f, .75), c(-.5, .7)),
  b1 = cuts(item(g, .8), five), b2 = cuts(item(g, .65), five), b3 = cuts(item(g, .7), 0.3), b4 = cuts(item(g, .6), c(-1, .4)),
  m1 = 5 + 2 * item(h, .8), m2 = 3 + item(h, .7), c1 = cuts(item(h, .75), five), c2 = cuts(item(h, .6), five + .4),
  school = rep(c("A", "B"), c(240, 260))
)
reputation <- read.csv("data/corporate_reputation/corp_rep_data.csv")
reputation[reputation == -99] <- NA
reputation <- na.omit(reputation[c("comp_1", "comp_2", "comp_3", "like_1", "like_2", "like_3", "cusl_1", "cusl_2", "cusl_3")])
seven <- names(reputation)
ordinal <- c("a1", "a2", "a3", "a4", "b1", "b2", "b3", "b4", "c1", "c2")

measures <- c("chisq", "df", "pvalue", "chisq.scaled", "df.scaled", "pvalue.scaled", "chisq.scaling.factor", "cfi", "tli", "rmsea",
              "rmsea.ci.lower", "rmsea.ci.upper", "cfi.scaled", "tli.scaled", "rmsea.scaled", "rmsea.ci.lower.scaled",
              "rmsea.ci.upper.scaled", "srmr", "rmr", "crmr", "cfi.robust", "rmsea.robust", "gfi", "baseline.chisq", "baseline.df", "baseline.chisq.scaled", "baseline.chisq.scaling.factor", "npar")
number <- function(fit) {
  table <- parTable(fit)
  all <- suppressWarnings(fitMeasures(fit))
  std <- standardizedSolution(fit)
  list(
    table = table[c("lhs", "op", "rhs", "user", "group", "free", "ustart", "label")],
    est = table$est, se = table$se, std = std[c("lhs", "op", "rhs", "est.std", "se")], std_lv = standardizedSolution(fit, type = "std.lv")[c("est.std", "se")],
    fit = as.list(all[intersect(measures, names(all))]), shift = unname(fit@test[[length(fit@test)]]$shift.parameter),
    r2 = as.list(unlist(lavInspect(fit, "r2")))
  )
}
one <- "F =~ a1 + a2 + a3 + a4"
two <- "F =~ a1 + a2 + a3 + a4\nG =~ b1 + b2 + b3 + b4"
path <- "F =~ a1 + a2 + a3 + a4\nG =~ b1 + b2 + b3 + b4\nH =~ m1 + m2 + c1 + c2\nG ~ a*F\nH ~ b*G\nind := a*b"
second <- "COMP =~ comp_1 + comp_2 + comp_3\nLIKE =~ like_1 + like_2 + like_3\nCUSL =~ cusl_1 + cusl_2 + cusl_3\nREP =~ COMP + LIKE + CUSL"
three <- "COMP =~ comp_1 + comp_2 + comp_3\nLIKE =~ like_1 + like_2 + like_3\nCUSL =~ cusl_1 + cusl_2 + cusl_3"
tied <- "F =~ a1 + a2 + a3 + a4\na1 | u*t1 + t2\na2 | u*t1\na1 ~~ a2"
outcome <- "F =~ a1 + a2 + a3 + a4\nb1 ~ F"
fits <- list(
  one_wlsmv = sem(one, d, ordered = ordinal),
  two_wlsmv = sem(two, d, ordered = ordinal),
  two_dwls = sem(two, d, ordered = ordinal, estimator = "DWLS"),
  two_wlsm = sem(two, d, ordered = ordinal, estimator = "WLSM"),
  two_wlsmvs = sem(two, d, ordered = ordinal, estimator = "WLSMVS"),
  two_ulsmv = sem(two, d, ordered = ordinal, estimator = "ULSMV"),
  two_wls = sem(two, d, ordered = ordinal, estimator = "WLS"),
  two_theta = sem(two, d, ordered = ordinal, parameterization = "theta"),
  two_stdlv = sem(two, d, ordered = ordinal, std.lv = TRUE),
  path_mixed = sem(path, d, ordered = ordinal),
  path_mixed_theta = sem(path, d, ordered = ordinal, parameterization = "theta"),
  three_seven = sem(three, reputation, ordered = seven),
  second_seven = sem(second, reputation, ordered = seven),
  tied = sem(tied, d, ordered = ordinal),
  outcome = sem(outcome, d, ordered = ordinal),
  groups_configural = sem(two, d, ordered = ordinal, group = "school"),
  groups_loadings = sem(two, d, ordered = ordinal, group = "school", group.equal = "loadings"),
  groups_thresholds = sem(two, d, ordered = ordinal, group = "school", group.equal = c("loadings", "thresholds")),
  groups_theta = sem(two, d, ordered = ordinal, group = "school", group.equal = c("loadings", "thresholds"), parameterization = "theta"),
  groups_strict = sem(two, d, ordered = ordinal, group = "school", group.equal = c("loadings", "thresholds", "residuals"), parameterization = "theta"),
  groups_mixed = sem(path, d, ordered = ordinal, group = "school", group.equal = c("loadings", "intercepts"))
)
merged <- "F =~ a1 + a2 + a3 + a4 + b1 + b2 + b3 + b4"
difference <- function(...) { table <- as.data.frame(lavTestLRT(...)); list(chisq = table[["Chisq diff"]], df = table[["Df diff"]], p = table[["Pr(>Chisq)"]]) }
differences <- list(
  groups = difference(fits$groups_configural, fits$groups_loadings, fits$groups_thresholds),
  merged = difference(fits$two_wlsmv, sem(merged, d, ordered = ordinal)),
  merged_wlsm = difference(fits$two_wlsm, sem(merged, d, ordered = ordinal, estimator = "WLSM")),
  merged_ulsmv = difference(fits$two_ulsmv, sem(merged, d, ordered = ordinal, estimator = "ULSMV")),
  mlmv = difference(sem(two, d, estimator = "MLMV"), sem(merged, d, estimator = "MLMV"))
)
out <- list(
  versions = list(R = R.version.string, lavaan = as.character(packageVersion("lavaan"))),
  data = d, reputation = reputation, fits = lapply(fits, number), differences = differences,
  texts = list(one = one, two = two, path = path, second = second, three = three, tied = tied, outcome = outcome)
)
write_json(out, "tests/oracles/ordinal_sem.json", digits = 10, auto_unbox = TRUE, dataframe = "columns", na = "null")
