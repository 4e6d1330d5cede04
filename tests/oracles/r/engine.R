# Reference numbers for cxlab/estimate/sem (the engine): lavaan, all estimators, groups, means, missing values, robust corrections.
# Run from the repository root: Rscript tests/oracles/r/engine.R
# Writes tests/oracles/engine.json and the data in tests/oracles/data/engine_*.csv (from lavaan's data sets, GPL-2 or later).
# nlminb stops up to 3e-4 standard errors short of the optimum, so lavaan's own gradient and information carry each fit on, and lavaan
# evaluates the model there. The distance left, in standard errors, is recorded with each model.
suppressMessages({library(lavaan); library(jsonlite)})

hs <- HolzingerSwineford1939
set.seed(20240501)
items <- paste0("x", 1:9)
# about 15% missing: at random given age and school for six items, completely at random for the others
holes <- hs
for (item in items) {
  p <- if (item %in% items[1:6]) plogis(-2.1 + 0.5 * as.numeric(scale(hs$ageyr)) + 0.4 * (hs$school == "Pasteur")) else 0.15
  holes[runif(nrow(hs)) < p, item] <- NA
}
dg <- Demo.growth
dg$half <- rep(c("a", "b"), length.out = nrow(dg))
dg_holes <- dg
for (item in c("t2", "t3", "t4")) dg_holes[runif(nrow(dg)) < 0.15, item] <- NA
frames <- list(hs = hs, pd = PoliticalDemocracy, dg = dg, hs_missing = holes, dg_missing = dg_holes,
               small = hs[hs$school == "Pasteur", ][1:40, ])
for (name in c("hs", "pd", "dg", "hs_missing", "dg_missing"))
  write.csv(format(frames[[name]], digits = 15, trim = TRUE), paste0("tests/oracles/data/engine_", name, ".csv"), row.names = FALSE, quote = FALSE)
# the numbers are computed from the files, to the digit
for (name in c("hs", "pd", "dg", "hs_missing", "dg_missing")) frames[[name]] <- read.csv(paste0("tests/oracles/data/engine_", name, ".csv"))
frames$small <- frames$hs[frames$hs$school == "Pasteur", ][1:40, ]

three <- "visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed =~ x7 + x8 + x9"
structural <- paste(three, "speed ~ textual + visual", sep = "\n")
democracy <- "ind60 =~ x1 + x2 + x3
dem60 =~ y1 + a*y2 + b*y3 + c*y4
dem65 =~ y5 + a*y6 + b*y7 + c*y8
dem60 ~ ind60
dem65 ~ ind60 + dem60
y1 ~~ y5
y2 ~~ y4 + y6
y3 ~~ y7
y4 ~~ y8
y6 ~~ y8"
growth_text <- "i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4
s =~ 0*t1 + 1*t2 + 2*t3 + 3*t4"
growth_x <- paste(growth_text, "i + s ~ x1 + x2", "t1 ~ c1", "t2 ~ c2", "t3 ~ c3", "t4 ~ c4", sep = "\n")
mediation <- "x9 ~ cp*x1 + b*x5
x5 ~ a*x1 + sex
indirect := a*b
total := cp + (a*b)"
mimic <- paste(three, "visual + textual ~ sex + ageyr", "speed ~ visual", sep = "\n")

cases <- list()
add <- function(name, text, fun = "sem", data = "hs", ...) {
  cases[[name]] <<- list(name = name, text = text, fun = fun, data = data, args = list(...))
}
add("cfa", three, "cfa")
add("cfa_means", three, "cfa", meanstructure = TRUE)
add("std_lv", three, "cfa", std.lv = TRUE)
add("observed", three, "cfa", information = "observed")
add("heywood", "visual =~ x1 + x2 + x3\nspeed =~ x7 + x8 + x9", "cfa", "small")
add("second_order", paste(three, "g =~ visual + textual + speed", sep = "\n"), "cfa")
add("bifactor", "g =~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9\nvisual =~ x1 + x2 + x3\nspeed =~ x7 + x8 + x9", "cfa",
    orthogonal = TRUE, std.lv = TRUE)
