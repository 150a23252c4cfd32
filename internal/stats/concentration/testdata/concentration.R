# Writes gini.csv, gamma.csv and proportions.csv. Run in this folder:
# Rscript concentration.R
suppressPackageStartupMessages(library(MASS))
set.seed(5)
f <- function(v) sprintf("%.15g", v)
sets <- list(even = rep(4, 6), ten = c(22, 18, 17, 12, 11, 8, 6, 3, 2, 1), sparse = c(3, 1, 1, rep(0, 7)),
  one = c(10, rep(0, 9)), negbin = rnbinom(200, mu = 1.3, size = 0.4), many = rnbinom(300, mu = 40, size = 2))
out <- NULL
for (k in names(sets)) {
  x <- sets[[k]]
  n <- length(x)
  g <- sum(abs(outer(x, x, "-"))) / (2 * n^2 * mean(x)) # the definition
  gg <- max(1 / sum(x), 1 / n) * (2 * sum(seq_len(n) * sort(x) / sum(x)) - n - 1) - max(n / sum(x), 1) + 1
  out <- rbind(out, data.frame(set = k, counts = paste(x, collapse = " "), gini = f(g), unbiased = f(g * n / (n - 1)),
    generalised = f(gg)))
}
write.csv(out, "gini.csv", row.names = FALSE, quote = FALSE)
out <- NULL
for (k in c("negbin", "many")) {
  x <- sets[[k]]
  theta <- as.numeric(theta.ml(x, mean(x), limit = 500, eps = 1e-12))
  out <- rbind(out, data.frame(set = k, size = f(theta), loglik = f(sum(dnbinom(x, mu = mean(x), size = theta, log = TRUE))),
    gini = f(gamma(theta + 0.5) / gamma(theta + 1) / sqrt(pi)),
    holding = f(pgamma(qgamma(0.5, theta + 1), theta, lower.tail = FALSE))))
}
write.csv(out, "gamma.csv", row.names = FALSE, quote = FALSE)
tab <- rbind(c(3, 40, 10, 50), c(0, 100, 7, 120), c(5, 5, 1, 9), c(12, 4000, 40, 3500), c(1, 30, 1, 30), c(8, 9, 2, 9),
  c(120, 50000, 90, 61000), c(0, 20, 1, 900), c(300, 1000, 20, 1000), c(30, 300, 0, 10))
p <- apply(tab, 1, function(v) {
  m <- matrix(c(v[1], v[2] - v[1], v[3], v[4] - v[3]), 2)
  n <- sum(m)
  chi <- suppressWarnings(chisq.test(m, correct = FALSE)$statistic) * (n - 1) / n
  c(fisher.test(m)$p.value, pchisq(chi, 1, lower.tail = FALSE))
})
write.csv(data.frame(base = tab[, 1], of = tab[, 2], test = tab[, 3], among = tab[, 4], fisher = f(p[1, ]), chi = f(p[2, ])),
  "proportions.csv", row.names = FALSE, quote = FALSE)
