# Reference numbers for the bootstrap of structural models (cxlab/resample, cxlab/analyses/bootstrap): lavaan refitted to stored
# resamples of the rows, lavaan's intervals from those replicates, boot's BCa, and lavaan's Bollen-Stine test.
# Run from the repository root: Rscript tests/oracles/r/bootstrap.R   (about four minutes)
# Writes tests/oracles/bootstrap.json. Data: tests/oracles/data/engine_hs*.csv and data/ecsi_mobile/mobi.csv.
# nlminb stops short of the optimum by up to 3e-4 standard errors, so lavaan's gradient and information carry each fit on.
suppressMessages({library(lavaan); library(jsonlite); library(boot)})

hs <- read.csv("tests/oracles/data/engine_hs.csv")
frames <- list(hs = hs, hs_missing = read.csv("tests/oracles/data/engine_hs_missing.csv"), ecsi = read.csv("data/ecsi_mobile/mobi.csv"))

measured <- "visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed =~ x7 + x8 + x9"
structural <- paste(measured, "textual ~ a*visual
speed ~ b*textual + c*visual
indirect := a*b
total := c + a*b", sep = "\n")
ecsi <- "image =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5
satisfaction =~ CUSA1 + CUSA2 + CUSA3
loyalty =~ CUSL1 + CUSL2 + CUSL3
satisfaction ~ a*image
loyalty ~ b*satisfaction + image
indirect := a*b"
mimic <- paste(measured, "visual + textual ~ sex + ageyr", "speed ~ visual", sep = "\n")
small <- sub("^[^\n]*\n", "", measured)

cases <- list(
  structural = list(text = structural, data = "hs", fun = "sem", B = 80),
  ecsi = list(text = ecsi, data = "ecsi", fun = "sem", B = 50),
  groups = list(text = measured, data = "hs", fun = "cfa", B = 40, args = list(group = "school", group.equal = c("loadings", "intercepts"))),
  mimic = list(text = mimic, data = "hs", fun = "sem", B = 40, args = list(meanstructure = TRUE)),
  gls = list(text = measured, data = "hs", fun = "cfa", B = 20, args = list(estimator = "GLS")),
  wls = list(text = small, data = "hs", fun = "cfa", B = 20, args = list(estimator = "WLS")),
  fiml = list(text = measured, data = "hs_missing", fun = "cfa", B = 15, args = list(missing = "fiml")),
  bollen_stine = list(text = structural, data = "hs", fun = "sem", B = 80, kind = "bollen_stine"),
  bollen_stine_groups = list(text = measured, data = "hs", fun = "cfa", B = 30, kind = "bollen_stine",
                             args = list(group = "school", group.equal = c("loadings", "intercepts")))
)

step_of <- function(fit) {
  g <- lavTech(fit, "gradient"); E <- lavInspect(fit, "information.expected")
  K <- if (fit@Model@eq.constraints) fit@Model@eq.constraints.K else diag(length(g))
  p <- as.numeric(crossprod(K, g))
  d <- sqrt(diag(crossprod(K, E %*% K)))
  s <- solve(crossprod(K, E %*% K) / outer(d, d), p / d, tol = 1e-25) / d
  list(step = as.numeric(K %*% s), distance = sqrt(lavInspect(fit, "ntotal") * abs(sum(p * s))))
}

# the model fitted to a data frame as exactly as lavaan can
refit <- function(case, frame) {
  call <- c(list(model = case$text, data = frame, baseline = FALSE, se = "none", control = list(rel.tol = 1e-13)), case$args)
  fit <- suppressWarnings(do.call(case$fun, call))
  if (!lavInspect(fit, "converged")) { call$control <- NULL; fit <- suppressWarnings(do.call(case$fun, call)) }
  if (!lavInspect(fit, "converged")) return(NULL)
  still <- c(list(optim.method = "none"), if (!isTRUE(case$args$estimator %in% c("GLS", "ULS", "WLS"))) list(fixed.x = TRUE))
  now <- step_of(fit)
  best <- fit; left <- now$distance
  share <- 1 # of the step; less where the expected information overshoots
  for (i in 1:80) {
    if (left < 1e-8) break
    table <- parTable(fit)
    table$est[table$free > 0] <- table$est[table$free > 0] - share * now$step
    fit <- suppressWarnings(do.call(case$fun, c(call, still, list(start = table))))
    after <- step_of(fit)
    if (after$distance > 0.7 * now$distance) share <- max(share / 1.5, 0.3)
    now <- after
    if (now$distance < left) { best <- fit; left <- now$distance }
  }
  fit <- best
  fit@optim$converged <- TRUE
  attr(fit, "left") <- left
  fit
}

chisq_of <- function(fit) fit@test[[1]]$stat
std_of <- function(fit) lavaan:::lav_standardize_all(fit)
r2_of <- function(fit) unlist(lavTech(fit, "rsquare"))

items_of <- function(fit) lavNames(fit, "ov")
# lavaan's transformation of the rows to where the model holds, all groups in one frame
transformed <- function(fit, case, frame) {
  rows <- lavInspect(fit, "case.idx"); rows <- if (is.list(rows)) rows else list(rows)
  X <- lavTech(fit, "data"); implied <- lavTech(fit, "implied"); S <- lavTech(fit, "sampstat")
  per <- length(implied) / length(rows)
  root <- function(m) { e <- eigen(m, symmetric = TRUE); e$vectors %*% (sqrt(e$values) * t(e$vectors)) }
  for (g in seq_along(rows)) {
    new <- scale(X[[g]], center = TRUE, scale = FALSE) %*% root(solve(S[[g]]$cov)) %*% root(implied[[g]]$cov)
    if (!is.null(implied[[g]]$mean)) new <- sweep(new, 2, -as.numeric(implied[[g]]$mean))
    frame[rows[[g]], items_of(fit)] <- new
  }
  frame
}

run <- function(name) {
  case <- cases[[name]]
  frame <- frames[[case$data]]
  fit <- refit(case, frame)
  rows <- lavInspect(fit, "case.idx"); rows <- if (is.list(rows)) rows else list(rows)
  source <- if (identical(case$kind, "bollen_stine")) transformed(fit, case, frame) else frame
  set.seed(20261122)
  index <- lapply(rows, function(r) matrix(sample.int(length(r), case$B * length(r), replace = TRUE), case$B))
  left <- 0; ok <- logical(case$B)
  theta <- matrix(NA, case$B, length(coef(fit))); chisq <- rep(NA, case$B)
  std <- matrix(NA, case$B, length(std_of(fit))); r2 <- matrix(NA, case$B, length(r2_of(fit)))
  for (b in seq_len(case$B)) {
    picked <- unlist(lapply(seq_along(rows), function(g) rows[[g]][index[[g]][b, ]]))
    one <- refit(case, source[picked, ])
    if (is.null(one)) next
    # lavaan numbers groups in the order in which they appear: the same here, groups are stacked
    ok[b] <- TRUE; left <- max(left, attr(one, "left"))
    theta[b, ] <- coef(one); chisq[b] <- chisq_of(one); std[b, ] <- std_of(one); r2[b, ] <- r2_of(one)
  }
  pt <- parTable(fit)
  list(text = case$text, data = case$data, fun = case$fun, args = case$args, kind = if (is.null(case$kind)) "nonparametric" else case$kind,
       distance = left, rows = rows, index = index, ok = ok, theta = theta, chisq = chisq, std_all = std, r2 = r2,
       full = list(theta = as.numeric(coef(fit)), chisq = chisq_of(fit), std_all = std_of(fit), r2 = r2_of(fit), df = fit@test[[1]]$df,
                   se = sqrt(diag(vcov(suppressWarnings(do.call(case$fun, c(list(model = case$text, data = frame), case$args))))))),
       table = list(lhs = pt$lhs, op = pt$op, rhs = pt$rhs, group = pt$group, free = pt$free),
       bollen_stine_p = if (identical(case$kind, "bollen_stine")) mean(chisq[ok] > chisq_of(fit)) else NULL)
}
out <- lapply(setNames(names(cases), names(cases)), run)

# lavaan's intervals from the structural model's replicates
with_replicates <- function(case, theta) {
  fit <- refit(case, frames[[case$data]])
  fit@Options$se <- "bootstrap"; fit@Options$bootstrap <- nrow(theta)
  attr(theta, "error.idx") <- integer(0); attr(theta, "seed") <- 1
  fit@boot <- list(coef = theta)
  fit@ParTable$se <- as.numeric(fit@ParTable$free > 0 | fit@ParTable$op == ":=") # what varies; the size is not used
  fit
}
fit <- with_replicates(cases$structural, out$structural$theta)
intervals <- list()
for (type in c("perc", "basic", "bca.simple")) for (level in c(0.9, 0.95)) {
  pe <- suppressWarnings(parameterEstimates(fit, boot.ci.type = type, level = level))
  intervals[[paste(type, level)]] <- list(type = type, level = level, lower = pe$ci.lower, upper = pe$ci.upper)
}

# BCa from leave-one-out fits, by boot: free parameters and the two effects
case <- cases$structural
full <- refit(case, hs)
effects <- function(theta, names) { v <- setNames(theta, names); c(v["a"] * v["b"], v["c"] + v["a"] * v["b"]) }
labels <- names(coef(full))
t0 <- c(coef(full), effects(coef(full), labels))
t <- cbind(out$structural$theta, t(apply(out$structural$theta, 1, effects, labels)))
jack <- t(sapply(seq_len(nrow(hs)), function(i) { v <- coef(refit(case, hs[-i, ])); c(v, effects(v, labels)) }))
L <- (nrow(hs) - 1) * sweep(-jack, 2, -colMeans(jack))
object <- boot(data.frame(i = 1:10), function(d, i) mean(d$i[i]), R = nrow(t))
bca <- sapply(seq_along(t0), function(k) suppressWarnings(boot.ci(object, conf = 0.95, type = "bca", t0 = t0[k], t = t[, k], L = L[, k]))$bca[4:5])
a <- apply(L, 2, function(l) sum(l^3) / (6 * sum(l^2)^1.5))

# boot's intervals of plain numbers, with B large enough that no end is an extreme
set.seed(7)
x <- matrix(rnorm(999 * 3, mean = rep(c(0, 1, 2), each = 999), sd = rep(c(1, 2, 0.5), each = 999)), 999)^3
x0 <- c(0.05, 1.4, 7.5); l <- matrix(rexp(60 * 3), 60); l <- sweep(l, 2, colMeans(l))
plain <- boot(data.frame(i = 1:10), function(d, i) mean(d$i[i]), R = 999)
ends <- lapply(1:3, function(k) { ci <- boot.ci(plain, conf = 0.9, type = c("perc", "basic", "bca"), t0 = x0[k], t = x[, k], L = l[, k])
  list(percentile = ci$percent[4:5], basic = ci$basic[4:5], bca = ci$bca[4:5]) })

made <- list(R = R.version.string, lavaan = as.character(packageVersion("lavaan")), boot = as.character(packageVersion("boot")),
             jsonlite = as.character(packageVersion("jsonlite")))
result <- list(made_with = made, cases = out,
               intervals = list(lhs = pe$lhs, op = pe$op, rhs = pe$rhs, ends = unname(intervals)),
               bca = list(t0 = as.numeric(t0), lower = bca[1, ], upper = bca[2, ], acceleration = a),
               plain = list(replicates = x, estimate = x0, influence = l, ends = ends))
write(toJSON(result, auto_unbox = TRUE, digits = 12, na = "null", null = "null", matrix = "rowmajor"), "tests/oracles/bootstrap.json")
cat(sapply(out, function(o) sprintf("%.1e %d/%d", o$distance, sum(o$ok), length(o$ok))), sep = "\n")
