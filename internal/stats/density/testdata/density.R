# Writes events.csv, surface.csv, points.csv and bandwidth.csv: what spatstat says of
# 60 events. Run in this folder: Rscript density.R
suppressPackageStartupMessages(library(spatstat))
set.seed(7)
n <- 60
x <- round(c(rnorm(30, 600, 150), runif(30, 0, 2000)), 1)
y <- round(c(rnorm(30, 500, 150), runif(30, 0, 1600)), 1)
w <- sample(1:5, n, replace = TRUE)
write.csv(data.frame(x, y, w), "events.csv", row.names = FALSE, quote = FALSE)
p <- ppp(x, y, owin(c(0, 2000), c(0, 1600)))
m <- outer(1:16, 1:20, function(r, c) !(r > 12 & c > 14) & !(r < 3 & c < 4)) # a region with corners cut out
q <- p[owin(mask = m, xrange = c(0, 2000), yrange = c(0, 1600))]
f <- function(v) sprintf("%.15g", v)
out <- list()
for (region in c("whole", "cut")) for (kernel in c("gaussian", "quartic")) for (edge in c("none", "uniform", "event")) {
  pp <- if (region == "whole") p else q
  sigma <- if (kernel == "quartic") 300 / sqrt(8) else 150
  keep <- if (region == "whole") rep(TRUE, n) else inside.owin(x, y, Window(q))
  d <- density(pp, sigma = sigma, kernel = kernel, edge = edge != "none", diggle = edge == "event",
    weights = w[keep], dimyx = c(16, 20), positive = FALSE)
  v <- as.vector(t(d$v)) * 1e6
  out[[paste(region, kernel, edge)]] <- f(v)
}
write.csv(data.frame(out, check.names = FALSE), "surface.csv", row.names = FALSE, quote = FALSE)
out <- NULL
for (kernel in c("gaussian", "quartic")) for (leave in c(FALSE, TRUE)) {
  sigma <- if (kernel == "quartic") 300 / sqrt(8) else 150
  v <- density(p, sigma = sigma, kernel = kernel, edge = FALSE, at = "points", leaveoneout = leave, weights = w) * 1e6
  out <- rbind(out, data.frame(kernel, leave, value = f(v)))
}
write.csv(out, "points.csv", row.names = FALSE, quote = FALSE)
s <- bw.scott(p)
iso <- bw.scott(p, isotropic = TRUE)
cv <- sapply(c(60, 120, 240, 480), function(h)
  sum(log(density(p, sigma = h, edge = FALSE, at = "points", leaveoneout = TRUE))))
write.csv(data.frame(name = c("scott x", "scott y", "scott", paste("log", c(60, 120, 240, 480))),
  value = f(c(s, iso, cv))), "bandwidth.csv", row.names = FALSE, quote = FALSE)
