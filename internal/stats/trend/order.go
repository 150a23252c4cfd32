package trend

// smallest returns the k-th smallest value, from 0, and leaves the smaller ones
// before it and the larger ones after (Hoare's selection; the middle of three as the
// pivot). The values must be numbers.
func smallest(x []float64, k int) float64 {
	low, high := 0, len(x)-1
	for low < high {
		middle := (low + high) / 2
		if x[middle] < x[low] {
			x[middle], x[low] = x[low], x[middle]
		}
		if x[high] < x[low] {
			x[high], x[low] = x[low], x[high]
		}
		if x[high] < x[middle] {
			x[high], x[middle] = x[middle], x[high]
		}
		pivot := x[middle]
		i, j := low, high
		for i <= j {
			for x[i] < pivot {
				i++
			}
			for x[j] > pivot {
				j--
			}
			if i <= j {
				x[i], x[j] = x[j], x[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			high = j
		case k >= i:
			low = i
		default:
			return x[k]
		}
	}
	return x[k]
}

// quantile is that of values in any order, which it reorders: straight between the
// two nearest (type 7 of Hyndman and Fan 1996).
func quantile(x []float64, p float64) float64 {
	at := p * float64(len(x)-1)
	i := int(at)
	v := smallest(x, i)
	if i+1 >= len(x) {
		return v
	}
	next := x[i+1]
	for _, u := range x[i+2:] {
		next = min(next, u)
	}
	return v + (at-float64(i))*(next-v)
}
