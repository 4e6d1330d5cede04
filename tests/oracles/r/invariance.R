# Reference numbers for cx.invariance and cx.alignment. Run from the repository root: Rscript tests/oracles/r/invariance.R
# Writes tests/oracles/invariance.json. Data: lavaan's HolzingerSwineford1939 by school (2 groups) and data/corporate_reputation
# by provider (4 groups). lavaan: four levels with ML and MLR (all latent variances 1 in the first group), lavTestLRT,
# lavTestScore of each parameter released in all groups, latent means. No R package for alignment is at hand: the simplicity
# function is written out here with plain loops and minimised by optim, so that two programs meet in the same minimum.
suppressMessages({library(lavaan); library(jsonlite)})
hs <- HolzingerSwineford1939
rep <- read.csv("data/corporate_reputation/corp_rep_data.csv")
rep[rep == -99] <- NA
models <- list(
  schools = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9",
  providers = "competence =~ comp_1 + comp_2 + comp_3\nlikeability =~ like_1 + like_2 + like_3\nloyalty =~ cusl_1 + cusl_2 + cusl_3")
sets <- list(schools = list(data = hs, group = "school"), providers = list(data = rep, group = "serviceprovider"))
levels <- list(configural = "", metric = "loadings", scalar = c("loadings", "intercepts"),
               strict = c("loadings", "intercepts", "residuals"))
# nlminb stops short of the optimum, so lavaan's own gradient and expected information carry each fit on
step_of <- function(fit) {
  g <- lavTech(fit, "gradient"); E <- lavInspect(fit, "information.expected")
  K <- if (fit@Model@eq.constraints) fit@Model@eq.constraints.K else diag(length(g))
  p <- as.numeric(crossprod(K, g)); d <- sqrt(diag(crossprod(K, E %*% K)))
  s <- solve(crossprod(K, E %*% K) / outer(d, d), p / d, tol = 1e-25) / d
  list(step = as.numeric(K %*% s), distance = sqrt(lavInspect(fit, "ntotal") * abs(sum(p * s))))
}
fitted <- function(case, estimator, equal, partial = "", std.lv = TRUE) {
  how <- list(models[[case]], sets[[case]]$data, group = sets[[case]]$group, group.equal = equal, group.partial = partial,
              std.lv = std.lv, estimator = estimator, meanstructure = TRUE)
  first <- fit <- do.call("cfa", how); now <- step_of(fit)
  for (i in 1:30) {
    if (now$distance < 1e-9) break
    table <- parTable(fit); table$est[table$free > 0] <- table$est[table$free > 0] - now$step
    new <- suppressWarnings(do.call("cfa", c(how, list(start = table, optim.method = "none", baseline = FALSE))))
    after <- step_of(new)
    if (after$distance > 0.9 * now$distance) break
    fit <- new; now <- after
  }
  stopifnot(now$distance < 1e-6)
  fit@baseline <- first@baseline; fit@optim$converged <- TRUE
  fit
}

measures <- function(fit) as.list(fitMeasures(fit)[intersect(names(fitMeasures(fit)),
  c("chisq", "df", "pvalue", "cfi", "rmsea", "srmr", "chisq.scaled", "df.scaled", "pvalue.scaled", "cfi.robust", "rmsea.robust"))])
rows <- function(fit) {
  pe <- parameterEstimates(fit)
  as.list(as.data.frame(pe)[c("lhs", "op", "rhs", "group", "est", "se")])
}
tests <- function(fits) {
  found <- as.data.frame(do.call("lavTestLRT", unname(fits)))
  list(chisq_diff = found[["Chisq diff"]], df_diff = found[["Df diff"]], pvalue = found[["Pr(>Chisq)"]])
}

# every parameter held equal, released in all groups together: joint score test and expected values
released <- function(fit, op) {
  pt <- parTable(fit)
  ties <- pt[pt$op == "==", ]
  label <- function(p) pt[match(p, pt$plabel), c("lhs", "op", "rhs", "group")]
  key <- sapply(ties$lhs, function(p) with(label(p), paste0(lhs, op, rhs)))
  wanted <- if (op == "~~") sapply(ties$lhs, function(p) with(label(p), op == "~~" && lhs == rhs)) else
    sapply(ties$lhs, function(p) label(p)$op == op)
  out <- lapply(unique(key[wanted]), function(one) {
    which_ties <- which(key == one)
    found <- suppressWarnings(lavTestScore(fit, release = which_ties, epc = TRUE))
    epc <- as.data.frame(found$epc)
    own <- epc[paste0(epc$lhs, epc$op, epc$rhs) == one, ]
    list(parameter = one, chisq = found$test$X2, df = found$test$df, p = found$test$p.value, epv = I(own$epv), group = I(own$group))
  })
  out
}

