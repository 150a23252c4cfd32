package effect

import (
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/lin"
)

// nearest finds the weights, none below zero and summing to one, that bring the
// weighted sum of points nearest to the origin (Wolfe 1976, "Finding the nearest
// point in a polytope", Mathematical Programming 11:128–149). It is an active-set
// method: it ends in finitely many steps, at a solution in which no more
// points have weight than there are dimensions and one. Where several sets of
// weights are as good, it returns one such.
type nearest struct {
	points [][]float64
	size   float64 // the largest squared length
	corral []int   // points with weight
	weight []float64
	at     []float64 // the weighted sum
	qr     lin.QR
}

// solve returns the weights of all points.
func (n *nearest) solve() ([]float64, error) {
	n.start()
	for range 50*len(n.points) + 1000 {
		j := n.extreme()
		if lin.Dot(n.points[j], n.at) >= lin.Dot(n.at, n.at)-1e-15*n.size || n.holds(j) {
			return n.spread(), nil
		}
		before := lin.Dot(n.at, n.at)
		n.corral, n.weight = append(n.corral, j), append(n.weight, 0)
		n.tighten()
		if lin.Dot(n.at, n.at) >= before { // as near as rounding lets it
			return n.spread(), nil
		}
	}
	return nil, stats.ErrNoFit
}

func (n *nearest) start() {
	best, least := 0, math.Inf(1)
	for j, p := range n.points {
		d := lin.Dot(p, p)
		n.size = max(n.size, d)
		if d < least {
			best, least = j, d
		}
	}
	n.corral, n.weight = []int{best}, []float64{1}
	n.at = append([]float64(nil), n.points[best]...)
}

// extreme is the point that lies furthest towards the origin from where we are.
func (n *nearest) extreme() int {
	best, least := 0, math.Inf(1)
	for j, p := range n.points {
		if d := lin.Dot(p, n.at); d < least {
			best, least = j, d
		}
	}
	return best
}

func (n *nearest) holds(j int) bool {
	for _, k := range n.corral {
		if k == j {
			return true
		}
	}
	return false
}

// tighten moves to the point of the corral's plane nearest to the origin, or as
// far towards it as weights stay above zero, dropping a point then.
func (n *nearest) tighten() {
	for {
		target := n.plane()
		step, leaving := 1.0, -1
		for k, to := range target {
			if to <= 1e-14 && n.weight[k] > to {
				if s := n.weight[k] / (n.weight[k] - to); s < step || leaving < 0 {
					step, leaving = min(s, 1), k
				}
			}
		}
		for k := range n.weight {
			n.weight[k] = max(0, n.weight[k]+step*(target[k]-n.weight[k]))
		}
		if leaving < 0 {
			break
		}
		n.corral = append(n.corral[:leaving], n.corral[leaving+1:]...)
		n.weight = append(n.weight[:leaving], n.weight[leaving+1:]...)
	}
	n.move()
}

// plane returns the weights, of any sign, of the point nearest to the origin in
// the plane through the corral: a least-squares fit of one point by the
// differences of the others from it.
func (n *nearest) plane() []float64 {
	m := len(n.corral)
	if m == 1 {
		return []float64{1}
	}
	first := n.points[n.corral[0]]
	x := lin.New(len(first), m-1)
	for k, j := range n.corral[1:] {
		for d, v := range n.points[j] {
			x.Set(d, k, first[d]-v)
		}
	}
	out := make([]float64, m)
	right := append([]float64(nil), first...)
	if n.qr.Factor(x) != nil {
		return n.weight
	}
	n.qr.QTMul(right)
	n.qr.Solve(out[1:], right)
	out[0] = 1
	for k := range out[1:] {
		if n.qr.Aliased()[k] { // says what others say
			out[k+1] = 0
		}
		out[0] -= out[k+1]
	}
	return out
}

// move works out where the weights lead, and makes them sum to one exactly.
func (n *nearest) move() {
	total := 0.0
	for _, w := range n.weight {
		total += w
	}
	clear(n.at)
	for k, j := range n.corral {
		n.weight[k] /= total
		for d, v := range n.points[j] {
			n.at[d] += n.weight[k] * v
		}
	}
}

func (n *nearest) spread() []float64 {
	out := make([]float64, len(n.points))
	for k, j := range n.corral {
		out[j] = n.weight[k]
	}
	return out
}
