# Reference numbers for the simulation of surveys: moments of population models, moments of answers cut from normal variables,
# power of the test of close fit, standard errors that a Monte-Carlo study must find.
# Run from the repository root: Rscript tests/oracles/r/simulation.R      Writes tests/oracles/simulation.json
suppressMessages({library(lavaan); library(semTools); library(pbivnorm); library(jsonlite)})

# Every value stated. lavaan's own implied moments, nothing estimated.
stated <- list(
  path = "SAT =~ 0.8*s1 + 0.7*s2 + 0.6*s3\nLOY =~ 1*l1 + 0.9*l2 + 1.1*l3\nLOY ~ 0.5*SAT\nSAT ~~ 1.2*SAT\nLOY ~~ 0.7*LOY
s1 ~~ 0.4*s1 + 0.1*s2\ns2 ~~ 0.5*s2\ns3 ~~ 0.6*s3\nl1 ~~ 0.3*l1\nl2 ~~ 0.5*l2\nl3 ~~ 0.6*l3
s1 ~ 3.5*1\ns2 ~ 4*1\ns3 ~ 0*1\nl1 ~ 2*1\nl2 ~ 0*1\nl3 ~ 0*1\nSAT ~ 0.5*1\nLOY ~ 0*1",
  second_order = "A =~ 0.8*a1 + 0.7*a2 + 0.6*a3\nB =~ 0.8*b1 + 0.7*b2 + 0.6*b3\nC =~ 0.7*c1 + 0.7*c2 + 0.7*c3
G =~ 0.9*A + 0.8*B + 0.7*C\nG ~~ 1*G\nA ~~ 0.19*A\nB ~~ 0.36*B\nC ~~ 0.51*C
a1 ~~ 0.36*a1\na2 ~~ 0.51*a2\na3 ~~ 0.64*a3\nb1 ~~ 0.36*b1\nb2 ~~ 0.51*b2\nb3 ~~ 0.64*b3
c1 ~~ 0.51*c1\nc2 ~~ 0.51*c2\nc3 ~~ 0.51*c3",
  bifactor = "G =~ 0.6*a1 + 0.6*a2 + 0.6*a3 + 0.5*b1 + 0.5*b2 + 0.5*b3\nA =~ 0.4*a1 + 0.5*a2 + 0.3*a3
B =~ 0.5*b1 + 0.4*b2 + 0.6*b3\nG ~~ 1*G + 0*A + 0*B\nA ~~ 1*A + 0*B\nB ~~ 1*B
a1 ~~ 0.5*a1\na2 ~~ 0.4*a2\na3 ~~ 0.5*a3\nb1 ~~ 0.5*b1\nb2 ~~ 0.6*b2\nb3 ~~ 0.4*b3",
  observed = "y ~ 0.4*x + 0.3*m\nm ~ 0.5*x\nx ~~ 2*x\nm ~~ 0.8*m\ny ~~ 1*y\nx ~ 3*1\nm ~ 1*1\ny ~ 0.5*1"
)
moments <- lapply(stated, function(text) {
  fit <- lavaan(text, auto.var = FALSE, auto.fix.first = FALSE, fixed.x = FALSE, meanstructure = TRUE, do.fit = FALSE)
  implied <- fitted(fit)
  list(text = text, names = rownames(implied$cov), cov = unclass(implied$cov), mean = as.numeric(implied$mean))
})

