package publishing

import (
	"slices"

	"openvru/internal/analysis"
	"openvru/internal/disclosure"
	"openvru/internal/ids"
	"openvru/internal/table"
)

// figureID names a figure as package analysis does: the series, the place's
// code and what of it: "police.robbery.E23000001.2020-03".
func figureID(s ids.Series, code, what string) ids.Figure {
	return ids.Figure(analysis.FigureName(s, ids.Place{Code: code}, what))
}

// origin says where a figure comes from, before its value is known to be safe.
type origin struct {
	title    string
	method   string
	from     []ids.Figure
	editions []int // indexes into Material.Editions
}

// register collects the figures of a report. A figure's value enters only from
// a table that has passed the gate, so sentences, labels and tables can only
// say what may be said, and all say the same.
type register struct {
	rule    disclosure.Rule
	origins map[ids.Figure]origin
	figures map[ids.Figure]Figure
	parts   []Lineage
	used    map[int]int // index of an edition in the material → its number in the report
}

func newRegister(rule disclosure.Rule, editions []int) *register {
	r := &register{rule: rule, origins: map[ids.Figure]origin{}, figures: map[ids.Figure]Figure{}, used: map[int]int{}}
	for i, e := range editions {
		r.used[e] = i + 1
	}
	return r
}

// open begins a part of the report.
func (r *register) open(part, title string) {
	r.parts = append(r.parts, Lineage{Part: part, Title: title})
}

// cell marks a number as a figure and notes where it comes from.
func (r *register) cell(id ids.Figure, c table.Cell, o origin) table.Cell {
	r.origins[id] = o
	return c.Of(string(id))
}

// pass takes a table through the gate and enters its figures. A figure that is
// in two tables is entered once, in the first.
func (r *register) pass(t table.Table) (Exhibit, error) {
	safe, err := disclosure.Apply(r.rule, t)
	if err != nil {
		return Exhibit{}, err
	}
	out := safe.Table()
	for _, row := range out.Rows {
		for j, c := range row {
			if c.Figure != "" {
				r.enter(ids.Figure(c.Figure), out.Columns[j], c)
			}
		}
	}
	return Exhibit{Name: t.Name, Table: safe}, nil
}

func (r *register) enter(id ids.Figure, col table.Column, c table.Cell) {
	if _, ok := r.figures[id]; ok {
		return
	}
	o := r.origins[id]
	f := Figure{ID: id, Title: o.title, Shown: col.Show(c), Method: o.method, From: o.from, num: c.Num, known: c.IsNum}
	for _, e := range o.editions {
		f.Editions = append(f.Editions, r.used[e])
	}
	slices.Sort(f.Editions)
	r.figures[id] = f
	last := &r.parts[len(r.parts)-1]
	last.Figures = append(last.Figures, f)
}

// value returns a figure's safe value; false when there is none to show.
func (r *register) value(id ids.Figure) (float64, bool) {
	f := r.figures[id]
	return f.num, f.known
}
