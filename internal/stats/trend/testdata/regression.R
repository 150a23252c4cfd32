# Writes regression.json: regressions and an interrupted time series of the
# seat-belt data of R (Harvey and Durbin 1986; the law came in month 170), by glm,
# MASS::glm.nb and sandwich::NeweyWest. Run in this folder: Rscript regression.R
suppressMessages({library(MASS); library(sandwich); library(jsonlite)})
s <- as.data.frame(Seatbelts)
n <- nrow(s)
i <- seq_len(n) - 1
month <- factor(i %% 12 + 1)
trend <- i / 12
from <- 169 # counted from 0
level <- as.numeric(i >= from)
ramped <- pmin(pmax(i - from + 1, 0) / 4, 1)
slope <- pmax(i - from, 0) / 12
phase <- as.numeric(i >= 100 & i < 112) # a made-up phase that ends
waves <- sapply(1:2, function(h) cbind(sin(2 * pi * h * i / 12), cos(2 * pi * h * i / 12)), simplify = FALSE)
waves <- do.call(cbind, waves)
quad <- (trend - mean(trend))^2
kms <- s$kms
fits <- list(
  dummies = list(y = "VanKilled", f = VanKilled ~ trend + month + level + slope, family = "quasi"),
  exposed = list(y = "VanKilled", f = VanKilled ~ trend + waves + level + offset(log(kms)), family = "quasi"),
  quadratic = list(y = "front", f = front ~ trend + quad + waves + ramped, family = "quasi"),
  phases = list(y = "VanKilled", f = VanKilled ~ trend + waves + level + slope + phase, family = "poisson"),
  negbin = list(y = "rear", f = rear ~ trend + waves + level + slope, family = "nb"),
  front = list(y = "front", f = front ~ trend + month + level + slope, family = "nb"))
out <- list()
for (name in names(fits)) {
  d <- fits[[name]]
  m <- switch(d$family, quasi = glm(d$f, quasipoisson, s, epsilon = 1e-14, maxit = 100),
    poisson = glm(d$f, poisson, s, epsilon = 1e-14, maxit = 100),
    nb = glm.nb(d$f, s, control = glm.control(epsilon = 1e-12, maxit = 200)))
  se <- function(v) as.numeric(sqrt(diag(v)))
  r <- residuals(m, "pearson") / sqrt(if (d$family == "quasi") summary(m)$dispersion else 1)
  x0 <- model.matrix(m)
  own <- colnames(x0) %in% c("level", "slope", "ramped", "phase")
  x1 <- x0; x0[, own] <- 0
  off <- if (name == "exposed") log(kms) else 0
  v <- NeweyWest(m, lag = 4, prewhite = FALSE, adjust = TRUE)
  b <- coef(m)
  without <- exp(x0 %*% b + off)[, 1]; with <- exp(x1 %*% b + off)[, 1]
  touched <- rowSums(abs(x1[, own, drop = FALSE])) > 0
  g <- colSums((without * x0 - with * x1)[touched, , drop = FALSE])
  rule <- floor(4 * (n / 100)^(2 / 9))
  out[[name]] <- list(y = s[[d$y]], estimates = as.numeric(b), dispersion = summary(m)$dispersion,
    theta = if (d$family == "nb") m$theta else 0, model = se(vcov(m)),
    lag4 = se(v), plain7 = se(NeweyWest(m, lag = 7, prewhite = FALSE)),
    rule = rule, autolag = floor(bwNeweyWest(m, prewhite = FALSE)),
    auto = se(NeweyWest(m, prewhite = FALSE, adjust = TRUE)), fitted = as.numeric(fitted(m)),
    acf = as.numeric(acf(r, 12, plot = FALSE)$acf)[-1],
    box = as.numeric(unlist(Box.test(r, 12, "Ljung-Box")[c("statistic", "p.value")])),
    counterfactual = as.numeric(without), counterse = as.numeric(sqrt(rowSums((x0 %*% v) * x0))),
    averted = sum((without - with)[touched]), avertedse = as.numeric(sqrt(g %*% v %*% g)))
}
# Front seats with rear seats as the control: one model of both with every term
# apart, and errors that allow for months that move both (Driscoll and Kraay).
both <- rbind(cbind(s["front"], seat = 1), setNames(cbind(s["rear"], seat = 0), c("front", "seat")))
both <- cbind(both, i = rep(i, 2), level = rep(level, 2), slope = rep(slope, 2), trend = rep(trend, 2))
x <- model.matrix(~ trend + rbind(waves, waves) + level + slope, both)
x <- cbind(x * both$seat, x * (1 - both$seat))
m <- glm(both$front ~ x - 1, quasipoisson, epsilon = 1e-14, maxit = 100)
v <- vcovPL(m, cluster = rep(1:2, each = n), order.by = both$i, lag = 4, aggregate = TRUE, adjust = FALSE)
k <- ncol(x) / 2
a <- c(rep(0, k - 2), 1, 0, rep(0, k - 2), -1, 0)
b <- c(rep(0, k - 1), 1, rep(0, k - 1), -1)
control <- list(level = sum(a * coef(m)), levelse = as.numeric(sqrt(a %*% v %*% a)),
  slope = sum(b * coef(m)), slopese = as.numeric(sqrt(b %*% v %*% b)))
write(toJSON(list(kms = kms, rear = s$rear, control = control, fits = out), auto_unbox = TRUE, digits = I(13)), "regression.json")
