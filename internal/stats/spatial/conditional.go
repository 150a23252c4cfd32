package spatial

import (
	"math"
	"math/bits"

	"openvru/internal/stats"
)

// dealer deals the values of a map out anew: for one area after the other it
// leaves that area's own value in place and gives its neighbours values of
// other areas, drawn without replacement, afresh for every area and every
// permutation (Anselin 1995). Only the neighbours' values are drawn: what falls
// to the rest of the map does not matter to the area.
//
// Values are held as whole numbers, in which sums do not depend on the order of
// their terms. So an area's sum and one that is dealt of the same values tie
// exactly, as they do on paper, where in fractions rounding would decide.
type dealer struct {
	n      int
	twice  []float64 // the values twice over, then nothing up to a field's end
	centre float64   // taken from the values before scale, a power of two
	scale  float64
	tie    float64 // sums no farther apart than this times the sum of weights are alike
}

// The largest deviation is held in valueBits, or in fewer where sums have so many
// terms that they would not fit in the sumBits of a float64 otherwise; whole
// numbers are kept if the tolerance for ties, 2^−44 of the largest a term, stays
// below 1 for all terms.
const (
	valueBits = 44
	wholeBits = 32
	sumBits   = 52
)

// newDealer makes a dealer of values for areas with so many neighbours at most.
func newDealer(x []float64, most int) *dealer {
	held := min(valueBits, sumBits-bits.Len(uint(most)))
	n := len(x)
	d := &dealer{n: n, twice: make([]float64, 2*n+fieldLen), centre: math.Round(meanOf(x)), scale: 1}
	far, whole := 0.0, true
	for _, v := range x {
		far, whole = max(far, math.Abs(v-d.centre)), whole && v == math.Trunc(v)
	}
	if !whole || far >= math.Ldexp(1, min(wholeBits, held-8)) {
		d.centre = meanOf(x)
		far = 0
		for _, v := range x {
			far = max(far, math.Abs(v-d.centre))
		}
		_, exponent := math.Frexp(far)
		d.scale, whole = math.Ldexp(1, held-exponent), false
	}
	for i, v := range x {
		q := math.Round((v - d.centre) * d.scale)
		d.twice[i], d.twice[n+i] = q, q
	}
	if d.tie = 1; whole {
		d.tie = math.Ldexp(far, -valueBits)
	}
	return d
}

// others returns the values of all areas but i, at 0 to n−2, in the order of the
// map from the next area on and around its end.
func (d *dealer) others(i int) *field { return (*field)(d.twice[i+1:]) }

// tally is what came of an area's permutations. The sums are those of its
// neighbours' values times their weights, the area's own left out.
type tally struct {
	less, more     int // permutations whose sum is below or above the area's
	seen, mean, sd float64
}

// conditional deals out the values so often around each area. Each has a random
// stream of its own, so its tally depends on nothing but the seed.
func conditional(w *Weights, x []float64, o Options) []tally {
	d, n := newDealer(x, w.most()), w.Len()
	out := make([]tally, n)
	hands := make([]*hand, stats.Workers())
	stats.Parallel((n+areasAtOnce-1)/areasAtOnce, func(worker, piece int) {
		if hands[worker] == nil {
			hands[worker] = &hand{dealer: d}
		}
		for i := piece * areasAtOnce; i < min((piece+1)*areasAtOnce, n); i++ {
			out[i] = hands[worker].deal(w, i, o)
		}
	})
	return out
}

const (
	areasAtOnce = 16   // make a piece of work
	drawsAtOnce = 1024 // are made before they are used
)

// hand is what one worker deals with, for one area at a time.
type hand struct {
	*dealer
	draws [drawsAtOnce]uint16
	sums  [drawsAtOnce]float64
	wide  []uint32 // draws where 16 bits are too few
	taken []uint32 // the last round in which a value was taken
	round uint32
	order []uint32 // of all others, in which values are dealt to most of them

	share          []float64 // of each neighbour in the sum
	equal          bool      // they are all 1
	low, high      float64   // sums below low are less than the area's, above high more
	less, more     int
	total, squares float64
}

// deal returns what comes of the permutations around area i.
func (h *hand) deal(w *Weights, i int, o Options) tally {
	if w.island(i) {
		return tally{}
	}
	unit := h.seat(w, i)
	k := len(h.share)
	r := stats.NewRand(o.Seed, uint64(i))
	switch {
	case 2*k >= h.n-1: // most draws would hold one twice
		h.dealMost(&r, h.twice[i+1:i+h.n], o.Permutations)
	case h.equal && k <= unrolled && h.n <= fieldLen && h.n > 2*k*k:
		h.dealFast(&r, h.others(i), o.Permutations)
	default:
		h.dealAny(&r, h.twice[i+1:i+h.n], o.Permutations)
	}
	return h.result(o.Permutations, unit)
}

