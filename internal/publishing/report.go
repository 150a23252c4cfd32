package publishing

import (
	"html/template"
	"strings"
	"time"

	"openvru/internal/disclosure"
	"openvru/internal/ids"
	"openvru/internal/table"
)

// Report is a finished report: sentences, pictures and safe tables whose every
// number is a Figure. It is what the page templates show; nothing in it is
// computed while it is shown.
type Report struct {
	Title    string
	Place    string // "London"
	Code     string // "region/E12000007"
	Year     int
	Against  int
	Known    time.Time // as known at this moment; zero for the newest
	Notice   string
	Rule     disclosure.Rule
	Covers   []Text  // which forces the counts hold, and which they lack
	Summary  []Point // what changed, most important first
	Totals   Exhibit // every measure in one table
	Chapters []Chapter
	Homicide *Homicide // nil when nothing is held
	NotHeld  []NotHeld
	Checks   []Check
	Terms    []Definition
	Sources  []Source
	Editions []Edition // the files that figures came from, numbered from 1 in this order
	Lineage  []Lineage

	figures  map[ids.Figure]Figure
	pairings []pairing
}

// Point is one line of the summary, with the id of the part it is about.
type Point struct {
	Text Text
	Part string
}

// Chapter is a heading with its measures.
type Chapter struct {
	ID       string
	Title    string
	Measures []Measure
}

// Measure is one series: the message, the picture, the numbers.
type Measure struct {
	ID       string
	Headline Text
	Body     []Text
	Wide     template.HTML // the picture for wide pages and paper
	Narrow   template.HTML // the picture for telephones
	Months   Exhibit
	Periods  Exhibit
	Notes    []string // breaks, forces that are missing, what else a reader must know
}

// Homicide is the table of victims by year and kind.
type Homicide struct {
	Headline Text
	Body     []Text
	Wide     template.HTML
	Narrow   template.HTML
	Years    Exhibit
	Notes    []string
}

// Exhibit is a table that has passed the gate, with a name for its file.
type Exhibit struct {
	Name  string // "robbery-by-month", unique in the report
	Table disclosure.Safe
}

// NotHeld is a measure that the unit holds no facts for.
type NotHeld struct {
	Series ids.Series
	Title  string
}

// Definition says what a series counts.
type Definition struct {
	Series     ids.Series
	Title      string
	Definition string
	Version    int
	Source     string // the source's title
}

// Figure is one number of the report with where it comes from.
type Figure struct {
	ID       ids.Figure   // its name in the report
	Kept     ids.Figure   // its id among the unit's kept figures; "" when it is this report's own
	Title    string       // "Robbery, London, March 2020"
	Shown    string       // the number as the report shows it, or why it is not shown
	Method   string       // "count of the files", "sum of 12 months", "difference"
	From     []ids.Figure // the figures it is computed from
	Editions []int        // the files it comes from, by their number in the report

	num   float64
	known bool
}

// Lineage is the figures of one part of the report, in the order shown.
type Lineage struct {
	Part    string // id of the part
	Title   string
	Figures []Figure
}

// Figure returns a figure of the report.
func (r *Report) Figure(id ids.Figure) (Figure, bool) {
	f, ok := r.figures[id]
	return f, ok
}

// Exhibits returns every table of the report, in order.
func (r *Report) Exhibits() []Exhibit {
	out := []Exhibit{r.Totals}
	for _, c := range r.Chapters {
		for _, m := range c.Measures {
			out = append(out, m.Months, m.Periods)
		}
	}
	if r.Homicide != nil {
		out = append(out, r.Homicide.Years)
	}
	return out
}

// FigureList is every figure of the report as a table, for whoever wants the
// numbers and not the page.
func (r *Report) FigureList() *table.Table {
	t := &table.Table{Name: "figures", Title: r.Title, Columns: []table.Column{
		{Name: "figure", Title: "Figure"}, {Name: "kept_as", Title: "Kept as"}, {Name: "title", Title: "What it is"}, {Name: "value", Title: "Value", Type: table.Number, Decimals: 1},
		{Name: "shown", Title: "Shown as"}, {Name: "method", Title: "How it is made"}, {Name: "from", Title: "From figures"}, {Name: "files", Title: "From files (SHA-256)"},
	}}
	for _, part := range r.Lineage {
		for _, f := range part.Figures {
			value := table.Missing(f.Shown)
			if f.known {
				value = table.N(f.num)
			}
			var from, files []string
			for _, o := range f.From {
				from = append(from, string(o))
			}
			for _, e := range f.Editions {
				files = append(files, string(r.Editions[e-1].File))
			}
			t.Add(table.T(string(f.ID)), table.T(string(f.Kept)), table.T(f.Title), value,
				table.T(f.Shown), table.T(f.Method), table.T(strings.Join(from, " ")), table.T(strings.Join(files, " ")))
		}
	}
	return t
}

// Size says how much the report holds: "13 measures and 412 figures".
func (r *Report) Size() string {
	measures := 0
	for _, c := range r.Chapters {
		measures += len(c.Measures)
	}
	if r.Homicide != nil {
		measures++
	}
	return plural(measures, "measure") + " and " + plural(len(r.figures), "figure")
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return table.Thousands(int64(n)) + " " + word + "s"
}
