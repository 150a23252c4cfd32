# What R 4.2 (stats::glm, MASS::glm.nb, sandwich) says of generalised linear
# models. Run: Rscript glm.R > glm.tsv
# Each line: case, quantity, values. The datasets are those that come with R,
# MASS and spData (public examples).
suppressMessages({library(MASS); library(sandwich); library(splines)})
put <- function(case, what, v) cat(case, "\t", what, "\t", paste(sprintf("%.13g", as.vector(v)), collapse = " "), "\n", sep = "")
# glm stops when the deviance holds still, which leaves the estimates at half
# the digits; so it is set going again from where it stopped. Columns that glm
# at its own tolerance finds aliased are left out first (a tighter epsilon would
# move that tolerance too) and put back as NA.
tight <- glm.control(epsilon = 1e-15, maxit = 100)
fit <- function(formula, family, data, w = NULL) {
  data$w. <- if (is.null(w)) rep(1, nrow(data)) else w
  environment(formula) <- environment()
  m <- if (is.null(w)) glm(formula, family, data) else glm(formula, family, data, weights = w.)
  all <- coef(m); keep <- names(all)[!is.na(all)]
  if (anyNA(all)) {
    data$X. <- model.matrix(m)[, keep[-1]]
    formula <- if (is.null(model.offset(model.frame(m)))) update(formula, . ~ X.) else update(formula, . ~ X. + offset(o))
  }
  s <- all[keep]
  for (round in 1:30) {
    g <- if (is.null(w)) glm(formula, family, data, start = s, control = tight) else glm(formula, family, data, weights = w., start = s, control = tight)
    s <- coef(g)
  }
  g$all <- all; g$keep <- keep; g
}
full <- function(m, v) {
  if (is.null(m$all) || !anyNA(m$all)) return(v)
  n <- names(m$all); if (is.matrix(v)) { o <- matrix(NA_real_, length(n), length(n), dimnames = list(n, n)); o[m$keep, m$keep] <- v }
  else { o <- m$all; o[m$keep] <- v }
  o
}

data_of <- function(case, X, y, weights = NULL, offset = NULL, trials = NULL) {
  put(case, "cols", ncol(X)); put(case, "X", X); put(case, "y", y)
  if (!is.null(weights)) put(case, "weights", weights)
  if (!is.null(offset)) put(case, "offset", offset)
  if (!is.null(trials)) put(case, "trials", trials)
}
about <- function(case, m) {
  put(case, "beta", full(m, coef(m))); put(case, "vcov", full(m, vcov(m))); put(case, "deviance", deviance(m))
  put(case, "null", m$null.deviance); put(case, "df", m$df.residual); put(case, "nulldf", m$df.null)
  put(case, "fitted", fitted(m))
  put(case, "dispersion", summary(m)$dispersion)
  for (k in c("pearson", "deviance")) put(case, paste0("r.", k), residuals(m, k))
  if (case == "warp") put(case, "hat", hatvalues(m)); put(case, "rstandard", rstandard(m))
  ll <- logLik(m); if (is.finite(ll)) { put(case, "loglik", ll); put(case, "aic", AIC(m)) }
}
robust <- function(case, m, groups = NULL) {
  for (k in c("HC0", "HC1", "HC2", "HC3")) put(case, k, vcovHC(m, type = k))
  if (!is.null(groups)) {
    put(case, "groups", as.integer(factor(groups)))
    put(case, "CR0", vcovCL(m, cluster = groups, type = "HC0", cadjust = FALSE))
    put(case, "CR0adj", vcovCL(m, cluster = groups, type = "HC0", cadjust = TRUE))
    put(case, "CR1", vcovCL(m, cluster = groups, type = "HC1", cadjust = TRUE))
  }
  put(case, "NW3", NeweyWest(m, lag = 3, prewhite = FALSE))
  put(case, "NW3adj", NeweyWest(m, lag = 3, prewhite = FALSE, adjust = TRUE))
  put(case, "NWbw", bwNeweyWest(m, prewhite = FALSE))
  put(case, "NWauto", NeweyWest(m, prewhite = FALSE))
}

