# Reference numbers for cx.fimix: flexmix with one regression for each explained construct, all sharing the segments.
# flexmix divides error variances by the residual degrees of freedom of the whole sample; its driver is given the
# maximum-likelihood step here, so that both maximise the same likelihood.
# Run from the repository: Rscript tests/oracles/r/segments.R   (writes tests/oracles/segments.json)
suppressPackageStartupMessages({library(flexmix); library(jsonlite)})

mobi <- read.csv(list.files("data/ecsi_mobile", "\\.csv$", full.names = TRUE)[1])
blocks <- list(image = paste0("IMAG", 1:5), expectations = paste0("CUEX", 1:3), quality = paste0("PERQ", 1:7),
               value = paste0("PERV", 1:2), satisfaction = paste0("CUSA", 1:3), loyalty = paste0("CUSL", 1:3))
scores <- as.data.frame(scale(sapply(blocks, function(items) rowSums(scale(mobi[, items])))))

regression <- function(formula) {
  driver <- FLXMRglm(formula, family = "gaussian")
  define <- driver@defineComponent
  driver@fit <- function(x, y, w, component) {
    found <- lm.wfit(x, y, w = w)
    define(para = list(coef = coef(found), df = ncol(x) + 1, sigma = sqrt(sum(w * found$residuals^2) / sum(w))))
  }
  driver
}
paths <- c(expectations = "image", quality = "expectations", value = "expectations + quality",
           satisfaction = "image + expectations + quality + value", loyalty = "image + satisfaction")
model <- function(intercept) lapply(names(paths), function(y)
  regression(as.formula(paste(y, "~", if (intercept) "1 +" else "0 +", paths[[y]]))))
control <- list(tolerance = 1e-13, iter.max = 20000, minprior = 0, classify = "weighted")

entropy <- function(p) -sum(p * log(pmax(p, 1e-300)))
solve_k <- function(k, intercept, tries) {
  fits <- list()
  for (seed in seq_len(tries)) {
    set.seed(seed)
    start <- sample(rep_len(seq_len(k), nrow(scores)))
    fit <- try(flexmix(~ 1, data = scores, cluster = start, model = model(intercept), control = control), silent = TRUE)
    if (!inherits(fit, "try-error")) fits <- c(fits, fit)
  }
  fit <- fits[[which.max(sapply(fits, function(f) f@logLik))]]
  order_by <- order(-prior(fit))
  p <- posterior(fit)[, order_by, drop = FALSE]
  segments <- lapply(order_by, function(segment) lapply(seq_along(paths), function(m) {
    para <- fit@components[[segment]][[m]]@parameters
    list(target = names(paths)[m], terms = I(names(para$coef)), coef = I(unname(para$coef)), sigma = para$sigma)
  }))
  n <- nrow(scores)
  list(k = k, intercept = intercept, loglik = fit@logLik, df = fit@df, prior = I(prior(fit)[order_by]), segments = segments,
       aic = AIC(fit), bic = BIC(fit), en = if (k > 1) 1 - entropy(p) / (n * log(k)) else NULL,
       posterior = p[1:12, , drop = FALSE], classes = I(as.integer(table(factor(max.col(p), levels = seq_len(k))))),
       logliks = I(sort(sapply(fits, function(f) f@logLik))))
}
found <- list(solve_k(1, FALSE, 1), solve_k(2, FALSE, 5), solve_k(3, FALSE, 40), solve_k(2, TRUE, 5))
write_json(list(r = R.version.string, packages = list(flexmix = as.character(packageVersion("flexmix")),
                jsonlite = as.character(packageVersion("jsonlite"))), solutions = found),
           "tests/oracles/segments.json", auto_unbox = TRUE, digits = NA, pretty = TRUE)
