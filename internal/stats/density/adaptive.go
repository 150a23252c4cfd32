package density

import (
	"math"
	"slices"
)

// adapt gives each event its own bandwidth (Abramson 1982).
func adapt(used []source, r region, o Options) {
	if len(used) == 0 {
		return
	}
	weighted := slices.Clone(used)
	if o.Edge == EventEdge {
		correct(weighted, r.shares(o.Kernel, used))
	}
	pilot := newIndex(o.Kernel, weighted).sums(used, nil, leaveNone)
	logs, weight := 0.0, 0.0
	for i, s := range used {
		if s.weight > 0 {
			logs += s.weight * math.Log(pilot[i])
			weight += s.weight
		}
	}
	mean := math.Exp(logs / weight)
	for i := range used {
		if used[i].weight > 0 {
			h := o.Bandwidth * math.Sqrt(mean/pilot[i])
			used[i].bandwidth = max(r.Cell, min(h, 5*o.Bandwidth))
		}
	}
}
