# What spdep 1.2-7 says of Moran's I of regression residuals, on Columbus (49
# areas, queen contiguity). Run: Rscript moran.R > moran.tsv
suppressMessages({library(spdep); library(sf)})
put <- function(case, what, v) cat(case, "\t", what, "\t", paste(sprintf("%.15g", as.vector(v)), collapse = " "), "\n", sep = "")
d <- st_read(system.file("shapes/columbus.shp", package = "spData")[1], quiet = TRUE)
nb <- poly2nb(d)
put("data", "card", card(nb)); put("data", "nb", unlist(nb)); put("data", "crime", d$CRIME); put("data", "inc", d$INC); put("data", "hoval", d$HOVAL)
w <- rep(c(1, 2, 0.5, 3), length = 49); put("data", "weights", w)
y <- round(d$CRIME / 3); put("data", "count", y)
say <- function(case, m, ...) for (style in c("W", "B")) {
  t <- lm.morantest(m, nb2listw(nb, style = style), ...)
  put(paste0(case, style), "estimate", t$estimate); put(paste0(case, style), "z", t$statistic); put(paste0(case, style), "p", t$p.value)
}
say("lm", lm(CRIME ~ INC + HOVAL, d)); say("weighted", lm(CRIME ~ INC + HOVAL, d, weights = w)); say("mean", lm(CRIME ~ 1, d))
m <- glm(y ~ INC + HOVAL, poisson, d, control = glm.control(epsilon = 1e-15))
say("glm", m)
# spdep takes deviance residuals and mixes weighted with unweighted columns; the
# same moments with the working weights throughout and Pearson residuals:
e <- residuals(m, "pearson"); X <- sqrt(m$weights) * model.matrix(m)
say("glmweighted", lm(e ~ X - 1))
