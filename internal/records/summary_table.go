package records

import (
	"fmt"

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/table"
)

// Overview is the summary as lines of a question and its answer, for people:
// what was read, which months and places it holds, and how much is doubtful.
func (s *Summary) Overview(src *Source) *table.Table {
	t := &table.Table{Name: "summary", Title: "What is in the file", Columns: []table.Column{
		{Name: "what", Title: "What"}, {Name: "count", Title: "Count", Type: table.Count}, {Name: "detail", Title: "Detail"},
	}}
	line := func(what string, n int64, detail string) { t.Add(table.T(what), table.N(float64(n)), table.T(detail)) }
	line("Rows read", s.Rows, fileDetail(s))
	if s.Kept != s.Rows {
		line("Records kept", s.Kept, "one for each place and month with any")
	}
	line("Counted", s.Count, "incidents, offences or victims that the records stand for")
	line("Months", int64(len(s.Months)), MonthsSpan(s.Months))
	for _, p := range s.Placed {
		if p.Distinct == 0 && p.Level != LevelBorough {
			continue // a kind of place that this file does not speak of
		}
		line(levelLabel(p.Level), int64(p.Distinct), placedDetail(p))
	}
	for _, v := range s.Vintages {
		line("Codes as sent: "+vintageLabel(v.Level), v.Rows, "records, "+spanName(period.Range{From: v.From, To: v.To}))
	}
	line("Unlocated", s.Unlocated, "records with neither a point nor a code we know: counted for the force only")
	line("Out of area", s.OutOfArea, "records outside every borough we hold: counted for the force only")
	line("In another force's area", s.OutsideForce, "records located where another force polices")
	if src.Incidents {
		line("Blank ids", s.BlankIDs, "records without the supplier's id")
		line("Repeated ids", s.RepeatedIDs, "records whose id was met before in the same month")
	}
	line("Unknown categories", s.UnknownCategories, "records of a category the source does not declare: counted in no series")
	return t
}

// fileDetail names the encoding and, of an archive, how many files were read.
func fileDetail(s *Summary) string {
	if len(s.Files) < 2 {
		if s.Encoding == "" {
			return ""
		}
		return "written in " + s.Encoding
	}
	read := 0
	for _, f := range s.Files {
		if f.Skipped == "" {
			read++
		}
	}
	return fmt.Sprintf("from %d of %d files, written in %s", read, len(s.Files), s.Encoding)
}

// MonthsSpan says which months a summary holds and whether some between are
// missing: "January 2019 to June 2020, 2 months between without records".
func MonthsSpan(all []MonthCount) string {
	switch n := len(all); n {
	case 0:
		return "none"
	case 1:
		return all[0].Month.Name()
	default:
		text := spanName(period.Range{From: all[0].Month, To: all[n-1].Month})
		if gap := int(all[n-1].Month-all[0].Month) + 1 - n; gap > 0 {
			text += fmt.Sprintf(", %d between without records", gap)
		}
		return text
	}
}

// spanName writes a run of months in words.
func spanName(r period.Range) string {
	if r.From == r.To {
		return r.From.Name()
	}
	return r.From.Name() + " to " + r.To.Name()
}

func levelLabel(l ids.Level) string { return "Places: " + places.Title(l) }

func vintageLabel(l ids.Level) string {
	switch l {
	case "":
		return "of several vintages"
	case unknownVintage:
		return "not known to us"
	}
	return places.Title(l)
}

// placedDetail says how rows came to lie in the places of a level.
func placedDetail(p PlacedSummary) string {
	text := ""
	add := func(n int64, how string) {
		if n == 0 {
			return
		}
		if text != "" {
			text += ", "
		}
		text += table.Thousands(n) + " " + how
	}
	add(p.ByCode, "by the code or name sent")
	add(p.ByPoint, "by their point")
	add(p.ByParent, "by what they lie in")
	add(p.Unplaced, "not placed")
	if text == "" {
		return "no records"
	}
	return "records: " + text
}
