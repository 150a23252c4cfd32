# Reference values for synthetic control by quadprog.
#   Rscript synthetic.R FOLDER
# synthetic.csv          outcome of 9 units (0 is treated) over 20 periods; start at 15
# synthetic_weights.csv  weights of the donors in several settings
suppressMessages(library(quadprog))
out <- commandArgs(TRUE)[1]
full <- function(x) sprintf("%.17g", x)
set.seed(4)
J <- 8; T <- 20; T0 <- 15
factors <- cbind(1, sin(2 * pi * (1:T) / 12), cumsum(rnorm(T, 0.3)))
load <- cbind(runif(J + 1, 10, 20), runif(J + 1, 1, 4), runif(J + 1, 0.5, 2))
load[1, ] <- colMeans(load[c(2, 4, 5), ])
y <- round(load %*% t(factors) + matrix(rnorm((J + 1) * T, 0, 0.8), J + 1), 2)
y[1, (T0 + 1):T] <- y[1, (T0 + 1):T] - 3
write.csv(data.frame(unit = rep(0:J, each = T), period = rep(0:(T - 1), J + 1), y = full(as.vector(t(y)))),
  file.path(out, "synthetic.csv"), row.names = FALSE)

simplex <- function(x1, X0, v) { # X0: donors in rows
  Z <- t(t(X0) - x1) * rep(sqrt(v), each = nrow(X0))
  s <- mean(Z^2); D <- Z %*% t(Z) / s
  A <- cbind(1, diag(nrow(X0)))
  w <- solve.QP(D + diag(1e-12, nrow(X0)), rep(0, nrow(X0)), A, c(1, rep(0, nrow(X0))), meq = 1)$solution
  # Once more on the donors with weight, by its normal equations, for the last digits.
  on <- which(w > 1e-7); k <- length(on)
  K <- rbind(cbind(D[on, on], 1), c(rep(1, k), 0))
  w[] <- 0; w[on] <- solve(K, c(rep(0, k), 1))[1:k]
  stopifnot(all(w >= 0))
  w
}
pre <- 1:T0
X0 <- y[-1, pre]; x1 <- y[1, pre]
w <- simplex(x1, X0, rep(1, T0))
v <- seq_len(T0)
wv <- simplex(x1, X0, v)
ridge <- function(w, periods, lambda) {
  C <- scale(y[-1, periods], scale = FALSE)
  gap <- y[1, periods] - as.numeric(w %*% y[-1, periods])
  as.numeric(C %*% solve(t(C) %*% C + diag(lambda, length(periods)), gap))
}
wr <- w + ridge(w, pre, 7)
# The penalty: each period before the start left out in turn, one standard error.
C <- scale(X0, scale = FALSE); grid <- sum(C^2) * 10^(-(0:16) / 2)
e <- sapply(grid, function(l) sapply(pre, function(t) {
  p <- setdiff(pre, t); b <- simplex(y[1, p], y[-1, p], rep(1, T0 - 1)); b <- b + ridge(b, p, l)
  (y[1, t] - sum(b * y[-1, t]))^2 }))
m <- colMeans(e); best <- which.min(m)
lambda <- grid[which(m <= m[best] + sd(e[, best]) / sqrt(T0))[1]]
wc <- w + ridge(w, pre, lambda)
# Predictors: mean before, mean of the last three periods before, a made-up figure; importance 3, 2, 1.
z <- cbind(rowMeans(y[, pre]), rowMeans(y[, 13:15]), c(12, 7, 2, 6, 4, 3, 9, 1, 5))
z <- t(t(z) / apply(z, 2, sd))
wp <- simplex(z[1, ], z[-1, ], c(3, 2, 1))
write.csv(data.frame(unit = 1:J, plain = full(w), importance = full(wv), ridge = full(wr), chosen = full(wc),
  predictors = full(wp), lambda = full(lambda)), file.path(out, "synthetic_weights.csv"), row.names = FALSE)
