# Reference values of the distributions, from base R:
#   Rscript reference.R FOLDER
# writes continuous.csv and counts.csv there.
# Columns: function of the Go package, its arguments (up to three), the value.
folder <- commandArgs(TRUE)[1]
continuous <- file(file.path(folder, "continuous.csv"), "w")
counts <- file(file.path(folder, "counts.csv"), "w")
g <- function(x) formatC(x, digits = 15, format = "g", width = 1)
put <- function(name, a, b = NULL, c = NULL, value) {
  keep <- is.finite(value)
  out <- if (grepl("Poisson|Binomial|NegBin", name)) counts else continuous
  if (any(keep)) {
    rows <- cbind(name, g(a), if (is.null(b)) "" else g(b), if (is.null(c)) "" else g(c), g(value))
    writeLines(apply(rows[keep, , drop = FALSE], 1, paste, collapse = ","), out)
  }
}
tiny <- c(1e-300, 1e-200, 1e-40, 1e-15, 1e-6, 0.001, 0.025)
p <- c(tiny, 0.3, 0.5, 0.8, 0.975, 0.999)

x <- c(-37.4, -30, -20, -10, -5, -1.96, -1, -0.1, -1e-8, 0, 0.3, 1, 2.5758, 6, 8.2, 12, 25, 37.5)
put("NormalCDF", x, value = pnorm(x))
put("NormalTail", x, value = pnorm(x, lower.tail = FALSE))
put("NormalQuantile", p, value = qnorm(p))

d <- expand.grid(x = c(-3, 0.001, 0.5, 1, 2, 4.3, 10, 37, 500, 1e6), df = c(0.5, 1, 2, 3.7, 10, 31, 250, 1e4, 1e7))
put("StudentTail", d$x, d$df, value = pt(d$x, d$df, lower.tail = FALSE))
d <- expand.grid(p = p, df = c(1, 2, 3.7, 10, 31, 250, 1e4))
# R's quantiles of extreme tails are not always where its own probability is
# the one asked for; such points are left out.
v <- qt(d$p, d$df); keep <- abs(pt(v, d$df) / d$p - 1) < 1e-11
put("StudentQuantile", d$p[keep], d$df[keep], value = v[keep])

shapes <- c(1e-4, 0.01, 0.3, 0.5, 1, 2.5, 9, 10.5, 40, 333, 5000, 1e6)
d <- expand.grid(a = shapes, p = c(tiny, 0.4, 0.9))
lower <- qgamma(d$p, d$a); upper <- qgamma(d$p, d$a, lower.tail = FALSE)
lower <- signif(lower, 8); upper <- signif(upper, 8)
keep <- lower > 1e-290
put("GammaCDF", lower[keep], d$a[keep], rep(1, sum(keep)), pgamma(lower[keep], d$a[keep]))
put("GammaTail", lower[keep], d$a[keep], rep(1, sum(keep)), pgamma(lower[keep], d$a[keep], lower.tail = FALSE))
keep <- upper > 1e-290
put("GammaTail", upper[keep], d$a[keep], rep(1, sum(keep)), pgamma(upper[keep], d$a[keep], lower.tail = FALSE))
put("ChiSquaredTail", 2 * upper[keep], 2 * d$a[keep], value = pchisq(2 * upper[keep], 2 * d$a[keep], lower.tail = FALSE))

d <- expand.grid(x = c(1e-4, 0.2, 0.9, 1, 1.3, 3, 9, 80, 1e3), d1 = c(1, 2, 5, 1000), d2 = c(1, 3.5, 20, 1e5))
put("FTail", d$x, d$d1, d$d2, pf(d$x, d$d1, d$d2, lower.tail = FALSE))

d <- expand.grid(x = c(1e-12, 0.01, 0.2, 0.5, 0.7, 0.9995), a = c(0.02, 0.5, 1, 3, 17.5, 200, 3e4), b = c(0.02, 0.5, 1, 4, 30, 900))
put("BetaCDF", d$x, d$a, d$b, pbeta(d$x, d$a, d$b))
put("BetaTail", d$x, d$a, d$b, pbeta(d$x, d$a, d$b, lower.tail = FALSE))

