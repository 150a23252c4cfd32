# Reference values for Farrington's method, original and flexible, from the R
# package surveillance. Writes series.csv, cases.csv, flexible.csv and
# classic.csv into the
# folder given as argument, or the working folder.
#   Rscript farrington.R [folder]
suppressMessages(library(surveillance))
out <- commandArgs(TRUE)
out <- if (length(out)) out[1] else "."

# The package's fits stop when the deviance changes by under 1e-8 of itself,
# which leaves the dispersion four to six correct digits. The comparison is with
# the same fits carried to the end.
assignInNamespace("glm.control", function(epsilon = 1e-13, maxit = 100, trace = FALSE) {
  list(epsilon = 1e-13, maxit = 100, trace = FALSE)
}, "stats")

data(list = c("salmonella.agona", "campyDE", "rotaBB", "m1", "k1"))

set.seed(5)
low <- rnbinom(144, mu = 0.8 * exp(0.3 * sin(2 * pi * (1:144) / 12)), size = 2)
growth <- rnbinom(144, mu = exp(2 + 0.008 * (1:144) + 0.4 * sin(2 * pi * (1:144) / 12)), size = 8)
growth[c(60, 61, 100)] <- growth[c(60, 61, 100)] * 4 # past outbreaks to be weighted down
gap <- growth
gap[c(70, 90, 97)] <- NA
series <- list(
  agona = list(y = salmonella.agona$observed, freq = 52),
  campy = list(y = campyDE$case, freq = 52),
  rota = list(y = as.numeric(rowSums(observed(rotaBB))), freq = 12),
  m1 = list(y = as.numeric(m1$observed), freq = 52),
  k1 = list(y = as.numeric(k1$observed), freq = 52),
  low = list(y = low, freq = 12),
  growth = list(y = growth, freq = 12),
  gap = list(y = gap, freq = 12)
)
people <- function(n) 1000 * (1 + seq_len(n) / 500 + 0.1 * cos(seq_len(n) / 7))
write.csv(do.call(rbind, lapply(names(series), function(s) {
  y <- as.numeric(series[[s]]$y)
  data.frame(series = s, frequency = series[[s]]$freq, t = seq_along(y), observed = y)
})), file.path(out, "series.csv"), row.names = FALSE, quote = FALSE)

flexible <- function(series, from, to, b, w, periods, past, threshold, p, method,
                     alpha = 0.05, trend = TRUE, power = "2/3", offset = FALSE,
                     reweight = TRUE, cases = 5, window = 4) {
  data.frame(kind = "flexible", series, from, to, b, w, periods, past, threshold, p, method,
             alpha, trend, power, offset, reweight, cases, window)
}
classic <- function(series, from, to, b, w, alpha = 0.05, trend = TRUE, power = "2/3",
                    reweight = TRUE, cases = 5, window = 4, offset = FALSE) {
  data.frame(kind = "classic", series, from, to, b, w, periods = 1, past = w, threshold = 1, p = 0.05,
             method = "delta", alpha, trend, power, offset, reweight, cases, window)
}
cases <- rbind(
  # The settings of the package's own help page, and those of Noufaily and others.
  flexible("agona", 282, 312, 4, 3, 1, 3, 1, 0.05, "delta", 0.1),
  flexible("agona", 282, 312, 4, 3, 10, 26, 2.58, 1, "delta", 0.1),
  flexible("agona", 262, 312, 4, 3, 10, 26, 2.58, 1, "nbPlugin"),
  flexible("agona", 272, 312, 4, 3, 10, 26, 2.58, 1, "muan"),
  flexible("agona", 272, 312, 4, 3, 10, 26, 2.58, 0.05, "nbPlugin", 0.01),
  flexible("agona", 272, 312, 4, 3, 10, 26, 2.58, 1, "nbPlugin", 0.05, FALSE),
  flexible("agona", 282, 312, 4, 2, 8, 10, 2.58, 1, "delta", 0.05, TRUE, "1/2"),
  flexible("agona", 282, 312, 3, 4, 5, 26, 2.58, 1, "delta", 0.05, TRUE, "none"),
  flexible("agona", 282, 312, 4, 3, 10, 26, 2.58, 1, "nbPlugin", reweight = FALSE),
  flexible("agona", 282, 312, 2, 3, 10, 26, 2.58, 1, "nbPlugin"),
  flexible("agona", 282, 312, 4, 3, 10, 26, 2.58, 1, "nbPlugin", cases = 0, window = 4),
  flexible("agona", 282, 312, 4, 3, 10, 26, 2.58, 0.05, "delta", reweight = FALSE),
  flexible("low", 74, 144, 5, 1, 4, 3, 2.58, 0.05, "delta", reweight = FALSE),
  flexible("campy", 480, 522, 5, 3, 10, 26, 2.58, 1, "nbPlugin", 0.005),
  flexible("campy", 480, 522, 5, 3, 10, 26, 2.58, 0.05, "muan", 0.005),
  flexible("campy", 480, 522, 5, 3, 10, 26, 2.58, 1, "delta", 0.005),
  flexible("campy", 500, 522, 5, 3, 10, 26, 2.58, 1, "nbPlugin", 0.005, offset = TRUE),
  flexible("m1", 185, 209, 3, 3, 10, 26, 2.58, 1, "nbPlugin"),
  flexible("k1", 185, 209, 3, 3, 10, 26, 2.58, 1, "nbPlugin", 0.01),
  flexible("rota", 62, 108, 4, 1, 4, 3, 2.58, 1, "nbPlugin", 0.01),
  flexible("rota", 74, 108, 5, 1, 10, 6, 2.58, 1, "delta", 0.01),
  flexible("rota", 74, 108, 5, 0, 12, 6, 2.58, 0.05, "muan", 0.01),
  flexible("rota", 74, 108, 5, 1, 1, 1, 2.58, 0.05, "nbPlugin", 0.01),
  flexible("low", 74, 144, 5, 1, 10, 6, 2.58, 1, "nbPlugin", 0.01),
  flexible("low", 74, 144, 5, 1, 4, 3, 2.58, 0.05, "delta", 0.05, cases = 2, window = 3),
  flexible("growth", 74, 144, 5, 1, 10, 6, 2.58, 1, "nbPlugin", 0.01),
  flexible("growth", 74, 144, 5, 1, 10, 6, 2.58, 0.05, "delta", 0.01),
  flexible("growth", 74, 144, 5, 1, 10, 6, 2.58, 1, "muan", 0.01, offset = TRUE),
  flexible("growth", 90, 144, 6, 2, 5, 12, 1, 1, "nbPlugin", 0.05),
  flexible("gap", 98, 144, 5, 1, 10, 6, 2.58, 1, "nbPlugin", 0.01),
  classic("agona", 212, 312, 3, 3),
  classic("agona", 282, 312, 4, 3, 0.01),
  classic("agona", 282, 312, 4, 2, 0.05, TRUE, "1/2"),
  classic("agona", 282, 312, 4, 2, 0.05, TRUE, "none"),
  classic("agona", 282, 312, 4, 3, reweight = FALSE),
  classic("agona", 282, 312, 4, 3, trend = FALSE, cases = 3, window = 2),
  classic("campy", 480, 522, 5, 3, 0.01),
  classic("campy", 480, 522, 5, 3, 0.01, offset = TRUE),
  classic("k1", 185, 209, 3, 3, 0.01),
  classic("rota", 74, 108, 5, 1),
  classic("low", 74, 144, 5, 1),
  classic("growth", 74, 144, 5, 1, 0.01),
  # Counts that vary less than Poisson ones.
  flexible("agona", 292, 312, 3, 3, 1, 3, 2.58, 0.05, "delta", 0.1, reweight = FALSE),
  flexible("agona", 292, 312, 3, 3, 1, 3, 2.58, 0.05, "muan", 0.1, reweight = FALSE)
)
cases <- cbind(id = seq_len(nrow(cases)), cases)
write.csv(cases, file.path(out, "cases.csv"), row.names = FALSE, quote = FALSE)

