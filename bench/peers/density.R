# Kernel density of 100,000 events on 500 by 500 pixels with spatstat, which moves
# events to the middle of a pixel and smooths by fast Fourier transform.
suppressPackageStartupMessages(library(spatstat))
set.seed(1)
n <- 100000
k <- sample(2000, n, replace = TRUE)
x <- runif(2000, 0, 60000)[k] + rnorm(n, 0, 600)
y <- runif(2000, 0, 60000)[k] + rnorm(n, 0, 600)
ok <- x > 0 & x < 60000 & y > 0 & y < 60000
x <- c(x[ok], runif(sum(!ok), 0, 60000))
y <- c(y[ok], runif(sum(!ok), 0, 60000))
p <- ppp(x, y, owin(c(0, 60000), c(0, 60000)), check = FALSE)
best <- function(f) min(sapply(1:5, function(i) system.time(f())[["elapsed"]]))
say <- function(name, f) cat(name, "\t", format(best(f)), "\n", sep = "")
say("density, 100000 events, 500x500, Gaussian 300 m, no edge, spatstat",
  function() density(p, sigma = 300, dimyx = 500, edge = FALSE))
say("density, 100000 events, 500x500, Gaussian 300 m, uniform edge, spatstat",
  function() density(p, sigma = 300, dimyx = 500))
say("density, 100000 events, 500x500, Gaussian 300 m, event edge, spatstat",
  function() density(p, sigma = 300, dimyx = 500, diggle = TRUE))
say("density, 100000 events, 500x500, quartic 848 m, uniform edge, spatstat",
  function() density(p, sigma = 848 / sqrt(8), dimyx = 500, kernel = "quartic"))
small <- p[1:2000]
say("likelihood bandwidth, 2000 events, 16 tried, spatstat", function() bw.ppl(small, srange = c(500, 5000), ns = 16))
