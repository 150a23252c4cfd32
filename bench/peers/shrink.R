# Empirical Bayes rates of 4,994 places in R: prints what and seconds.
suppressMessages({library(spdep)})
best <- function(name, f, calls = 1, times = 3) {
  s <- min(sapply(seq_len(times), function(i) system.time(for (k in seq_len(calls)) f())[["elapsed"]])) / calls
  cat(sprintf("%s\t%.6f\n", name, s))
}
set.seed(1)
n <- 4994
nb <- subset(cell2nb(71, 71, type = "queen"), seq_len(71 * 71) <= n)
exposure <- 1000 + 1500 * runif(n)
counts <- rpois(n, 5 * exposure / 1750 * rgamma(n, 3) / 3)
best("spdep EBest", function() EBest(counts, exposure), 100)
best("spdep EBlocal", function() EBlocal(counts, exposure, nb, zero.policy = TRUE, geoda = TRUE))
best("spdep probmap", function() probmap(counts, exposure), 10)
e <- exposure * sum(counts) / sum(exposure)
best("R optim dnbinom, qgamma", function() {
  minus <- function(p) -sum(dnbinom(counts, size = exp(p[1]), mu = exp(p[2]) * e, log = TRUE))
  p <- optim(c(0, 0), minus, method = "BFGS")$par
  nu <- exp(p[1]); alpha <- nu / exp(p[2])
  cbind((counts + nu) / (e + alpha), qgamma(0.025, counts + nu, e + alpha), qgamma(0.975, counts + nu, e + alpha))
})
best("MASS glm.nb, qgamma", function() {
  f <- MASS::glm.nb(counts ~ 1 + offset(log(e)))
  nu <- f$theta; alpha <- nu / exp(coef(f)[[1]])
  cbind((counts + nu) / (e + alpha), qgamma(0.025, counts + nu, e + alpha), qgamma(0.975, counts + nu, e + alpha))
})
shape <- 3 + rpois(n, 5 * rgamma(n, 3) / 3)
rate <- 1.5 + runif(n)
best("R rgamma, rank, 10,000 draws", function() {
  expected <- numeric(n); low <- matrix(0L, n, 10000)
  for (d in 1:10000) { r <- rank(-rgamma(n, shape, rate)); expected <- expected + r; low[, d] <- as.integer(r) }
  c(expected[1], quantile(low[1, ], c(0.025, 0.975)))
})
