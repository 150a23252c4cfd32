package rate

// rising returns where a function that rises from below zero at 0 to above
// zero at 1 is zero.
func rising(f func(p float64) float64) float64 { return root(f, 0, 1) }

// root finds where a rising function is zero between low and high: each step
// goes where the line or, when that is slow, the middle points (the rule of
// Anderson and Björck, with bisection behind it).
func root(f func(float64) float64, low, high float64) float64 {
	fl, fh := f(low), f(high)
	for step := 0; high-low > 4e-16*high && step < 400; step++ {
		x := high - fh*(high-low)/(fh-fl)
		if step%3 == 2 || !(x > low && x < high) {
			x = low + (high-low)/2
		}
		if x <= low || x >= high {
			break
		}
		switch y := f(x); {
		case y == 0:
			return x
		case y < 0:
			fh *= keep(y, fl)
			low, fl = x, y
		default:
			fl *= keep(y, fh)
			high, fh = x, y
		}
	}
	return low + (high-low)/2
}

// keep is by how much the end that stays is moved towards zero.
func keep(y, replaced float64) float64 {
	if m := 1 - y/replaced; m > 0 {
		return m
	}
	return 0.5
}
