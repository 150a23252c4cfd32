# Slope and relative index of inequality by lm and glm, for made deciles:
#   Rscript inequality.R FOLDER
# writes inequality.csv (the groups) and inequality-results.csv there.
folder <- commandArgs(TRUE)[1]
set.seed(7)
out <- groups <- NULL
for (case in 1:6) {
  k <- c(10, 5, 3, 10, 20, 4)[case]
  n <- round(runif(k, 2000, 9000))
  mid <- (cumsum(n) - n / 2) / sum(n)
  count <- rpois(k, n * exp(-4.5 + runif(1, -2, 2) * mid + rnorm(k, 0, 0.15 * (case > 3))))
  value <- 1000 * count / n
  se <- sqrt(count) * 1000 / n
  groups <- rbind(groups, data.frame(case, population = n, count, value, se))
  line <- lm(value ~ mid, weights = n)
  w <- n / sum(n); d <- mid - sum(w * mid)
  by <- w * d / sum(w * d^2)
  half <- qnorm(0.975) * sqrt(sum(by^2 * se^2))
  g <- glm(count ~ mid + offset(log(n)), family = poisson, control = glm.control(epsilon = 1e-14, maxit = 100))
  disp <- sum(residuals(g, "pearson")^2) / (k - 2)
  v <- vcov(g) * max(1, disp)
  z <- qnorm(0.975)
  last <- exp(sum(coef(g))); first <- exp(coef(g)[[1]])
  grad <- c(last - first, last)
  seslope <- sqrt(drop(t(grad) %*% v %*% grad))
  out <- rbind(out, data.frame(
    slope = coef(line)[[2]], intercept = coef(line)[[1]], relative = sum(coef(line)) / coef(line)[[1]],
    low = coef(line)[[2]] - half, high = coef(line)[[2]] + half,
    ratio = exp(coef(g)[[2]]), ratio_low = exp(coef(g)[[2]] - z * sqrt(v[2, 2])), ratio_high = exp(coef(g)[[2]] + z * sqrt(v[2, 2])),
    first, rise = last - first, rise_low = last - first - z * seslope, rise_high = last - first + z * seslope, dispersion = disp
  ))
}
text <- function(x) trimws(formatC(x, digits = 15, format = "g"))
groups[] <- lapply(groups, text); out[] <- lapply(out, text)
write.csv(groups, file.path(folder, "inequality.csv"), row.names = FALSE, quote = FALSE)
write.csv(out, file.path(folder, "inequality-results.csv"), row.names = FALSE, quote = FALSE)
