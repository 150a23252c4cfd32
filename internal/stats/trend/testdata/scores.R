# Writes scores.json: forecast's dm.test and accuracy. Run in this folder: Rscript
# scores.R
suppressMessages({library(forecast); library(jsonlite)})
set.seed(3)
a <- rnorm(60); b <- 0.7 * a + rnorm(60)
dm <- lapply(1:4, function(h) { d <- dm.test(a, b, h = h, power = 1); c(d$statistic, d$p.value) })
y <- as.numeric(Seatbelts[, "VanKilled"])
history <- ts(y[1:150], frequency = 12); actual <- y[151:162]
mase <- accuracy(snaive(history, 12), ts(actual, start = c(13, 7), frequency = 12))
guess <- as.numeric(snaive(history, 12)$mean)
write(toJSON(list(a = abs(a), b = abs(b), ahead = c(1, 2, 3, 4), dm = lapply(dm, as.numeric), history = as.numeric(history), actual = actual,
  guess = guess, mase = mase["Test set", "MASE"]), auto_unbox = TRUE, digits = I(15)), "scores.json")
