package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"openvru/internal/access"
	"openvru/internal/app"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/records"
	"openvru/internal/table"
)

const factsUsage = `Usage: vru facts SERIES --from MONTH --to MONTH [--place CODE] [--as-known DAY] [--json]
       vru facts rebuild ID… [--check]

Lists a series at a place, month by month, with the file each count came from.
A month that no file tells of has no count, which is not the same as none.

  --from, --to MONTH   the first and the last month: 2019-01
  --place CODE         a borough, ward or other place: E09000012, or ward-2018/E05009371
                       where one code names several (the Metropolitan Police area)
  --as-known DAY       as it was known at the end of a day: 2020-07-01
  --source SOURCE      only from this source; otherwise the series' first that has every month

Rebuild counts the facts of accepted submissions again, from their files as they
were sent and on the places known today. With --check it changes nothing: it adds
up the records kept of them and says where the facts differ.

Example: vru facts police.robbery --place E12000007 --from 2019-01 --to 2020-12 --as-known 2020-07-01
`

func runFacts(ctx context.Context, env *Env, args []string) error {
	f := newFlags(env, "facts", factsUsage)
	from, to := f.String("from", "", ""), f.String("to", "", "")
	place, known, source := f.String("place", "", ""), f.String("as-known", "", ""), f.String("source", "", "")
	check := f.Bool("check", false, "")
	rest, err := f.parse(args)
	if err != nil {
		return err
	}
	if err := f.need(rest, 1, "the series"); err != nil {
		return err
	}
	if rest[0] == "rebuild" {
		return rebuildFacts(ctx, f, rest[1:], *check)
	}
	months, err := monthRange(*from, *to)
	if err != nil {
		return err
	}
	q := records.FactQuery{Series: []ids.Series{ids.Series(rest[0])}, Ranges: []period.Range{months}, Source: ids.Source(*source)}
	if q.Known, err = endOfDay(*known); err != nil {
		return err
	}
	a, actor, err := env.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	p, err := placeOr(ctx, a, *place, places.MetropolitanArea)
	if err != nil {
		return err
	}
	q.Places = []ids.Place{p}
	t, err := a.Facts.Facts(ctx, actor, q)
	if err != nil {
		return err
	}
	if f.json {
		return writeJSON(env.Stdout, newFactsView(t))
	}
	return writeTable(env.Stdout, factsTable(t))
}

// monthRange reads --from and --to.
func monthRange(from, to string) (period.Range, error) {
	if from == "" || to == "" {
		return period.Range{}, errs.New(errs.Invalid, "missing --from or --to").WithHint("write the first and the last month: --from 2019-01 --to 2020-12")
	}
	a, err := period.ParseMonth(from)
	if err != nil {
		return period.Range{}, err
	}
	b, err := period.ParseMonth(to)
	if err != nil {
		return period.Range{}, err
	}
	if b < a {
		return period.Range{}, errs.New(errs.Invalid, "%s is before %s", b, a).WithHint("write the earlier month after --from")
	}
	return period.Range{From: a, To: b}, nil
}

// placeOr finds a place by its code, or takes another when none is named.
func placeOr(ctx context.Context, a *app.App, text string, otherwise ids.Place) (ids.Place, error) {
	if text == "" {
		return otherwise, nil
	}
	return findPlace(ctx, a, text)
}

// factsTable lists the months of the one line of an answer.
func factsTable(t *records.FactTable) *table.Table {
	l := &t.Lines[0]
	out := &table.Table{Columns: []table.Column{{Name: "month", Title: "Month"}, {Name: "count", Title: l.Series.Title, Type: table.Count, Decimals: decimals(l)}, {Name: "file", Title: "From"}}}
	if l.Estimated {
		out.Columns[1].Type = table.Number
	}
	var total float64
	missing := 0
	for i, m := range t.Months {
		cell := table.Missing("not available")
		if l.Values[i].Known {
			cell = table.N(l.Values[i].Count)
			total += l.Values[i].Count
		} else {
			missing++
		}
		out.Add(table.T(m.Name()), cell, table.T(strings.Join(filesOf(t, l, i), ", ")))
	}
	out.Notes = factNotes(t, l, total, missing)
	return out
}

func decimals(l *records.FactLine) int {
	if l.Estimated {
		return 1
	}
	return 0
}

// filesOf names the files that a month's count came from.
func filesOf(t *records.FactTable, l *records.FactLine, month int) []string {
	var out []string
	for _, p := range l.Holds {
		if e := p.Editions[month]; e >= 0 && !slices.Contains(out, t.Editions[e].FileName) {
			out = append(out, t.Editions[e].FileName)
		}
	}
	return out
}

// factNotes says what a total of the months is, and what a reader must know.
func factNotes(t *records.FactTable, l *records.FactLine, total float64, missing int) []string {
	var out []string
	place := l.Place.Name + " (" + l.Place.Code + ")"
	whole := period.Range{From: t.Months[0], To: t.Months[len(t.Months)-1]}
	switch {
	case missing == 1:
		out = append(out, fmt.Sprintf("%s: one of the %d months is not available, so there is no total.", place, len(t.Months)))
	case missing > 0:
		out = append(out, fmt.Sprintf("%s: %d of the %d months are not available, so there is no total.", place, missing, len(t.Months)))
	case slices.ContainsFunc(l.Breaks, func(b records.Break) bool { return !b.Like }):
		out = append(out, place+": there is no total, since the definition changes between the months.")
	default:
		out = append(out, fmt.Sprintf("%s, %s: %s %s in all.", place, whole, table.Fixed(total, decimals(l)), l.Series.Unit))
	}
	var forces []string
	for _, p := range l.Holds {
		forces = append(forces, p.Force.Name)
	}
	if len(forces) > 0 {
		out = append(out, fmt.Sprintf("Source: %s; forces: %s.", l.Source, strings.Join(forces, ", ")))
	}
	for _, k := range l.Lacks {
		out = append(out, k.Reason)
	}
	for _, b := range l.Breaks {
		out = append(out, b.Sentence)
	}
	for _, n := range l.Notes {
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// rebuildFacts counts the facts of submissions again.
func rebuildFacts(ctx context.Context, f *flags, named []string, check bool) error {
	if err := f.need(named, 1, "the id of a submission"); err != nil {
		return err
	}
	a, actor, err := f.env.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	t := &table.Table{Columns: []table.Column{{Name: "submission", Title: "Submission"}, {Name: "different", Title: "Counts that differ", Type: table.Count}, {Name: "first", Title: "The first of them"}}}
	for _, id := range named {
		if err := rebuildOne(ctx, f.env, a, actor, t, ids.Submission(id), check); err != nil {
			return err
		}
	}
	return f.show(t)
}

func rebuildOne(ctx context.Context, env *Env, a *app.App, actor access.Actor, t *table.Table, id ids.Submission, check bool) error {
	progress := newBar(env, string(id))
	defer progress.end()
	var differ []records.FactDifference
	var err error
	if check {
		differ, err = a.Records.RecountFacts(ctx, actor, id)
	} else {
		differ, err = a.Records.RebuildFacts(ctx, actor, id, progress)
	}
	if err != nil {
		return err
	}
	first := ""
	if len(differ) > 0 {
		first = differ[0].String()
	}
	t.Add(table.T(string(id)), table.N(float64(len(differ))), table.T(first))
	return nil
}
