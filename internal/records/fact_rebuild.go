package records

import (
	"cmp"
	"fmt"
	"slices"

	"openvru/internal/ids"
	"openvru/internal/period"
)

// FactDifference is a count that two sets of blocks disagree on.
type FactDifference struct {
	Series ids.Series
	Force  string
	Level  ids.Level
	Place  string
	Month  period.Month
	Kept   int64
	Built  int64
}

// String says the difference in words.
func (d FactDifference) String() string {
	return fmt.Sprintf("%s at %s/%s in %s (%s): kept as %d, but the records count %d", d.Series, d.Level, d.Place, d.Month, d.Force, d.Kept, d.Built)
}

// DiffFacts compares an edition's blocks as kept with blocks built again from
// its records, count by count: however they are cut into blocks, the same
// counts are the same. The order is total.
func DiffFacts(kept, built []Block) ([]FactDifference, error) {
	counts := map[FactDifference]*[2]int64{}
	for side, blocks := range [2][]Block{kept, built} {
		for i := range blocks {
			if err := spread(counts, side, &blocks[i]); err != nil {
				return nil, err
			}
		}
	}
	var out []FactDifference
	for key, n := range counts {
		if n[0] != n[1] {
			key.Kept, key.Built = n[0], n[1]
			out = append(out, key)
		}
	}
	slices.SortFunc(out, func(a, b FactDifference) int {
		return cmp.Or(cmp.Compare(a.Level, b.Level), cmp.Compare(a.Series, b.Series), cmp.Compare(a.Month, b.Month),
			cmp.Compare(a.Place, b.Place), cmp.Compare(a.Force, b.Force))
	})
	return out, nil
}

func spread(counts map[FactDifference]*[2]int64, side int, b *Block) error {
	return ReadCells(b.Cells, func(code []byte, months *[12]int64) {
		for m, n := range months {
			if n == 0 {
				continue
			}
			key := FactDifference{Series: b.Series, Force: b.Force, Level: b.Level, Place: string(code), Month: period.NewMonth(b.Year, m+1)}
			if counts[key] == nil {
				counts[key] = &[2]int64{}
			}
			counts[key][side] += n
		}
	})
}
