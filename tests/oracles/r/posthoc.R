# Reference numbers for what follows an estimate: modification indices, score tests, standardised solutions, residuals, factor
# scores, R-squared, defined effects and likelihood-ratio tests, from lavaan.
# Run from the repository root: Rscript tests/oracles/r/posthoc.R      Writes tests/oracles/posthoc.json
# Everything is evaluated at lavaan's own estimates, which are stored with the sample moments: the tests feed them to cxlab, so
# that no optimiser's tolerance comes between.
suppressMessages({library(lavaan); library(jsonlite)})

hs <- HolzingerSwineford1939
ecsi <- read.csv("data/ecsi_mobile/mobi.csv")
holes <- read.csv("tests/oracles/data/engine_hs_missing.csv")
frames <- list(hs = hs, pd = PoliticalDemocracy, ecsi = ecsi, holes = holes)

three <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
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
ecsi_text <- "Image =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5
Satisfaction =~ CUSA1 + CUSA2 + CUSA3
Loyalty =~ CUSL1 + CUSL2 + CUSL3
Satisfaction ~ a*Image
Loyalty ~ b*Satisfaction + c*Image
indirect := a*b
total := c + a*b
share := indirect/total"
mediation <- "x5 ~ a*x1 + sex
x9 ~ cp*x1 + b*x5
indirect := a*b
total := cp + (a*b)"
mimic <- paste(three, "visual + textual ~ a*sex + ageyr", "speed ~ b*visual + c*textual", "via := a*b", sep = "\n")
# three ways from visual to speed, two of them over textual; every effect also written by hand
chain <- paste(three, "textual ~ a*visual + d*x_ov", "x_ov ~ e*visual", "speed ~ b*textual + c*visual + f*x_ov",
               "by_textual := a*b", "by_x := e*f", "by_both := e*d*b", "all_indirect := a*b + e*f + e*d*b",
               "all := c + a*b + e*f + e*d*b", "ov_to_speed := f + d*b", sep = "\n")
chain <- gsub("x_ov", "ageyr", chain)
loop <- "x8 ~ p*x9 + x1\nx9 ~ q*x8 + r*x4\nx8 ~~ x9\nx4_to_x8 := p*r/(1 - p*q)\nx4_to_x9 := r/(1 - p*q)"

cases <- list()
add <- function(name, text, fun = "sem", data = "hs", ...)
  cases[[name]] <<- list(name = name, text = text, fun = fun, data = data, args = list(...))
add("cfa", three, "cfa")
add("cfa_means", three, "cfa", meanstructure = TRUE)
add("std_lv", three, "cfa", std.lv = TRUE)
add("configural", three, "cfa", group = "school")
add("scalar", three, "cfa", group = "school", group.equal = c("loadings", "intercepts"))
add("metric_std_lv", three, "cfa", group = "school", group.equal = "loadings", std.lv = TRUE)
add("second_order", paste(three, "g =~ visual + textual + speed", sep = "\n"), "cfa")
add("democracy", democracy, data = "pd")
add("democracy_means", democracy, data = "pd", meanstructure = TRUE)
add("ecsi", ecsi_text, data = "ecsi")
add("mediation", mediation)
add("mediation_means", mediation, meanstructure = TRUE)
add("mimic", mimic)
add("mimic_means", mimic, meanstructure = TRUE)
add("mimic_groups", paste(three, "visual + speed ~ ageyr", sep = "\n"), group = "school", group.equal = c("loadings", "regressions"))
add("chain", chain)
add("loop", loop)
add("gls", three, "cfa", estimator = "GLS")
add("uls", three, "cfa", estimator = "ULS")
add("fiml", three, "cfa", "holes", missing = "fiml")

plain <- function(x) { class(x) <- NULL; x }
columns <- function(frame) lapply(as.list(as.data.frame(frame)), plain)
quiet <- function(x) suppressWarnings(x)
by_group <- function(fit, x) if (lavInspect(fit, "ngroups") == 1) list(x) else unname(x)
# symmetric matrices as their lower triangle, row by row
low <- function(m) { m <- unclass(m); if (is.matrix(m)) m[upper.tri(m, diag = TRUE)] else as.numeric(m) }
clean <- function(x) lapply(x, low)

