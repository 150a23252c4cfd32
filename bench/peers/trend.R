# What R takes for the work of the benchmarks of internal/stats/trend: 33 monthly
# series of 120. Prints name<TAB>seconds, the least of five runs. Run: Rscript trend.R
suppressMessages({library(MASS); library(sandwich); library(strucchange); library(forecast)})
set.seed(7)
n <- 120
i <- seq_len(n) - 1
series <- lapply(0:32, function(p) {
  m <- (2 + 48 * p / 33) * (1 + 0.25 * sin(2 * pi * i / 12)) * ifelse(i >= 74 & i < 78, 0.5, 1)
  ts(rnbinom(n, mu = m, size = 8), frequency = 12)
})
d <- data.frame(trend = i / 12, month = factor(i %% 12), level = as.numeric(i >= 60), slope = pmax(i - 60, 0) / 12,
  lock = as.numeric(i >= 74 & i < 78), s1 = sin(2 * pi * i / 12), c1 = cos(2 * pi * i / 12), s2 = sin(4 * pi * i / 12), c2 = cos(4 * pi * i / 12))
time <- function(name, f, runs = 5) {
  best <- Inf
  for (k in seq_len(runs)) best <- min(best, system.time(for (y in series) suppressWarnings(f(y)))[["elapsed"]])
  cat(name, best, sep = "\t"); cat("\n")
}
time("r-decompose", decompose)
time("r-stl-periodic", function(y) stl(y, "periodic"))
time("r-stl-window", function(y) stl(y, 7))
time("r-stl-robust", function(y) stl(y, 7, robust = TRUE))
time("r-glm-quasipoisson-neweywest", function(y) {
  m <- glm(y ~ trend + month, quasipoisson, d)
  NeweyWest(m, prewhite = FALSE, adjust = TRUE)
})
time("r-glm.nb-neweywest", function(y) {
  m <- glm.nb(y ~ trend + month, d)
  NeweyWest(m, prewhite = FALSE, adjust = TRUE)
})
time("r-interrupted-neweywest", function(y) {
  m <- glm(y ~ trend + s1 + c1 + s2 + c2 + level + slope + lock, quasipoisson, d)
  v <- NeweyWest(m, prewhite = FALSE, adjust = TRUE)
  x <- model.matrix(m); x[, c("level", "slope", "lock")] <- 0
  f <- exp(x %*% coef(m)); s <- sqrt(rowSums((x %*% v) * x)); cbind(f, f * exp(-1.98 * s), f * exp(1.98 * s))
})
time("r-interrupted-simulated", function(y) {
  m <- glm(y ~ trend + s1 + c1 + s2 + c2 + level + slope + lock, quasipoisson, d)
  b <- t(mvrnorm(1000, coef(m), NeweyWest(m, prewhite = FALSE, adjust = TRUE)))
  x1 <- model.matrix(m)[61:120, ]; own <- c("level", "slope", "lock")
  with <- exp(x1 %*% b)
  total <- list()
  for (out in list(own, c("level", "slope"), "lock")) {
    x0 <- x1; x0[, out] <- 0
    without <- exp(x0 %*% b)
    total[[length(total) + 1]] <- quantile(colSums(without - with), c(0.025, 0.975))
    if (length(out) == 3) each <- apply(without - with, 1, quantile, c(0.025, 0.975))
  }
  list(each, total)
})
time("r-strucchange-supf", function(y) sctest(Fstats(y ~ 1)))
time("r-strucchange-breakpoints", function(y) breakpoints(y ~ 1, breaks = 5), 1)
time("r-holtwinters-fit", HoltWinters)
time("r-forecast-hw", function(y) forecast(HoltWinters(y), 12))
time("r-forecast-holt-damped", function(y) holt(y, 12, damped = TRUE), 1)
time("r-glm.nb-forecast", function(y) {
  m <- glm.nb(y ~ trend + month, d)
  predict(m, data.frame(trend = (n - 1 + cumsum(0.95^(1:12))) / 12, month = factor(0:11)), se.fit = TRUE)
})
