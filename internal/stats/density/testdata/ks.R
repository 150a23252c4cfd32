# Writes ks.csv: densities by ks::kde, without bins, at places among the events of
# events.csv. Run in this folder after density.R: Rscript ks.R
suppressPackageStartupMessages(library(ks))
d <- read.csv("events.csv")
at <- expand.grid(x = seq(100, 1900, by = 300), y = seq(100, 1500, by = 350))
k <- kde(as.matrix(d[, c("x", "y")]), H = diag(150^2, 2), eval.points = as.matrix(at), binned = FALSE,
  w = d$w / sum(d$w) * nrow(d))
write.csv(data.frame(at, value = sprintf("%.15g", k$estimate * sum(d$w) * 1e6)), "ks.csv", row.names = FALSE, quote = FALSE)