residual_types <- function(fit, full) {
  kinds <- c("raw", "cor.bentler", "cor.bollen", "normalized", "standardized")
  out <- lapply(kinds, function(kind) lapply(by_group(fit, quiet(residuals(fit, type = kind))), function(r) clean(r[-1])))
  names(out) <- kinds
  for (kind in if (full) c("raw", "cor.bentler", "cor.bollen")) {
    full <- by_group(fit, quiet(lavResiduals(fit, type = kind, se = TRUE)))
    out[[paste0(kind, ".full")]] <- lapply(full, function(r) {
      s <- r$summary; list(parts = clean(r[setdiff(names(r), c("type", "summary"))]), summary = as.list(as.data.frame(s)), measures = rownames(s))
    })
  }
  out
}

scores <- function(fit, method) {
  keep <- 8
  value <- by_group(fit, lavPredict(fit, method = method, se = "standard"))
  # with several groups the standard errors hang at the list, not at its members
  se <- attr(lavPredict(fit, method = method, se = "standard"), "se")
  rows <- by_group(fit, lavInspect(fit, "data"))
  lapply(seq_along(value), function(g) {
    some <- seq_len(min(keep, nrow(value[[g]])))
    list(names = I(colnames(value[[g]])), data = unname(rows[[g]][some, ]), items = I(colnames(rows[[g]])),
         score = unclass(unname(matrix(value[[g]][some, ], length(some)))),
         se = if (nrow(se[[g]]) == 1) as.numeric(se[[g]]) else unname(se[[g]][some, , drop = FALSE]))
  })
}

# lavPredict of lavaan 0.6-14 goes wrong when an observed variable is both outcome and predictor (its standard error falls below
# the conditional one), and without means adds covariates' means times paths: there the definition is applied to lavaan's matrices.
# Bartlett: least squares of the items on the latent variables, which are taken as given, whatever leads to them.
by_definition <- function(fit, method) {
  E <- lavInspect(fit, "est"); lv <- lavNames(fit, "lv"); keep <- match(lv, colnames(E$beta))
  T <- solve(diag(nrow(E$beta)) - E$beta)
  V <- T %*% E$psi %*% t(T); S <- E$lambda %*% V %*% t(E$lambda) + E$theta
  if (method == "regression") {
    W <- (V %*% t(E$lambda) %*% solve(S))[keep, ]; error <- V[keep, keep] - W %*% E$lambda %*% V[, keep]
  } else {
    own <- E$beta[-keep, -keep, drop = FALSE]
    onto <- E$lambda[, -keep, drop = FALSE] %*% solve(diag(nrow(own)) - own)
    L <- E$lambda[, keep] + onto %*% E$beta[-keep, keep, drop = FALSE]
    M <- onto %*% E$psi[-keep, -keep, drop = FALSE] %*% t(onto) + E$theta + L %*% V[keep, keep] %*% t(L)
    K <- t(L) %*% solve(M); W <- solve(K %*% L) %*% K; error <- solve(K %*% L) - V[keep, keep]
  }
  Y <- lavInspect(fit, "data")
  score <- sweep(Y, 2, colMeans(Y)) %*% t(W)
  list(list(names = I(lv), data = unname(Y[1:8, ]), items = I(colnames(Y)), score = unname(score[1:8, ]), se = sqrt(diag(error))))
}
predicted <- function(fit, name, method) if (name %in% c("chain", "mimic")) by_definition(fit, method) else scores(fit, method)

