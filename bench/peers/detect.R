# Aberration detection by R's surveillance, on data of the size and shape of the
# Go benchmarks in internal/stats/detect. Prints "name<TAB>seconds<TAB>work" for
# the work of the benchmark of that name.
#   Rscript detect.R [full]
# The full work takes several minutes. Without "full" only so many of the series
# are worked through, and the time is multiplied up, which is fair because the
# package takes one series after the other; the name then ends in "~", and the
# third column says how many of how many.
suppressMessages(library(surveillance))
options(warn = -1)
full <- "full" %in% commandArgs(TRUE)

made <- function(count, length, period, some) {
  set.seed(1)
  n <- if (full) count else some
  series <- lapply(seq_len(n), function(i) {
    mu <- exp(3.4 * runif(1)) * exp(0.3 * sin(2 * pi * (seq_len(length) - 1) / period))
    list(y = rnbinom(length, mu = mu, size = 5), mu = mu)
  })
  list(series = series, count = count)
}
report <- function(name, data, one, runs = 2) {
  seconds <- min(sapply(seq_len(runs), function(i) system.time(for (s in data$series) one(s))[["elapsed"]]))
  n <- length(data$series)
  cat(name, if (n < data$count) "~", "\t", format(seconds * data$count / n, digits = 4), "\t",
      n, " of ", data$count, " series\n", sep = "")
}
flexible <- function(range, period, past, w) function(s) farringtonFlexible(
  sts(observed = s$y, frequency = period, start = c(2001, 1)),
  control = list(range = range, b = 5, w = w, noPeriods = 10, pastWeeksNotIncluded = past, weightsThreshold = 2.58,
                 pThresholdTrend = 1, alpha = 0.005, thresholdMethod = "nbPlugin", glmWarnings = FALSE))

report("FarringtonMonthly200x120", made(200, 120, 12, 8), flexible(109:120, 12, 6, 1))
report("FarringtonMonthly5000x120", made(5000, 120, 12, 8), flexible(109:120, 12, 6, 1))
report("FarringtonWeekly200x520", made(200, 520, 52, 12), flexible(517:520, 52, 26, 3))
report("FarringtonClassic200x120", made(200, 120, 12, 12), function(s) farrington(
  sts(observed = s$y, frequency = 12, start = c(2001, 1)), control = list(range = 109:120, b = 5, w = 1), verbose = FALSE))

for (rule in c("C1", "C2", "C3")) {
  report(paste0("EARS", rule), made(5000, 120, 12, 250),
         function(s) earsC(sts(observed = s$y, frequency = 12), control = list(method = rule)))
}
# The charts are called without the slow class around them.
disprog <- function(s) structure(list(week = 1:120, observed = s$y, state = rep(0, 120), freq = 12, start = c(2001, 1)), class = "disProg")
chart <- function(s, ...) list(range = 1:120, c.ARL = 5, mu0 = s$mu, change = "intercept", ret = "value", dir = "inc", ...)
report("CUSUM5000x120", made(5000, 120, 12, 1000), function(s) algo.glrnb(disprog(s), chart(s, alpha = 0.2, theta = log(1.5))))
report("GLRNegBin5000x120", made(5000, 120, 12, 50), function(s) algo.glrnb(disprog(s), chart(s, alpha = 0.2)))
report("GLRPoisson5000x120", made(5000, 120, 12, 1000), function(s) algo.glrpois(disprog(s), chart(s, alpha = 0)))