# Variances left to standardized = TRUE; empirical data of n rows have the implied covariance times n / (n - 1).
standardised <- list(
  factors = "A =~ 0.8*a1 + 0.7*a2 + 0.6*a3\nB =~ 0.9*b1 + 0.5*b2 + 0.6*b3\nA ~~ 0.4*B",
  path = "A =~ 0.8*a1 + 0.7*a2 + 0.6*a3\nB =~ 0.9*b1 + 0.5*b2 + 0.6*b3\nC =~ 0.7*c1 + 0.7*c2 + 0.8*c3\nA ~~ 0.4*B\nC ~ 0.3*A + 0.4*B",
  second_order = "A =~ 0.8*a1 + 0.7*a2 + 0.6*a3\nB =~ 0.9*b1 + 0.5*b2 + 0.6*b3\nC =~ 0.7*c1 + 0.7*c2 + 0.8*c3\nG =~ 0.9*A + 0.8*B + 0.7*C"
)
unit <- lapply(standardised, function(text) {
  set.seed(1)
  rows <- simulateData(text, standardized = TRUE, sample.nobs = 500L, empirical = TRUE)
  list(text = text, names = names(rows), cov = cov(rows) * 499 / 500)
})

# Answers cut at thresholds from two normal variables: covariance from P(both passed), by pbivnorm.
cut_pairs <- list(
  list(one = c(-1.5, -0.5, 0.5, 1.5), other = c(-1.5, -0.5, 0.5, 1.5), cor = 0.6),
  list(one = c(-2.2, -1.4, -0.6, 0.2), other = c(-0.3, 0.4), cor = -0.35),
  list(one = c(-2, -1, 0, 0.7, 1.1, 1.9), other = c(-1.2, 0, 2), cor = 0.95)
)
cuts <- lapply(cut_pairs, function(pair) {
  grid <- expand.grid(h = pair$one, k = pair$other)
  both <- pbivnorm(-grid$h, -grid$k, rho = pair$cor)
  own <- function(cut) sum(outer(cut, cut, function(a, b) pnorm(-pmax(a, b)) - pnorm(-a) * pnorm(-b)))
  c(pair, list(cov = sum(both - pnorm(-grid$h) * pnorm(-grid$k)), variances = c(own(pair$one), own(pair$other))))
})

grid <- expand.grid(df = c(5, 24, 100), n = c(100, 200, 400), rmsea1 = c(0.01, 0.08, 0.1), groups = c(1, 2))
grid$rmsea0 <- 0.05
grid$power <- mapply(function(df, n, r1, g) findRMSEApower(0.05, r1, df, n, group = g), grid$df, grid$n, grid$rmsea1, grid$groups)
sizes <- expand.grid(df = c(10, 50, 100), rmsea1 = c(0.01, 0.08))
sizes$n <- mapply(function(df, r1) findRMSEAsamplesize(0.05, r1, df, power = 0.8), sizes$df, sizes$rmsea1)

# What the standard errors of a study of n = 400 must be, from lavaan's fit to the population's moments.
model <- "SAT =~ NA*s1 + s2 + s3\nLOY =~ NA*l1 + l2 + l3\nLOY ~ SAT\nSAT ~~ 1*SAT\nLOY ~~ 0.84*LOY"
truth <- "SAT =~ 0.8*s1 + 0.7*s2 + 0.7*s3\nLOY =~ 0.8*l1 + 0.7*l2 + 0.6*l3\nLOY ~ 0.4*SAT"
set.seed(1)
rows <- simulateData(truth, standardized = TRUE, sample.nobs = 500L, empirical = TRUE)
fit <- sem(model, sample.cov = cov(rows) * 499 / 500, sample.nobs = 400L, sample.cov.rescale = FALSE)
errors <- subset(parameterEstimates(fit), se > 0, c("lhs", "op", "rhs", "est", "se"))

made_with <- list(R = R.version.string, lavaan = as.character(packageVersion("lavaan")),
                  semTools = as.character(packageVersion("semTools")), pbivnorm = as.character(packageVersion("pbivnorm")))
out <- list(made_with = made_with, moments = moments, unit = unit, cuts = cuts, rmsea_power = grid, rmsea_n = sizes,
            errors = list(truth = truth, estimates = errors))
write_json(out, "tests/oracles/simulation.json", digits = 12, auto_unbox = TRUE, matrix = "rowmajor")
