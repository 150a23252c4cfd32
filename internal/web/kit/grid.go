package kit

import (
	"encoding/json"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"openvru/internal/errs"
	"openvru/internal/table"
)

// Format is how a listing is asked for.
type Format int

// The formats.
const (
	HTML Format = iota
	CSV
	JSON
)

// FormatOf returns the format a path names: "/submissions.csv" is CSV.
func FormatOf(r *http.Request) Format {
	switch path.Ext(r.URL.Path) {
	case ".csv":
		return CSV
	case ".json":
		return JSON
	}
	return HTML
}

// TableName returns which table a path asks for: "trend" of "…/trend.csv".
func TableName(r *http.Request) string {
	name := r.PathValue("table")
	return strings.TrimSuffix(name, path.Ext(name))
}

// TableFormat returns how the table that a path names is asked for; HTML when
// it names none.
func TableFormat(r *http.Request) Format {
	if r.PathValue("table") == "" {
		return HTML
	}
	return FormatOf(r)
}

// WriteTable answers with a table as CSV, to be saved, or as JSON.
func WriteTable(w http.ResponseWriter, f Format, t *table.Table) error {
	if f == CSV {
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		w.Header().Set("Content-Disposition", `attachment; filename="`+safeName(t.Name)+`.csv"`)
		return t.WriteCSV(w)
	}
	return WriteJSON(w, t)
}

// WriteJSON answers with a value as JSON.
func WriteJSON(w http.ResponseWriter, v any) error {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	return json.NewEncoder(w).Encode(v)
}

// safeName keeps of a name what is safe inside a quoted header.
func safeName(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' {
			return c
		}
		return '-'
	}, s)
}

// Grid is a table as a page shows it.
type Grid struct {
	ID       string // unique in its page
	Caption  string
	Columns  []GridColumn
	Rows     [][]GridCell
	Notes    []string
	CSV      string // address of the same rows as CSV; "" for none
	JSON     string
	Stack    bool   // on narrow screens each row becomes a card
	Empty    string // what to say when there are no rows
	HideName bool   // the caption is for screen readers only
}

// GridColumn is a heading; one with an Href sorts by it.
type GridColumn struct {
	Title   string
	Numeric bool
	Href    string
	Sorted  string // "ascending", "descending" or ""
}

// GridCell is what one cell shows.
type GridCell struct {
	Text    string
	Href    string
	Label   string // its column's title, for cards
	Numeric bool
	Head    bool // heads its row
	Blank   bool // holds the reason why there is no value
	Tag     string
}

// GridOf makes a Grid of a table. link, which may be nil, gives the address a
// cell opens. The first column heads each row.
func GridOf(t *table.Table, link func(row, col int) string) Grid {
	g := Grid{ID: safeName(t.Name), Caption: t.Title, Notes: t.Notes}
	for _, c := range t.Columns {
		g.Columns = append(g.Columns, GridColumn{Title: c.Title, Numeric: c.IsNumeric()})
	}
	for i, row := range t.Rows {
		cells := make([]GridCell, len(row))
		for j, cell := range row {
			c := t.Columns[j]
			cells[j] = GridCell{Text: c.Show(cell), Label: c.Title, Numeric: c.IsNumeric(), Head: j == 0, Blank: cell.Blank != ""}
			if link != nil {
				cells[j].Href = link(i, j)
			}
		}
		g.Rows = append(g.Rows, cells)
	}
	return g
}

// Without leaves a column out: one that only programs need.
func (g Grid) Without(col int) Grid {
	g.Columns = slices.Delete(slices.Clone(g.Columns), col, col+1)
	for i, row := range g.Rows {
		g.Rows[i] = slices.Delete(slices.Clone(row), col, col+1)
	}
	return g
}

// WithData adds the links to the same rows as CSV and JSON: base is the page's
// path, and the query that holds its state goes along.
func (g Grid) WithData(base string, query url.Values) Grid {
	g.CSV, g.JSON = Address(base+".csv", query), Address(base+".json", query)
	return g
}

// Address joins a path and a query.
func Address(path string, query url.Values) string {
	if enc := query.Encode(); enc != "" {
		return path + "?" + enc
	}
	return path
}

// With returns the query with one value set, or taken out when it is "".
func With(query url.Values, key, value string) url.Values {
	out := url.Values{}
	for k, v := range query {
		out[k] = slices.Clone(v)
	}
	out.Del(key)
	if value != "" {
		out.Set(key, value)
	}
	return out
}

// Sort orders a table's rows by a column's name, downwards when the name has a
// leading "-". Blanks come last either way. An empty key leaves the order as
// it is. Errors: Invalid.
func Sort(t *table.Table, key string) error {
	name, down := strings.CutPrefix(key, "-")
	if name == "" {
		return nil
	}
	col := slices.IndexFunc(t.Columns, func(c table.Column) bool { return c.Name == name })
	if col < 0 {
		return errs.New(errs.Invalid, "there is no column %q to sort by", name)
	}
	slices.SortStableFunc(t.Rows, func(a, b []table.Cell) int {
		x, y := a[col], b[col]
		if (x.Blank != "") != (y.Blank != "") {
			return cmpBool(x.Blank != "", y.Blank != "")
		}
		c := compareCells(x, y)
		if down {
			return -c
		}
		return c
	})
	return nil
}

func cmpBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func compareCells(a, b table.Cell) int {
	if a.IsNum && b.IsNum {
		switch {
		case a.Num < b.Num:
			return -1
		case a.Num > b.Num:
			return 1
		}
		return 0
	}
	return strings.Compare(strings.ToLower(a.Text), strings.ToLower(b.Text))
}

// Sortable makes every heading a link that sorts the page at base by it,
// keeping the rest of the query.
func (g Grid) Sortable(t *table.Table, base string, query url.Values) Grid {
	key := query.Get("sort")
	for i, c := range t.Columns {
		next := c.Name
		switch key {
		case c.Name:
			g.Columns[i].Sorted, next = "ascending", "-"+c.Name
		case "-" + c.Name:
			g.Columns[i].Sorted = "descending"
		}
		g.Columns[i].Href = Address(base, With(query, "sort", next))
	}
	return g
}

// Attachment is the header that has a browser save an answer under a name,
// whatever characters the name has.
func Attachment(name string) string {
	return `attachment; filename="` + safeName(name) + `"; filename*=UTF-8''` + url.PathEscape(name)
}
