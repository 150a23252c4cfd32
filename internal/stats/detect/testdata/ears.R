# Reference values for the EARS rules from the R package surveillance, for the
# series of farrington.R. Writes ears.csv into the folder given, or here.
#   Rscript ears.R [folder]
suppressMessages(library(surveillance))
out <- commandArgs(TRUE)
out <- if (length(out)) out[1] else "."
series <- read.csv(file.path(out, "series.csv"))
cases <- data.frame(
  series = c("agona", "agona", "agona", "agona", "campy", "campy", "campy", "low", "low", "low", "growth", "gap"),
  rule = c("C1", "C2", "C3", "C1", "C1", "C2", "C3", "C1", "C2", "C3", "C3", "C2"),
  from = c(212, 212, 212, 212, 480, 480, 480, 80, 80, 80, 20, 60),
  to = c(312, 262, 262, 262, 522, 522, 522, 144, 144, 144, 60, 120),
  baseline = c(7, 7, 7, 14, 7, 7, 7, 7, 7, 7, 9, 7),
  sigma = c(0, 0, 0, 0, 0, 0.5, 0, 0.5, 1, 0.5, 0, 0),
  alpha = c(0.05, 0.001, 0.025, 0.01, 0.001, 0.005, 0.025, 0.001, 0.01, 0.01, 0.025, 0.01)
)
write.csv(do.call(rbind, lapply(seq_len(nrow(cases)), function(i) {
  c <- cases[i, ]
  y <- series$observed[series$series == c$series]
  r <- earsC(sts(observed = y, frequency = 12), control = list(range = c$from:c$to, method = c$rule,
             baseline = c$baseline, minSigma = c$sigma, alpha = c$alpha))
  data.frame(id = i, c[, c("series", "rule", "baseline", "sigma", "alpha")], t = c$from:c$to,
             upper = signif(as.vector(upperbound(r)), 13), alarm = as.numeric(as.vector(alarms(r))),
             row.names = NULL)
})), file.path(out, "ears.csv"), row.names = FALSE, quote = FALSE)
