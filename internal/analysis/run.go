package analysis

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/records"
)

// Run is one question asked of facts, with all that went in and came out. Its
// id and its figures' ids follow from the question, the method and what went
// in, so asking again gives the same run until a fact changes.
type Run struct {
	ID       ids.Run
	Method   string          // "trend", "comparison"
	Version  int             // of the method
	Question string          // in words
	Asked    json.RawMessage // the question as it was put
	Mark     string          // SHA-256 of question, method and version, facts, file hashes and populations
	Editions []Origin        // the files the facts came from, oldest first
	Lines    []RunLine       // the facts
	Inputs   []string        // other things that went in, such as populations, in words
	Figures  []Figure
	MadeAt   time.Time // not part of the run's identity
}

// Origin is an accepted file, as a run remembers it.
type Origin struct {
	Submission ids.Submission
	Source     ids.Source
	FileName   string
	File       ids.File // SHA-256 of the file as it was sent
	AcceptedAt time.Time
}

// RunLine is one series at one place, month by month, as a run found it.
type RunLine struct {
	Series  ids.Series
	Version int // of the series' definition
	Place   ids.Place
	Name    string // of the place
	Source  ids.Source
	Months  []period.Month
	Counts  []*float64 // nil where nothing is known
	Parts   []RunPart
}

// RunPart is one force's share of a line.
type RunPart struct {
	Force    string // name of the police area
	Code     string
	Counts   []float64
	Editions []int16 // by month: index into Run.Editions, -1 for none
}

// Figure is a named number of a run.
type Figure struct {
	ID     ids.Figure
	Name   string // "police.robbery.E23000001.2020"
	Title  string // "Robbery, Metropolitan Police, 2020"
	Unit   string // "offences", "percent", "per 1,000 people"
	Value  float64
	Blank  string         // why there is no value; "" when there is one
	How    string         // "sum of 12 months"
	From   []ids.Figure   // the figures it was computed from
	Line   int            // index into Run.Lines, for a figure made of facts; -1 for one made of figures
	Months []period.Month // the months of the line it sums
}

// FigureName names a figure: the series, the place's code and what of it, such
// as a period ("2020", "2020-03", "2019-06..2019-12").
func FigureName(s ids.Series, p ids.Place, what string) string {
	return string(s) + "." + p.Code + "." + strings.ReplaceAll(what, " to ", "..")
}

// newRun begins the run of a question with the facts found for it. inputs are
// other things that went in.
func newRun(method string, version int, question string, asked any, t *records.FactTable, inputs []string) (*Run, error) {
	text, err := json.Marshal(asked)
	if err != nil {
		return nil, err
	}
	r := &Run{Method: method, Version: version, Question: question, Asked: text, Inputs: inputs}
	for _, e := range t.Editions {
		r.Editions = append(r.Editions, Origin{e.Submission, e.Source, e.FileName, e.File, e.AcceptedAt})
	}
	for i := range t.Lines {
		r.Lines = append(r.Lines, runLine(t.Months, &t.Lines[i]))
	}
	r.Mark = r.mark()
	r.ID = runID(r.Mark)
	return r, nil
}

func runLine(months []period.Month, l *records.FactLine) RunLine {
	out := RunLine{Series: l.Series.ID, Version: l.Series.Version, Place: l.Place.Place, Name: l.Place.Name,
		Source: l.Source, Months: months, Counts: make([]*float64, len(months))}
	for m, v := range l.Values {
		if v.Known {
			out.Counts[m] = &v.Count
		}
	}
	for _, p := range l.Holds {
		out.Parts = append(out.Parts, RunPart{p.Force.Name, p.Force.Code, p.Counts, p.Editions})
	}
	return out
}

// mark hashes what makes the run what it is. Files go in by their hash and not
// by their submission, so a store rebuilt from the same files gives the same
// mark.
func (r *Run) mark() string {
	h := sha256.New()
	fmt.Fprintln(h, "openvru run 1", r.Method, r.Version, string(r.Asked))
	for _, in := range r.Inputs {
		fmt.Fprintf(h, "%q\n", in)
	}
	for _, l := range r.Lines {
		fmt.Fprintln(h, l.Series, l.Version, l.Place, l.Source)
		for m, month := range l.Months {
			if l.Counts[m] != nil {
				fmt.Fprint(h, month, " ", *l.Counts[m])
			}
			for _, p := range l.Parts {
				if e := p.Editions[m]; e >= 0 {
					fmt.Fprint(h, " ", p.Code, " ", p.Counts[m], " ", r.Editions[e].File)
				}
			}
			fmt.Fprintln(h)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// runID makes a UUID of a mark: version 8 (RFC 9562, section 5.8), which
// leaves its bits to us.
func runID(mark string) ids.Run {
	b, _ := hex.DecodeString(mark[:32])
	b[6] = b[6]&0x0f | 0x80
	b[8] = b[8]&0x3f | 0x80
	x := hex.EncodeToString(b)
	return ids.Run(x[:8] + "-" + x[8:12] + "-" + x[12:16] + "-" + x[16:20] + "-" + x[20:])
}

// markedAt separates a figure's name from the beginning of its run's mark.
const markedAt = "~"

// add enters a figure and returns its id.
func (r *Run) add(f Figure) ids.Figure {
	f.ID = ids.Figure(f.Name + markedAt + r.Mark[:12])
	r.Figures = append(r.Figures, f)
	return f.ID
}

// Figure returns the figure with a name.
func (r *Run) Figure(name string) (Figure, bool) {
	for _, f := range r.Figures {
		if f.Name == name {
			return f, true
		}
	}
	return Figure{}, false
}

// addSum enters the sum of a line's months that lie in a range: a figure
// without a value when any of them has none or it may not be summed.
func (r *Run) addSum(line int, what string, months []period.Month, s *Series, blank string) (ids.Figure, float64) {
	l := &r.Lines[line]
	f := Figure{Name: FigureName(l.Series, l.Place, what), Title: s.Title + ", " + l.Name + ", " + monthList(months),
		Unit: s.Unit, Line: line, Months: months, How: "count of one month", Blank: blank}
	if len(months) != 1 {
		f.How = fmt.Sprintf("sum of %d months", len(months))
	}
	for i, m := range l.Months {
		if !hasMonth(months, m) {
			continue
		}
		if l.Counts[i] == nil {
			f.Blank = "not available"
			continue
		}
		f.Value += *l.Counts[i]
	}
	if f.Blank != "" {
		f.Value = 0
	}
	return r.add(f), f.Value
}

func hasMonth(months []period.Month, m period.Month) bool {
	for _, have := range months {
		if have == m {
			return true
		}
	}
	return false
}

// placeTitle names a place for a sentence, after "in": "Hackney", "the
// Metropolitan Police area".
func placeTitle(p places.Place) string {
	if p.Level == places.PFA {
		return "the " + forceName(p) + " area"
	}
	return cmp.Or(p.Name, p.Code)
}

func forceName(p places.Place) string {
	for _, f := range places.Forces() {
		if f.Area == p.Place {
			return strings.TrimSuffix(f.Name, " Service")
		}
	}
	return cmp.Or(p.Name, p.Code)
}
