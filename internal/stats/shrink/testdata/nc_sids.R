# Makes the reference files of this folder from R's own data set nc.sids (package
# spData): counties of North Carolina, sudden infant deaths and births 1974-78,
# neighbours as listed by Cressie and Chan 1989.
#   Rscript nc_sids.R FOLDER
suppressMessages(library(spdep))
out <- commandArgs(TRUE)[1]
data(nc.sids, package = "spData")
y <- nc.sids$SID74; n <- nc.sids$BIR74; nb <- ncCC89.nb
full <- function(x) sprintf("%.17g", x)
list_of <- function(z) paste(setdiff(z, 0) - 1, collapse = " ")
eb <- EBest(y, n)
own <- EBlocal(y, n, nb, zero.policy = TRUE)
shared <- EBlocal(y, n, nb, zero.policy = TRUE, geoda = TRUE)
map <- probmap(y, n)
# probmap's own upper tail is a difference from one and loses digits.
upper <- ppois(y - 1, map$expCount, lower.tail = FALSE)
stopifnot(all.equal(upper, probmap(y, n, alternative = "greater")$pmap))
write.csv(data.frame(count = y, exposure = n, neighbours = sapply(nb, list_of), raw = full(eb$raw),
  global = full(eb$estmm), own = full(own$est), shared = full(shared$est), expected = full(map$expCount),
  relative = full(map$relRisk), below = full(map$pmap), above = full(upper)),
  file.path(out, "nc_sids.csv"), row.names = FALSE)

# The Poisson-gamma model: the likelihood of negative binomial counts by
# optim, tightened by a second start, and what the gamma posteriors say.
gamma_model <- function(y, e) {
  minus <- function(p) -sum(dnbinom(y, size = exp(p[1]), mu = exp(p[2]) * e, log = TRUE))
  p <- c(0, log(sum(y) / sum(e)))
  for (i in 1:4) p <- optim(p, minus, method = "BFGS", control = list(reltol = 1e-16, ndeps = c(1e-5, 1e-5)))$par
  p <- optim(p, minus, control = list(reltol = 1e-16, maxit = 5000))$par
  c(shape = exp(p[1]), mean = exp(p[2]), loglik = -minus(p))
}
e <- n * sum(y) / sum(n)
f <- gamma_model(y, e)
nu <- f[["shape"]]; alpha <- nu / f[["mean"]]
# Clayton and Kaldor's own moment equations, by plain iteration.
mn <- 1; vr <- 0.1
for (i in 1:20000) {
  a <- mn / vr; v <- mn * a
  th <- (y + v) / (e + a)
  mn <- mean(th); vr <- sum((1 + a / e) * (th - mn)^2) / (length(y) - 1)
}
write.csv(data.frame(what = c("shape", "mean", "loglik", "moment_shape", "moment_mean"),
  value = full(c(nu, f[["mean"]], f[["loglik"]], mn^2 / vr, mn))), file.path(out, "gamma_fit.csv"), row.names = FALSE)
# The prior averaged over instead: log(1/shape) with the uniform-shrinkage density
# and a flat log mean, on a fine grid of both.
t <- seq(-12, 3, length.out = 151); lm <- seq(-0.35, 0.45, length.out = 61)
z <- length(e) / sum(1 / e) * f[["mean"]]
grid <- expand.grid(t = t, lm = lm)
lp <- apply(grid, 1, function(g) sum(dnbinom(y, size = exp(-g[1]), mu = exp(g[2]) * e, log = TRUE)) + g[[1]] -
  2 * log1p(exp(g[[1]]) * z))
w <- exp(lp - max(lp)); on <- w > 1e-6; w <- w[on] / sum(w[on])
s <- exp(-grid$t[on]); a <- s / exp(grid$lm[on])
cdf <- function(q, i) sum(w * pgamma(q, y[i] + s, e[i] + a))
quantile_of <- function(p, i) uniroot(function(q) cdf(q, i) - p, c(1e-6, 20), tol = 1e-9)$root
each <- seq_along(y)
write.csv(data.frame(rate = full((y + nu) / (e + alpha)), low = full(qgamma(0.025, y + nu, e + alpha)),
  high = full(qgamma(0.975, y + nu, e + alpha)), above = full(pgamma(1.2, y + nu, e + alpha, lower.tail = FALSE)),
  mixed_rate = full(sapply(each, function(i) sum(w * (y[i] + s) / (e[i] + a)))),
  mixed_low = full(sapply(each, function(i) quantile_of(0.025, i))),
  mixed_high = full(sapply(each, function(i) quantile_of(0.975, i))),
  mixed_above = full(sapply(each, function(i) 1 - cdf(1.2, i)))),
  file.path(out, "gamma_posterior.csv"), row.names = FALSE)
