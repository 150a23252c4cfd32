# Reference values for regressions with effects of unit and period.
#   Rscript panel.R FOLDER
# panel.csv    a made-up panel of counts: 9 units, 10 periods, 3 of them treated
#              from period 6 (from 0), one with gaps for the unbalanced case
# fits.csv     lm and glm with factors, errors by sandwich::vcovCL
# wild.csv     wild cluster bootstrap by refitting every one of 2^G sign patterns
suppressMessages({library(sandwich); library(lmtest)})
out <- commandArgs(TRUE)[1]
full <- function(x) sprintf("%.17g", x)
set.seed(20)
U <- 9; T <- 10
d <- expand.grid(period = 0:(T - 1), unit = 0:(U - 1))
d$cluster <- d$unit %/% 2
d$treated <- as.numeric(d$unit %in% c(1, 4, 7) & d$period >= 6)
d$x <- round(rnorm(nrow(d)), 3)
d$exposure <- 10 + d$unit * 3 + d$period
base <- rgamma(U, 3) * 3
d$y <- rnbinom(nrow(d), size = 5, mu = base[d$unit + 1] * (1 + 0.05 * d$period) * exp(-0.4 * d$treated + 0.1 * d$x)) + 1
d$seen <- 1
d$seen[sample(nrow(d), 12)] <- 0
write.csv(d, file.path(out, "panel.csv"), row.names = FALSE)

rows <- list()
put <- function(name, f, data, cluster, terms) {
  v <- vcovCL(f, cluster = data[[cluster]], type = "HC1", cadjust = TRUE)
  for (a in terms) rows[[length(rows) + 1]] <<- data.frame(fit = name, what = a,
    value = full(coef(f)[[a]]), error = full(sqrt(v[a, a])))
  if (length(terms) > 1) rows[[length(rows) + 1]] <<- data.frame(fit = name, what = "covariance",
    value = full(v[terms[1], terms[2]]), error = "0")
}
s <- d[d$seen == 1, ]
fe <- "+ factor(unit) + factor(period)"
lin <- function(rhs, data) lm(as.formula(paste("y ~", rhs, fe)), data)
put("balanced", lin("treated", d), d, "unit", "treated")
put("covariate", lin("treated + x", d), d, "unit", c("treated", "x"))
put("clusters", lin("treated + x", d), d, "cluster", c("treated", "x"))
put("gaps", lin("treated + x", s), s, "unit", c("treated", "x"))
pois <- function(data) { # a second time from the end of the first, so that the weights are the last ones too
  model <- as.formula(paste("y ~ treated + x + offset(log(exposure))", fe))
  f <- glm(model, quasipoisson, data, epsilon = 1e-14, maxit = 100)
  glm(model, quasipoisson, data, epsilon = 1e-14, maxit = 100, start = coef(f))
}
put("poisson", pois(d), d, "unit", c("treated", "x"))
put("poisson gaps", pois(s), s, "cluster", c("treated", "x"))

# Event study: periods -3 and earlier in one, -1 left out, 2 and later in one.
rel <- ifelse(d$unit %in% c(1, 4, 7), pmin(pmax(d$period - 6, -3), 2), -1)
for (k in c(-3, -2, 0, 1, 2)) d[[paste0("e", k + 10)]] <- as.numeric(rel == k)
terms <- paste0("e", c(-3, -2, 0, 1, 2) + 10)
f <- lm(as.formula(paste("y ~", paste(terms, collapse = "+"), fe)), d)
put("event", f, d, "unit", terms)
v <- vcovCL(f, cluster = d$unit, type = "HC1", cadjust = TRUE)[terms[1:2], terms[1:2]]
b <- coef(f)[terms[1:2]]
w <- as.numeric(t(b) %*% solve(v, b)) / 2
rows[[length(rows) + 1]] <- data.frame(fit = "event", what = "pretrend", value = full(w),
  error = full(pf(w, 2, U - 1, lower.tail = FALSE)))
write.csv(do.call(rbind, rows), file.path(out, "fits.csv"), row.names = FALSE)

# Cameron, Gelbach and Miller (2008): null imposed, t by CR1, all sign patterns.
# weights: signs, or the six of Webb (2013).
signs <- c(-1, 1); webb <- c(-sqrt(1.5), -1, -sqrt(0.5), sqrt(0.5), 1, sqrt(1.5))
wild <- function(data, cluster, rhs, null = 0, weights = signs) {
  data$z <- data$y - null * data$treated
  tstat <- function(f, g) coef(f)[["treated"]] / sqrt(vcovCL(f, cluster = g, type = "HC1")["treated", "treated"])
  g <- data[[cluster]]; ids <- unique(g)
  with <- as.formula(paste("z ~ treated", rhs, fe)); without <- as.formula(paste("z ~ 1", rhs, fe))
  t0 <- tstat(lm(with, data), g)
  r <- lm(without, data); fitted <- fitted(r); e <- resid(r)
  hits <- 0; w <- length(weights); n <- w^length(ids)
  for (k in 0:(n - 1)) {
    pick <- weights[k %/% w^(seq_along(ids) - 1) %% w + 1]
    data$z <- fitted + e * pick[match(g, ids)]
    if (abs(tstat(lm(with, data), g)) >= abs(t0) * (1 - 1e-9)) hits <- hits + 1
  }
  data.frame(rows = nrow(data), cluster = cluster, covariate = rhs != "", null = null, t = full(t0), hits = hits, of = n,
    webb = w == 6)
}
write.csv(rbind(wild(d, "unit", ""), wild(d, "cluster", "+ x", -6), wild(s, "unit", "+ x", -6.5), wild(d, "cluster", "+ x"), wild(s, "cluster", "+ x"), wild(s, "unit", "+ x", 1.5),
  wild(d, "cluster", "+ x", -6, webb)),
  file.path(out, "wild.csv"), row.names = FALSE)
