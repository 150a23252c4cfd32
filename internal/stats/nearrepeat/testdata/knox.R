# Writes knox_events.csv and knox.csv: what surveillance::knox says of 80 events.
# Run in this folder: Rscript knox.R
library(surveillance)
set.seed(42)
n <- 80
x <- round(runif(n, 0, 1000), 1)
y <- round(runif(n, 0, 1000), 1)
t <- sample(0:59, n, replace = TRUE)
x[41:50] <- x[1:10]; y[41:50] <- y[1:10]; t[41:50] <- t[1:10] + 2 # repeats
x[51:60] <- x[11:20] + 30; y[51:60] <- y[11:20]; t[51:60] <- t[11:20] + 3 # near repeats
write.csv(data.frame(x, y, t), "knox_events.csv", row.names = FALSE, quote = FALSE)
dt <- as.vector(dist(t))
out <- NULL
for (metric in c("euclidean", "manhattan")) {
  ds <- as.vector(dist(cbind(x, y), method = metric))
  for (s in c(0, 50, 100, 250)) for (d in c(0, 2, 7, 14)) {
    k <- knox(dt, ds, eps.t = d, eps.s = s, simulate.p.value = FALSE)
    out <- rbind(out, data.frame(metric, space = s, time = d, pairs = unname(k$statistic),
      expected = unname(k$null.value), above = k$p.value))
  }
}
out$expected <- sprintf("%.15g", out$expected)
out$above <- sprintf("%.15g", out$above)
write.csv(out, "knox.csv", row.names = FALSE, quote = FALSE)