X <- model.matrix(~ wool + tension, warpbreaks)
data_of("warp", X, warpbreaks$breaks)
m <- fit(breaks ~ wool + tension, poisson, warpbreaks)
about("warp", m); robust("warp", m, rep(1:9, 6))
m <- fit(breaks ~ wool + tension, quasipoisson, warpbreaks)
about("warpquasi", m); robust("warpquasi", m)
m <- fit(breaks ~ wool + tension, poisson(link = "identity"), warpbreaks); about("warpidentity", m)
m <- fit(breaks ~ wool + tension, gaussian(link = "log"), warpbreaks); about("warplog", m)

nc <- sf::st_drop_geometry(sf::st_read(system.file("shapes/sids.shp", package = "spData"), quiet = TRUE))
nc$share <- nc$NWBIR74 / nc$BIR74; nc$lb <- log(nc$BIR74)
X <- model.matrix(~ share, nc)
data_of("sids", X, nc$SID74, offset = nc$lb)
m <- fit(SID74 ~ share + offset(lb), poisson, nc)
about("sids", m); robust("sids", m, rep(1:20, each = 5))
m <- glm.nb(SID74 ~ share + offset(lb), nc, control = glm.control(epsilon = 1e-14, maxit = 200))
m <- glm.nb(SID74 ~ share + offset(lb), nc, init.theta = m$theta, control = glm.control(epsilon = 1e-14, maxit = 200))
nb <- function(case, m) {
  # MASS stops theta at 1.2e-4 of a step; Newton's last steps are taken here.
  f <- family(m); y <- m$y; w <- m$prior.weights; th <- m$theta
  for (round in 1:60) {
    mu <- fitted(m)
    score <- sum(w * (digamma(th + y) - digamma(th) + log(th) + 1 - log(th + mu) - (y + th) / (mu + th)))
    info <- sum(w * (-trigamma(th + y) + trigamma(th) - 1 / th + 2 / (mu + th) - (y + th) / (mu + th)^2))
    th <- th + score / info
    g <- fit(m$formula2, negative.binomial(th), m$data2)
    m$fitted.values <- fitted(g)
  }
  about(case, structure(g, class = c("glm", "lm")))
  put(case, "vcovnb", summary(g, dispersion = 1)$cov.scaled)
  put(case, "theta", th); put(case, "thetase", 1 / sqrt(info))
  ll <- sum(w * (lgamma(th + y) - lgamma(th) - lgamma(y + 1) + th * log(th) + y * log(mu + (y == 0)) - (th + y) * log(th + mu)))
  put(case, "twologlik", 2 * ll)
  put(case, "masstheta", m$theta); put(case, "masstwologlik", m$twologlik); put(case, "massse", m$SE.theta); put(case, "massbeta", coef(m))
  for (k in c("HC0", "HC3")) put(case, k, vcovHC(structure(g, class = c("glm", "lm")), type = k))
}
m$formula2 <- SID74 ~ share + offset(lb); m$data2 <- nc
data_of("sidsnb", X, nc$SID74, offset = nc$lb); nb("sidsnb", m)

q <- quine; X <- model.matrix(~ Eth + Sex + Age + Lrn, q)
data_of("quine", X, q$Days)
m <- glm.nb(Days ~ Eth + Sex + Age + Lrn, q, control = glm.control(epsilon = 1e-14, maxit = 200))
m$formula2 <- Days ~ Eth + Sex + Age + Lrn; m$data2 <- q
nb("quine", m)

X <- model.matrix(~ Age, menarche)
data_of("menarche", X, menarche$Menarche, trials = menarche$Total)
m <- fit(cbind(Menarche, Total - Menarche) ~ Age, binomial, menarche)
about("menarche", m); robust("menarche", m)

