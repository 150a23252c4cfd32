package geo

import (
	"math"
	"math/big"
)

// orientBound is the relative error of the plain determinant in orient: below
// it the sign is not certain. (3 + 16u)u with u = 2⁻⁵³.
const orientBound = (3 + 16*0x1p-53) * 0x1p-53

// orientTiny is far above what a product can lose by underflow.
const orientTiny = 1e-300

// Orient returns the side of the line a→b that c lies on: 1 left, -1 right,
// 0 exactly on it. The sign is exact for all finite coordinates;
// with any other the answer is 0.
func Orient(a, b, c Point) int {
	// The conversions keep a compiler from fusing the products, which would
	// make the answer depend on the processor.
	left := float64((a.X - c.X) * (b.Y - c.Y))
	right := float64((a.Y - c.Y) * (b.X - c.X))
	det := left - right
	if bound := orientBound*(math.Abs(left)+math.Abs(right)) + orientTiny; det > bound {
		return 1
	} else if det < -bound {
		return -1
	}
	return orientExact(a, b, c)
}

// orientExact returns the sign of the determinant written out as six products,
// each kept as an exact pair of numbers and added without loss.
func orientExact(a, b, c Point) int {
	if !a.Finite() || !b.Finite() || !c.Finite() {
		return 0
	}
	if !a.moderate() || !b.moderate() || !c.moderate() {
		return orientFraction(a, b, c)
	}
	var sum expansion
	sum.addProduct(a.X, b.Y)
	sum.addProduct(-a.X, c.Y)
	sum.addProduct(-c.X, b.Y)
	sum.addProduct(-a.Y, b.X)
	sum.addProduct(a.Y, c.X)
	sum.addProduct(c.Y, b.X)
	return sum.sign()
}

// moderate reports whether products of the coordinates neither overflow nor
// lose digits to underflow.
func (p Point) moderate() bool {
	for _, v := range [2]float64{math.Abs(p.X), math.Abs(p.Y)} {
		if v != 0 && (v < 1e-140 || v > 1e140) {
			return false
		}
	}
	return true
}

// orientFraction is the same with fractions, for coordinates of any size.
func orientFraction(a, b, c Point) int {
	minus := func(x, y float64) *big.Rat {
		return new(big.Rat).Sub(new(big.Rat).SetFloat64(x), new(big.Rat).SetFloat64(y))
	}
	left := new(big.Rat).Mul(minus(a.X, c.X), minus(b.Y, c.Y))
	right := new(big.Rat).Mul(minus(a.Y, c.Y), minus(b.X, c.X))
	return left.Cmp(right)
}

// expansion is a number held exactly as a sum of floats that do not overlap,
// smallest first.
type expansion struct {
	parts [12]float64
	n     int
}

// addProduct adds x·y exactly: the rounded product and what rounding lost.
func (e *expansion) addProduct(x, y float64) {
	p := float64(x * y)
	e.add(math.FMA(x, y, -p))
	e.add(p)
}

// add adds v exactly, carrying through the parts from the smallest up.
func (e *expansion) add(v float64) {
	kept := 0
	for _, part := range e.parts[:e.n] {
		sum := v + part
		virtual := sum - v
		lost := (v - (sum - virtual)) + (part - virtual)
		if lost != 0 {
			e.parts[kept] = lost
			kept++
		}
		v = sum
	}
	if v != 0 {
		e.parts[kept] = v
		kept++
	}
	e.n = kept
}

// sign returns the sign of the largest part, which is that of the sum.
func (e *expansion) sign() int {
	if e.n == 0 {
		return 0
	}
	if e.parts[e.n-1] > 0 {
		return 1
	}
	return -1
}
