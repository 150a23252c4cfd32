# Map statistics and weights in R's spdep, at the sizes of internal/stats/spatial's
# benchmarks. The map is the honeycomb of those without its turned triangles:
# as many areas, 5.9 neighbours on average. Prints "work, peer<TAB>seconds", the
# lesser of two runs. Local Moran on 35,672 areas is run once with 99 permutations,
# and its seconds are taken times 999/99: nearly all of them go into permutations.
#
#   Rscript spatial.R [cores]
suppressPackageStartupMessages(library(spdep))
cores <- as.integer(commandArgs(TRUE)[1])
if (is.na(cores)) cores <- parallel::detectCores()
invisible(set.coresOption(cores))
invisible(set.mcOption(TRUE))

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
# measure prints the least seconds of some runs, times a factor.
measure <- function(name, run, runs = 2, factor = 1) {
  took <- min(sapply(seq_len(runs), function(r) system.time(suppressMessages(suppressWarnings(run())))[["elapsed"]]))
  cat(sprintf("%s\t%.4f\n", name, took * factor))
}

set.seed(1)
n <- 4994
nb <- honeycomb(n)
w <- nb2listw(nb)
x <- rgamma(n, 2)
at <- function(what) sprintf("%s, %d areas, 999 permutations, spdep", what, n)
measure(at("local Moran"), function() localmoran_perm(x, w, nsim = 999))
measure(at("Gi*"), function() localG_perm(x, nb2listw(include.self(nb)), nsim = 999))
measure(at("local bivariate Moran"), function() localmoran_bv(x, rev(x), w, nsim = 999))
measure(at("Moran"), function() moran.mc(x, w, nsim = 999))
measure(at("Geary"), function() geary.mc(x, w, nsim = 999))
measure(at("bivariate Moran"), function() moran_bv(x, rev(x), w, nsim = 999))
measure(at("Moran of rates"), function() EBImoran.mc(x, 1000 + seq_len(n) %% 1000, w, nsim = 999))
measure(sprintf("General G by theory, %d areas, spdep", n), function() globalG.test(x, nb2listw(nb, style = "B")))

n <- 35672
nb <- honeycomb(n)
w <- nb2listw(nb)
x <- rgamma(n, 2)
measure(at("local Moran"), function() localmoran_perm(x, w, nsim = 99), 1, 999 / 99)
measure(sprintf("sums of weights, %d areas, spdep", n), function() spweights.constants(w))
