# PLS from other inputs than complete rows, embedded two-stage, and blindfolding. The PLS algorithm is written out here;
# correlations are R's (pairwise), lavaan's (EM, polychoric). Rscript tests/oracles/r/pls_inputs.R
suppressPackageStartupMessages({library(lavaan); library(jsonlite)})
data <- read.csv("data/ecsi_mobile/mobi.csv", check.names = FALSE)
blocks <- list(Image = paste0("IMAG", 1:5), Expectation = paste0("CUEX", 1:3), Quality = paste0("PERQ", 1:7),
  Value = paste0("PERV", 1:2), Satisfaction = paste0("CUSA", 1:3), Complaints = "CUSCO", Loyalty = paste0("CUSL", 1:3))
paths <- list(Expectation = "Image", Quality = "Expectation", Value = c("Expectation", "Quality"),
  Satisfaction = c("Image", "Expectation", "Quality", "Value"), Complaints = "Satisfaction",
  Loyalty = c("Image", "Satisfaction", "Complaints"))

# weights (items x constructs) by mode A and the scheme asked for, from the items' correlations
pls <- function(R, blocks, paths, scheme = "path", tolerance = 1e-13) {
  names_c <- names(blocks); items <- unlist(blocks, use.names = FALSE); R <- R[items, items]
  W <- sapply(blocks, function(b) as.numeric(items %in% b)); rownames(W) <- items
  unit <- function(W) sweep(W, 2, sqrt(diag(t(W) %*% R %*% W)), "/")
  W <- unit(W)
  for (i in 1:5000) {
    C <- t(W) %*% R %*% W
    E <- matrix(0, length(names_c), length(names_c), dimnames = list(names_c, names_c))
    for (j in names_c) {
      causes <- paths[[j]]; effects <- names_c[sapply(names_c, function(k) j %in% paths[[k]])]
      if (scheme == "path") {
        if (length(causes)) E[causes, j] <- solve(C[causes, causes, drop = FALSE], C[causes, j])
        E[effects, j] <- C[effects, j]
      } else E[c(causes, effects), j] <- if (scheme == "centroid") sign(C[c(causes, effects), j]) else C[c(causes, effects), j]
    }
    new <- unit((R %*% W %*% E) * (W != 0))
    if (sum(abs(new - W)) < tolerance) break
    W <- new
  }
  C <- t(new) %*% R %*% new
  B <- lapply(names(paths), function(j) setNames(as.numeric(solve(C[paths[[j]], paths[[j]], drop = FALSE], C[paths[[j]], j])), paths[[j]]))
  list(W = new, C = C, B = setNames(B, names(paths)), L = (R %*% new)[cbind(items, rep(names_c, lengths(blocks)))])
}
flat <- function(B) as.list(unlist(lapply(names(B), function(j) setNames(as.list(B[[j]]), paste(names(B[[j]]), j, sep = ">")))))
items <- unlist(blocks, use.names = FALSE)

# answers left out by a rule, so that no random numbers are shared
holes <- data[, items]
for (j in seq_along(items)) holes[seq(3 + 5 * j, nrow(data), by = 23), j] <- NA
paired <- cor(holes, use = "pairwise.complete.obs")
em <- lavCor(holes, missing = "fiml", output = "cor", optim.method = "nlminb",
  control = list(rel.tol = 1e-14, iter.max = 5000, eval.max = 5000))
median_filled <- as.data.frame(lapply(holes, function(x) { x[is.na(x)] <- median(x, na.rm = TRUE); x }))
# fewer categories, so that the tables are filled
coarse <- as.data.frame(lapply(data[, items], function(x) as.integer(cut(x, c(0, 5, 7, 8, 9, 10)))))
poly <- lavCor(coarse, ordered = names(coarse), output = "cor")
inputs <- list(pairwise = paired, em = em, median = cor(median_filled), ordinal = poly)
inputs <- lapply(inputs, function(R) { R <- unclass(as.matrix(R)); class(R) <- "matrix"; R })
found <- lapply(inputs, function(R) flat(pls(R, blocks, paths)$B))

# embedded two-stage: scores of a model with repeated indicators, then a model of these scores alone
hoc <- list(Image = blocks$Image, Value = blocks$Value, Quality = blocks$Quality, Expectation = blocks$Expectation,
  Satisfaction = blocks$Satisfaction)
inside <- unlist(hoc[c("Image", "Value", "Quality")], use.names = FALSE)
twice <- data[, unlist(hoc, use.names = FALSE)]
again <- data[, inside]; names(again) <- paste0("Experience.", inside)
first <- pls(cor(cbind(twice, again)), c(hoc, list(Experience = names(again))),
  list(Satisfaction = c("Experience", "Expectation"), Experience = c("Image", "Value", "Quality")))
scores <- scale(cbind(twice, again)) %*% first$W
second <- pls(cor(scores), list(Expectation = "Expectation", Satisfaction = "Satisfaction",
  Experience = c("Image", "Value", "Quality")), list(Satisfaction = c("Experience", "Expectation")))

# blindfolding on standardised answers, cells numbered down the columns of a block, omission distance 7
z <- scale(data[, items]); n <- nrow(z)
q2 <- function(construct, scheme) {
  own <- z[, blocks[[construct]], drop = FALSE]; E <- O <- 0
  for (g in 0:6) {
    out <- matrix((seq_along(own) - 1) %% 7 == g, nrow = n)
    filled <- own; filled[out] <- NA; m <- colMeans(filled, na.rm = TRUE)
    for (j in seq_along(m)) filled[out[, j], j] <- m[j]
    all <- z; all[, blocks[[construct]]] <- filled
    fit <- pls(cor(all), blocks, paths, scheme)
    s <- scale(all) %*% fit$W
    y <- s[, names(fit$B[[construct]]), drop = FALSE] %*% fit$B[[construct]]
    loadings <- fit$L[items %in% blocks[[construct]]]
    guess <- sweep(sweep(y %*% t(loadings), 2, apply(filled, 2, sd), "*"), 2, m, "+")
    E <- E + sum((own - guess)[out]^2); O <- O + sum(sweep(own, 2, m)[out]^2)
  }
  1 - E / O
}
schemes <- c("path", "centroid")
blind <- setNames(lapply(schemes, function(s) sapply(names(paths), q2, scheme = s, simplify = FALSE)), schemes)

out <- list(R = R.version.string, lavaan = as.character(packageVersion("lavaan")), inputs = found,
  embedded = list(paths = flat(second$B), weights = as.list(second$W[c("Image", "Value", "Quality"), "Experience"])),
  blindfold = blind)
write_json(out, "tests/oracles/pls_inputs.json", auto_unbox = TRUE, digits = 15, pretty = TRUE)