d <- expand.grid(k = c(0, 1, 2, 5, 11, 30, 150, 1000, 20000), m = c(1e-5, 0.1, 0.9, 3, 12, 50.5, 700, 1e4))
put("PoissonPMF", d$k, d$m, value = dpois(d$k, d$m))
put("PoissonCDF", d$k, d$m, value = ppois(d$k, d$m))
put("PoissonTail", d$k, d$m, value = ppois(d$k, d$m, lower.tail = FALSE))
d <- expand.grid(p = p, m = c(1e-5, 0.1, 0.9, 3, 12, 50.5, 700, 1e4, 1e8))
put("PoissonQuantile", d$p, d$m, value = qpois(d$p, d$m))
put("PoissonTailQuantile", d$p, d$m, value = qpois(d$p, d$m, lower.tail = FALSE))

d <- expand.grid(k = c(0, 1, 5, 11, 30, 150, 1000), m = c(0.01, 0.9, 12, 50.5, 700), s = c(0.01, 0.3, 1, 4.2, 1e4))
put("NegBinPMF", d$k, d$m, d$s, dnbinom(d$k, mu = d$m, size = d$s))
put("NegBinLogPMF", d$k, d$m, d$s, dnbinom(d$k, mu = d$m, size = d$s, log = TRUE))
put("NegBinCDF", d$k, d$m, d$s, pnbinom(d$k, mu = d$m, size = d$s))
put("NegBinTail", d$k, d$m, d$s, pnbinom(d$k, mu = d$m, size = d$s, lower.tail = FALSE))
d <- expand.grid(p = p, m = c(0.01, 3, 50.5, 700), s = c(0.3, 4.2, 1e4))
put("NegBinQuantile", d$p, d$m, d$s, qnbinom(d$p, mu = d$m, size = d$s))
put("NegBinTailQuantile", d$p, d$m, d$s, qnbinom(d$p, mu = d$m, size = d$s, lower.tail = FALSE))

d <- expand.grid(k = c(0, 1, 2, 5, 11, 30, 100, 999), n = c(1, 5, 30, 100, 5000), q = c(1e-5, 0.03, 0.5, 0.9))
d <- d[d$k <= d$n, ]
put("BinomialPMF", d$k, d$n, d$q, dbinom(d$k, d$n, d$q))
put("BinomialCDF", d$k, d$n, d$q, pbinom(d$k, d$n, d$q))
d <- expand.grid(p = p, n = c(1, 5, 30, 5000), q = c(1e-5, 0.03, 0.5, 0.9))
put("BinomialQuantile", d$p, d$n, d$q, qbinom(d$p, d$n, d$q))

x <- c(1e-9, 0.01, 0.3, 0.99, 1.2, 3, 7.7, 25, 1e4, -0.4, -3.3)
put("LogGamma", x, value = lgamma(x))
put("Digamma", x, value = digamma(x))
put("Trigamma", x, value = trigamma(x))

a <- expand.grid(p = c(tiny, 0.4, 0.9), a = shapes)
v <- qgamma(a$p, a$a); keep <- v > 1e-290
put("GammaQuantile", a$p[keep], a$a[keep], rep(1, sum(keep)), v[keep])
v <- qgamma(a$p, a$a, lower.tail = FALSE); keep <- v > 1e-290
put("GammaTailQuantile", a$p[keep], a$a[keep], rep(1, sum(keep)), v[keep])
a <- expand.grid(p = c(tiny, 0.4, 0.9), a = c(0.5, 1, 17.5, 200, 3e4), b = c(0.5, 1, 4, 900))
v <- qbeta(a$p, a$a, a$b); keep <- abs(pbeta(v, a$a, a$b) / a$p - 1) < 1e-9
put("BetaQuantile", a$p[keep], a$a[keep], a$b[keep], v[keep])
close(continuous); close(counts)
