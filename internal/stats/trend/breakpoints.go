package trend

import (
	"fmt"
	"math"

	"openvru/internal/stats"
)

// Division is the best division of a series with a given number of changes.
type Division struct {
	// At holds the first month of each new mean, from 0, in order.
	At []int
	// RSS is the sum of squares about the means.
	RSS float64
	// BIC is that of a normal model with a mean for each segment, the places and one
	// variance: n (ln(2π RSS/n) + 1) + 2 ln n (changes + 1). −Inf for a perfect fit.
	BIC float64
}

// Breakpoints divides a series into segments of constant mean by least squares,
// exactly, for each number of changes from 0 to most (Bai and Perron 2003; as R's
// strucchange for a mean). shortest is the fewest months of a segment; 0 is 15% of
// the series, most 0 as many changes as then fit. Fewer divisions come back when no
// more changes fit. The one to choose is that of least BIC. It is for measures;
// counts go to PELT.
func Breakpoints(y []float64, shortest, most int) ([]Division, error) {
	if err := checkValues(y); err != nil {
		return nil, err
	}
	n := len(y)
	if shortest == 0 {
		shortest = max(int(0.15*float64(n)), 1)
	}
	if shortest < 1 || most < 0 {
		return nil, stats.ErrOption
	}
	if n < shortest {
		return nil, fmt.Errorf("%d months for segments of %d: %w", n, shortest, stats.ErrTooFew)
	}
	fit := n/shortest - 1
	if most == 0 || most > fit {
		most = fit
	}
	c, err := newCosts(y, ChangeOptions{Cost: NormalCost, SD: 1})
	if err != nil {
		return nil, err
	}
	return c.divisions(shortest, most), nil
}

// divisions is the dynamic programme: the best end of k segments at each month.
func (c *costs) divisions(shortest, most int) []Division {
	n := c.n
	best, next := make([]float64, n+1), make([]float64, n+1)
	for t := range best {
		if best[t] = math.Inf(1); t >= shortest {
			best[t] = c.of(0, t)
		}
	}
	from := make([][]int, most+1)
	out := []Division{c.division(nil, best[n])}
	for k := 1; k <= most; k++ {
		from[k] = make([]int, n+1)
		for t := range next {
			next[t] = math.Inf(1)
			for s := k * shortest; s <= t-shortest; s++ {
				if v := best[s] + c.of(s, t); v < next[t] {
					next[t], from[k][t] = v, s
				}
			}
		}
		best, next = next, best
		at := make([]int, k)
		for j, t := k, n; j > 0; j-- {
			t = from[j][t]
			at[j-1] = t
		}
		out = append(out, c.division(at, best[n]))
	}
	return out
}

func (c *costs) division(at []int, rss float64) Division {
	n := float64(c.n)
	return Division{At: at, RSS: rss, BIC: n*(math.Log(2*math.Pi*rss/n)+1) + 2*math.Log(n)*float64(len(at)+1)}
}
