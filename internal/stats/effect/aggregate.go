package effect

import (
	"cmp"
	"math"
	"slices"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
	"openvru/internal/stats/lin"
)

// average is a weighted mean of effects and its influence function.
type average struct {
	value     float64
	influence []float64
}

// one is a single effect as an average.
func (s *staggered) one(k int) average { return average{s.found[k].Value, s.influence[k]} }

// byShare averages effects by the share of units in the group of each: those
// shares are estimates too, and add to the influence.
func (s *staggered) byShare(parts []average, groups []int) average {
	shares := make([]float64, len(parts))
	all := 0.0
	for k, g := range groups {
		for _, other := range s.start {
			if other == g {
				shares[k] += 1 / s.n
			}
		}
		all += shares[k]
	}
	out := average{influence: make([]float64, len(s.start))}
	for k, part := range parts {
		out.value += shares[k] / all * part.value
	}
	for i, g := range s.start {
		if s.out[i] {
			continue
		}
		for k, part := range parts {
			out.influence[i] += shares[k] / all * part.influence[i]
			drift := -shares[k]
			if g == groups[k] {
				drift++
			}
			out.influence[i] += drift / all * (part.value - out.value)
		}
	}
	return out
}

// plain is the plain mean.
func (s *staggered) plain(parts []average) average {
	out := average{influence: make([]float64, len(s.start))}
	for _, part := range parts {
		out.value += part.value / float64(len(parts))
		for i, v := range part.influence {
			out.influence[i] += v / float64(len(parts))
		}
	}
	return out
}

// list gathers effects under the keys that key gives them, in order; keys for
// which ok is false are left out.
func (s *staggered) list(key func(GroupTime) (at int, ok bool)) (at []int, members [][]int) {
	index := map[int]int{}
	for k, f := range s.found {
		v, ok := key(f)
		if !ok {
			continue
		}
		if _, seen := index[v]; !seen {
			index[v] = len(at)
			at, members = append(at, v), append(members, nil)
		}
		members[index[v]] = append(members[index[v]], k)
	}
	order := make([]int, len(at))
	for k := range order {
		order[k] = k
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(at[a], at[b]) })
	sortedAt, sorted := make([]int, len(at)), make([][]int, len(at))
	for k, from := range order {
		sortedAt[k], sorted[k] = at[from], members[from]
	}
	return sortedAt, sorted
}

func after(f GroupTime) bool { return f.Period >= f.Group }

// share averages the effects listed by the shares of their groups.
func (s *staggered) share(members []int) average {
	parts, groups := make([]average, len(members)), make([]int, len(members))
	for j, k := range members {
		parts[j], groups[j] = s.one(k), s.found[k].Group
	}
	return s.byShare(parts, groups)
}

func (s *staggered) effects() StaggeredEffects {
	out := StaggeredEffects{GroupTimes: s.found, Left: s.left, BeforeP: 1}
	all := make([]average, len(s.found))
	var later []int
	for k, f := range s.found {
		all[k] = s.one(k)
		if after(f) {
			later = append(later, k)
		}
	}
	for k, e := range s.estimates(all) {
		out.GroupTimes[k].Estimate = e
	}
	if len(later) > 0 {
		out.Overall = s.estimates([]average{s.share(later)})[0]
	}
	out.ByEvent, out.BeforeP = s.byEvent()
	out.ByGroup = s.byGroup()
	out.ByPeriod = s.byPeriod()
	return out
}

func (s *staggered) byEvent() (Family, float64) {
	at, members := s.list(func(f GroupTime) (int, bool) { return f.Period - f.Group, true })
	parts := make([]average, len(at))
	var later, before []average
	for k, m := range members {
		if parts[k] = s.share(m); at[k] >= 0 {
			later = append(later, parts[k])
		} else if at[k] < -s.o.Anticipation {
			before = append(before, parts[k])
		}
	}
	return s.family(at, parts, s.plain(later)), s.beforeP(before)
}

func (s *staggered) byGroup() Family {
	at, members := s.list(func(f GroupTime) (int, bool) { return f.Group, after(f) })
	parts := make([]average, len(at))
	for k, m := range members {
		group := make([]average, len(m))
		for j, found := range m {
			group[j] = s.one(found)
		}
		parts[k] = s.plain(group)
	}
	if len(parts) == 0 {
		return Family{}
	}
	return s.family(at, parts, s.byShare(parts, at))
}

func (s *staggered) byPeriod() Family {
	at, members := s.list(func(f GroupTime) (int, bool) { return f.Period, after(f) })
	parts := make([]average, len(at))
	for k, m := range members {
		parts[k] = s.share(m)
	}
	return s.family(at, parts, s.plain(parts))
}

func (s *staggered) family(at []int, parts []average, mean average) Family {
	f := Family{At: at, Estimates: s.estimates(parts)}
	if len(parts) > 0 {
		f.Average = s.estimates([]average{mean})[0]
	}
	return f
}

