# Reference numbers for cx.sem with groups, means, covariates, growth, robust ML and FIML: what parameterEstimates and lavInspect print.
# Run from the repository root after engine.R: Rscript tests/oracles/r/sem_groups.R      Writes tests/oracles/sem_groups.json
# The data are those of engine.R (tests/oracles/data/engine_*.csv). The distance to the optimum, in standard errors, is recorded.
suppressMessages({library(lavaan); library(jsonlite)})
read <- function(name) read.csv(paste0("tests/oracles/data/engine_", name, ".csv"))
hs <- read("hs"); holes <- read("hs_missing"); dg <- read("dg")

three <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
mediation <- paste0(three, "\ntextual ~ a*visual\nspeed ~ b*textual + c*visual\nindirect := a*b")
mimic <- paste0(three, "\nvisual + textual ~ sex + ageyr\nspeed ~ visual")
growth_x <- "i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4\ns =~ 0*t1 + 1*t2 + 2*t3 + 3*t4\ni + s ~ x1 + x2"

# nlminb stops short of the optimum, so lavaan's own gradient and expected information carry each fit on, and lavaan evaluates
# the model there (without a search it would take covariates as random, hence fixed.x)
step_of <- function(fit) {
  g <- lavTech(fit, "gradient"); E <- lavInspect(fit, "information.expected")
  K <- if (fit@Model@eq.constraints) fit@Model@eq.constraints.K else diag(length(g))
  p <- as.numeric(crossprod(K, g))
  d <- sqrt(diag(crossprod(K, E %*% K)))
  s <- solve(crossprod(K, E %*% K) / outer(d, d), p / d, tol = 1e-25) / d
  list(step = as.numeric(K %*% s), distance = sqrt(lavInspect(fit, "ntotal") * abs(sum(p * s))))
}

polished <- function(model, data, fun, ...) {
  first <- fit <- suppressWarnings(do.call(fun, list(model, data, ...)))
  now <- step_of(fit)
  for (i in 1:50) {
    if (now$distance < 1e-9) break
    table <- parTable(fit)
    table$est[table$free > 0] <- table$est[table$free > 0] - now$step
    still <- list(model, data, start = table, optim.method = "none", baseline = FALSE, ...)
    if (!isTRUE(list(...)$estimator == "GLS")) still$fixed.x <- TRUE
    new <- suppressWarnings(do.call(fun, still))
    after <- step_of(new)
    if (after$distance > 0.9 * now$distance) break
    fit <- new; now <- after
  }
  fit@baseline <- first@baseline
  fit@optim$converged <- TRUE
  list(fit = fit, distance = now$distance)
}

report <- function(model, data, fun = "sem", ...) {
  done <- polished(model, data, fun, ...)
  fit <- done$fit
  pe <- as.data.frame(parameterEstimates(fit, standardized = TRUE))
  if (is.null(pe$label)) pe$label <- ""
  if (is.null(pe$group)) pe$group <- ifelse(pe$op == ":=", 0, 1)
  keep <- c("lhs", "op", "rhs", "label", "group", "est", "se", "z", "pvalue", "ci.lower", "ci.upper", "std.lv", "std.all", "std.nox")
  fm <- fitMeasures(fit)
  names(fm) <- gsub(".", "_", names(fm), fixed = TRUE)
  implied <- lavInspect(fit, "implied", drop.list.single.group = FALSE)
  list(model = model, args = list(...), distance = done$distance, estimates = as.list(pe[keep]), fit = as.list(fm),
       r2 = lapply(lavInspect(fit, "r2", drop.list.single.group = FALSE), as.list),
       groups = I(as.character(lavInspect(fit, "group.label"))), n = I(lavInspect(fit, "nobs")),
       names = I(lavNames(fit)), latents = I(lavNames(fit, "lv")),
       implied = lapply(implied, function(one) unclass(one$cov)),
       implied_mean = lapply(implied, function(one) if (is.null(one$mean)) I(numeric(0)) else I(as.numeric(one$mean))),
       latent_cov = lapply(lavInspect(fit, "cov.lv", drop.list.single.group = FALSE), unclass),
       latent_mean = lapply(lavInspect(fit, "mean.lv", drop.list.single.group = FALSE), function(one) I(as.numeric(one))))
}

out <- list(
  groups = report(three, hs, "cfa", group = "school"),
  invariant = report(three, hs, "cfa", group = "school", group.equal = c("loadings", "intercepts")),
  mediation_groups = report(mediation, hs, "sem", group = "school", group.equal = "loadings"),
  mlr_groups = report(three, hs, "cfa", group = "school", group.equal = c("loadings", "intercepts"), group.partial = "x7~1", estimator = "MLR"),
  mimic_means = report(mimic, hs, "sem", meanstructure = TRUE),
  mlm_mimic = report(mimic, hs, "sem", estimator = "MLM"),
  fiml_mediation = report(mediation, holes, "sem", missing = "fiml"),
  fiml_mlr_groups = report(three, holes, "cfa", missing = "fiml", estimator = "MLR", group = "school"),
  growth = report(growth_x, dg, "growth"),
  gls = report(three, hs, "cfa", estimator = "GLS")
)
made <- list(R = R.version.string, lavaan = as.character(packageVersion("lavaan")), jsonlite = as.character(packageVersion("jsonlite")))
write(toJSON(c(list(made_with = made), out), auto_unbox = TRUE, digits = 12, na = "null", null = "null"), "tests/oracles/sem_groups.json")
for (name in names(out)) cat(name, out[[name]]$distance, out[[name]]$groups, "\n")
