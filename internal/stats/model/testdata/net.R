# What glmnet 4.1-6 says of elastic-net Poisson models at a tight threshold.
# Run: Rscript net.R > net.tsv
suppressMessages({library(glmnet)})
put <- function(case, what, v) cat(case, "\t", what, "\t", paste(sprintf("%.12g", as.vector(v)), collapse = " "), "\n", sep = "")
set.seed(11)
n <- 100; k <- 8
X <- round(matrix(rnorm(n * k), n, k) + rnorm(n) * 0.8, 3)
X[, 3] <- as.numeric(X[, 3] > 0.4); X[, 4] <- round(X[, 4] * 500 + 1200); X[, 8] <- X[, 7] * 0.95 + round(rnorm(n) / 10, 3)
X[, 7:8] <- round(X[, 7:8], 3)
w <- rep(c(1, 2, 0.5, 1, 3), length = n); o <- round(log(runif(n, 0.5, 3)), 4)
y <- rpois(n, exp(o + 0.2 + 0.5 * X[, 1] - 0.4 * X[, 2] + 0.3 * X[, 3] + 0.0004 * X[, 4] + 0.2 * X[, 7] - 0.4))
put("data", "cols", k); put("data", "X", X); put("data", "y", y); put("data", "weights", w); put("data", "offset", o)
one <- function(case, ...) {
  lambda <- glmnet(X, y, family = "poisson", ...)$lambda
  g <- glmnet(X, y, family = "poisson", lambda = lambda, thresh = 1e-20, maxit = 1e8, ...)
  at <- unique(c(1:4, seq(5, length(lambda), by = 6), length(lambda)))
  put(case, "lambda", lambda); put(case, "at", at - 1)
  put(case, "intercept", g$a0[at]); put(case, "beta", as.matrix(g$beta)[, at]); put(case, "ratio", g$dev.ratio[at]); put(case, "null", g$nulldev)
}
one("lasso"); one("half", alpha = 0.5, weights = w, offset = o); one("ridge", alpha = 0); one("raw", alpha = 0.8, standardize = FALSE, offset = o)
fold <- rep(1:5, length = n)
lambda <- glmnet(X, y, family = "poisson", weights = w, offset = o)$lambda
cv <- cv.glmnet(X, y, family = "poisson", weights = w, offset = o, lambda = lambda, foldid = fold, thresh = 1e-18, maxit = 1e8)
put("cv", "lambda", cv$lambda); put("cv", "mean", cv$cvm); put("cv", "error", cv$cvsd); put("cv", "min", cv$lambda.min); put("cv", "one", cv$lambda.1se); put("cv", "fold", fold)
