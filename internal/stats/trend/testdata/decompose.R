# Writes decompose.json: R's decompose() and stl() on series that come with R.
# Run in this folder: Rscript decompose.R. All series have an odd length: for even
# ones stl(robust = TRUE) does not always take the median of the remainders (it
# asks its partial sort for two places in falling order), see the methods page.
library(jsonlite)
half <- function(x) ifelse(is.na(x), -1e9, x) # decompose() has no trend at the ends
sparse <- ts(c(0,1,0,0,2,0,0,1,0,3,0,0,1,0,0,0,1,0,0,0,0,2,1,0,0,0,4,0,1,0,0,0,0,1,0), frequency = 12)
short <- window(UKDriverDeaths, end = c(1972, 3))
series <- list(drivers = window(UKDriverDeaths, start = c(1978, 4)), nottem = window(nottem, end = c(1926, 7)), gas = window(UKgas, end = c(1986, 3)), sparse = sparse, short = short)
out <- list()
add <- function(name, kind, options, d, of) {
  out[[length(out) + 1]] <<- list(series = name, kind = kind, period = frequency(of), options = options,
    seasonal = as.numeric(d$seasonal), trend = half(as.numeric(d$trend)))
}
for (n in names(series)) {
  y <- series[[n]]
  for (type in c("additive", "multiplicative")) {
    if (type == "multiplicative" && n == "sparse") next
    d <- decompose(y, type)
    add(n, type, setNames(list(), character()), d, y)
  }
}
windows <- list(
  list(season = 0), list(season = 7), list(season = 13, robust = TRUE), list(season = 0, robust = TRUE),
  list(season = 9, seasonDegree = 1, trend = 21, lowPass = 15),
  list(season = 35, flatTrend = TRUE, robust = TRUE),
  list(season = 7, seasonJump = 1, trendJump = 1, lowPassJump = 1, inner = 3, outer = 2))
for (n in names(series)) for (o in windows) {
  y <- series[[n]]
  get <- function(k, or) if (is.null(o[[k]])) or else o[[k]]
  args <- list(x = y, s.window = if (o$season == 0) "periodic" else o$season, s.degree = get("seasonDegree", 0),
    t.degree = if (get("flatTrend", FALSE)) 0 else 1, robust = get("robust", FALSE))
  for (k in list(c("trend", "t.window"), c("lowPass", "l.window"), c("seasonJump", "s.jump"), c("trendJump", "t.jump"),
                 c("lowPassJump", "l.jump"), c("inner", "inner"), c("outer", "outer")))
    if (!is.null(o[[k[1]]])) args[[k[2]]] <- o[[k[1]]]
  d <- do.call(stl, args)
  s <- d$time.series
  add(n, "stl", o, list(seasonal = s[, 1], trend = s[, 2]), y)
}
# Twelve digits are past every tolerance here and keep the file small.
write(toJSON(list(series = lapply(series, as.numeric), cases = out), auto_unbox = TRUE, digits = I(12)), "decompose.json")
