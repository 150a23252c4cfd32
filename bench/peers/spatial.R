# Map statistics and weights in R's spdep, at the sizes of internal/stats/spatial's
# benchmarks. The map is the honeycomb of those without its turned triangles:
# as many areas, 5.9 neighbours on average. Prints "name<TAB>seconds", the least
# of the runs; the slowest, a map of 35,672 areas, is run once.
#
#   Rscript spatial.R [cores]
suppressPackageStartupMessages(library(spdep))
cores <- as.integer(commandArgs(TRUE)[1])
if (is.na(cores)) cores <- parallel::detectCores()
set.coresOption(cores)
set.mcOption(TRUE)

honeycomb <- function(n) {
  wide <- floor(sqrt(n))
  i <- seq_len(n) - 1
  row <- i %/% wide
  column <- i %% wide
  link <- function(keep, j) data.frame(i = i[keep], j = j[keep])
  pairs <- link(column > 0, i - 1)
  for (side in 0:1) {
    c <- column + row %% 2 - 1 + side
    pairs <- rbind(pairs, link(row > 0 & c >= 0 & c < wide, (row - 1) * wide + c))
  }
  lists <- split(c(pairs$j, pairs$i) + 1L, factor(c(pairs$i, pairs$j) + 1L, levels = seq_len(n)))
  nb <- lapply(unname(lists), function(l) sort(as.integer(l)))
  class(nb) <- "nb"
  attr(nb, "region.id") <- as.character(seq_len(n))
  nb
}
measure <- function(name, runs, run) {
  took <- min(sapply(seq_len(runs), function(r) system.time(suppressMessages(suppressWarnings(run())))[["elapsed"]]))
  cat(sprintf("%s\t%.4f\n", name, took))
}

set.seed(1)
for (n in c(4994, 35672)) {
  nb <- honeycomb(n)
  w <- nb2listw(nb)
  x <- rgamma(n, 2)
  runs <- if (n == 4994) 3 else 1
  at <- function(what) sprintf("spdep, %s, %d areas, 999 permutations", what, n)
  measure(at("local Moran"), runs, function() localmoran_perm(x, w, nsim = 999))
  if (n > 4994) next
  measure(at("Gi*"), runs, function() localG_perm(x, nb2listw(include.self(nb)), nsim = 999))
  measure(at("local bivariate"), runs, function() localmoran_bv(x, rev(x), w, nsim = 999))
  measure(at("Moran"), runs, function() moran.mc(x, w, nsim = 999))
  measure(at("Geary"), runs, function() geary.mc(x, w, nsim = 999))
  measure(at("bivariate Moran"), runs, function() moran_bv(x, rev(x), w, nsim = 999))
  measure(at("Moran of rates"), runs, function() EBImoran.mc(x, 1000 + seq_len(n) %% 1000, w, nsim = 999))
  measure(sprintf("spdep, General G by theory, %d areas", n), runs, function() globalG.test(x, nb2listw(nb, style = "B")))
}
measure("spdep, sums of weights, 35672 areas", 2, function() spweights.constants(w))