# differences of latent means to the first group; d with the two groups' pooled latent variance, se by the delta method
means <- function(fit) {
  pe <- as.data.frame(parameterEstimates(fit)); vc <- lavInspect(fit, "vcov"); n <- lavInspect(fit, "nobs"); pt <- parTable(fit)
  latent <- lavNames(fit, "lv"); out <- list()
  value <- function(lhs, op, rhs, g) pe$est[pe$lhs == lhs & pe$op == op & pe$rhs == rhs & pe$group == g]
  place <- function(lhs, op, rhs, g) pt$free[pt$lhs == lhs & pt$op == op & pt$rhs == rhs & pt$group == g]
  for (g in 2:length(n)) for (f in latent) {
    a <- value(f, "~1", "", g); phi <- value(f, "~~", f, g); one <- value(f, "~~", f, 1)
    s2 <- (n[1] * one + n[g] * phi) / (n[1] + n[g]); d <- a / sqrt(s2)
    at <- c(place(f, "~1", "", g), place(f, "~~", f, g), place(f, "~~", f, 1))
    slope <- c(1 / sqrt(s2), -a / (2 * s2^1.5) * n[c(g, 1)] / (n[1] + n[g]))[at > 0]; at <- at[at > 0]
    V <- vc[at, at]
    out[[length(out) + 1]] <- list(construct = f, group = lavInspect(fit, "group.label")[g], est = a, se = sqrt(V[1, 1]),
                                   d = d, d_se = sqrt(drop(t(slope) %*% V %*% slope)))
  }
  out
}

# Asparouhov & Muthen's total loss by plain loops; constraint: product of the standard deviations 1, first mean 0 (FIXED)
simplicity <- function(alpha, psi, lambda, nu, n, eps = 0.01) {
  total <- 0
  for (p in seq_len(ncol(lambda))) for (g in 1:(nrow(lambda) - 1)) for (h in (g + 1):nrow(lambda)) {
    w <- sqrt(n[g] * n[h])
    lg <- lambda[g, p] / psi[g]; lh <- lambda[h, p] / psi[h]
    ng <- nu[g, p] - alpha[g] * lg; nh <- nu[h, p] - alpha[h] * lh
    total <- total + w * (sqrt(sqrt((lg - lh)^2 + eps)) + sqrt(sqrt((ng - nh)^2 + eps)))
  }
  total
}
aligned <- function(lambda, nu, n, free) {
  G <- nrow(lambda)
  unpack <- function(x) {
    logs <- x[1:(G - 1)]; psi <- exp(c(-sum(logs), logs))
    list(alpha = if (free) x[G:(2 * G - 1)] else c(0, x[G:(2 * G - 2)]), psi = psi)
  }
  loss <- function(x) with(unpack(x), simplicity(alpha, psi, lambda, nu, n)) / sum(n)
  best <- NULL
  set.seed(3)
  for (try in 1:25) {
    start <- rnorm(if (free) 2 * G - 1 else 2 * G - 2, 0, if (try == 1) 0 else if (free) 1.5 else 0.3)
    found <- optim(start, loss, method = "BFGS", control = list(maxit = 5000, reltol = 1e-15))
    found <- optim(found$par, loss, method = "BFGS", control = list(maxit = 5000, reltol = 1e-16, ndeps = rep(1e-5, length(start))))
    if (is.null(best) || found$value < best$value) best <- found
  }
  c(unpack(best$par), list(value = best$value * sum(n)))
}
alignment <- function(case) {
  fit <- fitted(case, "ML", ""); est <- lavInspect(fit, "est"); n <- lavInspect(fit, "nobs")
  lapply(setNames(nm = lavNames(fit, "lv")), function(f) {
    items <- with(parTable(fit), unique(rhs[op == "=~" & lhs == f]))
    lambda <- t(sapply(est, function(one) one$lambda[items, f])); nu <- t(sapply(est, function(one) one$nu[items, 1]))
    start <- simplicity(rep(0, length(n)), rep(1, length(n)), lambda, nu, n)
    list(lambda = unname(lambda), nu = unname(nu), n = n, configural = start, fixed = aligned(lambda, nu, n, FALSE),
         free = aligned(lambda, nu, n, TRUE))
  })
}

one <- function(case, estimator) {
  fits <- lapply(levels, function(equal) fitted(case, estimator, equal))
  list(groups = I(lavInspect(fits[[1]], "group.label")), n = I(lavInspect(fits[[1]], "nobs")), fit = lapply(fits, measures),
       tests = tests(fits), estimates = lapply(fits, rows), means = means(fits$scalar),
       released = if (estimator == "ML") list(metric = released(fits$metric, "=~"), scalar = released(fits$scalar, "~1"),
                                             strict = released(fits$strict, "~~")))
}
out <- list()
for (case in names(models)) for (estimator in c("ML", "MLR")) out[[paste(case, estimator, sep = "_")]] <- one(case, estimator)

partial <- list(fitted("schools", "ML", levels$metric), fitted("schools", "ML", levels$scalar, c("x3~1", "x7~1")),
                fitted("schools", "ML", levels$strict, c("x3~1", "x7~1")))
out$partial <- list(fit = setNames(lapply(partial, measures), c("metric", "scalar", "strict")), tests = tests(partial), means = means(partial[[2]]))
marker <- fitted("schools", "ML", levels$scalar, std.lv = FALSE)
out$marker <- list(fit = measures(marker), means = means(marker))
out$alignment <- list(schools = alignment("schools"), providers = alignment("providers"))
made <- list(R = R.version.string, lavaan = as.character(packageVersion("lavaan")), jsonlite = as.character(packageVersion("jsonlite")))
write(toJSON(c(list(made_with = made), out), auto_unbox = TRUE, digits = 12, na = "null", null = "null"), "tests/oracles/invariance.json")
