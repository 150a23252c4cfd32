# Effects of interventions in R: prints what and seconds. 33 places over 120
# months (eight treated from month 72) and 4,994 places over 36 months.
suppressMessages({library(sandwich); library(quadprog)})
best <- function(name, f, times = 3) {
  s <- min(sapply(seq_len(times), function(i) system.time(f())[["elapsed"]]))
  cat(sprintf("%s\t%.6f\n", name, s))
}
set.seed(1)
U <- 33; T <- 120
d <- expand.grid(t = 0:(T - 1), i = 0:(U - 1))
d$treated <- as.numeric(d$i %% 4 == 0 & d$i > 0 & d$t >= 72)
size <- rnorm(U, log(20), 0.4)
d$y <- rnbinom(nrow(d), size = 15, mu = exp(size[d$i + 1] + 0.2 * sin(2 * pi * d$t / 12) - 0.2 * d$treated))
d$unit <- factor(d$i); d$period <- factor(d$t)

best("lm, vcovCL: two-way effects", function() vcovCL(lm(y ~ treated + unit + period, d), cluster = d$i, type = "HC1"))
best("glm, vcovCL: Poisson two-way effects", function()
  vcovCL(glm(y ~ treated + unit + period, quasipoisson, d), cluster = d$i, type = "HC1"))
best("lm, vcovCL: event study", function() {
  rel <- ifelse(d$i %% 4 == 0 & d$i > 0, pmin(pmax(d$t - 72, -12), 11), -1)
  vcovCL(lm(y ~ relevel(factor(rel), "-1") + unit + period, d), cluster = d$i, type = "HC1")
})

# Wild cluster bootstrap in base R's matrices, means taken out once; p-value only.
best("R matrices: wild bootstrap, 9,999 draws", function() {
  Y <- matrix(d$y, T); D <- matrix(d$treated, T)
  out <- function(m) m - rep(colMeans(m), each = T) - rowMeans(m) + mean(m)
  y <- out(Y); x <- out(D); s <- sum(x * x)
  tstat <- function(z) { b <- sum(x * z) / s; e <- out(z) - b * x; b / (sqrt(sum(colSums(x * e)^2)) / s) }
  t0 <- tstat(y)
  mean(replicate(9999, abs(tstat(y * rep(sample(c(-1, 1), U, TRUE), each = T))) >= abs(t0)))
}, 1)
best("sandwich vcovBS: wild bootstrap, 999 draws", function()
  vcovBS(lm(y ~ treated + unit + period, d), cluster = d$i, R = 999, type = "wild"), 1)
best("R matrices: randomisation, 9,999 draws", function() {
  Y <- matrix(d$y, T); D <- matrix(d$treated, T)
  out <- function(m) m - rep(colMeans(m), each = T) - rowMeans(m) + mean(m)
  y <- out(Y); x <- out(D); s <- sum(x * x)
  b0 <- sum(x * y) / s
  mean(replicate(9999, abs(sum(x[, sample(U)] * y) / s) >= abs(b0)))
}, 1)

best("quadprog: synthetic control, 33 units in turn", function() {
  Y <- matrix(d$y, T); pre <- 1:72
  for (i in 1:U) {
    Z <- Y[pre, -i] - Y[pre, i]; G <- crossprod(Z); G <- G / mean(diag(G))
    solve.QP(G + diag(1e-10, U - 1), rep(0, U - 1), cbind(1, diag(U - 1)), c(1, rep(0, U - 1)), meq = 1)
  }
})

# Callaway and Sant'Anna's formula in R's matrices: all group-times with their
# influence, aggregates left out, 999 draws for the bands.
n <- 4994; M <- 36
start <- ifelse((0:(n - 1)) %% 3 == 2, 12 + (0:(n - 1)) %% 6 * 3, -1)
big <- matrix(rnbinom(n * M, size = 15, mu = 20), n)
best("R matrices: staggered adoption, 999 draws", function() {
  psi <- list()
  for (g in sort(unique(start[start >= 0]))) for (t in 1:(M - 1)) {
    base <- if (t < g) t - 1 else g - 1
    G <- start == g; C <- start < 0 | (start > max(t, base) & !G)
    delta <- big[, t + 1] - big[, base + 1]
    p <- numeric(n)
    p[G] <- (delta[G] - mean(delta[G])) / mean(G); p[C] <- -(delta[C] - mean(delta[C])) / mean(C)
    psi[[length(psi) + 1]] <- p
  }
  psi <- do.call(cbind, psi)
  se <- sqrt(colSums(psi^2)) / n
  draws <- matrix(rnorm(999 * n), 999) %*% psi / n
  quantile(apply(abs(t(draws) / se), 2, max), 0.95)
}, 2)
