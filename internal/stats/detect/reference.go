package detect

import "math"

// reference says which time points a count is compared with, and which of them
// belong to the same part of the year. It is worked out once for a set of
// options, for offsets before the time point evaluated.
type reference struct {
	offset []int   // of each row, below zero, oldest first
	group  []int32 // the part of the year of each row
	groups int
	window int32 // the part that the evaluated time point itself belongs to
	reach  int   // how many time points of the past are needed
}

// newReference lays out the baseline of Noufaily et al. (2013): the window of
// half-width w around the same time in each of the years before is one part of
// the year, and what lies between two windows is cut into parts of as equal
// length as can be, the longer ones first. With one part only the windows count,
// as in Farrington et al. (1996). The time points closer than gap are left out.
// It returns false if the year is too short for so many parts.
func newReference(o *FlexibleOptions) (reference, bool) {
	r := reference{groups: o.Parts, window: int32(o.Parts - 1)}
	if 2*float64(o.HalfWindow)+1 > o.Period {
		return r, false
	}
	ago := func(years int) int { return -int(math.Round(float64(years) * o.Period)) }
	r.reach = o.HalfWindow - ago(o.Years)
	latest := 0
	if o.Parts == 1 {
		latest = 1
	}
	for year := o.Years; year >= latest; year-- {
		from, to := ago(year)-o.HalfWindow, ago(year)+o.HalfWindow
		for t := from; t <= to; t++ {
			r.add(t, r.window, o.Gap)
		}
		if year == latest {
			continue
		}
		between := ago(year-1) - o.HalfWindow - to - 1
		if between < o.Parts-1 {
			return r, false
		}
		r.cut(to+1, between, o)
	}
	return r, true
}

// cut adds the parts of the year between two windows.
func (r *reference) cut(from, length int, o *FlexibleOptions) {
	parts := o.Parts - 1
	for part := range parts {
		size := length / parts
		if part < length%parts {
			size++
		}
		for range size {
			r.add(from, int32(part), o.Gap)
			from++
		}
	}
}

func (r *reference) add(offset int, group int32, gap int) {
	if offset < -gap {
		r.offset = append(r.offset, offset)
		r.group = append(r.group, group)
	}
}
