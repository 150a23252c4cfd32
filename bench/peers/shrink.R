# Empirical Bayes rates of 4,994 places in R: prints what and seconds.
suppressMessages({library(spdep)})
best <- function(name, f, calls = 1) {
  s <- min(sapply(1:3, function(i) system.time(for (k in seq_len(calls)) f())[["elapsed"]])) / calls
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
