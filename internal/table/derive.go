package table

// Role says what disclosure control must do with a column's numbers.
type Role int

// The roles. The zero value is the careful one.
const (
	// Measured numbers count people or incidents: the rule applies to them.
	Measured Role = iota
	// Known numbers can be looked up by anybody, such as a population or a
	// year: the rule leaves them alone.
	Known
	// Derived numbers are computed from other columns of the row. They are
	// computed again from what the rule leaves, or hidden where that cannot be.
	Derived
)

// Op is a way of computing one number from two.
type Op string

// The ways. Others cannot be computed again, so their numbers are hidden where
// the rule changes a count.
const (
	Difference    Op = "difference"     // a − b
	PercentChange Op = "percent change" // (a − b) ÷ b × 100
	PercentOf     Op = "percent of"     // a ÷ b × 100
	RatePer       Op = "rate"           // a ÷ b × Per
)

// Derivation says how a Derived column comes from columns A and B.
type Derivation struct {
	Op   Op
	A, B string
	Per  float64 // for RatePer: 1,000 or 100,000
}

// Compute derives a number; false when it cannot: the way is not one of the
// four, or b is zero where it divides.
func (d Derivation) Compute(a, b float64) (float64, bool) {
	if d.Op == Difference {
		return a - b, true
	}
	if b == 0 {
		return 0, false
	}
	switch d.Op {
	case PercentChange:
		return (a - b) / b * 100, true
	case PercentOf:
		return a / b * 100, true
	case RatePer:
		return a / b * d.Per, true
	}
	return 0, false
}