add("effects_coding", "visual =~ NA*x1 + a*x1 + b*x2 + c*x3\ntextual =~ x4 + x5 + x6\na + b + c == 3", "cfa")
add("equal_loadings", "visual =~ x1 + a*x2 + a*x3\ntextual =~ x4 + b*x5 + c*x6\nb + 2*c == 3", "cfa")
add("democracy", democracy, data = "pd")
add("democracy_means", democracy, data = "pd", meanstructure = TRUE)
add("democracy_observed", democracy, data = "pd", information = "observed")
add("growth", growth_text, "growth", "dg")
add("growth_x", growth_x, "growth", "dg")
add("growth_groups", growth_text, "growth", "dg", group = "half")
add("mimic", mimic)
add("mimic_means", mimic, meanstructure = TRUE)
add("mimic_random", mimic, fixed.x = FALSE)
add("mediation", mediation)
add("mediation_means", mediation, meanstructure = TRUE)
add("nonrecursive", "x8 ~ x9 + x1\nx9 ~ x8 + x4\nx8 ~~ x9")
add("single_indicator", "visual =~ x1 + x2 + x3\nage =~ ageyr\nspeed =~ 1*x7\nx7 ~~ 0.2*x7\nspeed ~ visual + age")
add("nonlinear", "visual =~ x1 + a*x2 + b*x3\ntextual =~ x4 + c*x5 + d*x6\na*b == c*d - 0.7", "cfa")
add("inequality", "visual =~ x1 + a*x2 + b*x3\ntextual =~ x4 + c*x5 + d*x6\na > 0.7\nd > 0.5\nc < 1.05", "cfa")
steps <- list(configural = c(), loadings = "loadings", intercepts = c("loadings", "intercepts"),
              residuals = c("loadings", "intercepts", "residuals"), means = c("loadings", "intercepts", "means"),
              lv_variances = c("loadings", "lv.variances"), lv_covariances = c("loadings", "lv.variances", "lv.covariances"))
for (step in names(steps)) {
  if (length(steps[[step]])) add(paste0("groups_", step), three, "cfa", group = "school", group.equal = steps[[step]])
  else add("groups_configural", three, "cfa", group = "school")
}
add("groups_regressions", structural, group = "school", group.equal = c("loadings", "intercepts", "regressions"))
add("groups_partial", three, "cfa", group = "school", group.equal = c("loadings", "intercepts"), group.partial = c("visual=~x2", "x7~1"))
add("groups_std_lv", three, "cfa", group = "school", group.equal = c("loadings", "intercepts"), std.lv = TRUE)
add("groups_no_means", three, "cfa", group = "school", meanstructure = FALSE, group.equal = "loadings")
add("groups_mimic", paste(three, "visual ~ ageyr", sep = "\n"), group = "school", group.equal = c("loadings", "regressions"))

for (estimator in c("GLS", "ULS", "WLS")) {
  tag <- tolower(estimator)
  add(paste0(tag, "_cfa"), three, "cfa", estimator = estimator)
  add(paste0(tag, "_structural"), structural, estimator = estimator, meanstructure = TRUE)
  # WLS has 54 moments per group with nine items: too many for 145 rows, so it gets the two factors without visual
  add(paste0(tag, "_groups"), if (estimator == "WLS") sub("^[^\n]*\n", "", three) else three, "cfa", group = "school",
      group.equal = c("loadings", "intercepts"), estimator = estimator)
  if (estimator != "WLS") add(paste0(tag, "_mimic"), mimic, estimator = estimator)
}
add("wls_mimic", paste(three, "visual ~ ageyr", sep = "\n"), estimator = "WLS")
for (estimator in c("MLM", "MLMV", "MLMVS", "MLR")) {
  tag <- tolower(estimator)
  add(paste0(tag, "_cfa"), three, "cfa", estimator = estimator)
  add(paste0(tag, "_democracy"), democracy, data = "pd", estimator = estimator)
  add(paste0(tag, "_mimic"), mimic, estimator = estimator)
  add(paste0(tag, "_groups"), three, "cfa", group = "school", group.equal = c("loadings", "intercepts"), estimator = estimator)
}
add("mlf_cfa", three, "cfa", estimator = "MLF")
add("mlr_no_means", three, "cfa", estimator = "MLR", meanstructure = FALSE)
add("mlr_growth", growth_x, "growth", "dg", estimator = "MLR")
add("fiml_cfa", three, "cfa", "hs_missing", missing = "fiml")
add("fiml_expected", three, "cfa", "hs_missing", missing = "fiml", information = "expected")
add("fiml_structural", structural, "sem", "hs_missing", missing = "fiml")
add("fiml_groups", three, "cfa", "hs_missing", missing = "fiml", group = "school", group.equal = c("loadings", "intercepts"))
add("fiml_mimic", mimic, "sem", "hs_missing", missing = "fiml")
add("fiml_growth", growth_text, "growth", "dg_missing", missing = "fiml")
add("fiml_equal", "visual =~ x1 + a*x2 + a*x3\ntextual =~ x4 + x5 + x6", "cfa", "hs_missing", missing = "fiml")
add("fiml_mlr", three, "cfa", "hs_missing", missing = "fiml", estimator = "MLR")
add("fiml_mlr_mimic", mimic, "sem", "hs_missing", missing = "fiml", estimator = "MLR")
add("fiml_mlr_groups", three, "cfa", "hs_missing", missing = "fiml", estimator = "MLR", group = "school", group.equal = c("loadings", "intercepts"))
add("fiml_complete", three, "cfa", missing = "fiml")

