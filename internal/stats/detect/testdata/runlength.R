# Average run lengths of likelihood-ratio cumulative sums by the Markov chain of
# Brook and Evans (1972), from the R package surveillance: the figures in
# runlength_test.go.
#   Rscript runlength.R
suppressMessages(library(surveillance))
nb <- function(y, mu, log = FALSE, alpha, ...) dnbinom(y, mu = mu, size = 1 / alpha, log = log)
po <- function(y, mu, log = FALSE, ...) dpois(y, mu, log = log)
for (h in 2:3) print(LRCUSUM.runlength(mu = t(10), mu0 = t(10), mu1 = t(20), h = h, dfun = nb, n = 150, alpha = 0.5, g = 800)$arl)
print(LRCUSUM.runlength(mu = t(4), mu0 = t(4), mu1 = t(6), h = 2, dfun = po, n = 60, g = 800)$arl)
print(LRCUSUM.runlength(mu = t(6), mu0 = t(4), mu1 = t(6), h = 3, dfun = po, n = 60, g = 800)$arl)
