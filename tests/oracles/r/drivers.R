# Reference numbers for cx.drivers, written from the definitions: all orderings, all subsets, eigen decomposition.
# Run from the repository: Rscript tests/oracles/r/drivers.R   (writes tests/oracles/drivers.json)
suppressPackageStartupMessages(library(jsonlite))

r2_of <- function(data, outcome, set, weights) {
  if (!length(set)) return(0)
  form <- as.formula(paste0("`", outcome, "` ~ ", paste0("`", set, "`", collapse = " + ")))
  environment(form) <- environment()
  summary(lm(form, data, weights = weights))$r.squared
}
orderings <- function(x) if (length(x) < 2) list(x) else
  unlist(lapply(seq_along(x), function(i) lapply(orderings(x[-i]), function(rest) c(x[i], rest))), recursive = FALSE)

# groups: named list of columns; always: columns in every model
by_orders <- function(data, outcome, groups, always = character(), weights = rep(1, nrow(data))) {
  cache <- new.env()
  worth <- function(set) {
    key <- paste(c("set", sort(set)), collapse = "|")
    if (is.null(cache[[key]]))
      cache[[key]] <- r2_of(data, outcome, c(always, unlist(groups[set])), weights)
    cache[[key]]
  }
  names <- names(groups)
  lmg <- prop <- setNames(numeric(length(names)), names); total <- 0; count <- 0
  for (order in orderings(names)) {
    steps <- vapply(0:length(order), function(k) worth(order[seq_len(k)]), 0)
    gain <- setNames(diff(steps), order)
    lmg[order] <- lmg[order] + gain; count <- count + 1
    # Feldman: product over positions of 1 / (what the later ones add to the first ones)
    weight <- 1 / prod(steps[length(steps)] - steps[2:(length(steps) - 1)])
    prop[order] <- prop[order] + weight * gain; total <- total + weight
  }
  list(lmg = as.list(lmg / count), pmvd = as.list(prop / total), r2 = worth(names), r2_always = worth(character()))
}

# sum over subsets, for more drivers than orderings allow
by_subsets <- function(data, outcome, names) {
  p <- length(names); r2 <- numeric(2^p)
  for (s in seq_len(2^p - 1)) r2[s + 1] <- r2_of(data, outcome, names[bitwAnd(s, 2^(0:(p - 1))) > 0], rep(1, nrow(data)))
  size <- vapply(0:(2^p - 1), function(s) sum(bitwAnd(s, 2^(0:(p - 1))) > 0), 0)
  lmg <- conditional <- list()
  for (g in seq_len(p)) {
    without <- which(bitwAnd(0:(2^p - 1), 2^(g - 1)) == 0)
    gain <- r2[without + 2^(g - 1)] - r2[without]
    lmg[[names[g]]] <- sum(gain * factorial(size[without]) * factorial(p - 1 - size[without]) / factorial(p))
    conditional[[names[g]]] <- as.numeric(tapply(gain, size[without], mean))
  }
  complete <- list()
  for (a in seq_len(p)) for (b in seq_len(p)) if (a != b) {
    rest <- which(bitwAnd(0:(2^p - 1), 2^(a - 1) + 2^(b - 1)) == 0)
    gain <- r2[rest + 2^(a - 1)] - r2[rest + 2^(b - 1)]
    complete[[paste(names[a], names[b])]] <- if (all(gain > 0)) 1 else if (all(gain < 0)) 0 else 0.5
  }
  list(lmg = lmg, conditional = conditional, complete = complete, r2 = r2[2^p])
}

johnson <- function(data, outcome, names, weights = NULL) {
  both <- data[c(names, outcome)]
  cor <- if (is.null(weights)) cor(both) else cov.wt(both, weights, cor = TRUE)$cor
  k <- length(names)
  e <- eigen(cor[1:k, 1:k])
  lambda <- e$vectors %*% diag(sqrt(e$values)) %*% t(e$vectors)
  beta <- solve(lambda, cor[1:k, k + 1])
  setNames(as.list(as.numeric(lambda^2 %*% beta^2)), names)
}
simple <- function(data, outcome, names) {
  fit <- lm(reformulate(names, outcome), data)
  r <- sapply(names, function(x) cor(data[[x]], data[[outcome]]))
  list(beta = as.list(coef(fit)[names] * sapply(data[names], sd) / sd(data[[outcome]])),
       zero_order = as.list(r^2), structure = as.list(r^2 / summary(fit)$r.squared))
}

data(swiss)
causes <- names(swiss)[-1]
alone <- function(x) setNames(as.list(x), x)
weights <- 1 + (seq_len(47) %% 5)
sw <- list(
  data = swiss, weights = weights, orders = by_orders(swiss, "Fertility", alone(causes)),
  weighted = by_orders(swiss, "Fertility", alone(causes), weights = weights),
  johnson = johnson(swiss, "Fertility", causes), johnson_weighted = johnson(swiss, "Fertility", causes, weights),
  simple = simple(swiss, "Fertility", causes),
  always = by_orders(swiss, "Fertility", alone(setdiff(causes, "Education")), always = "Education"),
  grouped = by_orders(swiss, "Fertility", list(learning = c("Education", "Examination"), Agriculture = "Agriculture",
                                               Catholic = "Catholic", Infant.Mortality = "Infant.Mortality"))
)
yellow <- read.csv(list.files("data/yellow_pages", "\\.csv$", full.names = TRUE)[1])
items <- paste0("q", 2:10)
yp <- list(subsets = by_subsets(yellow, "q1", items), johnson = johnson(yellow, "q1", items),
           simple = simple(yellow, "q1", items), pmvd_five = by_orders(yellow, "q1", alone(items[1:5])))
# a category is one driver of two columns
flowers <- transform(iris, versicolor = as.numeric(Species == "versicolor"), virginica = as.numeric(Species == "virginica"))
category <- by_orders(flowers, "Sepal.Length",
  list(Sepal.Width = "Sepal.Width", Petal.Length = "Petal.Length", Species = c("versicolor", "virginica")))
out <- list(
  versions = list(R = R.version.string, jsonlite = as.character(packageVersion("jsonlite"))),
  swiss = sw, yellow_pages = yp, iris = list(data = iris, category = category)
)
write_json(out, "tests/oracles/drivers.json", digits = NA, auto_unbox = TRUE, dataframe = "columns")
