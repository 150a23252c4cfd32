package cli

import (
	"context"
	"fmt"
	"math"
	"strings"

	"openvru/internal/analysis"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/table"
)

const compareUsage = `Usage: vru compare SERIES --period PERIOD --against PERIOD [--place CODE] [--as-known DAY] [--json]

Compares a series at a place in one period with another: counts, difference,
percentage, rates where there is a population, and how sure the change is.

  --period, --against PERIOD   a year (2020), a quarter (2020-Q1), a month (2020-03)
                               or two months (2019-06..2019-12)
  --place CODE       a borough, ward or other place: E09000012, or ward-2018/E05009371
                     where one code names several (the Metropolitan Police area)
  --as-known DAY     as it was known at the end of a day: 2020-07-01
  --source SOURCE    only from this source; otherwise the series' first that has every month

Example: vru compare police.robbery --period 2020 --against 2019 --place E09000012
`

func runCompare(ctx context.Context, env *Env, args []string) error {
	f := newFlags(env, "compare", compareUsage)
	now, before := f.String("period", "", ""), f.String("against", "", "")
	place, known, source := f.String("place", "", ""), f.String("as-known", "", ""), f.String("source", "", "")
	rest, err := f.parse(args)
	if err != nil {
		return err
	}
	if err := f.need(rest, 1, "the series"); err != nil {
		return err
	}
	q := analysis.CompareQuestion{Series: ids.Series(rest[0]), Source: ids.Source(*source)}
	if q.Period, q.Against, err = twoPeriods(*now, *before); err != nil {
		return err
	}
	if q.Known, err = endOfDay(*known); err != nil {
		return err
	}
	a, actor, err := env.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	if q.Place, err = placeOr(ctx, a, *place, places.MetropolitanArea); err != nil {
		return err
	}
	c, err := a.Analysis.Compare(ctx, actor, q)
	if err != nil {
		return err
	}
	if f.json {
		return writeJSON(env.Stdout, newCompareView(c))
	}
	return writeComparison(env, c)
}

func twoPeriods(now, before string) (a, b period.Range, err error) {
	if now == "" || before == "" {
		return a, b, errs.New(errs.Invalid, "missing --period or --against").WithHint("write both: --period 2020 --against 2019")
	}
	if a, err = period.ParseRange(now); err != nil {
		return a, b, err
	}
	b, err = period.ParseRange(before)
	return a, b, err
}

// writeComparison writes the sentence, the table and the notes.
func writeComparison(env *Env, c *analysis.Comparison) error {
	fmt.Fprintf(plain{env.Stdout}, "%s\n\n", c.Sentence)
	t := &table.Table{Columns: []table.Column{
		{Name: "measure", Title: "Measure"}, {Name: "before", Title: c.Before.Range.String()}, {Name: "now", Title: c.Now.Range.String()},
		{Name: "change", Title: "Change"}, {Name: "interval", Title: "95% interval"},
	}}
	t.Add(table.T(c.Series.Unit), sideCell(&c.Before), sideCell(&c.Now), table.T(differenceText(c)), table.T(differenceInterval(c)))
	if c.Change != nil {
		t.Add(table.T("percent"), table.T(""), table.T(""), table.T(signedPercent(c.Change.Percent)), table.T(signedPercent(c.Change.Interval.Low)+" to "+signedPercent(c.Change.Interval.High)))
	}
	if c.Now.Rate != nil && c.Now.Summed && c.Before.Summed {
		t.Add(table.T(c.Now.Rate.Unit()), table.T(table.Fixed(c.Before.Rate.Value, c.Before.Rate.Decimals())), table.T(table.Fixed(c.Now.Rate.Value, c.Now.Rate.Decimals())), table.T(""), table.T(""))
	}
	t.Notes = append([]string{""}, c.Notes...)
	if len(c.Holds) > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("Source: %s; forces: %s.", c.Source, strings.Join(c.Holds, ", ")))
	}
	for _, k := range c.Lacks {
		t.Notes = append(t.Notes, k.Reason)
	}
	return writeTable(env.Stdout, t)
}

func sideCell(s *analysis.Side) table.Cell {
	switch {
	case len(s.Months) == 0:
		return table.Missing("not available")
	case !s.Summed:
		return table.Missing("not summed across a break")
	}
	return table.T(table.Fixed(s.Total, wholeOr(s.Total)))
}

// wholeOr is the decimals of a count: none, or one when it is estimated.
func wholeOr(v float64) int {
	if v == math.Trunc(v) {
		return 0
	}
	return 1
}

func differenceText(c *analysis.Comparison) string {
	if c.Change == nil {
		return "none is made"
	}
	return table.Fixed(c.Change.Difference, wholeOr(c.Change.Difference))
}

func differenceInterval(c *analysis.Comparison) string {
	if c.Change == nil || c.Daily {
		return ""
	}
	i := c.Change.DifferenceInterval()
	return table.Fixed(i.Low, 0) + " to " + table.Fixed(i.High, 0)
}

func signedPercent(v float64) string {
	switch {
	case math.IsNaN(v):
		return "not available"
	case math.IsInf(v, 1):
		return "no upper limit"
	case v > 0:
		return "+" + table.Fixed(v, 1) + "%"
	}
	return table.Fixed(v, 1) + "%"
}
