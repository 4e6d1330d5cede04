# Reference numbers for validity and the contest of structures: HTMT, AVE, composite reliability, structure coefficients,
# constrained correlations, one-factor to bifactor models with omegas, explained common variance, H and determinacy.
# Run from the repository's root: Rscript tests/oracles/r/validity.R   (writes tests/oracles/validity.json)
suppressMessages({library(lavaan); library(semTools); library(psych); library(jsonlite)})

reputation <- read.csv("data/corporate_reputation/corp_rep_data.csv", sep = ";")
if (ncol(reputation) < 10) reputation <- read.csv("data/corporate_reputation/corp_rep_data.csv")
names(reputation) <- sub("^X\\.U\\.FEFF\\.|^\ufeff", "", names(reputation))
reputation[reputation == -99] <- NA
business <- read.csv(gzfile("data/b2b_annual/ABC.csv.gz"))
mobile <- read.csv("data/ecsi_mobile/mobi.csv")
pages <- read.csv("data/yellow_pages/customerSat.csv")

cases <- list(
  schools = list(frame = HolzingerSwineford1939, blocks = list(visual = paste0("x", 1:3), textual = paste0("x", 4:6), speed = paste0("x", 7:9))),
  reputation = list(frame = reputation, blocks = list(competence = paste0("comp_", 1:3), likeability = paste0("like_", 1:3), loyalty = paste0("cusl_", 1:3))),
  switching = list(frame = reputation, blocks = list(likeability = paste0("like_", 1:3), loyalty = paste0("cusl_", 1:3), switching = paste0("switch_", 1:4))),
  business = list(frame = business, zero = TRUE, blocks = list(overall = c("q1", "q4", "q5"), sales_support = paste0("q", 12:16), technical_support = paste0("q", 18:24))),
  mobile = list(frame = mobile, blocks = list(image = paste0("IMAG", 1:5), expectations = paste0("CUEX", 1:3), quality = paste0("PERQ", 1:7), value = paste0("PERV", 1:2), satisfaction = paste0("CUSA", 1:3), loyalty = paste0("CUSL", 1:3))),
  pages = list(frame = pages, blocks = list(price = paste0("q", 2:4), effectiveness = paste0("q", 5:8), distribution = paste0("q", 9:10)))
)

measured <- function(blocks) paste(sprintf("%s =~ %s", names(blocks), sapply(blocks, paste, collapse = " + ")), collapse = "\n")
plain <- function(m) { m <- unclass(m); attributes(m) <- list(dim = dim(m), dimnames = dimnames(m)); m }
cells <- function(m) list(rows = I(rownames(m)), columns = I(colnames(m)), values = plain(unname(m)))
chosen <- c("chisq", "df", "pvalue", "chisq.scaled", "pvalue.scaled", "cfi.robust", "tli.robust", "rmsea.robust", "rmsea.ci.lower.robust", "rmsea.ci.upper.robust", "srmr", "aic", "bic", "npar")
measures <- function(fit) { f <- as.list(fitMeasures(fit)); f <- f[intersect(chosen, names(f))]; names(f) <- gsub(".", "_", names(f), fixed = TRUE); lapply(f, as.numeric) }

structures <- function(blocks) {
  items <- unlist(blocks, use.names = FALSE)
  bifactor <- c(paste("general =~", paste(items, collapse = " + ")),
    sapply(names(blocks), function(f) if (length(blocks[[f]]) == 2) sprintf("%s =~ a_%s*%s + a_%s*%s", f, f, blocks[[f]][1], f, blocks[[f]][2]) else sprintf("%s =~ %s", f, paste(blocks[[f]], collapse = " + "))))
  list(one_factor = paste("general =~", paste(items, collapse = " + ")),
    correlated = measured(blocks),
    second_order = paste0(measured(blocks), "\ngeneral =~ ", paste(names(blocks), collapse = " + ")),
    bifactor = paste(bifactor, collapse = "\n"))
}

