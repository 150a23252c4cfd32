# Slopes and chi-squared values of the trend markers by lm and prop.trend.test:
#   Rscript trend.R FOLDER
# writes trend.csv there: five values, five standard errors, five counts and
# numbers, then the results.
folder <- commandArgs(TRUE)[1]
set.seed(3)
out <- NULL
for (case in 1:12) {
  slope <- (case - 6) * 0.6
  se <- round(runif(5, 0.4, 2), 3)
  y <- round(20 + slope * 1:5 + rnorm(5, 0, se), 3)
  fit <- function(keep) {
    x <- (1:5)[keep]; w <- 1 / se[keep]^2
    m <- lm(y[keep] ~ x, weights = w)
    c(coef(m)[[2]], solve(crossprod(cbind(1, x), w * cbind(1, x)))[2, 2])
  }
  all <- fit(rep(TRUE, 5))
  left <- sapply(1:5, function(i) fit(1:5 != i)[1])
  n <- round(runif(5, 300, 900)); count <- rbinom(5, n, plogis(-1 + 0.12 * (case - 6) * 1:5))
  p <- prop.trend.test(count, n)$statistic[[1]]
  lo <- log(count / (n - count)); x <- 1:5
  left2 <- sapply(1:5, function(i) coef(lm(lo[-i] ~ x[-i]))[[2]])
  s2 <- coef(lm(lo ~ x))[[2]]
  mark <- function(s, chi, left) if (chi > 9.54953570608324 && all(sign(left) == sign(s))) 2 + sign(s) else 2
  out <- rbind(out, c(y, se, count, n, all[1], all[1]^2 / all[2], mark(all[1], all[1]^2 / all[2], left), s2, p, mark(s2, p, left2)))
}
colnames(out) <- c(paste0("y", 1:5), paste0("se", 1:5), paste0("c", 1:5), paste0("n", 1:5), "slope", "chi", "mark", "share_slope", "share_chi", "share_mark")
out[] <- trimws(formatC(out, digits = 15, format = "g"))
write.csv(out, file.path(folder, "trend.csv"), row.names = FALSE, quote = FALSE)
