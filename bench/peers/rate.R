# Rates, intervals, surveys, inequality and distributions in R: base, epitools
# and survey. Prints name<TAB>seconds, the least of five runs, for the work that
# the benchmark of the same name in internal/stats/rate, dist, lin and cba does.
suppressMessages({library(epitools); library(survey)})
options(warn = -1)
best <- function(name, f, runs = 5) {
  least <- Inf
  for (i in seq_len(runs)) least <- min(least, system.time(f())[["elapsed"]])
  cat(sprintf("%s\t%.6f\n", name, least))
}
many <- function(name, times, f) { # too quick for the clock: so many at a time
  least <- Inf
  for (i in 1:5) least <- min(least, system.time(for (k in seq_len(times)) f())[["elapsed"]])
  cat(sprintf("%s\t%.9f\n", name, least / times))
}
set.seed(1)

counts <- (0:4993) %% 40
many("rate.exact 4994 (qgamma)", 20, function() cbind(qgamma(0.025, counts), qgamma(0.975, counts + 1)))
best("rate.exact 4994 (epitools pois.exact)", function() pois.exact(counts))
many("rate.wilson 4994 (epitools binom.wilson)", 20, function() binom.wilson(counts, 60))
places <- lapply(1:4994, function(i) cbind(rpois(19, 4), 50 + rpois(19, 60)))
standard <- rep(5000, 19)
best("rate.direct 4994 x 19 (epitools ageadjust.direct)", function()
  for (p in places) ageadjust.direct(p[, 1], p[, 2], stdpop = standard), 3)
many("rate.stand 4994 (ppois)", 20, function() cbind(ppois(counts, 12), ppois(counts - 1, 12, lower.tail = FALSE)))
many("rate.midp 220265 222048 (poisson.test, exact)", 3, function() poisson.test(c(220265, 222048), c(1, 1)))

n <- 1e5
d <- data.frame(y = rbinom(n, 1, 0.5), w = runif(n) + 0.2, stratum = sample(33, n, TRUE), cluster = sample(40, n, TRUE))
best("rate.survey 100000 (survey svydesign + svyciprop)", function() {
  x <- svydesign(~cluster, strata = ~stratum, weights = ~w, data = d, nest = TRUE)
  svymean(~y, x, deff = "replace")
  svyciprop(~y, x, method = "beta")
}, 3)

# The slope index with 100,000 simulations: vectorised by hand, ten groups.
pop <- runif(10, 2000, 9000); value <- rnorm(10, 10); se <- runif(10)
best("rate.slope 100000 draws (matrix by hand)", function() {
  mid <- (cumsum(pop) - pop / 2) / sum(pop); w <- pop / sum(pop); dm <- mid - sum(w * mid)
  by <- w * dm / sum(w * dm^2); level <- w - by * sum(w * mid)
  v <- matrix(rnorm(10 * 1e5, value, se), 10)
  s <- drop(by %*% v); a <- drop(level %*% v)
  quantile(s, c(0.025, 0.975)); quantile((a + s) / a, c(0.025, 0.975))
})
count <- rpois(10, pop * 0.01)
many("rate.gradient (glm)", 50, function() {
  mid <- (cumsum(pop) - pop / 2) / sum(pop)
  summary(glm(count ~ mid + offset(log(pop)), family = poisson))
})
y <- c(5, 7, 8, 9, 12)
trend <- function(times) for (k in seq_len(times)) { # lm.wfit, the quickest way R has
  x <- cbind(1, 1:5); w <- rep(1, 5)
  f <- lm.wfit(x, y, w); chol2inv(f$qr$qr[1:2, 1:2])
  for (i in 1:5) lm.wfit(x[-i, ], y[-i], w[-i])
}
best("rate.trend 4994 (lm.wfit, six fits each)", function() trend(4994), 2)

m <- 1 + (0:99999) %% 50; k <- (0:99999) %% 30
each <- function(name, f) best(paste0("dist.", name, " 100000"), f)
each("qnbinom", function() qnbinom(0.995, mu = m, size = 5))
each("pnbinom", function() pnbinom(k, mu = 10, size = 5))
each("dnbinom", function() dnbinom(k, mu = 10, size = 5))
each("qpois", function() qpois(0.995, m))
each("qgamma", function() qgamma(0.975, m))
each("qbeta", function() qbeta(0.975, m, 20))
each("qt", function() qt(0.975, m))
each("pt", function() pt(2, m))
each("qnorm", function() qnorm(m / 1000))

x <- matrix(rnorm(5000 * 20), 5000); z <- rnorm(5000)
many("lin.least 5000 x 20 (lm.fit)", 10, function() lm.fit(x, z))
g <- crossprod(matrix(rnorm(40 * 33), 40))
many("lin.eigen 33 (eigen)", 100, function() eigen(g, symmetric = TRUE))

# The net present value of twelve lines over ten years, 10,000 draws.
flows <- matrix(1000, 12, 10); sign <- c(rep(-1.1, 4), rep(0.9 * 0.8, 8)); f <- 1.035^-(0:9)
best("cba.simulate 10000 draws x 12 (matrix by hand)", function() {
  u <- matrix(runif(12 * 1e4), 12)
  at <- 0.3 / 0.8
  v <- ifelse(u < at, 0.7 + 0.8 * sqrt(u * at), 1.5 - 0.8 * sqrt((1 - u) * (1 - at)))
  net <- drop((sign * drop(flows %*% f)) %*% v)
  quantile(net, c(0.025, 0.5, 0.975)); mean(net > 0)
  for (i in 1:12) cor(net, v[i, ], method = "spearman")
})