// estimates adds errors, intervals and bands to effects of one list.
func (s *staggered) estimates(parts []average) []Estimate {
	out := make([]Estimate, len(parts))
	sums := s.byCluster(parts)
	both := (1 + s.o.Level) / 2
	critical := dist.NormalQuantile(both)
	if len(parts) > 1 {
		most := s.furthest(sums)
		slices.Sort(most)
		critical = max(critical, most[min(int(math.Ceil(s.o.Level*float64(len(most)+1)))-1, len(most)-1)])
	}
	for k, part := range parts {
		e, df := s.error(sums[k])
		narrow := e * dist.StudentQuantile(both, df)
		if e == 0 && part.value != 0 {
			narrow = math.Inf(1)
		}
		wide := max(narrow, -e*dist.StudentQuantile(dist.NormalTail(critical), df))
		out[k] = Estimate{
			Value: part.value, StandardError: e, Freedom: df,
			Interval: stats.Interval{Low: part.value - narrow, High: part.value + narrow},
			Band:     stats.Interval{Low: part.value - wide, High: part.value + wide},
		}
	}
	return out
}

// byCluster sums influence by cluster: one row an effect. Within a group of m
// clusters that start together, which the mean is taken out of, it is raised by
// √(m/(m − 1)), so that squares are unbiased.
func (s *staggered) byCluster(parts []average) [][]float64 {
	out := make([][]float64, len(parts))
	for k, part := range parts {
		out[k] = make([]float64, s.clusters)
		for i, v := range part.influence {
			out[k][s.cluster[i]] += v
		}
		for c, h := range s.kind {
			if m := s.size[h]; m > 1 {
				out[k][c] *= math.Sqrt(m / (m - 1))
			}
		}
	}
	return out
}

// error is the standard error and its degrees of freedom by Welch (1947) and
// Satterthwaite (1946), the groups that start together being the samples.
func (s *staggered) error(sums []float64) (e, df float64) {
	squares := make([]float64, len(s.size))
	for c, v := range sums {
		squares[s.kind[c]] += v * v
	}
	all, fourth := 0.0, 0.0
	for h, v := range squares {
		all += v
		fourth += v * v / max(s.size[h]-1, 1)
	}
	if all == 0 {
		return 0, float64(s.clusters - 1)
	}
	return math.Sqrt(all) / s.n, max(1, min(all*all/fourth, float64(s.clusters-1)))
}

// furthest returns, for each draw of the multiplier bootstrap, how many standard
// errors from zero the furthest effect is: the influence of every cluster is
// multiplied by a normal number (Callaway and Sant'Anna 2021, section 4).
func (s *staggered) furthest(sums [][]float64) []float64 {
	rows := make([][]float64, 0, len(sums))
	for _, row := range sums {
		if e, _ := s.error(row); e > 0 {
			scaled := make([]float64, len(row))
			for c, v := range row {
				scaled[c] = v / (s.n * e)
			}
			rows = append(rows, scaled)
		}
	}
	if len(rows) < s.clusters {
		rows = root(rows)
	}
	out := make([]float64, s.o.Draws)
	stats.Parallel((s.o.Draws+run-1)/run, func(_, piece int) {
		r := stats.NewRand(s.o.Seed, uint64(piece))
		factor := make([]float64, s.clusters)
		for draw := piece * run; draw < min((piece+1)*run, s.o.Draws); draw++ {
			if len(rows) > 0 {
				for c := range rows[len(rows)-1] {
					factor[c] = r.Normal()
				}
			}
			for _, row := range rows {
				out[draw] = max(out[draw], math.Abs(lin.Dot(row, factor[:len(row)])))
			}
		}
	})
	return out
}

// root returns the lower triangular square root of the products of rows with
// each other: normal numbers times it have the same joint distribution as times
// the rows, which are longer.
func root(rows [][]float64) [][]float64 {
	out := make([][]float64, len(rows))
	stats.Parallel(len(rows), func(_, k int) {
		out[k] = make([]float64, k+1)
		for l := range out[k] {
			out[k][l] = lin.Dot(rows[k], rows[l])
		}
	})
	for k, row := range out {
		for l := range row {
			v := row[l] - lin.Dot(row[:l], out[l][:l])
			switch {
			case l < k && out[l][l] > 0:
				row[l] = v / out[l][l]
			case l < k:
				row[l] = 0
			case v > 1e-10: // of one; less is what the rows before already say
				row[l] = math.Sqrt(v)
			default:
				row[l] = 0
			}
		}
	}
	return out
}

// beforeP is the p-value of the furthest of the checks, each brought from
// Student's scale to the normal one first.
func (s *staggered) beforeP(checks []average) float64 {
	sums := s.byCluster(checks)
	seen := 0.0
	for k, row := range sums {
		if e, df := s.error(row); e > 0 {
			tail := dist.StudentTail(math.Abs(checks[k].value)/e, df)
			seen = max(seen, -dist.NormalQuantile(tail))
		}
	}
	if seen == 0 {
		return 1
	}
	hits := 0
	for _, v := range s.furthest(sums) {
		if v >= seen {
			hits++
		}
	}
	return stats.MonteCarlo(hits, s.o.Draws)
}
