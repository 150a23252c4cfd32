package records

import (
	"slices"

	"openvru/internal/ids"
	"openvru/internal/period"
)

// Telling narrows what a file speaks for. What a file does not speak for stays
// as other editions tell it; what it speaks for and does not mention is none.
// So a file of wards must not say that a borough had nothing, nor a file of
// knife crime that there were no robberies.
type Telling struct {
	Levels []ids.Level                 // facts are made at these levels only; nil is all of them
	Series map[ids.Series]period.Range // facts are made of these series only, in these months; nil is all of them
}

// Tells narrows what the file being read speaks for; without it the file
// speaks for everything its source does. The last call counts.
func (s *Sink) Tells(t Telling) { s.telling = t }

// RowsRead says how many rows of the file were read, where that is not how
// many were given to the sink: a wide file's row becomes a row a month.
func (s *Sink) RowsRead(n int64) { s.rowsRead = n }

// narrow takes out of the facts what the file does not speak for.
func (t Telling) narrow(f EditionFacts, all []*Series) EditionFacts {
	var out EditionFacts
	for _, b := range f.Blocks {
		if t.level(b.Level) && t.series(b.Series) {
			out.Blocks = append(out.Blocks, b)
		}
	}
	for _, c := range f.Coverage {
		if t.level(c.Level) {
			out.Coverage = append(out.Coverage, t.claims(c, all)...)
		}
	}
	return out
}

func (t Telling) level(l ids.Level) bool { return t.Levels == nil || slices.Contains(t.Levels, l) }

func (t Telling) series(s ids.Series) bool {
	_, told := t.Series[s]
	return told || t.Series == nil
}

// claims divides a claim into one for each run of months in which some of the
// series are told.
func (t Telling) claims(c Coverage, all []*Series) []Coverage {
	if t.Series == nil {
		return []Coverage{c}
	}
	var out []Coverage
	for _, s := range all {
		months, told := t.Series[s.ID]
		months.From, months.To = max(months.From, c.Months.From), min(months.To, c.Months.To)
		if !told || months.From > months.To || c.Series != nil && !slices.Contains(c.Series, s.ID) {
			continue
		}
		i := slices.IndexFunc(out, func(o Coverage) bool { return o.Months == months })
		if i < 0 {
			i = len(out)
			out = append(out, Coverage{Force: c.Force, Level: c.Level, Months: months})
		}
		out[i].Series = append(out[i].Series, s.ID)
	}
	return out
}
