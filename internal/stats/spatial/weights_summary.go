package spatial

import "slices"

// Sums are the sums of weights that the moments of global statistics are made
// of (Cliff and Ord 1981): S0 of all weights; S1 half the sum of (wij + wji)²;
// S2 of (row sum + column sum)² over areas.
type Sums struct{ S0, S1, S2 float64 }

// Sums returns the sums of the weights.
func (w *Weights) Sums() Sums {
	var s Sums
	both := make([]float64, w.Len())
	for i := range both {
		to, weight := w.Row(i)
		for k, j := range to {
			v := weight[k]
			s.S0 += v
			both[i] += v
			both[j] += v
			// Over all links this adds up to ½ Σ (wij + wji)².
			back, _ := w.between(j, int32(i))
			s.S1 += v * (v + back)
		}
	}
	for _, v := range both {
		s.S2 += v * v
	}
	return s
}

// between returns the weight that j has for i, zero if it is no neighbour.
func (w *Weights) between(i, j int32) (weight float64, linked bool) {
	to, weights := w.Row(int(i))
	if k, found := slices.BinarySearch(to, j); found {
		return weights[k], true
	}
	return 0, false
}

// Symmetric reports whether every link has one of the same weight the other way.
func (w *Weights) Symmetric() bool {
	for i := range w.Len() {
		to, weight := w.Row(i)
		for k, j := range to {
			if back, linked := w.between(j, int32(i)); !linked || back != weight[k] {
				return false
			}
		}
	}
	return true
}

// Islands returns the areas that have no neighbours besides themselves.
func (w *Weights) Islands() []int32 {
	var islands []int32
	for i := range w.Len() {
		if w.island(i) {
			islands = append(islands, int32(i))
		}
	}
	return islands
}

func (w *Weights) island(i int) bool {
	links := w.start[i+1] - w.start[i]
	if w.self {
		links--
	}
	return links == 0
}

// most returns the most neighbours of an area, itself counted.
func (w *Weights) most() int {
	most := 0
	for i := range w.Len() {
		most = max(most, int(w.start[i+1]-w.start[i]))
	}
	return most
}

// Components returns for each area the number, from 0, of the connected part of
// the map that it belongs to, and how many parts there are. Parts are numbered
// by their first area; links count whichever way they point.
func (w *Weights) Components() (part []int32, parts int) {
	root := make([]int32, w.Len())
	for i := range root {
		root[i] = int32(i)
	}
	find := func(i int32) int32 {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	for i := range root {
		to, _ := w.Row(i)
		for _, j := range to {
			a, b := find(int32(i)), find(j)
			root[max(a, b)] = min(a, b)
		}
	}
	part = make([]int32, w.Len())
	for i := range part {
		// A root is the least area of its part, so it is numbered already.
		if first := find(int32(i)); int(first) == i {
			part[i] = int32(parts)
			parts++
		} else {
			part[i] = part[first]
		}
	}
	return part, parts
}

// Summary is what to look at before trusting weights.
type Summary struct {
	Areas, Links, Islands, Parts int
	// Least and Most are the fewest and most neighbours of an area, Mean the
	// average; an area itself does not count.
	Least, Most int
	Mean        float64
	Symmetric   bool
}

// Summary returns a summary of the weights.
func (w *Weights) Summary() Summary {
	_, parts := w.Components()
	s := Summary{Areas: w.Len(), Islands: len(w.Islands()), Parts: parts, Least: w.Len(), Symmetric: w.Symmetric()}
	for i := range w.Len() {
		links := int(w.start[i+1] - w.start[i])
		if w.self {
			links--
		}
		s.Links += links
		s.Least, s.Most = min(s.Least, links), max(s.Most, links)
	}
	s.Mean = float64(s.Links) / float64(s.Areas)
	return s
}
