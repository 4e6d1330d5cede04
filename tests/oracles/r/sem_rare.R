# Reference numbers for rarely used parts of cx.sem, cx.cfa and cx.growth: linear equalities beside inequalities, residuals with robust
# standard errors and of ordinal items, Bartlett scores where covariates act on items, equality constraints tested in any unit, models
# with several minima, robust errors of an inadmissible solution.
# Run from the repository root: Rscript tests/oracles/r/sem_rare.R      Writes tests/oracles/sem_rare.json
# lavaan's own gradient and information carry each fit on to its optimum; the distance left, in standard errors, is recorded.
suppressMessages({library(lavaan); library(jsonlite)})

hs <- read.csv("tests/oracles/data/engine_hs.csv")
cut <- hs # ordinal items: cut at quantiles
for (item in paste0("x", 1:6)) cut[[item]] <- findInterval(hs[[item]], quantile(hs[[item]], c(0.3, 0.7)))
frames <- list(hs = hs, pd = read.csv("tests/oracles/data/engine_pd.csv"), dg = read.csv("tests/oracles/data/engine_dg.csv"),
               cut = cut, ecsi = read.csv("data/ecsi_mobile/mobi.csv"))

three <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
two <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6"
democracy <- "ind60 =~ x1 + x2 + x3\ndem60 =~ y1 + y2 + y3 + y4\ndem65 =~ y5 + y6 + y7 + y8\ndem60 ~ ind60\ndem65 ~ ind60 + dem60"
mimic <- paste(three, "visual ~ sex + ageyr", "x2 ~ sex", sep = "\n")
growth_text <- "i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4\ns =~ 0*t1 + 1*t2 + 2*t3 + 3*t4"
ecsi <- "Image =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5\nExpectation =~ CUEX1 + CUEX2 + CUEX3
Quality =~ PERQ1 + PERQ2 + PERQ3 + PERQ4 + PERQ5 + PERQ6 + PERQ7\nValue =~ PERV1 + PERV2
Satisfaction =~ CUSA1 + CUSA2 + CUSA3\nLoyalty =~ CUSL1 + CUSL2 + CUSL3
Expectation ~ Image\nQuality ~ Expectation\nValue ~ Expectation + Quality
Satisfaction ~ Image + Expectation + Quality + Value\nCUSCO ~ Satisfaction\nLoyalty ~ Image + Satisfaction + CUSCO"

cases <- list()
add <- function(name, text, fun = "cfa", data = "hs", ...) cases[[name]] <<- list(name = name, text = text, fun = fun, data = data, args = list(...))
add("both_constraints", paste(sub("x2", "c(u, v)*x2", two), "u + v == 1.5", "u > 0.1", sep = "\n"), group = "school")
add("inactive", paste(sub("x2", "u*x2", two), "u > 0", sep = "\n"))
add("binding", paste(sub("x2", "u*x2", two), "u > 0.8", sep = "\n"))
add("constant_effect", "x9 ~ a*x1 + b*x4\nx8 ~ c*x9\na*c == b\nshare := a*c/b", "sem")
add("residuals_mlr", democracy, "sem", "pd", estimator = "MLR")
add("residuals_mlm", democracy, "sem", "pd", estimator = "MLM")
add("residuals_mlr_groups", paste(two, "visual ~ ageyr", sep = "\n"), "sem", group = "school", group.equal = c("loadings", "intercepts"), estimator = "MLR")
add("residuals_observed", democracy, "sem", "pd", information = "observed")
add("residuals_theta", two, data = "cut", ordered = paste0("x", 1:6), parameterization = "theta")
add("residuals_thresholds", two, data = "cut", ordered = paste0("x", 1:6), group = "school", group.equal = c("loadings", "thresholds"))
add("direct_effect", mimic, "sem", meanstructure = TRUE)
add("growth_outcome", paste(growth_text, "c4 ~ i + s", "i + s ~ x1", sep = "\n"), "growth", "dg")
add("yuan_bentler", democracy, "sem", "pd", test = "yuan.bentler.mplus")
add("uls_fixed", paste(two, "visual ~ sex + ageyr", sep = "\n"), "sem", estimator = "ULS", fixed.x = TRUE)
add("equal_residuals", two, group = "school", group.equal = c("loadings", "intercepts", "residuals"))
add("equal_std_lv", two, group = "school", group.equal = c("loadings", "intercepts"), std.lv = TRUE)
add("two_minima", "visual =~ x1 + k*x2 + k*x3\ntextual =~ x4 + x5 + x6\nx2 ~ i*1\nx3 ~ i*1")
add("ecsi_mlr", ecsi, "sem", "ecsi", estimator = "MLR")

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
  if (any(parTable(first)$op %in% c("<", ">")) || (any(parTable(first)$op == "==") && !first@Model@eq.constraints)) return(list(fit = first, distance = NA))
  # without a search, lavaan would take covariates as random
  still <- c(list(optim.method = "none", baseline = FALSE), if (is.null(case$args$fixed.x) && is.null(case$args$ordered)) list(fixed.x = TRUE))
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

