# Survey estimates by the R package survey (Lumley), on a made sample:
#   Rscript survey.R FOLDER
# writes survey.csv (the sample) and survey-results.csv there.
suppressMessages(library(survey))
folder <- commandArgs(TRUE)[1]
set.seed(42)
n <- 150
stratum <- sample(1:4, n, TRUE, c(0.4, 0.3, 0.2, 0.1))
cluster <- sample(1:5, n, TRUE)
d <- data.frame(
  y = round(5 + stratum + rnorm(5)[cluster] + rnorm(n, 0, 3), 3),
  yes = rbinom(n, 1, plogis(-1 + 0.3 * stratum + 0.5 * rnorm(5)[cluster])),
  w = round(rexp(n, 1) + 0.2, 4), stratum = stratum, cluster = cluster,
  domain = rbinom(n, 1, 0.4)
)
write.csv(d, file.path(folder, "survey.csv"), row.names = FALSE, quote = FALSE)
designs <- list(
  simple = svydesign(~1, data = d),
  weighted = svydesign(~1, weights = ~w, data = d),
  stratified = svydesign(~1, strata = ~stratum, weights = ~w, data = d),
  clustered = svydesign(~cluster, weights = ~w, data = d),
  both = svydesign(~cluster, strata = ~stratum, weights = ~w, data = d, nest = TRUE)
)
out <- NULL
row <- function(design, domain) {
  x <- designs[[design]]
  if (domain) x <- subset(x, domain == 1)
  df <- degf(x)
  m <- svymean(~y, x, deff = "replace")
  ci <- confint(m, df = df)
  s <- svymean(~yes, x, deff = "replace")
  b <- suppressWarnings(svyciprop(~yes, x, method = "beta", df = df))
  data.frame(design, domain = as.integer(domain), df, mean = coef(m), se = SE(m)[1], deff = deff(m)[1], low = ci[1], high = ci[2],
             share = coef(s), share_se = SE(s)[1], share_deff = deff(s)[1], share_low = confint(b)[1], share_high = confint(b)[2])
}
for (i in names(designs)) for (k in c(FALSE, TRUE)) out <- rbind(out, row(i, k))
# A stratum with one cluster, around the mean of all.
options(survey.lonely.psu = "adjust")
one <- d[!(d$stratum == 4 & d$cluster != 1), ]
designs$single <- svydesign(~cluster, strata = ~stratum, weights = ~w, data = one, nest = TRUE)
out <- rbind(out, row("single", FALSE))
numbers <- sapply(out, is.numeric)
out[numbers] <- lapply(out[numbers], formatC, digits = 15, format = "g")
out[numbers] <- lapply(out[numbers], trimws)
write.csv(out, file.path(folder, "survey-results.csv"), row.names = FALSE, quote = FALSE)
