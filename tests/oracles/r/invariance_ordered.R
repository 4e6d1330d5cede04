# Reference numbers for invariance of ordered answers, thresholds first: semTools' measEq.syntax (Wu & Estabrook), lavaan.
# The answers are simulated here and stored.
# Run from the repository: Rscript tests/oracles/r/invariance_ordered.R   (writes tests/oracles/invariance_ordered.json)
suppressPackageStartupMessages({library(lavaan); library(semTools); library(jsonlite)})
quiet <- function(expr) { capture.output(out <- suppressMessages(suppressWarnings(expr))); out }

set.seed(8)
simulated <- function(names, cuts) {
  n <- sum(names); g <- rep(names(names), names)
  latent <- MASS::mvrnorm(n, c(0, 0), matrix(c(1, .5, .5, 1), 2))
  other <- g != g[1]; latent[other, ] <- latent[other, ] * 1.15 + .3
  lambda <- c(.8, .7, .6, .75, .65, .7)
  y <- sapply(1:6, function(j) lambda[j] * latent[, (j - 1) %/% 3 + 1] + sqrt(1 - lambda[j]^2) * rnorm(n))
  y[other, 3] <- y[other, 3] + .35
  x <- as.data.frame(apply(y, 2, function(v) findInterval(v, cuts) + 1)); names(x) <- paste0("v", 1:6)
  x$g <- g; x
}
model <- "a =~ v1 + v2 + v3\nb =~ v4 + v5 + v6"
items <- paste0("v", 1:6)
steps <- list(configural = "", thresholds = "thresholds", metric = c("thresholds", "loadings"),
              scalar = c("thresholds", "loadings", "intercepts"), strict = c("thresholds", "loadings", "intercepts", "residuals"))
ladder <- function(x, partial = "") {
  before <- NULL
  lapply(setNames(names(steps), names(steps)), function(level) {
    first <- quiet(cfa(model, x, group = "g", ordered = items, parameterization = "theta", std.lv = TRUE))
    own <- if (level == "configural") "" else partial
    text <- quiet(measEq.syntax(configural.model = first, data = x, ordered = items, parameterization = "theta", ID.fac = "std.lv",
      ID.cat = "Wu.Estabrook.2016", group = "g", group.equal = steps[[level]], group.partial = own, long.equal = ""))
    fit <- quiet(cfa(as.character(text), x, group = "g", ordered = items, parameterization = "theta"))
    out <- as.list(fitMeasures(fit, c("npar", "chisq.scaled", "df", "cfi.scaled", "rmsea.scaled", "srmr")))
    if (!is.null(before) && fitMeasures(fit, "df") > fitMeasures(before, "df")) {
      test <- quiet(lavTestLRT(before, fit)); out$test <- as.numeric(unlist(test[2, c("Chisq diff", "Df diff", "Pr(>Chisq)")]))
    }
    p <- parameterEstimates(fit); p <- p[p$op == "~1" & p$lhs %in% c("a", "b") & p$group > 1, ]
    if (level == "scalar") out$means <- list(est = p$est, se = p$se)
    before <<- fit
    out
  })
}
five <- simulated(c(north = 380, south = 320), c(-1.3, -.5, .4, 1.2))
three <- simulated(c(old = 260, new = 240, other = 250), c(-.5, .8))
out <- list(provenance = list(R = R.version.string, lavaan = as.character(packageVersion("lavaan")), semTools = as.character(packageVersion("semTools"))),
            model = model, five = list(answers = five, ladder = ladder(five), partial = ladder(five, c("a =~ v3", "v3 | t2", "v3 ~ 1"))),
            three = list(answers = three, ladder = ladder(three)))
write_json(out, "tests/oracles/invariance_ordered.json", digits = 12, auto_unbox = TRUE, dataframe = "columns", na = "null")
