# Reference values for control charts from the R package surveillance. Writes
# chartseries.csv and charts.csv into the folder given, or here.
#   Rscript charts.R [folder]
suppressMessages(library(surveillance))
out <- commandArgs(TRUE)
out <- if (length(out)) out[1] else "."
t <- 1:120
mu <- exp(1.5 + 0.6 * cos(2 * pi * t / 52) + 0.6 * sin(2 * pi * t / 52))
small <- exp(-0.5 + 0.4 * cos(2 * pi * t / 12))
set.seed(42)
series <- list(
  poisson = list(y = rpois(120, mu * exp(0.4 * (t >= 100))), mu = mu, alpha = 0),
  negbin = list(y = rnbinom(120, mu = mu * exp(0.4 * (t >= 100)), size = 5), mu = mu, alpha = 0.2),
  fall = list(y = rnbinom(120, mu = mu * exp(-0.7 * (t >= 60)), size = 10), mu = mu, alpha = 0.1),
  few = list(y = rnbinom(120, mu = small * exp(0.8 * (t >= 90)), size = 2), mu = small, alpha = 0.5)
)
write.csv(do.call(rbind, lapply(names(series), function(s) data.frame(series = s, t = t, y = series[[s]]$y,
  mean = signif(series[[s]]$mu, 17), alpha = series[[s]]$alpha))), file.path(out, "chartseries.csv"),
  row.names = FALSE, quote = FALSE)

glr <- function(series, h, dir = "inc", longest = -1, shortest = 1, ratio = NA, ret = "value", to = 120)
  data.frame(kind = "glr", series, h, dir, longest, shortest, ratio, ret, k = NA, trans = NA, to)
sums <- function(series, h, k, trans) data.frame(kind = "cusum", series, h, dir = "inc", longest = -1,
  shortest = 1, ratio = NA, ret = "value", k, trans, to = 120)
cases <- rbind(
  glr("poisson", 5), glr("poisson", 6, "dec"), glr("poisson", 5, ratio = 1.5), glr("poisson", 4, ratio = 0.6, dir = "dec"),
  glr("poisson", 5, ret = "cases"), glr("poisson", 5, ret = "cases", ratio = 1.5),
  glr("negbin", 5), glr("negbin", 3, longest = 10), glr("negbin", 2, shortest = 3), glr("negbin", 3, "dec"),
  glr("negbin", 3, ratio = 2), glr("negbin", 4, ratio = 2, ret = "cases"), glr("negbin", 5, ret = "cases", to = 30),
  glr("fall", 4, "dec"), glr("fall", 3, ratio = 0.5, dir = "dec"), glr("few", 3), glr("few", 3, ratio = 2),
  sums("poisson", 2.26, 1.04, "standard"), sums("poisson", 2.26, 1.04, "rossi"), sums("few", 2, 0.5, "rossi"),
  sums("negbin", 3, 0.5, "pearsonNegBin")
)
run <- function(i) {
  c <- cases[i, ]
  s <- series[[c$series]]
  x <- suppressWarnings(create.disProg(week = t, observed = s$y, state = rep(0, 120)))
  if (c$kind == "cusum") {
    r <- algo.cusum(x, list(range = t, k = c$k, h = c$h, m = s$mu, trans = c$trans, alpha = s$alpha))
    value <- as.vector(r$cusum)
  } else {
    control <- list(range = 1:c$to, c.ARL = c$h, mu0 = s$mu[1:c$to], alpha = s$alpha, Mtilde = c$shortest, M = c$longest,
                    change = "intercept", dir = c$dir, ret = c$ret, theta = if (is.na(c$ratio)) NULL else log(c$ratio))
    r <- (if (s$alpha == 0) algo.glrpois else algo.glrnb)(x, control)
    value <- as.vector(r$upperbound)
  }
  data.frame(id = i, c, t = 1:c$to, value = signif(value, 12), alarm = as.numeric(as.vector(r$alarm)), row.names = NULL)
}
r <- do.call(rbind, lapply(seq_len(nrow(cases)), run))
write.csv(cbind(id = seq_len(nrow(cases)), cases), file.path(out, "chartcases.csv"), row.names = FALSE, quote = FALSE)
write.csv(r[, c("id", "t", "value", "alarm")], file.path(out, "charts.csv"), row.names = FALSE, quote = FALSE)