// result puts the sums back into the units of values and weights. With all sums
// alike there is no spread, whatever rounding has left.
func (h *hand) result(permutations int, unit float64) tally {
	count := float64(permutations)
	mean, spread := h.total/count, 0.0
	if h.less+h.more > 0 {
		spread = math.Sqrt(max(h.squares-h.total*mean, 0) / (count - 1))
	}
	centre, seen := stats.Sum(h.share)*h.centre, (h.low+h.high)/2
	return tally{
		less: h.less, more: h.more,
		seen: unit * (seen/h.scale + centre), mean: unit * (mean/h.scale + centre), sd: math.Abs(unit) * spread / h.scale,
	}
}

// seat takes up the shares of an area's neighbours and the sum that the dealt
// ones are to be compared with. Equal weights are left out of the sums and
// returned; otherwise 1 is.
func (h *hand) seat(w *Weights, i int) (unit float64) {
	h.share, h.equal = h.share[:0], true
	h.less, h.more, h.total, h.squares = 0, 0, 0, 0
	to, weight := w.Row(i)
	unit = weight[0]
	for _, v := range weight {
		h.equal = h.equal && v == unit
	}
	if !h.equal {
		unit = 1
	}
	sum, size := 0.0, 0.0
	for k, j := range to {
		if int(j) != i {
			share := weight[k]
			if h.equal {
				share = 1
			}
			h.share = append(h.share, share)
			sum += share * h.twice[j]
			size += math.Abs(share)
		}
	}
	h.low, h.high = sum-size*h.tie, sum+size*h.tie
	return unit
}

// dealFast is for few neighbours of equal weight.
func (h *hand) dealFast(r *stats.Rand, v *field, permutations int) {
	k, n := len(h.share), uint64(h.n-1)
	for left := permutations; left > 0; {
		got := draw(r, n, h.draws[:min(left*k+3, drawsAtOnce)])
		made := min(sumDraws(k, h.draws[:got], v, h.sums[:]), left)
		h.count(h.sums[:made])
		left -= made
	}
}

// dealAny is for any weights and any number of values and neighbours. What is
// drawn a second time in a permutation is drawn again.
func (h *hand) dealAny(r *stats.Rand, v []float64, permutations int) {
	if h.taken == nil {
		h.taken, h.wide = make([]uint32, h.n), make([]uint32, drawsAtOnce)
	}
	taken, at, drawn := h.taken[:len(v)], 0, 0
	for left := permutations; left > 0; {
		sums := h.sums[:min(left, drawsAtOnce)]
		for p := range sums {
			if h.round++; h.round == 0 { // all rounds are used up: begin again
				clear(h.taken)
				h.round = 1
			}
			sum := 0.0
			for k := 0; k < len(h.share); at++ {
				if at == drawn {
					at, drawn = 0, drawWide(r, uint32(len(v)), h.wide)
				}
				if j := h.wide[at]; taken[j] != h.round {
					taken[j] = h.round
					sum += h.share[k] * v[j]
					k++
				}
			}
			sums[p] = sum
		}
		h.count(sums)
		left -= len(sums)
	}
}

// dealMost is for areas that have at least half of all others as neighbours: it
// takes values out of an order of them, so none comes twice. With equal weights
// it deals to those that are no neighbours and takes that from the sum of all.
func (h *hand) dealMost(r *stats.Rand, v []float64, permutations int) {
	h.order = h.order[:0]
	for j := range v {
		h.order = append(h.order, uint32(j))
	}
	count, each, all := len(h.share), 1.0, 0.0
	if h.equal {
		count, each, all = len(v)-count, -1, stats.Sum(v)
	}
	for left := permutations; left > 0; {
		sums := h.sums[:min(left, drawsAtOnce)]
		for p := range sums {
			sum := all
			for k := range count {
				at := uint32(k) + r.Below(uint32(len(v)-k))
				h.order[k], h.order[at] = h.order[at], h.order[k]
				if !h.equal {
					each = h.share[k]
				}
				sum += each * v[h.order[k]]
			}
			sums[p] = sum
		}
		h.count(sums)
		left -= len(sums)
	}
}

// count takes up sums that were dealt. It asks the sign of a difference, since
// to branch would cost more than all else: half the guesses would be wrong.
func (h *hand) count(sums []float64) {
	less, more, total, squares := h.less, h.more, h.total, h.squares
	for _, s := range sums {
		less += int(math.Float64bits(s-h.low) >> 63)
		more += int(math.Float64bits(h.high-s) >> 63)
		total += s
		squares += s * s
	}
	h.less, h.more, h.total, h.squares = less, more, total, squares
}
