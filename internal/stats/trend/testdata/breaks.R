# Writes breaks.json: strucchange's breakpoints of a mean, on series that come
# with R. Run in this folder: Rscript breaks.R
library(strucchange)
library(jsonlite)
series <- list(Nile = Nile, discoveries = discoveries, LakeHuron = LakeHuron)
out <- list()
for (n in names(series)) for (h in c(0.15, 0.25)) {
  bp <- breakpoints(series[[n]] ~ 1, h = h)
  s <- summary(bp)
  at <- lapply(seq_len(ncol(s$RSS)) - 1, function(k) if (k == 0) list() else breakpoints(bp, breaks = k)$breakpoints)
  out[[length(out) + 1]] <- list(name = n, h = h, shortest = floor(h * length(series[[n]])), y = as.numeric(series[[n]]),
    at = at, rss = as.numeric(s$RSS["RSS", ]), bic = as.numeric(s$RSS["BIC", ]), best = length(na.omit(bp$breakpoints)))
}
write(toJSON(out, auto_unbox = FALSE, digits = I(14)), "breaks.json")
