# Regression models in R, at the sizes of the product's benchmarks: prints what
# and seconds, the least of three runs.
suppressPackageStartupMessages({library(MASS); library(sandwich); library(glmnet); library(spdep)})
best <- function(name, f, calls = 1, times = 3) {
  s <- min(sapply(seq_len(times), function(i) system.time(for (k in seq_len(calls)) f())[["elapsed"]])) / calls
  cat(sprintf("%s\t%.6f\n", name, s))
}
set.seed(1)
counts <- function(n, k) {
  X <- cbind(1, matrix(rnorm(n * (k - 1)), n)); b <- c(0.5, 0.3 * cos(seq_len(k - 1)))
  list(X = X, y = rnegbin(n, exp(X %*% b), 2), d = data.frame(X[, -1]))
}
for (n in c(120, 5000, 100000)) {
  v <- counts(n, 10); calls <- max(1, 20000 %/% n); d <- cbind(y = v$y, v$d)
  at <- sprintf("%dx10", n)
  best(paste0("GLM/poisson/", at, " R glm.fit"), function() glm.fit(v$X, v$y, family = poisson()), calls)
  best(paste0("GLM/poisson/", at, " R glm"), function() glm(y ~ ., poisson, d), calls)
  best(paste0("GLM/negbin/", at, " MASS glm.nb"), function() glm.nb(y ~ ., d), max(1, calls %/% 4), if (n > 1e4) 1 else 3)
}
m <- glm(y ~ ., poisson, d)
best("Robust/HC3 sandwich, 100000x10", function() vcovHC(m, type = "HC3"))
groups <- rep_len(0:4999, 100000)
best("Robust/cluster sandwich, 100000x10, 5000 clusters", function() vcovCL(m, cluster = groups))
best("Robust/hac sandwich, 100000x10, lag 18", function() NeweyWest(m, lag = 18, prewhite = FALSE), 1, 1)
for (size in list(c(4994, 60), c(100000, 30))) {
  n <- size[1]; k <- size[2]
  X <- matrix(rnorm(n * k), n) + 0.7 * rnorm(n); b <- c(rep(0.12, 8), rep(-0.06, 6), rep(0, k - 14))
  y <- rpois(n, exp(X %*% b - 0.3)); at <- sprintf("%dx%d", n, k)
  best(paste0("ElasticNet/path/", at, " glmnet, its threshold of 1e-7"), function() glmnet(X, y, family = "poisson"))
  # As exact as ElasticNet is (coefficients to 1e-7 standard errors); at 1e-7 they are out by 3% of one.
  best(paste0("ElasticNet/path/", at, " glmnet, threshold 1e-18"), function() glmnet(X, y, family = "poisson", thresh = 1e-18, maxit = 1e8), 1, 1)
  best(paste0("ElasticNet/cv10/", at, " cv.glmnet, its threshold of 1e-7"), function() cv.glmnet(X, y, family = "poisson"), 1, 1)
  if (n < 1e4) best(paste0("ElasticNet/cv10/", at, " cv.glmnet, threshold 1e-16"), function() cv.glmnet(X, y, family = "poisson", thresh = 1e-16, maxit = 1e8), 1, 1)
}
v <- counts(71 * 71, 10); d <- cbind(y = v$y, v$d)
w <- nb2listw(cell2nb(71, 71, type = "queen")); m <- lm(y ~ ., d)
best("ResidualMoran/analytic spdep lm.morantest, 5041", function() lm.morantest(m, w))
e <- residuals(m)
best("ResidualMoran/999 spdep moran.mc of residuals, 5041", function() moran.mc(e, w, 999), 1, 1)
library(spatstat, quietly = TRUE, warn.conflicts = FALSE)
box <- owin(c(0, 50000), c(0, 40000))
a <- ppp(50000 * runif(1e5), 40000 * runif(1e5), box); f <- a[1:20000]
best("NearestPoint/nearest/100000of20000 spatstat nncross", function() nncross(a, f, what = "dist"))
