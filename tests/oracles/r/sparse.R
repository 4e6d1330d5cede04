# Polychoric correlations of sparse and binary tables; HTMT, hierarchical omega and WLSMV of a simulated survey.
suppressMessages({library(lavaan); library(semTools); library(psych); library(jsonlite)})
set.seed(77)
n <- 30
f <- rnorm(n)
x <- sapply(c(.8, .7, .6, .75, .9), function(l) l * f + rnorm(n, 0, sqrt(1 - l^2)))
cuts <- list(1.2, 0, c(-1, 0, 1), c(-1.5, 1.2), c(-.5, .5, 1.4))
o <- as.data.frame(sapply(1:5, function(j) as.integer(cut(x[, j], c(-Inf, cuts[[j]], Inf)))))
names(o) <- paste0("p", 1:5)

set.seed(2024)
n <- 250
g <- rnorm(n)
s <- sapply(1:3, function(k) .8 * g + .6 * rnorm(n))
y <- sapply(0:8, function(j) .75 * s[, j %/% 3 + 1] + sqrt(1 - .75^2) * rnorm(n))
items <- as.data.frame(apply(y, 2, function(v) as.integer(cut(v, c(-Inf, -1.3, -.4, .4, 1.2, Inf)))))
names(items) <- paste0(rep(c("a", "b", "c"), each = 3), 1:3)
blocks <- split(names(items), rep(c("A", "B", "C"), each = 3))
model <- paste(sapply(names(blocks), function(b) paste(b, "=~", paste(blocks[[b]], collapse = " + "))), collapse = "\n")
ratios <- htmt(model, data = items, htmt2 = FALSE)
om <- suppressMessages(suppressWarnings(omega(cor(items), 3, plot = FALSE)))
fit <- cfa(model, items, ordered = TRUE)
measures <- fitMeasures(fit, c("chisq.scaled", "cfi.scaled", "rmsea.scaled", "srmr"))
names(measures) <- gsub(".", "_", names(measures), fixed = TRUE)
free <- cfa(model, items, ordered = TRUE, std.lv = TRUE)
held <- cfa(paste(model, "A ~~ 1*C", sep = "\n"), items, ordered = TRUE, std.lv = TRUE)
merged <- sub("C =~", "A =~", model, fixed = TRUE)
test <- function(fit) as.list(setNames(as.data.frame(lavTestLRT(free, fit))[2, c(5, 6, 7)], c("chisq", "df", "p")))
orthogonal <- paste(c(paste("general =~", paste(names(items), collapse = " + ")), model), collapse = "\n")
bifactor <- cfa(orthogonal, items, ordered = TRUE, std.lv = TRUE, orthogonal = TRUE)
write_json(list(
  one = test(held), merged = test(cfa(merged, items, ordered = TRUE, std.lv = TRUE)),
  correlation = lavInspect(free, "cor.lv")["A", "C"], bifactor = as.list(fitMeasures(bifactor, c("chisq", "df"))),
  r = R.version.string,
  packages = lapply(c(lavaan = "lavaan", semTools = "semTools", psych = "psych"), function(p) as.character(packageVersion(p))),
  data = o, correlations = unclass(suppressWarnings(lavCor(o, ordered = names(o), output = "cor"))),
  items = items, blocks = blocks, model = model, htmt = ratios[lower.tri(ratios)],
  omega = c(om$omega_h, om$omega.tot, om$ECV), wlsmv = as.list(measures)
), "tests/oracles/sparse.json", digits = NA, auto_unbox = TRUE, matrix = "rowmajor")
