package intake

import (
	"fmt"

	"openvru/internal/records"
	"openvru/internal/table"
)

// totals adds up a wide file's rows in every way that a row of totals might,
// so that such a row, wherever it stands, can be checked at the end.
type totals struct {
	months int
	sums   map[totalKey][]int64
	said   []saidTotal
}

// totalKey is what a total is of; all stands for every place, group or
// subgroup.
type totalKey struct{ place, group, subgroup string }

const all = "*"

// saidTotal is a total that the file states.
type saidTotal struct {
	key    totalKey
	line   int64
	counts []int32
}

func newTotals(months int) *totals { return &totals{months: months, sums: map[totalKey][]int64{}} }

// totalWords are what files call the sum over places, groups or subgroups.
var totalWords = map[string]bool{
	"total": true, "totals": true, "grand total": true, "sum": true, "all": true, "overall": true,
	"mps": true, "mps total": true, "met total": true, "mps area": true, "metropolitan police": true,
	"metropolitan police service": true, "metropolitan police area": true, "all boroughs": true, "all wards": true,
	"total notifiable offences": true, "tno": true, "all crime": true, "all offences": true, "all crimes": true,
}

// key recognises a row of totals and says what it is the total of.
func (t *totals) key(place, group, subgroup string) (k totalKey, is bool) {
	k = totalKey{records.Fold(place), records.Fold(group), records.Fold(subgroup)}
	for _, part := range []*string{&k.place, &k.group, &k.subgroup} {
		if totalWords[*part] {
			*part, is = all, true
		}
	}
	if k.group == all {
		k.subgroup = all
	}
	// A total over groups often leaves the subgroup blank, and one over
	// everything leaves all but one blank.
	if is && k.subgroup == "" {
		k.subgroup = all
	}
	if is && k.place == "" {
		k.place = all
	}
	return k, is
}

// add adds a row to every sum it belongs to.
func (t *totals) add(place, group, subgroup string, counts []int32) {
	p, g, s := records.Fold(place), records.Fold(group), records.Fold(subgroup)
	for _, k := range [...]totalKey{{all, g, s}, {p, g, all}, {all, g, all}, {p, all, all}, {all, all, all}} {
		sum := t.sums[k]
		if sum == nil {
			sum = make([]int64, t.months)
			t.sums[k] = sum
		}
		for i, n := range counts {
			sum[i] += int64(n)
		}
	}
}

// checkTotals tells of stated totals that are not the sum of their rows.
func (w *wide) checkTotals() {
	for _, said := range w.totals.said {
		sum := w.totals.sums[said.key]
		for i, n := range said.counts {
			var want int64
			if sum != nil {
				want = sum[i]
			}
			if int64(n) == want {
				continue
			}
			w.add(ruleWrongTotal, records.Example{Line: said.line, Column: w.header[w.months[i].field],
				Value: fmt.Sprintf("the file says %s, its rows add up to %s", table.Thousands(int64(n)), table.Thousands(want))})
		}
	}
}
