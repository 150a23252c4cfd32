package density

import "math"

// largest returns where a smooth function of one number is largest from low to
// high, to the precision of the search (Brent 1973): it goes to the top of a
// parabola through the three best, and takes a golden section where that is no
// use, as where the function is not finite.
func largest(of func(float64) (float64, error), low, high float64) (float64, error) {
	const golden = 0.3819660112501051
	best := low + golden*(high-low)
	second, third := best, best
	top, err := of(best)
	if err != nil {
		return 0, err
	}
	atSecond, atThird := top, top
	last, before := 0.0, 0.0 // the last step and the one before
	for range 60 {
		middle := (low + high) / 2
		if math.Abs(best-middle) <= 2*precision-(high-low)/2 {
			break
		}
		step, ok := parabola([3]float64{best, second, third}, [3]float64{top, atSecond, atThird})
		if !ok || math.Abs(step) >= math.Abs(before)/2 || best+step <= low+precision || best+step >= high-precision {
			if before = high - best; best >= middle {
				before = low - best
			}
			step = golden * before
		} else {
			before = last
		}
		if math.Abs(step) < precision {
			step = math.Copysign(precision, step)
		}
		last = step
		x := best + step
		v, err := of(x)
		if err != nil {
			return 0, err
		}
		switch {
		case v >= top:
			if step > 0 {
				low = best
			} else {
				high = best
			}
			third, atThird, second, atSecond, best, top = second, atSecond, best, top, x, v
			continue
		case step > 0:
			high = x
		default:
			low = x
		}
		if v >= atSecond || second == best {
			third, atThird, second, atSecond = second, atSecond, x, v
		} else if v >= atThird || third == best || third == second {
			third, atThird = x, v
		}
	}
	return best, nil
}

// parabola is how far from the first point the top of the parabola through three
// lies.
func parabola(x, v [3]float64) (step float64, ok bool) {
	a, b := (x[0]-x[1])*(v[0]-v[2]), (x[0]-x[2])*(v[0]-v[1])
	p, q := (x[0]-x[2])*b-(x[0]-x[1])*a, 2*(b-a)
	step = -p / q
	return step, q != 0 && !math.IsNaN(step) && !math.IsInf(step, 0)
}
