package density

import "math"

// logSums returns the logarithm of what sums returns. A Gaussian that is cut off
// somewhere would make an event far from all others impossible under every small
// bandwidth, so that one event could decide for all; so where next to nothing is
// within reach, sources beyond it are added, however far.
func (ix *index) logSums(points []source, self []int, l leave) []float64 {
	out := ix.sums(points, self, l)
	height := 0.0
	for _, s := range ix.spots {
		height += s.height / float64(len(ix.spots))
	}
	for i, v := range out {
		if out[i] = math.Log(v); ix.kernel == Gaussian && v < 1e-6*height {
			own := -1
			if l == leaveOne {
				own = self[i]
			}
			out[i] = ix.logSum(points[i], own, l == leavePlace)
		}
	}
	return out
}

// logSum looks at five times the reach first: nearly always that is enough.
func (ix *index) logSum(at source, self int, place bool) float64 {
	if log, nearest := ix.logWithin(at, 5*ix.span, self, place); nearest <= 5*float64(ix.span)*ix.side {
		return log
	}
	log, _ := ix.logWithin(at, max(ix.wide, ix.high), self, place)
	return log
}

// logWithin is the logarithm of the density that the sources of so many squares
// around make, and how far the nearest of them is.
func (ix *index) logWithin(at source, span, self int, place bool) (log, nearest float64) {
	least, sum, nearest := math.Inf(1), 0.0, math.Inf(1)
	fromX, toX := around((at.x-ix.left)/ix.side, span, ix.wide)
	fromY, toY := around((at.y-ix.low)/ix.side, span, ix.high)
	for row := fromY; row < toY; row++ {
		from, to := ix.start[row*ix.wide+fromX], ix.start[row*ix.wide+max(fromX, toX)]
		for k, s := range ix.spots[from:to] {
			dx, dy := s.x-at.x, s.y-at.y
			square := dx*dx + dy*dy
			if s.height == 0 || square == 0 && (place || ix.given[from+k] == self) {
				continue
			}
			if nearest = min(nearest, math.Sqrt(square)); square*s.narrow < least {
				sum *= math.Exp((square*s.narrow - least) / 2) // zero before the first
				least = square * s.narrow
			}
			sum += s.height * math.Exp((least-square*s.narrow)/2)
		}
	}
	return math.Log(sum) - least/2, nearest
}