# Indices by the definitions of Rodriguez, Reise & Haviland (2016), from standardised loadings: first column general.
indices <- function(L) {
  g <- L[, 1]; S <- L[, -1, drop = FALSE]
  R <- tcrossprod(L); diag(R) <- 1
  member <- S != 0
  H <- function(l) 1 / (1 + 1 / sum(l^2 / (1 - l^2)))
  inside <- apply(member, 2, function(m) sum(R[m, m]))
  p <- nrow(L); n <- colSums(member)
  list(omega_total = (sum(g)^2 + sum(colSums(S)^2)) / sum(R), omega_h = sum(g)^2 / sum(R),
    ecv = sum(g^2) / sum(L^2), puc = 1 - sum(choose(n, 2)) / choose(p, 2), h = H(g),
    determinacy = unname(sqrt(diag(t(L) %*% solve(R, L)))[1]),
    omega_s = unname(sapply(seq_along(n), function(k) (sum(g[member[, k]])^2 + sum(S[, k])^2) / inside[k])),
    omega_hs = unname(sapply(seq_along(n), function(k) sum(S[, k])^2 / inside[k])),
    group_ecv = unname(sapply(seq_along(n), function(k) sum(S[, k]^2) / (sum(S[, k]^2) + sum(g[member[, k]]^2)))),
    group_h = unname(apply(S, 2, H)), group_determinacy = unname(sqrt(diag(t(L) %*% solve(R, L)))[-1]),
    item_ecv = unname(g^2 / rowSums(L^2)))
}
standardised <- function(fit) lavInspect(fit, "std")

one <- function(case) {
  blocks <- case$blocks; items <- unlist(blocks, use.names = FALSE)
  answers <- case$frame[, items]
  if (isTRUE(case$zero)) answers[answers == 0] <- NA
  rows <<- na.omit(answers)  # discriminantValidity looks it up where everything sees it
  text <- measured(blocks)
  out <- list(n = nrow(rows), blocks = lapply(blocks, I),
    htmt = cells(htmt(text, rows, htmt2 = FALSE)), htmt2 = cells(htmt(text, rows)),
    htmt_signed = cells(htmt(text, rows, htmt2 = FALSE, absolute = FALSE)))
  # correlations with mean scores, an item left out of its own construct's score
  out$composite <- sapply(names(blocks), function(f) sapply(items, function(i) cor(rows[[i]], rowMeans(rows[, setdiff(blocks[[f]], i), drop = FALSE]))))
  out$composite <- cells(out$composite)
  fit <- suppressWarnings(cfa(text, rows, estimator = "MLR"))
  zed <- as.data.frame(scale(rows))
  std <- suppressWarnings(cfa(text, zed))
  out$convergent <- list(ave_raw = as.list(unclass(AVE(fit))), omega = as.list(unclass(compRelSEM(fit))),
    ave = as.list(unclass(AVE(std, obs.var = FALSE))), cr = as.list(unclass(compRelSEM(std, obs.var = FALSE))))
  s <- standardised(fit)
  out$structure <- cells(s$lambda %*% s$psi)
  out$latent <- cells(plain(s$psi))
  for (estimator in c("ML", "MLR")) {
    unit <- suppressWarnings(eval(bquote(cfa(.(text), rows, estimator = .(estimator), std.lv = TRUE))))
    found <- list()
    for (kind in c("0.9", "1", "merge")) {
      d <- suppressMessages(suppressWarnings(tryCatch(
        if (kind == "merge") discriminantValidity(unit, merge = TRUE) else discriminantValidity(unit, cutoff = as.numeric(kind)), error = function(e) NULL)))
      if (!is.null(d)) found[[kind]] <- data.frame(first = d$lhs, second = d$rhs, est = d$est, lower = d$ci.lower, upper = d$ci.upper, chisq_diff = d[["Chisq diff"]], df_diff = d[["Df diff"]], pvalue = d[["Pr(>Chisq)"]])
    }
    out[[paste0("discriminant_", estimator)]] <- found
  }
  texts <- structures(blocks)
  fits <- lapply(names(texts), function(name) suppressWarnings(tryCatch(
    cfa(texts[[name]], rows, estimator = "MLR", std.lv = TRUE, orthogonal = name == "bifactor"), error = function(e) NULL)))
  names(fits) <- names(texts)
  out$structures <- lapply(Filter(function(f) !is.null(f) && lavInspect(f, "converged"), fits), function(f) c(measures(f), list(proper = suppressWarnings(lavInspect(f, "post.check")))))
  difference <- function(a, b) { if (is.null(fits[[a]]) || is.null(fits[[b]])) return(NULL); t <- suppressWarnings(tryCatch(lavTestLRT(fits[[a]], fits[[b]]), error = function(e) NULL)); if (is.null(t)) NULL else list(chisq_diff = t[["Chisq diff"]][2], df_diff = t[["Df diff"]][2], pvalue = t[["Pr(>Chisq)"]][2]) }
  out$tests <- list(one_correlated = difference("correlated", "one_factor"), second_bifactor = difference("bifactor", "second_order"))
  if (length(blocks) > 3) out$tests$second_correlated <- difference("correlated", "second_order")
  b <- fits$bifactor
  if (!is.null(b) && lavInspect(b, "converged")) {
    L <- plain(standardised(b)$lambda); out$bifactor <- indices(L); out$bifactor$general <- unname(L[, 1])
    # psych divides by the sample's correlations, and wants loadings of standardised answers
    bz <- suppressWarnings(cfa(texts$bifactor, zed, std.lv = TRUE, orthogonal = TRUE))
    if (lavInspect(bz, "converged")) {
      # psych gives an item to its largest group loading, so it is comparable only where that is its own group
      o <- tryCatch(omegaFromSem(bz, plot = FALSE, flip = FALSE), error = function(e) NULL)
      if (!is.null(o)) out$psych <- list(omega_h = as.numeric(o$omega), omega_total = as.numeric(o$omega.tot))
    }
  }
  s2 <- fits$second_order
  if (!is.null(s2) && lavInspect(s2, "converged")) {
    st <- standardised(s2); k <- names(blocks); gamma <- st$beta[k, "general"]; L1 <- plain(st$lambda[, k])
    if (all(abs(gamma) < 1)) {
      out$second <- indices(cbind(L1 %*% gamma, L1 %*% diag(sqrt(1 - gamma^2))))
      z2 <- suppressWarnings(cfa(texts$second_order, zed, std.lv = TRUE))
      out$second_l2 <- as.list(reliabilityL2(z2, "general"))
    }
  }
  st <- standardised(fits$correlated)
  common <- plain(st$lambda) %*% plain(st$psi) %*% t(plain(st$lambda)); total <- common; diag(total) <- 1
  out$correlated_omega_total <- sum(common) / sum(total)
  out
}