step_of <- function(fit) {
  g <- lavTech(fit, "gradient"); E <- lavInspect(fit, "information.expected")
  K <- if (fit@Model@eq.constraints) fit@Model@eq.constraints.K else diag(length(g))
  p <- as.numeric(crossprod(K, g))
  d <- sqrt(diag(crossprod(K, E %*% K)))
  s <- solve(crossprod(K, E %*% K) / outer(d, d), p / d, tol = 1e-25) / d
  list(step = as.numeric(K %*% s), distance = sqrt(lavInspect(fit, "ntotal") * abs(sum(p * s))))
}

polished <- function(case) {
  call <- c(list(model = case$text, data = frames[[case$data]], control = list(rel.tol = 1e-14)), case$args)
  first <- suppressWarnings(do.call(case$fun, call))
  if (!lavInspect(first, "converged")) { # too tight for nlminb; its own limit then, and polishing
    call$control <- NULL
    first <- suppressWarnings(do.call(case$fun, call))
  }
  general <- any(parTable(first)$op %in% c("<", ">")) || (any(parTable(first)$op == "==") && !first@Model@eq.constraints)
  if (general) return(list(fit = first, distance = NA))
  # without a search, lavaan would take covariates as random
  still <- c(list(optim.method = "none", baseline = FALSE), if (is.null(case$args$fixed.x) && !isTRUE(case$args$estimator %in% c("GLS", "ULS", "WLS"))) list(fixed.x = TRUE))
  fit <- first
  now <- step_of(fit)
  for (i in 1:100) {
    if (now$distance < 1e-9) break
    table <- parTable(fit)
    table$est[table$free > 0] <- table$est[table$free > 0] - now$step
    new <- suppressWarnings(do.call(case$fun, c(call, still, list(start = table))))
    after <- step_of(new)
    if (after$distance > 0.9 * now$distance) break
    fit <- new; now <- after
  }
  fit@baseline <- first@baseline
  fit@optim$converged <- TRUE
  list(fit = fit, distance = now$distance)
}

run <- function(case) {
  invisible(capture.output(done <- polished(case)))
  fit <- done$fit
  pt <- parTable(fit)
  fm <- suppressWarnings(fitMeasures(fit))
  names(fm) <- gsub(".", "_", names(fm), fixed = TRUE)
  test <- fit@test[[length(fit@test)]]
  list(text = case$text, fun = case$fun, data = case$data, args = case$args, distance = done$distance,
       table = list(lhs = pt$lhs, op = pt$op, rhs = pt$rhs, group = pt$group, free = pt$free, est = pt$est, se = pt$se),
       fit = as.list(fm[!is.na(fm)]), scaling_factor = test$scaling.factor,
       group_labels = I(lavInspect(fit, "group.label")), iterations = lavInspect(fit, "iterations"))
}
out <- lapply(cases, function(case) tryCatch(run(case), error = function(e) { message(case$name, ": ", conditionMessage(e)); NULL }))
out <- Filter(Negate(is.null), out)
made <- list(R = R.version.string, lavaan = as.character(packageVersion("lavaan")), jsonlite = as.character(packageVersion("jsonlite")))
write(toJSON(list(made_with = made, cases = out), auto_unbox = TRUE, digits = 12, na = "null", null = "null"), "tests/oracles/engine.json")
for (name in names(out)) if (is.na(out[[name]]$distance) || out[[name]]$distance > 1e-7) cat(name, out[[name]]$distance, "\n")
