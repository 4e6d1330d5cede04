# lavaan's side of benchmarks/sem.py: one measurement a run, seconds as JSON on the last line.
# Rscript benchmarks/sem.R fit|fiml|bootstrap|version model.txt data.csv [replicates]
suppressMessages(library(lavaan))
args <- commandArgs(trailingOnly = TRUE)
if (args[1] == "version") {
  cat(sprintf('{"lavaan": "%s", "R": "%s"}\n', packageVersion("lavaan"), getRversion()))
  quit(save = "no")
}
model <- paste(readLines(args[2]), collapse = "\n")
data <- read.csv(args[3])
report <- function(missing) {
  fit <- sem(model, data, missing = missing)
  parameterEstimates(fit, standardized = TRUE)
  measures <- fitMeasures(fit)
  list(fit = fit, measures = measures)
}
seconds <- function(code) as.numeric(system.time(code, gcFirst = TRUE)["elapsed"])
if (args[1] == "bootstrap") {
  fit <- sem(model, data)
  replicates <- as.integer(args[4])
  invisible(bootstrapLavaan(fit, R = 2, iseed = 1)) # what R compiles on first use is not counted
  taken <- seconds(out <- suppressWarnings(bootstrapLavaan(fit, R = replicates, iseed = 2)))
  cat(sprintf('{"seconds": %.6f, "replicates": %d, "failed": %d}\n', taken, replicates, length(attr(out, "error.idx"))))
} else {
  missing <- if (args[1] == "fiml") "ml" else "listwise"
  if (args[1] == "fit") invisible(report(missing)) # likewise; with FIML one fit is long enough
  taken <- seconds(done <- report(missing))
  cat(sprintf('{"seconds": %.6f, "chisq": %.6f, "df": %d, "patterns": %d}\n', taken, done$measures[["chisq"]],
              as.integer(done$measures[["df"]]), max(1L, length(lavInspect(done$fit, "patterns")[, 1]))))
}
