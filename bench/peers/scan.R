# Kulldorff's spatial scan by R's spatstat (scan.test: circles of given radii
# about the pixels of a grid, Poisson, population as the baseline): 20,000 cases
# in a square of 40 km, a grid of 71 by 71 (5,041 centres, about as many as
# London has areas), 8 radii up to 7 km (10% of the square). 19 replications,
# times 999/19. It draws points, not counts of areas, so it is the nearest there
# is and not the same. Prints: name <tab> seconds.
suppressMessages(library(spatstat.explore))
set.seed(1)
window <- spatstat.geom::owin(c(0, 40), c(0, 40))
cases <- spatstat.random::runifpoint(20000, win = window)
seconds <- system.time(scan.test(
  cases, r = seq(0.9, 7, length.out = 8), method = "poisson", nsim = 19,
  baseline = spatstat.geom::as.im(1, W = window, dimyx = 71),
  dimyx = 71, verbose = FALSE
))[["elapsed"]]
cat(sprintf("scan spatial spatstat\t%.4f\n", seconds * 999 / 19))
