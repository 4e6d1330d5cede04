# Reference numbers for cx.sem / cx.cfa with engine="semopy": lavaan, ML, complete data, one group.
# Run from the repository root: Rscript tests/oracles/r/sem.R      Writes tests/oracles/sem.json
# nlminb stops up to 3e-4 standard errors short of the optimum, so lavaan's own gradient and expected information carry each fit on
# by Fisher scoring, and lavaan evaluates the model there. The distance left, in standard errors, is recorded with each model.
suppressMessages({library(lavaan); library(jsonlite)})

distance <- function(fit, g = lavTech(fit, "gradient")) {
  sqrt(lavInspect(fit, "nobs") * abs(sum(g * solve(lavInspect(fit, "information.expected"), g))))
}

polished <- function(model, data, fun, ...) {
  fit <- fun(model, data, ...)
  for (i in 1:50) {
    if (distance(fit) < 1e-9) break
    table <- parTable(fit)
    step <- solve(lavInspect(fit, "information.expected"), lavTech(fit, "gradient"))
    table$est[table$free > 0] <- table$est[table$free > 0] - step
    fit <- fun(model, data, start = table, optim.method = "none", ...)
  }
  fit
}

ecsi <- read.csv("data/ecsi_mobile/mobi.csv")
hs <- HolzingerSwineford1939

report <- function(model, data, fun = cfa, ...) {
  # a negative variance makes lavaan print a matrix at each evaluation
  invisible(capture.output(fit <- suppressWarnings(polished(model, data, fun, ...))))
  baseline <- lavaan(lav_partable_independence(fit), data)
  pe <- as.data.frame(parameterEstimates(fit, standardized = TRUE, remove.nonfree = FALSE))
  pe$label <- if (is.null(pe$label)) "" else pe$label
  keep <- c("lhs", "op", "rhs", "label", "est", "se", "z", "pvalue", "ci.lower", "ci.upper", "std.lv", "std.all")
  fm <- fitMeasures(fit, baseline.model = baseline)
  names(fm) <- gsub(".", "_", names(fm), fixed = TRUE)
  list(model = model, distance = distance(fit), estimates = as.list(pe[keep]), fit = as.list(fm),
       r2 = as.list(lavInspect(fit, "r2")),
       names = I(lavNames(fit)), implied = unclass(lavInspect(fit, "implied")$cov),
       residual = unclass(lavInspect(fit, "residuals")$cov), residual_cor = unclass(residuals(fit, type = "cor")$cov),
       latents = I(lavNames(fit, "lv")), latent_cov = unclass(lavInspect(fit, "cov.lv")))
}

three <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
democracy <- "ind60 =~ x1 + x2 + x3\ndem60 =~ y1 + y2 + y3 + y4\ndem65 =~ y5 + y6 + y7 + y8\ndem60 ~ ind60\ndem65 ~ ind60 + dem60"
ecsi_blocks <- "Image =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5\nExpectation =~ CUEX1 + CUEX2 + CUEX3
Quality =~ PERQ1 + PERQ2 + PERQ3 + PERQ4 + PERQ5 + PERQ6 + PERQ7\nValue =~ PERV1 + PERV2
Satisfaction =~ CUSA1 + CUSA2 + CUSA3\nLoyalty =~ CUSL1 + CUSL2 + CUSL3"
ecsi_paths <- "Expectation ~ Image\nQuality ~ Expectation\nValue ~ Expectation + Quality
Satisfaction ~ Image + Expectation + Quality + Value\nCUSCO ~ Satisfaction\nLoyalty ~ Image + Satisfaction + CUSCO"

out <- list(
  hs = report(three, hs),
  hs_std_lv = report(three, hs, std.lv = TRUE),
  hs_std_lv_labels = report("g =~ a*x1 + b*x2 + c*x3 + d*x4", hs, std.lv = TRUE),
  hs_orthogonal = report(three, hs, orthogonal = TRUE),
  hs_second_order = report(paste0(three, "\ng =~ visual + textual + speed"), hs),
  hs_modifiers = report(paste0("visual =~ NA*x1 + 0.8*x2 + start(0.9)*x3 + x9\ntextual =~ x4 + x5 + x6\n",
                               "speed =~ x7 + x8 + x9\nx7 ~~ x8\nvisual ~~ 0*textual"), hs),
  hs_two_outcomes = report(paste0(three, "\ntextual ~ visual\nspeed ~ visual"), hs, sem),
  hs_mediation = report(paste0(three, "\ntextual ~ a*visual\nspeed ~ b*textual + c*visual\n",
                               "indirect := a*b\ntotal := c + a*b\nshare := indirect/total"), hs, sem),
  hs_heywood = report("visual =~ x1 + x2 + x3\nspeed =~ x7 + x8 + x9", hs[hs$school == "Pasteur", ][1:40, ]),
  hs_saturated = report("visual =~ x1 + x2 + x3", hs),
  hs_mixed_roles = report(paste0("visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nx9 ~ visual + x1\nx8 ~~ x9\n",
                                 "textual ~ visual + x9"), hs, sem),
  hs_loose_item = report("visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nx1 ~~ x9", hs, sem),
  hs_random_predictor = report("visual =~ x1 + x2 + x3\nvisual ~ x9\nx4 ~ visual + x9\nx9 ~~ x9", hs, sem),
  hs_circle = report(paste0(three, "\ntextual ~ visual + speed\nspeed ~ textual + x9\nvisual ~~ x9\nx9 ~~ x9"), hs, sem),
  pd = report(democracy, PoliticalDemocracy, sem),
  pd_residual_covariances = report(paste0(democracy, "\ny1 ~~ y5\ny2 ~~ y4 + y6\ny3 ~~ y7\ny4 ~~ y8\ny6 ~~ y8"),
                                   PoliticalDemocracy, sem),
  ecsi_measurement = report(ecsi_blocks, ecsi),
  ecsi_structural = report(paste(ecsi_blocks, ecsi_paths, sep = "\n"), ecsi, sem)
)
made <- list(R = R.version.string, lavaan = as.character(packageVersion("lavaan")), jsonlite = as.character(packageVersion("jsonlite")))
write_json(c(list(made_with = made), out), "tests/oracles/sem.json", digits = 12, auto_unbox = TRUE, na = "null")
