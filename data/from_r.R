# Writes the two files of data/ that come out of R packages. Run in data/: Rscript from_r.R
# Debian packages r-cran-bayesm and r-cran-mass; the versions are in each datapackage.json.
suppressPackageStartupMessages(library(bayesm))

save_csv <- function(table, path) {
  write.csv(table, path, row.names = FALSE, eol = "\n", fileEncoding = "UTF-8")
}

data(customerSat, package = "bayesm")
save_csv(customerSat, file.path("yellow_pages", "customerSat.csv"))

data(housing, package = "MASS")
save_csv(housing, file.path("housing_satisfaction", "housing.csv"))
