# Makes the reference values of this folder with R's spdep 1.2-7, from the data
# sets columbus and sids of its companion spData.
#
#   Rscript spatial.R [folder]
suppressPackageStartupMessages({library(spdep); library(spData)})
folder <- commandArgs(TRUE)[1]
if (is.na(folder)) folder <- "."
save <- function(d, name, digits = "%.12g") {
  text <- lapply(d, function(v) if (is.double(v)) ifelse(is.na(v), "NA", sprintf(digits, v)) else v)
  write.csv(as.data.frame(text, check.names = FALSE), file.path(folder, name), row.names = FALSE, quote = FALSE)
}
links <- function(nb) do.call(rbind, lapply(seq_along(nb), function(i) if (nb[[i]][1] > 0) data.frame(i = i, j = nb[[i]])))

data(columbus)
data(nc.sids)
sids <- sf::st_drop_geometry(sf::st_read(system.file("shapes/sids.shp", package = "spData"), quiet = TRUE))
sids$FT <- sqrt(1000) * (sqrt(sids$SID74 / sids$BIR74) + sqrt((sids$SID74 + 1) / sids$BIR74))
sets <- list(
  columbus = list(x = columbus$CRIME, y = columbus$INC, east = coords[, 1] * 1000, north = coords[, 2] * 1000,
    nb = col.gal.nb, band = 700, local = c("W", "B", "S", "four", "band", "apart")),
  sids = list(x = sids$FT, y = sqrt(1000) * (sqrt(sids$SID79 / sids$BIR79) + sqrt((sids$SID79 + 1) / sids$BIR79)),
    east = sids$east * 1609.344, north = sids$north * 1609.344,
    nb = ncCR85.nb, band = 40000, events = sids$SID74, population = sids$BIR74, local = c("W", "band", "apart")))

global <- data.frame()
note <- function(set, weights, statistic, value)
  global <<- rbind(global, data.frame(set = set, weights = weights, statistic = statistic, value = unname(as.double(value))))
tested <- function(set, weights, name, h, sign = 1) {
  note(set, weights, name, h$estimate[1])
  note(set, weights, paste(name, "E"), h$estimate[2])
  note(set, weights, paste(name, "Var"), h$estimate[3])
  note(set, weights, paste(name, "z"), sign * h$statistic)
  note(set, weights, paste(name, "p"), 2 * pnorm(-abs(h$statistic)))
}
near <- data.frame()

for (set in names(sets)) {
  s <- sets[[set]]
  n <- length(s$x)
  local <- data.frame()
  save(data.frame(x = s$x, y = s$y, east = s$east, north = s$north,
    events = if (is.null(s$events)) rep(NA_real_, n) else as.double(s$events),
    population = if (is.null(s$population)) rep(NA_real_, n) else as.double(s$population)), paste0(set, ".csv"), "%.17g")
  points <- cbind(s$east, s$north)
  lists <- list(given = s$nb, four = knn2nb(knearneigh(points, k = 4)), band = dnearneigh(points, 0, s$band))
  for (kind in names(lists)) near <- rbind(near, cbind(set = set, kind = kind, links(lists[[kind]])))
  apart <- lapply(nbdists(s$nb, points), function(d) 1 / d)
  weights <- list(
    W = nb2listw(lists$given, style = "W"), B = nb2listw(lists$given, style = "B"), C = nb2listw(lists$given, style = "C"),
    U = nb2listw(lists$given, style = "U"), S = nb2listw(lists$given, style = "S"), four = nb2listw(lists$four, style = "W"),
    band = nb2listw(lists$band, style = "W", zero.policy = TRUE), apart = nb2listw(lists$given, glist = apart, style = "W"))
  for (name in names(weights)) {
    w <- weights[[name]]
    for (random in c(TRUE, FALSE)) {
      under <- if (random) "randomisation" else "normality"
      tested(set, name, paste("I", under), moran.test(s$x, w, randomisation = random, zero.policy = TRUE, adjust.n = FALSE))
      tested(set, name, paste("C", under), geary.test(s$x, w, randomisation = random, zero.policy = TRUE, adjust.n = FALSE), -1)
    }
    suppressWarnings(tested(set, name, "G randomisation", globalG.test(s$x, w, zero.policy = TRUE, adjust.n = FALSE, adjust.x = FALSE)))
    sums <- spweights.constants(w, zero.policy = TRUE, adjust.n = FALSE)
    for (k in c("S0", "S1", "S2")) note(set, name, k, sums[[k]])
    if (name != "band") note(set, name, "bivariate", moran_bv(s$x, s$y, w, nsim = 9)$t0)
    if (!is.null(s$events) && name != "band")
      note(set, name, "rates", EBImoran.mc(s$events, s$population, w, nsim = 9)$statistic)

    if (!name %in% s$local) next
    conditional <- localmoran(s$x, w, zero.policy = TRUE)
    total <- localmoran(s$x, w, zero.policy = TRUE, conditional = FALSE)
    g <- attr(localG(s$x, w, zero.policy = TRUE, return_internals = TRUE), "internals")
    gz <- as.numeric(localG(s$x, w, zero.policy = TRUE))
    star <- NULL
    if (name %in% c("W", "B", "four")) {
      ws <- nb2listw(include.self(w$neighbours), style = w$style)
      star <- attr(localG(s$x, ws, return_internals = TRUE), "internals")
      sz <- as.numeric(localG(s$x, ws))
    }
    none <- rep(NA_real_, n)
    both <- if (name == "band") none else localmoran_bv(s$x, s$y, w, nsim = 9)[, "Ibvi"]
    local <- rbind(local, data.frame(weights = name, i = 1:n, island = as.integer(card(w$neighbours) == 0),
      I = conditional[, 1], E = conditional[, 2], Var = conditional[, 3], z = conditional[, 4], p = conditional[, 5],
      totalE = total[, 2], totalVar = total[, 3], quadrant = as.integer(attr(conditional, "quadr")$pysal),
      G = g[, 1], GE = g[, 2], GVar = g[, 3], Gz = gz,
      star = if (is.null(star)) none else star[, 1], starE = if (is.null(star)) none else star[, 2],
      starVar = if (is.null(star)) none else star[, 3], starz = if (is.null(star)) none else sz, both = both))
  }
  save(local, paste0(set, "_local.csv"))
}
save(global, "global.csv")
save(near, "links.csv")

# By permutation: p-values of 9,999, to be met within Monte-Carlo error. spdep's
# localmoran_perm draws neighbours' values with replacement, which widens their
# spread; here they are drawn without, as a permutation is.
set.seed(1)
permuted <- data.frame()
for (set in names(sets)) {
  s <- sets[[set]]
  w <- nb2listw(s$nb, style = "W")
  one <- function(name, i, p) permuted <<- rbind(permuted, data.frame(set = set, statistic = name, i = i, p = p))
  for (i in seq_along(s$x)) {
    seen <- sum(s$x[s$nb[[i]]])
    dealt <- replicate(9999, sum(sample(s$x[-i], length(s$nb[[i]]))))
    near <- 1e-9 * abs(seen) # the same values may add up to another last digit
    one("local", i, (min(sum(dealt >= seen - near), sum(dealt <= seen + near)) + 1) / 10000)
  }
  one("I", 0, moran.mc(s$x, w, nsim = 9999)$p.value)
  one("C", 0, geary.mc(s$x, w, nsim = 9999)$p.value)
  if (!is.null(s$events)) one("rates", 0, EBImoran.mc(s$events, s$population, w, nsim = 9999)$p.value)
}
save(permuted, "permuted.csv")
