# Modification indices after least squares: of ordinal items and of measured ones.
# From the repository root: Rscript tests/oracles/r/modification_ls.R  (reads the data of ordinal_sem.json)
suppressPackageStartupMessages({library(lavaan); library(jsonlite)})
d <- as.data.frame(fromJSON("tests/oracles/ordinal_sem.json")$data)
hs <- read.csv("tests/oracles/data/engine_hs.csv")
ordinal <- c("a1", "a2", "a3", "a4", "b1", "b2", "b3", "b4", "c1", "c2")
two <- "F =~ a1 + a2 + a3 + a4\nG =~ b1 + b2 + b3 + b4"
tied <- "F =~ a*a1 + b*a2 + b*a3 + a4\nG =~ b1 + b2 + b3 + b4\nF ~~ 0*G"
path <- "F =~ a1 + a2 + a3 + a4\nG =~ b1 + b2 + b3 + b4\nH =~ m1 + m2 + c1 + c2\nG ~ F\nH ~ G"
faces <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
fits <- list(
  two_wlsmv = sem(two, d, ordered = ordinal),
  two_theta = sem(two, d, ordered = ordinal, parameterization = "theta"),
  two_wls = sem(two, d, ordered = ordinal, estimator = "WLS"),
  two_ulsmv = sem(two, d, ordered = ordinal, estimator = "ULSMV"),
  tied = sem(tied, d, ordered = ordinal),
  path_mixed = sem(path, d, ordered = ordinal),
  groups = sem(two, d, ordered = ordinal, group = "school", group.equal = c("loadings", "thresholds")),
  hs_uls = sem(faces, hs, estimator = "ULS"),
  hs_wls = sem(faces, hs, estimator = "WLS"),
  hs_uls_means = sem(faces, hs, estimator = "ULS", meanstructure = TRUE),
  hs_wls_groups = sem(faces, hs, estimator = "WLS", group = "school", group.equal = "loadings")
)
models <- list(two = two, tied = tied, path = path, faces = faces)
cases <- lapply(fits, function(fit) {
  mi <- modindices(fit)
  list(n = lavInspect(fit, "ntotal"), mi = as.list(mi[intersect(c("lhs", "op", "rhs", "group", "mi", "mi.scaled", "epc", "sepc.lv", "sepc.all", "sepc.nox"), names(mi))]))
})
write(toJSON(list(versions = list(R = R.version.string, lavaan = as.character(packageVersion("lavaan"))), models = models, cases = cases),
             digits = 12, auto_unbox = TRUE, na = "null"), "tests/oracles/modification_ls.json")
for (name in names(cases)) cat(name, length(cases[[name]]$mi$mi), names(cases[[name]]$mi), "\n")
print(head(modindices(fits$two_wlsmv, sort. = TRUE), 5)); print(table(modindices(fits$path_mixed)$op)); print(table(modindices(fits$groups)$op))
