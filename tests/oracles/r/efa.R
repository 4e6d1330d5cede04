# Reference numbers for cx.efa, cx.factorability and cx.parallel_analysis: psych, GPArotation, stats.
# Run from the repository: Rscript tests/oracles/r/efa.R   (writes tests/oracles/efa.json)
suppressPackageStartupMessages({library(psych); library(GPArotation); library(lavaan); library(jsonlite)})

read_set <- function(name) read.csv(list.files(file.path("data", name), "\\.csv(\\.gz)?$", full.names = TRUE)[1])
columns <- function(data, pattern) data[, grep(pattern, names(data)), drop = FALSE]
quiet <- function(expr) { capture.output(out <- suppressMessages(suppressWarnings(expr))); out }

reputation <- read_set("corporate_reputation")
reputation[reputation == -99] <- NA
b2b <- read_set("b2b_annual")
b2b[b2b == 0] <- NA
sets <- list(
  holzinger = list(data = HolzingerSwineford1939[, paste0("x", 1:9)], m = 3),
  ecsi_mobile = list(data = columns(read_set("ecsi_mobile"), "^(IMAG|CUEX|PERQ|PERV|CUSA|CUSL)"), m = 3),
  corporate_reputation = list(data = na.omit(columns(reputation, "^(comp|like|cusl|switch|attr)_[0-9]")), m = 4),
  b2b_annual = list(data = na.omit(b2b[, paste0("q", c(4:9, 12:16))]), m = 2)
)
rotations <- c("none", "oblimin", "quartimin", "geominQ", "promax", "varimax", "quartimax")

plain <- function(x) { x <- unclass(x); dimnames(x) <- NULL; x }

# psych's own search, at its own tolerances
psych_numbers <- function(R, n, m) {
  one <- function(fm, rotate) {
    f <- quiet(psych::fa(R, m, n.obs = n, rotate = rotate, fm = fm))
    phi <- if (is.null(f$Phi)) diag(m) else f$Phi
    list(loadings = plain(f$loadings), phi = plain(phi), structure = plain(f$Structure), communality = unname(f$communality),
         variance = plain(f$Vaccounted), r2 = unname(f$R2), complexity = unname(f$complexity))
  }
  fit <- function(fm) {
    f <- quiet(psych::fa(R, m, n.obs = n, rotate = "none", fm = fm))
    list(objective = f$objective, chisq = f$STATISTIC, df = f$dof, pvalue = f$PVAL, rmsea = unname(f$RMSEA[1:3]), tli = f$TLI,
         rms = f$rms, crms = f$crms, bic = f$BIC, sabic = f$SABIC, chi = f$chi, epval = f$EPVAL, ebic = f$EBIC,
         null_chisq = f$null.chisq, null_df = f$null.dof, fit = f$fit, fit_off = f$fit.off)
  }
  methods <- c("minres", "ml", "pa")
  list(solutions = sapply(methods, function(fm) sapply(rotations, function(r) one(fm, r), simplify = FALSE), simplify = FALSE),
       fit = sapply(methods, fit, simplify = FALSE))
}

# the same problems carried further than psych carries them
tight_numbers <- function(R, n, m) {
  ml <- factanal(covmat = R, factors = m, n.obs = n, rotation = "none", control = list(opt = list(factr = 10, maxit = 5000)))
  converged_pa <- quiet(psych::fa(R, m, n.obs = n, rotate = "none", fm = "pa", min.err = 1e-11, max.iter = 20000))
  L <- plain(quiet(psych::fa(R, m, n.obs = n, rotate = "none", fm = "minres"))$loadings)
  gp <- function(f, ...) { r <- f(L, eps = 1e-7, maxit = 5000, ...); list(loadings = plain(r$loadings), phi = plain(if (is.null(r$Phi)) diag(m) else r$Phi)) }
  orthogonal <- function(x) list(loadings = plain(x), phi = diag(m))
  kaiser_varimax <- stats::varimax(L, eps = 1e-15)$loadings
  pro <- quiet(psych::kaiser(plain(kaiser_varimax), rotate = "Promax"))
  list(ml_uniquenesses = unname(ml$uniquenesses), ml_objective = unname(ml$criteria["objective"]), ml_chisq = unname(ml$STATISTIC),
       minres_loadings = plain(converged_pa$loadings), unrotated = L,
       oblimin = gp(GPArotation::oblimin), oblimin_kaiser = gp(GPArotation::oblimin, normalize = TRUE),
       oblimin_minus = gp(GPArotation::oblimin, gam = -0.5), quartimin = gp(GPArotation::quartimin),
       geomin = gp(GPArotation::geominQ), quartimax = gp(GPArotation::quartimax), varimax = orthogonal(kaiser_varimax),
       varimax_raw = orthogonal(stats::varimax(L, normalize = FALSE, eps = 1e-15)$loadings),
       promax = list(loadings = plain(pro$loadings), phi = plain(pro$Phi)))
}