result <- list(made_with = list(R = R.version.string, lavaan = as.character(packageVersion("lavaan")), semTools = as.character(packageVersion("semTools")), psych = as.character(packageVersion("psych"))))
for (name in names(cases)) result[[name]] <- one(cases[[name]])

# errors that covary: what semTools does with them
errors <- paste0(measured(cases$schools$blocks), "\nx7 ~~ x8")
fit <- cfa(errors, HolzingerSwineford1939)
zed <- as.data.frame(scale(HolzingerSwineford1939[, unlist(cases$schools$blocks)]))
std <- cfa(errors, zed)
result$errors <- list(model = errors, ave_raw = as.list(unclass(AVE(fit))), omega = as.list(unclass(compRelSEM(fit))),
  ave = as.list(unclass(AVE(std, obs.var = FALSE))), cr = as.list(unclass(compRelSEM(std, obs.var = FALSE))))
# where the scaled difference of 2001 has no value
text <- measured(cases$schools$blocks)
free <- cfa(text, HolzingerSwineford1939, estimator = "MLR", std.lv = TRUE)
held <- suppressWarnings(cfa(paste0(text, "\ntextual ~~ 1*speed"), HolzingerSwineford1939, estimator = "MLR", std.lv = TRUE))
other <- lavTestLRT(free, held, method = "satorra.2000")
result$satorra_2000 <- list(chisq_diff = other[["Chisq diff"]][2], df_diff = other[["Df diff"]][2])
# the same resamples of rows, given as row numbers from 0
set.seed(20240)
few <- zed[1:100, ]
draws <- t(replicate(40, sample.int(100, replace = TRUE)))
tests <- measured(cases$schools$blocks)
ratios <- function(second) t(apply(draws, 1, function(i) { m <- htmt(tests, few[i, ], htmt2 = second); m[lower.tri(m)] }))
result$bootstrap <- list(rows = 100, indices = draws - 1, htmt = ratios(FALSE), htmt2 = ratios(TRUE))
write_json(result, "tests/oracles/validity.json", digits = 12, auto_unbox = TRUE, na = "null", pretty = FALSE)
