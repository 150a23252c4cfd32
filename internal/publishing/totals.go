package publishing

import "openvru/internal/table"

// total adds a measure's comparison to the table of every measure.
func (b *builder) total(spec measure, s *Series, c comparison) {
	title := spec.noun
	if c.label != "January to December" {
		title += ", " + c.label
	}
	b.totals = append(b.totals, totalRow{title, b.cells(s, c)})
}

// allTotals makes the table of every measure's totals. Its numbers are the
// figures of the measures' own tables, so the two cannot differ.
func (b *builder) allTotals() error {
	t := table.Table{Name: "all-measures", Title: "All measures, " + area(b.m.Place),
		Columns: b.comparisonColumns(table.Column{Name: "measure", Title: "Measure"})}
	for _, row := range b.totals {
		t.Add(append([]table.Cell{table.T(row.title)}, row.cells...)...)
	}
	b.reg.open("all-measures", "All measures")
	var err error
	b.report.Totals, err = b.reg.pass(t)
	return err
}