groups_of <- function(fit, x) if (lavInspect(fit, "ngroups") == 1) list(x) else unname(x)
low <- function(m) if (is.matrix(m)) t(m)[upper.tri(m, diag = TRUE)] else as.numeric(m)
plain <- function(part) lapply(part[setdiff(names(part), c("type", "summary"))], low)
residuals_of <- function(fit, ordinal) {
  out <- lapply(c(raw = "raw", cor.bentler = "cor.bentler", cor.bollen = "cor.bollen"), function(kind) {
    lapply(groups_of(fit, lavResiduals(fit, type = kind, se = !ordinal, zstat = !ordinal, summary = FALSE, add.class = FALSE)), plain)
  })
  if (ordinal) return(out)
  for (kind in c("normalized", "standardized")) out[[kind]] <- lapply(groups_of(fit, residuals(fit, type = kind)), plain)
  out$summary <- lapply(groups_of(fit, lavResiduals(fit)), function(g) if (lavInspect(fit, "ngroups") == 1) g$summary$cov else g$summary$cov)
  out
}
scores_of <- function(fit) {
  found <- lapply(c(regression = "regression", bartlett = "Bartlett"), function(method) unclass(lavPredict(fit, method = method, se = "standard")))
  c(lapply(found, function(s) unname(s[1:8, ])), list(names = I(colnames(found[[1]])), se = as.numeric(attr(found$bartlett, "se")[[1]])))
}

run <- function(case) {
  invisible(capture.output(done <- suppressWarnings(polished(case))))
  fit <- done$fit
  pt <- parTable(fit)
  fm <- suppressWarnings(fitMeasures(fit)); names(fm) <- gsub(".", "_", names(fm), fixed = TRUE)
  out <- list(text = case$text, fun = case$fun, data = case$data, args = case$args, distance = done$distance, items = I(lavNames(fit)),
              table = list(lhs = pt$lhs, op = pt$op, rhs = pt$rhs, group = pt$group, est = pt$est, se = pt$se), fit = as.list(fm))
  if (grepl("^residuals|^equal|^binding", case$name)) out$residuals <- suppressWarnings(residuals_of(fit, !is.null(case$args$ordered)))
  if (case$name %in% c("direct_effect", "growth_outcome")) out$scores <- scores_of(fit)
  if (grepl("^equal|^binding", case$name)) {
    mi <- suppressWarnings(modindices(fit))
    out$modification <- list(lhs = mi$lhs, op = mi$op, rhs = mi$rhs, group = mi$group, mi = mi$mi, sepc_all = mi$sepc.all)
  }
  if (grepl("^equal", case$name)) out$score <- lavTestScore(fit)$uni$X2
  out
}
out <- lapply(cases, run)
made <- list(R = R.version.string, lavaan = as.character(packageVersion("lavaan")), jsonlite = as.character(packageVersion("jsonlite")))
write(toJSON(list(made_with = made, cases = out), auto_unbox = TRUE, digits = 12, na = "null", null = "null"), "tests/oracles/sem_rare.json")
for (name in names(out)) cat(name, out[[name]]$distance, "\n")