closed_numbers <- function(x) {
  R <- cor(x); p <- ncol(x); n <- nrow(x)
  k <- KMO(R); b <- cortest.bartlett(R, n)
  # MAP by its definition: partial correlations of the items given the first components' scores
  e <- eigen(R); z <- scale(x)
  fourth <- sapply(0:(p - 2), function(j) {
    res <- if (j == 0) z else residuals(lm(z ~ z %*% e$vectors[, 1:j, drop = FALSE]))
    r <- cor(res); mean(r[lower.tri(r)]^4)
  })
  list(n = n, items = names(x), kmo = k$MSA, kmo_items = unname(k$MSAi), image = plain(k$Image), bartlett_chisq = b$chisq,
       bartlett_df = b$df, bartlett_p = b$p.value, determinant = det(R),
       map = quiet(VSS(R, n = p - 2, n.obs = n, plot = FALSE))$map, map_zero = mean(R[lower.tri(R)]^2), map_fourth = fourth)
}

score_numbers <- function(x, m) {
  f <- quiet(psych::fa(x, m, rotate = "oblimin", fm = "minres"))
  one <- function(method) {
    s <- quiet(factor.scores(x, f, method = method))
    list(weights = plain(s$weights), scores = plain(s$scores)[1:8, ])
  }
  list(loadings = plain(f$loadings), phi = plain(f$Phi), regression = one("Thurstone"), tenBerge = one("tenBerge"), bartlett = one("Bartlett"))
}

parallel_numbers <- function(x) {
  set.seed(11)
  draws <- 400
  p <- quiet(fa.parallel(x, fa = "both", SMC = TRUE, n.iter = draws, plot = FALSE))
  q <- apply(p$values, 2, quantile, probs = 0.95)
  k <- ncol(x)
  part <- function(i) list(mean = unname(colMeans(p$values)[i]), quantile = unname(q[i]), sd = unname(apply(p$values, 2, sd)[i]))
  list(draws = draws, components = p$pc.values, factors = p$fa.values, n_components = p$ncomp, n_factors = p$nfact,
       resampled_components = part(1:k), resampled_factors = part(k + 1:k),
       simulated_components = part(2 * k + 1:k), simulated_factors = part(3 * k + 1:k))
}

numbers <- function(set) {
  x <- set$data; R <- cor(x)
  c(closed_numbers(x), list(m = set$m), psych_numbers(R, nrow(x), set$m), list(tight = tight_numbers(R, nrow(x), set$m)),
    list(scores = score_numbers(x, set$m), parallel = parallel_numbers(x)))
}

# answers with gaps: correlations pair by pair, and Spearman's
gaps <- columns(reputation, "^(comp|like|cusl|switch|attr)_[0-9]")
one_factor <- quiet(psych::fa(cor(sets$holzinger$data[, 1:3]), 1, n.obs = 301, fm = "minres"))
# a Heywood case: factanal's and psych's classic, with .005 as the smallest uniqueness
heywood <- quiet(psych::fa(cor(sets$ecsi_mobile$data), 8, n.obs = 250, rotate = "none", fm = "ml"))

out <- list(
  versions = list(R = R.version.string, psych = as.character(packageVersion("psych")), GPArotation = as.character(packageVersion("GPArotation")),
                  lavaan = as.character(packageVersion("lavaan"))),
  sets = lapply(sets, numbers),
  gaps = list(items = names(gaps), rows = nrow(gaps), pairwise = plain(cor(gaps, use = "pairwise")), listwise_n = nrow(na.omit(gaps)),
              spearman = plain(cor(na.omit(gaps), method = "spearman")), kmo_pairwise = KMO(cor(gaps, use = "pairwise"))$MSA),
  one_factor = list(loadings = as.vector(plain(one_factor$loadings)), df = one_factor$dof),
  heywood = list(communality = unname(heywood$communality))
)
write_json(out, "tests/oracles/efa.json", digits = 12, auto_unbox = TRUE, na = "null", matrix = "rowmajor")
