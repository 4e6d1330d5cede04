# Degrees of freedom and chi-square of the rival structures, as lavaan fits them with its own options.
# From the repository root: Rscript tests/oracles/r/structures.R
suppressMessages({library(lavaan); library(jsonlite)})

population <- "
  g =~ 0.6*a1 + 0.6*a2 + 0.5*a3 + 0.5*a4 + 0.6*b1 + 0.5*b2 + 0.6*b3 + 0.5*b4 + 0.5*c1 + 0.6*c2 + 0.6*c3 + 0.5*c4
  a =~ 0.5*a1 + 0.4*a2 + 0.5*a3 + 0.4*a4
  b =~ 0.4*b1 + 0.5*b2 + 0.4*b3 + 0.5*b4
  c =~ 0.5*c1 + 0.4*c2 + 0.4*c3 + 0.5*c4
  s =~ 0.8*s1 + 0.7*s2 + 0.7*s3
  l =~ 0.7*l1 + 0.8*l2 + 0.7*l3
  s ~ 0.6*g
  l ~ 0.6*s
  g ~~ 0*a + 0*b + 0*c
  a ~~ 0*b + 0*c
  b ~~ 0*c
"
set.seed(20071231)
data <- simulateData(population, sample.nobs = 500)
n <- nrow(data)
cov <- cov(data) * (n - 1) / n

items <- paste(c(paste0("a", 1:4), paste0("b", 1:4), paste0("c", 1:4)), collapse = " + ")
blocks <- "a =~ a1 + a2 + a3 + a4\n b =~ b1 + b2 + b3 + b4\n c =~ c1 + c2 + c3 + c4\n"
outcomes <- "s =~ s1 + s2 + s3\n l =~ l1 + l2 + l3\n l ~ s\n"
pairs <- paste0("a =~ p*a1 + p*a2\n b =~ q*b1 + q*b2\n c =~ c1 + c2 + c3 + c4\n")

fit <- function(text, ..., f = cfa) {
  out <- f(text, sample.cov = cov, sample.nobs = n, sample.cov.rescale = FALSE, ...)
  stopifnot(lavInspect(out, "converged"))
  m <- fitMeasures(out, c("df", "chisq"))
  list(df = unname(m["df"]), chisq = unname(m["chisq"]))
}

out <- list(
  versions = list(R = R.version.string, lavaan = as.character(packageVersion("lavaan"))),
  n = n, names = colnames(cov), cov = unname(cov),
  one_factor = fit(paste("g =~", items)),
  correlated = fit(blocks),
  second_order = fit(paste(blocks, "g =~ a + b + c")),
  bifactor = fit(paste("g =~", items, "\n", blocks), std.lv = TRUE, orthogonal = TRUE),
  bifactor_pairs = fit(paste("g =~ a1 + a2 + b1 + b2 + c1 + c2 + c3 + c4\n", pairs), std.lv = TRUE, orthogonal = TRUE),
  correlated_paths = fit(paste(blocks, outcomes, "s ~ a + b + c"), f = sem),
  second_order_paths = fit(paste(blocks, "g =~ a + b + c\n", outcomes, "s ~ g"), f = sem),
  bifactor_paths = fit(paste("g =~", items, "\n", blocks, outcomes, "s ~ g"), f = sem, std.lv = TRUE, orthogonal = TRUE)
)
write_json(out, "tests/oracles/structures.json", auto_unbox = TRUE, digits = 12, pretty = TRUE)
