# Writes the two data sets that the tests scan, from R's spData:
#   Rscript data.R FOLDER [COORDINATES]
#
# ny.csv: leukaemia in 281 census tracts of New York, 1978 to 1982, whole cases
# only (Waller, Turnbull, Clark and Nasca 1994). The coordinates are those with
# which SaTScan was run: one line "latitude longitude" a tract, in the order of
# spData's, published with those runs in the repository jfrench/smerc.
# sids.csv: sudden infant deaths in the 100 counties of North Carolina (Cressie
# and Chan 1989), births and deaths of 1974 to 1978 and 1979 to 1984, county
# seats in miles.
suppressMessages(library(spData))
args <- commandArgs(trailingOnly = TRUE)
data(nydata)
data(nc.sids)
if (length(args) > 1) {
  at <- read.table(args[2], col.names = c("lat", "lon"))
  ny <- data.frame(at, population = nydata$POP8, cases = floor(nydata$TRACTCAS))
  write.csv(ny, file.path(args[1], "ny.csv"), row.names = FALSE, quote = FALSE)
}
nc <- with(nc.sids, data.frame(
  county = rownames(nc.sids), east, north,
  births74 = BIR74, deaths74 = SID74, births79 = BIR79, deaths79 = SID79
))
write.csv(nc, file.path(args[1], "sids.csv"), row.names = FALSE, quote = FALSE)
