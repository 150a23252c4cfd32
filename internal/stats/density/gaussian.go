package density

import "math"

// powers are the bits of 2 to the power −i/64.
var powers = func() (t [64]uint64) {
	for i := range t {
		t[i] = math.Float64bits(math.Exp2(-float64(i) / 64))
	}
	return t
}()

// gaussian returns exp(−u/2) for u from 0 on, to 5e-15 up to the reach of a
// kernel, and 0 from 1,400 on, where it is 1e-304. It is the sums over pairs of
// events that take the time, and a power of two by table and the rest by a short
// series takes a third of what math.Exp does.
func gaussian(u float64) float64 {
	if u >= 1400 {
		return 0
	}
	x := u * (32 / math.Ln2)
	k := int64(x)
	r := (float64(k) - x) * (math.Ln2 / 64)
	rest := 1 + r*(1+r*(1.0/2+r*(1.0/6+r*(1.0/24+r*(1.0/120)))))
	return math.Float64frombits(powers[k&63]-uint64(k>>6)<<52) * rest
}
