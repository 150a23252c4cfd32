# Writes lasting.json: what nlme says of the residuals of regressions of the seat-belt
# data and the yearly discoveries of R, as normal ones whose correlation is
# share·fading^distance: the restricted likelihood at some shares and fadings, the
# likeliest ones, and the errors of the regression's terms with them. Run in this
# folder: Rscript lasting.R
suppressMessages({library(nlme); library(jsonlite)})
s <- as.data.frame(Seatbelts)
i <- seq_len(nrow(s)) - 1
s$level <- as.numeric(i >= 169)
s$waves <- do.call(cbind, lapply(1:2, function(h) cbind(sin(2 * pi * h * i / 12), cos(2 * pi * h * i / 12))))
points <- list(c(0.2, 0.5), c(0.5, 0.9), c(0.9, 0.4), c(0.05, 0.7))
out <- list()
for (name in c("front", "drivers", "VanKilled", "discoveries")) {
  y <- if (name == "discoveries") as.numeric(discoveries) else s[[name]]
  i <- seq_along(y) - 1
  trend <- i / 12
  f <- if (name == "discoveries") y ~ trend else y ~ trend + s$waves + s$level
  m <- glm(f, quasipoisson, epsilon = 1e-14, maxit = 100)
  mu <- as.numeric(fitted(m))
  x <- model.matrix(m) * sqrt(mu)
  d <- data.frame(r = (y - mu) / sqrt(mu), i = i)
  fit <- function(share, fading, ...) gls(r ~ x - 1, d, method = "REML", correlation = corExp(
    c(-1 / log(fading), 1 - share), form = ~ i, nugget = TRUE, ...),
    control = glsControl(tolerance = 1e-12, msTol = 1e-13, maxIter = 500, msMaxIter = 1000))
  all <- lapply(points, function(p) fit(p[1], p[2], fixed = TRUE))
  best <- NULL
  for (p in points) {
    f <- try(fit(p[1], p[2]), silent = TRUE)
    if (!inherits(f, "try-error") && (is.null(best) || logLik(f) > logLik(best))) best <- f
  }
  k <- coef(best$modelStruct$corStruct, unconstrained = FALSE)
  share <- 1 - k[[2]]; fading <- exp(-1 / k[[1]])
  r <- share * fading^abs(outer(i, i, "-")); diag(r) <- 1
  b <- solve(crossprod(x))
  out[[name]] <- list(y = y, share = share, fading = fading, dispersion = best$sigma^2,
    se = as.numeric(sqrt(diag(best$sigma^2 * b %*% t(x) %*% r %*% x %*% b))),
    deviance = sapply(all, function(f) -2 * as.numeric(logLik(f))), dispersions = sapply(all, function(f) f$sigma^2))
}
write(toJSON(list(points = do.call(rbind, points), fits = out), digits = 15, auto_unbox = TRUE), "lasting.json")
