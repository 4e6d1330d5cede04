# Reference numbers on awkward answers: skewed, two and three categories, few rows, empty cells, items that run against
# their scale; ordered answers in groups. The answers themselves are stored, for they are simulated here.
# Run from the repository: Rscript tests/oracles/r/measurement_odd.R   (writes tests/oracles/measurement_odd.json)
suppressPackageStartupMessages({library(psych); library(lavaan); library(semTools); library(GPArotation); library(jsonlite)})
quiet <- function(expr) { capture.output(out <- suppressMessages(suppressWarnings(expr))); out }

set.seed(4711)
answers <- function(n, items, factors, cuts, load = .6, against = 0) {
  latent <- MASS::mvrnorm(n, rep(0, factors), matrix(.3, factors, factors) + diag(.7, factors))
  lambda <- runif(items, load - .15, load + .15)
  y <- sapply(seq_len(items), function(j) lambda[j] * latent[, (j - 1) %% factors + 1] + sqrt(1 - lambda[j]^2) * rnorm(n))
  if (against > 0) y[, seq_len(against)] <- -y[, seq_len(against)]
  y <- as.data.frame(apply(y, 2, function(v) findInterval(v, cuts) + 1)); names(y) <- paste0("v", seq_len(items)); y
}
sets <- list(
  skewed = answers(260, 9, 3, c(-2.1, -1.4, -.6, .2)), binary = answers(220, 7, 1, .4), three = answers(180, 6, 1, c(-.5, .9)),
  tiny = answers(14, 4, 1, c(-1, -.3, .3, 1), .75), against = answers(200, 6, 1, c(-1.2, -.4, .4, 1.2), against = 2),
  empty = answers(35, 5, 1, c(-1.6, -1, 1.1, 1.7), .7), weak = answers(100, 7, 1, c(-1, 0, 1), .2)
)

one <- function(x) {
  a <- quiet(alpha(x, check.keys = FALSE, warnings = FALSE))
  f <- quiet(cfa(paste("f =~", paste(names(x), collapse = "+")), x, ordered = names(x), std.lv = TRUE, estimator = "ULSMV"))
  saturated <- paste(apply(combn(names(x), 2), 2, paste, collapse = " ~~ "), collapse = "\n")
  p <- parameterEstimates(quiet(sem(saturated, x, ordered = names(x), test = "none")))
  p <- p[p$op == "~~" & p$lhs != p$rhs, ]
  list(
    answers = x, alpha = a$total$raw_alpha, se = a$total$ase, std = a$total$std.alpha,
    feldt = c(a$feldt$lower.ci[[1]], a$feldt$upper.ci[[1]]), r_drop = a$item.stats$r.drop, dropped = a$alpha.drop$raw_alpha,
    positive = all(lavInspect(f, "std")$lambda > 0), categorical = as.numeric(quiet(compRelSEM(f))),
    responses = as.numeric(quiet(compRelSEM(f, ord.scale = FALSE))), polychoric = unname(unclass(quiet(lavCor(x, ordered = names(x))))),
    pairs = p[, c("lhs", "rhs", "est", "se")], kmo = KMO(cor(x))$MSA)
}

blocks <- "a =~ v1 + v4 + v7\nb =~ v2 + v5 + v8\nc =~ v3 + v6 + v9"
x <- sets$skewed; x[] <- lapply(x, function(v) pmin(pmax(v, 3), 5)); x$g <- rep(c("p", "q"), length.out = nrow(x))
items <- paste0("v", 1:9)
groups <- as.data.frame(quiet(compRelSEM(quiet(cfa(blocks, x, ordered = items, group = "g")))))
ordered <- list(
  answers = x, model = blocks, omega = as.list(quiet(compRelSEM(quiet(cfa(blocks, x, ordered = items))))),
  mixed = as.list(quiet(compRelSEM(quiet(cfa(blocks, x, ordered = items[1:8]))))[c("a", "b")]),
  groups = groups[, c("a", "b", "c")])

# two factors where there is one: from the usual start a search passes a saddle and may end at a local minimum
r <- cor(sets$three)
f <- factanal(covmat = r, factors = 2, n.obs = nrow(sets$three), rotation = "none", control = list(nstart = 30))
several <- list(objective = f$criteria[["objective"]], uniquenesses = as.numeric(f$uniquenesses))

path <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\ntextual ~ visual"
s <- standardizedSolution(sem(path, HolzingerSwineford1939, control = list(rel.tol = 1e-10)))
s <- s[s$op == "~", ]
null <- list(model = path, null = .35, estimate = s$est.std, se = s$se, pvalue = 2 * pnorm(-abs(s$est.std - .35) / s$se))

out <- list(
  provenance = list(R = R.version.string, psych = as.character(packageVersion("psych")), lavaan = as.character(packageVersion("lavaan")),
                    semTools = as.character(packageVersion("semTools"))),
  sets = lapply(sets, one), ordered = ordered, several = several, null = null)
write_json(out, "tests/oracles/measurement_odd.json", digits = 12, auto_unbox = TRUE, dataframe = "columns", na = "null")