tested <- c("cfa", "cfa_means", "scalar", "mediation", "mimic", "gls", "fiml")
tried <- function(x) tryCatch(quiet(x), error = function(e) NULL)
report <- function(case) {
  fit <- quiet(do.call(case$fun, c(list(case$text, frames[[case$data]]), case$args)))
  pt <- parTable(fit)
  moments <- by_group(fit, lavInspect(fit, "sampstat"))
  implied <- by_group(fit, lavInspect(fit, "implied"))
  std <- lapply(c(std_lv = "std.lv", std_all = "std.all", std_nox = "std.nox"),
                function(type) columns(standardizedSolution(fit, type = type)))
  test <- if (any(pt$op == "==")) tried(lavTestScore(fit)) else NULL
  list(text = case$text, fun = case$fun, args = case$args, names = I(lavNames(fit)), latent = I(lavNames(fit, "lv")),
       n_obs = I(lavInspect(fit, "nobs")), group_labels = I(lavInspect(fit, "group.label")),
       table = list(lhs = pt$lhs, op = pt$op, rhs = pt$rhs, group = pt$group, free = pt$free, est = pt$est, se = pt$se),
       vcov = low(lavTech(fit, "vcov")),
       cov = lapply(moments, function(m) low(m$cov)), mean = lapply(seq_along(moments), function(g) if (is.null(moments[[g]]$mean)) unname(colMeans(by_group(fit, lavInspect(fit, "data"))[[g]]))
                     else as.numeric(moments[[g]]$mean)),
       implied = lapply(implied, function(m) low(m$cov)), implied_mean = lapply(implied, function(m) as.numeric(m$mean)),
       std = std, r2 = lapply(by_group(fit, lavInspect(fit, "r2")), as.list),
       mi = columns(tried(modindices(fit))),
       mi_random = if (any(pt$exo == 1)) columns(tried(modindices(do.call(case$fun, c(list(case$text, frames[[case$data]], fixed.x = FALSE), case$args))))), residuals = tried(residual_types(fit, case$name %in% tested)),
       score_test = if (is.null(test)) NULL else list(total = as.list(test$test), uni = columns(test$uni)),
       regression = tried(predicted(fit, case$name, "regression")), bartlett = tried(predicted(fit, case$name, "Bartlett")))
}
out <- lapply(cases, report)

# the joint test of parameters that could be added, and its parts
fit <- cfa(three, hs)
added <- lavTestScore(fit, add = "visual =~ x9\nx7 ~~ x8")
joint <- list(add = I(c("visual=~x9", "x7~~x8")), total = as.list(added$test), uni = columns(added$uni))
scalar <- cfa(three, hs, group = "school", group.equal = c("loadings", "intercepts"))
released <- lavTestScore(scalar, release = c(7, 9))
release <- list(release = I(c(7, 9)), total = as.list(released$test), uni = columns(released$uni))

# likelihood-ratio and scaled difference tests
chain_of <- function(...) {
  fits <- list(...)
  table <- do.call(lavTestLRT, unname(fits))
  one <- function(f) {
    m <- fitMeasures(f)
    list(chisq = m[["chisq"]], df = m[["df"]], aic = if ("aic" %in% names(m)) m[["aic"]] else NA,
         bic = if ("bic" %in% names(m)) m[["bic"]] else NA, n = lavInspect(f, "ntotal"), groups = lavInspect(f, "ngroups"),
         scaling = if (length(f@test) > 1) f@test[[2]]$scaling.factor else NA)
  }
  names(table) <- make.names(names(table))
  list(fits = lapply(fits, one), table = columns(table))
}
steps <- function(...) lapply(list("", "loadings", c("loadings", "intercepts"), c("loadings", "intercepts", "residuals")),
                              function(equal) cfa(three, hs, group = "school", group.equal = equal, ...))
ml <- steps(); mlm <- steps(estimator = "MLM"); mlr <- steps(estimator = "MLR")
gls <- list(cfa(three, hs, estimator = "GLS"), cfa(three, hs, estimator = "GLS", orthogonal = TRUE))
sb2010 <- function(m1, m0) {
  # the larger model at the smaller one's estimates
  m10 <- lavaan:::lav_test_diff_m10(m1, m0, test = TRUE)
  table <- lavTestLRT(m1, m0, method = "satorra.bentler.2010")
  list(c10 = m10@test[[2]]$scaling.factor, chisq_diff = table[2, "Chisq diff"], p = table[2, "Pr(>Chisq)"])
}
lrt <- list(invariance = do.call(chain_of, ml), mlm = do.call(chain_of, mlm), mlr = do.call(chain_of, mlr), gls = do.call(chain_of, gls),
            saturated = chain_of(sem("x5 ~ x1 + x2\nx9 ~ x5 + x1 + x2", hs), sem("x5 ~ x1 + x2\nx9 ~ x5", hs)),
            mlm_2010 = sb2010(mlm[[2]], mlm[[3]]), mlr_2010 = sb2010(mlr[[2]], mlr[[3]]))

made <- list(R = R.version.string, lavaan = as.character(packageVersion("lavaan")), jsonlite = as.character(packageVersion("jsonlite")))
write(toJSON(list(made_with = made, cases = out, joint = joint, release = release, lrt = lrt), auto_unbox = TRUE, digits = I(12),
             na = "null", null = "null", matrix = "rowmajor"), "tests/oracles/posthoc.json")
