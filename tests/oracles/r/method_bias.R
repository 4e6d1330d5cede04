# Reference numbers for cx.method_bias. Run from the repository root: Rscript tests/oracles/r/method_bias.R
# Writes tests/oracles/method_bias.json. Data: data/corporate_reputation (competence, likeability, loyalty; three switching items
# stand in for a marker, to have numbers) and lavaan's HolzingerSwineford1939 (visual, textual; speed as marker). Models by lavaan
# (ML), principal component and principal axis by psych; Lindell and Whitney's, Kock's and the decomposition's formulas written out.
suppressMessages({library(lavaan); library(psych); library(jsonlite)})
rep <- read.csv("data/corporate_reputation/corp_rep_data.csv"); rep[rep == -99] <- NA
cases <- list(
  reputation = list(data = rep, marker = c("switch_1", "switch_2", "switch_3"),
    blocks = list(competence = paste0("comp_", 1:3), likeability = paste0("like_", 1:3), loyalty = paste0("cusl_", 1:3))),
  schools = list(data = HolzingerSwineford1939, marker = c("x7", "x8", "x9"),
    blocks = list(visual = c("x1", "x2", "x3"), textual = c("x4", "x5", "x6"))))

one <- function(case) {
  blocks <- case$blocks; items <- unlist(blocks, use.names = FALSE); marker <- case$marker
  data <- case$data[complete.cases(case$data[c(items, marker)]), ]; n <- nrow(data)
  R <- cor(data[items])
  pc <- principal(R, nfactors = 1, rotate = "none"); pa <- fa(R, nfactors = 1, rotate = "none", fm = "pa", min.err = 1e-12, max.iter = 20000)
  base <- paste(sapply(names(blocks), function(b) paste(b, "=~", paste(blocks[[b]], collapse = " + "))), collapse = "\n")
  apart <- function(m) paste(paste0(m, " ~~ 0*", names(blocks)), collapse = "\n")
  run <- function(text) suppressWarnings(cfa(text, data, std.lv = TRUE))
  measures <- function(fit) as.list(fitMeasures(fit, c("chisq", "df", "npar", "cfi", "rmsea", "srmr")))
  num <- function(x) format(x, digits = 17)
  plain <- list(
    one_factor = run(paste("g =~", paste(items, collapse = " + "))),
    constructs = run(base),
    method_equal = run(paste0(base, "\nm =~ ", paste0("s*", items, collapse = " + "), "\n", apart("m"))),
    method_free = run(paste0(base, "\nm =~ ", paste(items, collapse = " + "), "\n", apart("m"))))
  # a search that ran off to correlations beyond 1 is no solution, whatever it says of itself
  sound <- function(f) lavInspect(f, "converged") && max(abs(lavInspect(f, "cov.lv"))) <= 1 + 1e-6
  plain <- Filter(sound, plain)
  std <- function(fit, lhs, op, rhs) { s <- standardizedSolution(fit, se = FALSE); s$est.std[s$lhs == lhs & s$op == op & s$rhs == rhs] }
  share <- function(fit, m) mean(sapply(items, function(i) std(fit, m, "=~", i))^2)
  # marker technique
  first <- run(paste0(base, "\nmk =~ ", paste(marker, collapse = " + "))); pe <- parameterEstimates(first)
  get <- function(lhs, op, rhs, from = pe) from$est[from$lhs == lhs & from$op == op & from$rhs == rhs]
  held <- paste(sapply(marker, function(i) paste0("mk =~ ", num(get("mk", "=~", i)), "*", i, "\n", i, " ~~ ", num(get(i, "~~", i)), "*", i)), collapse = "\n")
  common <- paste(base, held, apart("mk"), sep = "\n")
  base_fit <- run(common); c_fit <- run(paste0(common, "\nmk =~ ", paste0("s*", items, collapse = " + ")))
  u_fit <- run(paste0(common, "\nmk =~ ", paste0("NA*", items, collapse = " + ")))
  pb <- parameterEstimates(base_fit); pairs <- combn(names(blocks), 2)
  fixed <- paste(apply(pairs, 2, function(p) paste0(p[1], " ~~ ", num(get(p[1], "~~", p[2], pb)), "*", p[2])), collapse = "\n")
  r_c <- run(paste0(common, "\nmk =~ ", paste0("s*", items, collapse = " + "), "\n", fixed))
  r_u <- run(paste0(common, "\nmk =~ ", paste0("NA*", items, collapse = " + "), "\n", fixed))
  p_cu <- pchisq(fitMeasures(c_fit, "chisq") - fitMeasures(u_fit, "chisq"), fitMeasures(c_fit, "df") - fitMeasures(u_fit, "df"), lower.tail = FALSE)
  best <- if (p_cu < .05) u_fit else c_fit; best_r <- if (p_cu < .05) r_u else r_c
  pu <- parameterEstimates(best)
  upper <- function(level) { z <- qnorm(.5 + level / 2)
    run(paste0(common, "\n", paste(sapply(items, function(i) { r <- pu[pu$lhs == "mk" & pu$op == "=~" & pu$rhs == i, ]
      paste0("mk =~ ", num(r$est + sign(r$est) * z * r$se), "*", i) }), collapse = "\n"))) }
  decomposition <- lapply(blocks, function(own) {
    b <- names(blocks)[sapply(blocks, identical, own)]
    s <- sum(sapply(own, function(i) std(best, b, "=~", i)))^2; m <- sum(sapply(own, function(i) std(best, "mk", "=~", i)))^2
    e <- sum(sapply(own, function(i) std(best, i, "~~", i))); list(total = (s + m) / (s + m + e), substantive = s / (s + m + e), method = m / (s + m + e)) })
  lrt <- function(free, less) { d <- fitMeasures(less, "chisq") - fitMeasures(free, "chisq"); k <- fitMeasures(less, "df") - fitMeasures(free, "df")
    list(chisq = unname(d), df = unname(k), p = unname(pchisq(d, k, lower.tail = FALSE))) }
  # scores
  scores <- sapply(blocks, function(own) rowMeans(data[own])); mark <- rowMeans(data[marker])
  rm <- cor(scores, mark)[, 1]; rates <- sort(rm[rm > 0]); rates <- c(rates, NA, NA)[1:2]
  adjust <- function(r, m) { a <- (r - m) / (1 - m); t <- a / sqrt((1 - a^2) / (n - 3)); list(r = a, p = 2 * pt(-abs(t), n - 3)) }
  cors <- apply(pairs, 2, function(p) { r <- cor.test(scores[, p[1]], scores[, p[2]])
    list(first = p[1], second = p[2], r = unname(r$estimate), p = r$p.value, adjusted = adjust(unname(r$estimate), rates[[1]]),
         conservative = adjust(unname(r$estimate), rates[[2]])) })
  vif <- sapply(colnames(scores), function(k) 1 / (1 - summary(lm(scores[, k] ~ scores[, colnames(scores) != k]))$r.squared))
  list(n = n, blocks = lapply(blocks, I), marker = I(marker),
       harman = list(component = pc$values[1] / length(items), factor = sum(pa$loadings^2) / length(items), above_one = sum(eigen(R)$values > 1)),
       models = lapply(plain, measures), share = list(method_equal = if (!is.null(plain$method_equal)) share(plain$method_equal, "m"),
         method_free = if (!is.null(plain$method_free)) share(plain$method_free, "m")),
       test_equal = if (!is.null(plain$method_equal)) lrt(plain$method_equal, plain$constructs),
       marker_models = lapply(list(cfa = first, baseline = base_fit, method_c = c_fit, method_u = u_fit, method_r = best_r, method_s95 = upper(.95), method_s99 = upper(.99)), measures),
       chosen = if (p_cu < .05) "method_u" else "method_c",
       tests = list(method_c = lrt(c_fit, base_fit), method_u = lrt(u_fit, c_fit), method_r = lrt(best, best_r)),
       decomposition = decomposition, rates = unname(rates), correlations = cors, vif = as.list(vif),
       vif_factors = as.list(diag(solve(lavInspect(plain$constructs, "cor.lv")))))
}
made <- list(R = R.version.string, lavaan = as.character(packageVersion("lavaan")), psych = as.character(packageVersion("psych")), jsonlite = as.character(packageVersion("jsonlite")))
out <- c(list(made_with = made), lapply(cases, one))
write(toJSON(out, auto_unbox = TRUE, digits = 12, na = "null", null = "null"), "tests/oracles/method_bias.json")
