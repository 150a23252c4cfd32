# Seasonal negative binomial regressions by MASS::glm.nb for the series of
# farrington.R. Writes incontrol.csv into the folder given, or here.
#   Rscript incontrol.R [folder]
suppressMessages(library(MASS))
out <- commandArgs(TRUE)
out <- if (length(out)) out[1] else "."
all <- read.csv(file.path(out, "series.csv"))
grid <- expand.grid(series = c("agona", "growth", "low"), waves = 1:2, trend = c(FALSE, TRUE), stringsAsFactors = FALSE)
write.csv(do.call(rbind, lapply(seq_len(nrow(grid)), function(i) {
  g <- grid[i, ]
  y <- all$observed[all$series == g$series]
  period <- all$frequency[all$series == g$series][1]
  t <- seq_along(y) - 1
  x <- do.call(cbind, lapply(seq_len(g$waves), function(k) cbind(sin(2 * pi * k * t / period), cos(2 * pi * k * t / period))))
  if (g$trend) x <- cbind(t, x)
  training <- floor(0.7 * length(y))
  seen <- x[1:training, ]
  m <- glm.nb(y[1:training] ~ seen, control = glm.control(epsilon = 1e-14, maxit = 500))
  mu <- exp(cbind(1, x) %*% coef(m))
  data.frame(g, training, size = signif(m$theta, 10), first = signif(mu[1], 10), last = signif(mu[length(y)], 10),
             total = signif(sum(mu), 10), row.names = NULL)
})), file.path(out, "incontrol.csv"), row.names = FALSE, quote = FALSE)