run <- function(c) {
  s <- series[[c$series]]
  n <- length(s$y)
  x <- sts(observed = as.numeric(s$y), frequency = s$freq, start = c(2001, 1),
           population = matrix(people(n), ncol = 1))
  control <- list(range = c$from:c$to, b = c$b, w = c$w, reweight = c$reweight, alpha = c$alpha,
                  trend = c$trend, limit54 = c(c$cases, c$window), powertrans = c$power)
  if (c$kind == "classic") {
    control$fitFun <- if (c$offset) "algo.farrington.fitGLM.populationOffset" else "algo.farrington.fitGLM"
    d <- create.disProg(week = seq_len(n), observed = as.numeric(s$y), state = rep(0, n), freq = s$freq,
                        start = c(2001, 1), populationFrac = people(n))
    r <- algo.farrington(d, control)
    return(data.frame(id = c$id, t = c$from:c$to, upper = as.vector(r$upperbound),
                      alarm = as.vector(r$alarm), trend = as.vector(r$trend),
                      quantile = r$control$pd[, 1], median = r$control$pd[, 2]))
  }
  control <- c(control, list(noPeriods = c$periods, pastWeeksNotIncluded = c$past,
    weightsThreshold = c$threshold, pThresholdTrend = c$p, thresholdMethod = c$method,
    populationOffset = c$offset, glmWarnings = FALSE))
  r <- farringtonFlexible(x, control)
  v <- r@control
  vec <- function(m) as.vector(m)
  data.frame(id = c$id, t = c$from:c$to, upper = vec(upperbound(r)), alarm = as.numeric(vec(alarms(r))),
             p = vec(v$pvalue), expected = vec(v$expected), mu0 = vec(v$mu0Vector), phi = vec(v$phiVector),
             trend = vec(v$trend), slope = vec(v$trendVector))
}
save <- function(kind) {
  of <- cases[cases$kind == kind, ]
  r <- do.call(rbind, lapply(seq_len(nrow(of)), function(i) run(of[i, ])))
  for (k in intersect(names(r), c("upper", "p", "expected", "mu0", "phi", "slope", "quantile", "median"))) r[[k]] <- signif(r[[k]], 10)
  write.csv(r, file.path(out, paste0(kind, ".csv")), row.names = FALSE, quote = FALSE)
}
save("flexible")
save("classic")