X <- model.matrix(~ wt + hp + I(wt + 2 * hp) + qsec, mtcars); w <- rep(c(0.5, 1, 2, 0), 8)
data_of("cars", X, mtcars$mpg, w)
m <- fit(mpg ~ wt + hp + I(wt + 2 * hp) + qsec, gaussian, mtcars, w); about("cars", m)
X <- model.matrix(~ wt + hp, mtcars); data_of("lm", X, mtcars$mpg)
m <- fit(mpg ~ wt + hp, gaussian, mtcars); about("lm", m); robust("lm", m, mtcars$cyl)

# Zeros, weights (some zero), an offset and a column said already.
n <- 40; t <- 1:n
y <- c(0, 0, 1, 0, 2, 0, 0, 3, 1, 0, 0, 0, 5, 1, 0, 0, 2, 1, 0, 7, 0, 1, 1, 0, 3, 2, 0, 0, 1, 4, 0, 0, 9, 2, 1, 0, 3, 0, 2, 6)
d <- data.frame(y, t, a = t %% 3, b = 2 * t - (t %% 3), w = rep(c(1, 2, 0.3, 0, 4), 8), o = log(28 + t %% 4))
X <- model.matrix(~ t + a + b + cos(2 * pi * t / 12), d)
data_of("sparse", X, y, weights = d$w, offset = d$o)
m <- fit(y ~ t + a + b + cos(2 * pi * t / 12) + offset(o), poisson, d, d$w); about("sparse", m)

d <- data.frame(y = as.numeric(discoveries), t = 1:100)
X <- model.matrix(~ t + I(t^2) + sin(2 * pi * t / 11) + cos(2 * pi * t / 11), d)
data_of("discoveries", X, d$y)
m <- fit(y ~ t + I(t^2) + sin(2 * pi * t / 11) + cos(2 * pi * t / 11), quasipoisson, d)
about("discoveries", m); robust("discoveries", m)
# Calendar years to the third power: nearly collinear, yet fitted by glm.
d$year <- 1859 + d$t; X <- model.matrix(~ year + I(year^2) + I(year^3), d)
data_of("years", X, d$y); m <- fit(y ~ year + I(year^2) + I(year^3), poisson, d); put("years", "fitted", fitted(m)); put("years", "deviance", deviance(m))

# A natural spline: the columns differ, what they can say does not.
k <- quantile(d$t, 0:4 / 4)
m <- fit(y ~ ns(t, knots = k[2:4], Boundary.knots = k[c(1, 5)]), poisson, d)
put("spline", "knots", k); put("spline", "t", d$t); put("spline", "y", d$y); put("spline", "fitted", fitted(m)); put("spline", "deviance", deviance(m))
p <- predict(m, data.frame(t = c(-20, 3.5, 140)), se.fit = TRUE); put("spline", "predict", p$fit); put("spline", "se", p$se.fit)

# Tests between nested models.
a <- fit(breaks ~ wool, poisson, warpbreaks); b <- fit(breaks ~ wool + tension, poisson, warpbreaks)
v <- anova(a, b, test = "LRT"); put("tests", "lrt", c(v$Deviance[2], v$Df[2], v$`Pr(>Chi)`[2]))
a <- fit(breaks ~ wool, quasipoisson, warpbreaks); b <- fit(breaks ~ wool + tension, quasipoisson, warpbreaks)
v <- anova(a, b, test = "F"); put("tests", "f", c(v$F[2], v$Df[2], v$`Pr(>F)`[2]))
i <- 3:4; V <- vcov(b)[i, i]; z <- sum(coef(b)[i] * solve(V, coef(b)[i])); put("tests", "wald", c(z / 2, 2, pf(z / 2, 2, b$df.residual, lower.tail = FALSE)))
s <- summary(b)$coefficients; put("tests", "quasi.table", s)
b <- fit(breaks ~ wool + tension, poisson, warpbreaks); put("tests", "poisson.table", summary(b)$coefficients)
