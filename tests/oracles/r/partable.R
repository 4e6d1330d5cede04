# Parameter tables, degrees of freedom, variable sets and implied moments of lavaan for the models of tests/test_specify_partable.py.
# Run from the repository's root: Rscript tests/oracles/r/partable.R
suppressPackageStartupMessages({library(lavaan); library(jsonlite)})

hs <- HolzingerSwineford1939
three <- "visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed =~ x7 + x8 + x9"
democracy <- "ind60 =~ x1 + x2 + x3
dem60 =~ y1 + y2 + y3 + y4
dem65 =~ y5 + y6 + y7 + y8
dem60 ~ ind60
dem65 ~ ind60 + dem60
y1 ~~ y5
y2 ~~ y4 + y6
y3 ~~ y7
y4 ~~ y8
y6 ~~ y8"
growth_text <- "i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4
s =~ 0*t1 + 1*t2 + 2*t3 + 3*t4"

cases <- list()
add <- function(name, text, fun = "sem", data = "hs", ...) {
  cases[[name]] <<- list(name = name, text = text, fun = fun, data = data, args = list(...))
}

add("cfa", three, "cfa")
add("cfa_std_lv", three, "cfa", std.lv = TRUE)
add("cfa_orthogonal", three, "cfa", orthogonal = TRUE)
add("cfa_means", three, "cfa", meanstructure = TRUE)
add("cfa_bare", three, "lavaan")
add("cfa_bare_auto", three, "lavaan", auto.var = TRUE, auto.fix.first = TRUE, auto.cov.lv.x = TRUE)
add("cfa_free_marker", "visual =~ NA*x1 + x2 + x3; visual ~~ 1*visual
textual =~ start(0.8)*x4 + 0.9*x5 + x6 # a comment
! another comment
x7 ~~ x8", "cfa")
add("cfa_start", "visual =~ x1 + start(0.5)*x2 + 0.6?x3
visual ~~ start(2)*visual", "cfa")
add("cfa_labels_equal", "visual =~ x1 + a*x2 + a*x3
textual =~ x4 + a*x5 + equal(\"speed=~x8\")*x6
speed =~ x7 + x8 + label(\"b\")*x9
b > 0.1", "cfa")
add("cfa_all_labelled", "visual =~ a*x1 + a*x2 + a*x3
visual ~~ 1*visual", "cfa")
add("cfa_all_labelled_free", "visual =~ NA*x1 + a*x1 + a*x2 + a*x3
visual ~~ 1*visual", "cfa")
add("cfa_cross_loading", paste(three, "visual =~ x9", "x3 ~~ x2 + x5", sep = "\n"), "cfa")
add("cfa_covariances_fixed", paste(three, "visual ~~ 0*speed", "textual ~~ 0.3*visual", sep = "\n"), "cfa")
add("second_order", paste(three, "g =~ visual + textual + speed", sep = "\n"), "cfa")
add("second_order_std_lv", paste(three, "g =~ visual + textual + speed", sep = "\n"), "cfa", std.lv = TRUE)
add("bifactor", "g =~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9
visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
g ~~ 0*visual + 0*textual
visual ~~ 0*textual", "cfa")
add("bifactor_orthogonal", "g =~ x1 + x2 + x3 + x4 + x5 + x6
visual =~ x1 + x2 + x3", "cfa", orthogonal = TRUE, std.lv = TRUE)
add("mimic", paste(three, "visual + textual ~ sex + ageyr", "speed ~ visual", sep = "\n"))
add("mimic_random_x", paste(three, "visual ~ sex + ageyr", sep = "\n"), fixed.x = FALSE)
add("mimic_means", paste(three, "visual ~ sex + ageyr", "textual ~ visual + sex", sep = "\n"), meanstructure = TRUE)
add("mimic_named_x", "visual =~ x1 + x2 + x3
visual ~ sex + ageyr
sex ~~ ageyr")
add("indicator_regressed", paste(three, "x2 ~ ageyr", "x9 ~ x1", sep = "\n"))
add("observed_outcome", "visual =~ x1 + x2 + x3
x9 ~ visual + sex
x8 ~ visual
x9 ~~ x1
x4 ~~ sex")
add("single_indicator", "visual =~ x1 + x2 + x3
age =~ ageyr
speed =~ 1*x7
x7 ~~ 0.2*x7
speed ~ visual + age")
add("path", "x9 ~ x1 + sex
x8 ~ x9 + ageyr
x7 ~ x9 + x1")
add("path_free_x", "x9 ~ x1 + sex
x8 ~ x9 + ageyr", fixed.x = FALSE, meanstructure = TRUE)
add("mediation", "x9 ~ cp*x1 + b*x5
x5 ~ a*x1 + sex
indirect := a*b
total := cp + (a*b)
share := indirect/total
root := sqrt(a^2) - exp(-b)*log(2)")
add("intercepts", "visual =~ x1 + x2 + x3
x1 ~ 0*1
visual ~ NA*1
x2 ~ m*1 + 1*sex
x3 ~ 1", "cfa")
add("composite", "f <~ x1 + x2 + x3
speed =~ x7 + x8 + x9
speed ~ f", "sem")
add("nonrecursive", "x8 ~ x9 + x1
x9 ~ x8 + x4
x8 ~~ x9")
add("constraints", "visual =~ x1 + a*x2 + b*x3
textual =~ x4 + c*x5 + d*x6
a == b
c + d == 2
a*c > 0.1
d < 5
diff := a - c", "cfa")
add("redundant_constraints", "visual =~ x1 + a*x2 + a*x3
textual =~ x4 + b*x5 + c*x6
b == a
c == b
c == a", "cfa")
add("democracy", democracy, data = "pd")
add("democracy_equal", "ind60 =~ x1 + x2 + x3
dem60 =~ y1 + a*y2 + b*y3 + c*y4
dem65 =~ y5 + a*y6 + b*y7 + c*y8
dem60 ~ ind60
dem65 ~ ind60 + dem60
y5 ~~ y1
y2 ~~ y4 + y6
y3 ~~ y7
y8 ~~ y4 + y6", data = "pd", meanstructure = TRUE)
add("growth", growth_text, "growth", "dg")
add("growth_covariates", paste(growth_text, "i + s ~ x1 + x2", "t1 ~ c1", "t2 ~ c2", "t3 ~ c3", "t4 ~ c4", sep = "\n"), "growth", "dg")
add("growth_equal_residuals", paste(growth_text, "t1 ~~ r*t1", "t2 ~~ r*t2", "t3 ~~ r*t3", "t4 ~~ r*t4", sep = "\n"), "growth", "dg")
add("growth_groups", growth_text, "growth", "dg", group = "half")

add("groups", three, "cfa", group = "school")
add("groups_no_means", three, "cfa", group = "school", meanstructure = FALSE)
add("groups_bare", three, "lavaan", group = "school")
for (equal in c("loadings", "intercepts", "means", "residuals", "residual.covariances", "lv.variances", "lv.covariances", "regressions"))
  add(paste0("groups_equal_", equal), paste(three, "speed ~ textual + sex", "x1 ~~ x2", sep = "\n"), "sem", group = "school", group.equal = equal)
strict <- c("loadings", "intercepts", "residuals")
add("groups_strict", three, "cfa", group = "school", group.equal = strict)
add("groups_strict_std_lv", three, "cfa", group = "school", group.equal = strict, std.lv = TRUE)
add("groups_all_equal", paste(three, "x3 ~~ x5", sep = "\n"), "cfa", group = "school",
    group.equal = c(strict, "means", "lv.variances", "lv.covariances", "residual.covariances"))
add("groups_partial", three, "cfa", group = "school", group.equal = c("loadings", "intercepts"),
    group.partial = c("visual=~x2", "x7~1", "speed =~ x9"))
add("groups_labels", "visual =~ x1 + c(a, b)*x2 + c(\"l\", NA)*x3
textual =~ x4 + c(0.5, NA)*x5 + start(c(0.4, 0.6))*x6
speed =~ x7 + c(1, 1)*x8 + c(v1, v2)*x9
speed ~ c(p, p)*visual + textual
x4 ~~ c(r, r)*x4
d := a - b", "sem", group = "school")
add("groups_one_label", "visual =~ x1 + a*x2 + x3
textual =~ x4 + x5 + x6
textual ~ b*visual", "sem", group = "school")
add("groups_label_and_equal", "visual =~ x1 + c(a1, a2)*x2 + x3 + x4", "cfa", group = "school", group.equal = "loadings")
add("groups_mimic_equal", paste(three, "visual ~ sex", sep = "\n"), "sem", group = "school",
    group.equal = c("loadings", "intercepts", "regressions"), meanstructure = TRUE)
add("groups_composite", "f <~ x1 + x2 + x3
speed =~ x7 + x8 + x9
speed ~ f", "sem", group = "school", group.equal = "composite.loadings")

dg <- Demo.growth
dg$half <- rep(c("a", "b"), length.out = nrow(dg))
frames <- list(hs = hs, pd = PoliticalDemocracy, dg = dg)
columns <- c("id", "lhs", "op", "rhs", "user", "block", "group", "free", "ustart", "exo", "label", "plabel", "est")

run <- function(case) {
  call <- c(list(model = case$text, data = frames[[case$data]], se = "none", baseline = FALSE, warn = FALSE), case$args)
  # a model with zero variances cannot be fitted; its table can still be made
  bare <- case$fun == "lavaan" && is.null(case$args$auto.var)
  fit <- suppressWarnings(do.call(case$fun, c(call, if (bare) list(do.fit = FALSE, test = "none", loglik = FALSE, h1 = FALSE))))
  table <- as.list(parTable(fit))[columns]
  implied <- lavInspect(fit, "implied", drop.list.single.group = FALSE)
  list(text = case$text, fun = case$fun, args = case$args, table = table,
       df = if (bare) lavaan:::lav_partable_df(parTable(fit)) else fit@test[[1]]$df, npar = lavInspect(fit, "npar"), coef = names(coef(fit)),
       group_labels = lavInspect(fit, "group.label"),
       cov = lapply(implied, function(g) unclass(g$cov)),
       mean = lapply(implied, function(g) as.numeric(g$mean)),
       observed = lavNames(fit, "ov"),
       sample_cov = lapply(lavInspect(fit, "sampstat", drop.list.single.group = FALSE), function(g) unclass(g$cov)),
       sample_mean = lapply(lavInspect(fit, "sampstat", drop.list.single.group = FALSE), function(g) as.numeric(g$mean)),
       names = sapply(c("ov", "ov.x", "ov.nox", "ov.ind", "ov.y", "lv", "lv.regular", "lv.formative", "lv.x",
                        "lv.nox", "lv.y", "lv.ind", "eqs.y", "eqs.x"),
                      function(type) as.list(lavNames(fit, type)), simplify = FALSE))
}
out <- lapply(cases, function(case) tryCatch(run(case), error = function(e) stop(case$name, ": ", conditionMessage(e))))

fit <- sem(cases$mediation$text, hs)
estimates <- parameterEstimates(fit)
defined <- estimates[estimates$op == ":=", ]
delta <- list(theta = as.numeric(coef(fit)), vcov = unclass(vcov(fit)), names = defined$lhs, est = defined$est, se = defined$se)

versions <- list(R = R.version.string, lavaan = as.character(packageVersion("lavaan")),
                 jsonlite = as.character(packageVersion("jsonlite")))
write(toJSON(list(versions = versions, cases = out, delta = delta), auto_unbox = TRUE, digits = 12, na = "null", null = "null"),
      "tests/oracles/partable.json")
