# Writes smooth.json: exponential smoothing with given weights by R's HoltWinters and
# with weights and starts of forecast::ets, and forecasts of both. Run in this folder:
# Rscript smooth.R
suppressMessages({library(forecast); library(jsonlite)})
van <- Seatbelts[, "VanKilled"]
van <- ts(van, frequency = 12)
out <- list()
hw <- function(kind, y, alpha, beta, gamma, seasonal = "additive") {
  args <- list(y, alpha = alpha, beta = beta, gamma = gamma, seasonal = seasonal)
  m <- do.call(HoltWinters, args)
  out[[length(out) + 1]] <<- list(kind = kind, y = as.numeric(y), period = frequency(y), start = "own",
    alpha = m$alpha[[1]], beta = if (is.logical(m$beta)) 0 else m$beta[[1]], gamma = if (is.logical(m$gamma)) 0 else m$gamma[[1]], damping = 1,
    fitted = as.numeric(m$fitted[, 1]), sse = m$SSE, forecast = as.numeric(predict(m, 15)), searched = is.null(alpha))
}
hw(0, van, 0.3, FALSE, FALSE); hw(1, van, 0.3, 0.1, FALSE); hw(2, van, 0.3, 0.1, 0.2); hw(3, van, 0.3, 0.1, 0.2, "mult")
hw(2, UKgas, 0.4, 0.05, 0.6); hw(3, UKgas, 0.4, 0.05, 0.6, "mult")
hw(0, van, NULL, FALSE, FALSE); hw(1, van, NULL, NULL, FALSE); hw(2, van, NULL, NULL, NULL); hw(3, UKgas, NULL, NULL, NULL, "mult")
es <- function(kind, y, model, damped) {
  m <- ets(y, model, damped = damped)
  p <- m$par
  g <- function(n, or) if (n %in% names(p)) p[[n]] else or
  alpha <- g("alpha", 0); n <- length(y); f <- frequency(y)
  s <- m$states[1, ]
  season <- if (kind == 2) as.numeric(rev(s[grep("^s", names(s))])) else list()
  out[[length(out) + 1]] <<- list(kind = kind, y = as.numeric(y), period = f, start = list(level = s[["l"]], trend = if (kind > 0) s[["b"]] else 0, season = season),
    alpha = alpha, beta = g("beta", 0) / alpha, gamma = g("gamma", 0) / (1 - alpha), damping = g("phi", 1),
    fitted = as.numeric(fitted(m)), sse = sum(residuals(m)^2), forecast = as.numeric(forecast(m, 15)$mean), searched = FALSE)
}
es(0, van, "ANN", FALSE); es(1, van, "AAN", FALSE); es(1, van, "AAN", TRUE); es(2, van, "AAA", TRUE)
write(toJSON(out, auto_unbox = TRUE, digits = I(14)), "smooth.json")
