# Reference values for adoption at different times, straight from the published
# formulas: Callaway and Sant'Anna (2021) without covariates and by outcome
# regression, and Goodman-Bacon's (2021) decomposition by regressions on subsamples.
#   Rscript staggered.R FOLDER
out <- commandArgs(TRUE)[1]
full <- function(x) sprintf("%.17g", x)
set.seed(12)
T <- 9
g <- c(-1, -1, -1, -1, -1, 3, 3, 3, 5, 5, 5, 5, 7, 7, 7) # first treated period, from 0
n <- length(g)
x <- round(rnorm(n), 2)
y <- t(sapply(1:n, function(i) {
  level <- 20 + 3 * rnorm(1) + (0:(T - 1)) * 0.7 + x[i] * (0:(T - 1)) * 0.4
  since <- ifelse(g[i] >= 0, pmax(0, 0:(T - 1) - g[i] + 1), 0)
  round(level + 2 * since + rnorm(T), 2)
}))
write.csv(data.frame(unit = rep(0:(n - 1), each = T), period = rep(0:(T - 1), n), start = rep(g, each = T),
  x = rep(x, each = T), y = full(as.vector(t(y)))), file.path(out, "staggered.csv"), row.names = FALSE)

Y <- function(t) y[, t + 1]
att <- function(gg, t, never, cov) {
  base <- if (t < gg) t - 1 else gg - 1
  C <- if (never) g < 0 else g < 0 | (g > max(t, base) & g != gg)
  G <- g == gg
  d <- Y(t) - Y(base)
  X <- if (cov) cbind(1, x) else matrix(1, n, 1)
  f <- lm.fit(X[C, , drop = FALSE], d[C])
  hat <- as.numeric(X %*% f$coefficients)
  a <- mean(d[G] - hat[G])
  psi <- numeric(n)
  psi[G] <- (d[G] - hat[G] - a) / mean(G)
  M <- solve(crossprod(X[C, , drop = FALSE]) / n)
  psi[C] <- -as.numeric(X[C, , drop = FALSE] %*% M %*% colMeans(X[G, , drop = FALSE])) * (d[C] - hat[C])
  list(g = gg, t = t, att = a, psi = psi)
}
size <- as.numeric(table(g)[as.character(g)]) # units that start together
error <- function(psi) sqrt(sum(psi^2 * size / (size - 1))) / n
rows <- list()
put <- function(setting, what, at, value, psi) rows[[length(rows) + 1]] <<- data.frame(setting = setting, what = what,
  at = at, value = full(value), error = full(error(psi)))
mix <- function(list, weightby) { # weights by share of the group, with what estimating the shares adds
  p <- sapply(weightby, function(k) mean(g == k)); S <- sum(p)
  v <- sapply(list, `[[`, "att"); psi <- sapply(list, `[[`, "psi")
  ind <- sapply(weightby, function(k) (g == k) - mean(g == k))
  wif <- ind / S - rowSums(ind) %o% (p / S^2)
  list(att = sum(p * v) / S, psi = as.numeric(psi %*% (p / S) + wif %*% v))
}
plain <- function(list) list(att = mean(sapply(list, `[[`, "att")), psi = rowMeans(sapply(list, `[[`, "psi")))
for (never in c(TRUE, FALSE)) for (cov in c(TRUE, FALSE)) {
  s <- paste(if (never) "never" else "notyet", if (cov) "covariate" else "plain")
  A <- list()
  for (gg in c(3, 5, 7)) for (t in 1:(T - 1)) A[[length(A) + 1]] <- att(gg, t, never, cov)
  for (a in A) put(s, "group time", a$g * 100 + a$t, a$att, a$psi)
  G <- sapply(A, `[[`, "g"); P <- sapply(A, `[[`, "t"); post <- P >= G
  m <- mix(A[post], G[post]); put(s, "overall", 0, m$att, m$psi)
  ev <- lapply(sort(unique(P - G)), function(e) c(mix(A[P - G == e], G[P - G == e]), e = e))
  for (a in ev) put(s, "event", a$e, a$att, a$psi)
  m <- plain(Filter(function(a) a$e >= 0, ev)); put(s, "event average", 0, m$att, m$psi)
  gr <- lapply(c(3, 5, 7), function(k) plain(A[post & G == k]))
  for (k in 1:3) put(s, "group", c(3, 5, 7)[k], gr[[k]]$att, gr[[k]]$psi)
  m <- mix(gr, c(3, 5, 7)); put(s, "group average", 0, m$att, m$psi)
  ca <- lapply(sort(unique(P[post])), function(t) c(mix(A[post & P == t], G[post & P == t]), t = t))
  for (a in ca) put(s, "period", a$t, a$att, a$psi)
  m <- plain(ca); put(s, "period average", 0, m$att, m$psi)
}
write.csv(do.call(rbind, rows), file.path(out, "staggered_effects.csv"), row.names = FALSE)

long <- data.frame(i = rep(1:n, each = T), t = rep(0:(T - 1), n), g = rep(g, each = T), y = as.vector(t(y)))
long$d <- as.numeric(long$g >= 0 & long$t >= long$g)
var_d <- function(s) sum(resid(lm(d ~ factor(i) + factor(t), s))^2)
rows <- list()
pair <- function(s, treated, control, forbidden) rows[[length(rows) + 1]] <<- data.frame(treated = treated,
  control = control, forbidden = forbidden,
  # a subsample's share of all cells times its own variance over the whole's
  weight = full(var_d(s) / nrow(s) * (nrow(s) / nrow(long))^2 / (var_d(long) / nrow(long))),
  effect = full(coef(lm(y ~ d + factor(i) + factor(t), s))[["d"]]))
for (k in c(3, 5, 7)) pair(long[long$g %in% c(k, -1), ], k, -1, FALSE)
for (k in list(c(3, 5), c(3, 7), c(5, 7))) {
  s <- long[long$g %in% k, ]
  pair(s[s$t < k[2], ], k[1], k[2], FALSE)
  pair(s[s$t >= k[1], ], k[2], k[1], TRUE)
}
rows[[length(rows) + 1]] <- data.frame(treated = -9, control = -9, forbidden = FALSE, weight = "1",
  effect = full(coef(lm(y ~ d + factor(i) + factor(t), long))[["d"]]))
write.csv(do.call(rbind, rows), file.path(out, "decompose.csv"), row.names = FALSE)
