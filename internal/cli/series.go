package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"openvru/internal/ids"
	"openvru/internal/records"
	"openvru/internal/table"
)

const seriesUsage = `Usage: vru series [SERIES] [--json]

Lists the measures that figures are kept of; with a series, says what it counts,
where it comes from, and from when it is not alike.

Example: vru series police.robbery
`

func runSeries(_ context.Context, env *Env, args []string) error {
	f := newFlags(env, "series", seriesUsage)
	rest, err := f.parse(args)
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		return listSeries(f)
	}
	s, err := records.FindSeries(ids.Series(rest[0]))
	if err != nil {
		return err
	}
	if f.json {
		return writeJSON(env.Stdout, newSeriesView(s))
	}
	return writeSeries(env.Stdout, s)
}

// seriesView is a series as JSON.
type seriesView struct {
	ID         ids.Series   `json:"id"`
	Title      string       `json:"title"`
	Definition string       `json:"definition"`
	Version    int          `json:"version"`
	Unit       string       `json:"unit"`
	Polarity   string       `json:"polarity"`
	Sources    []feedView   `json:"sources"`
	Breaks     []breakView  `json:"breaks"`
	Parts      []ids.Series `json:"parts"`
}

type feedView struct {
	Source     ids.Source `json:"source"`
	Categories []string   `json:"categories"`
	Note       string     `json:"note,omitempty"`
}

type breakView struct {
	From       string `json:"from"`
	Comparable bool   `json:"comparable"`
	Sentence   string `json:"sentence"`
}

func newSeriesView(s *records.Series) seriesView {
	v := seriesView{s.ID, s.Title, s.Definition, s.Version, s.Unit, s.Polarity.String(), []feedView{}, []breakView{}, []ids.Series{}}
	for _, f := range s.Feeds {
		v.Sources = append(v.Sources, feedView{f.Source, f.Categories, f.Note})
	}
	v.Breaks = append(v.Breaks, breakViews(s.Breaks)...)
	v.Parts = append(v.Parts, s.Parts...)
	return v
}

func breakViews(breaks []records.Break) []breakView {
	out := []breakView{}
	for _, b := range breaks {
		out = append(out, breakView{b.At.String(), b.Like, b.Sentence})
	}
	return out
}

func listSeries(f *flags) error {
	if f.json {
		all := []seriesView{}
		for _, s := range records.Catalogue() {
			all = append(all, newSeriesView(s))
		}
		return writeJSON(f.env.Stdout, all)
	}
	t := &table.Table{Columns: []table.Column{{Name: "id", Title: "Series"}, {Name: "title", Title: "Counts"}, {Name: "polarity", Title: "Good is"}, {Name: "sources", Title: "Sources, best first"}}}
	for _, s := range records.Catalogue() {
		t.Add(table.T(string(s.ID)), table.T(s.Title), table.T(s.Polarity.String()), table.T(sourceNames(s)))
	}
	t.Notes = []string{"vru series SERIES tells what one counts."}
	return f.show(t)
}

func sourceNames(s *records.Series) string {
	var names []string
	for _, f := range s.Feeds {
		names = append(names, string(f.Source))
	}
	return strings.Join(names, ", ")
}

// writeSeries writes one series for a person.
func writeSeries(w io.Writer, s *records.Series) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s, version %d)\n%s\n\nCounted in %s; %s.\n", s.Title, s.ID, s.Version, s.Definition, s.Unit, s.Polarity)
	for _, p := range s.Parts {
		fmt.Fprintf(&b, "Made up of %s.\n", p)
	}
	for i, f := range s.Feeds {
		fmt.Fprintf(&b, "Source %d: %s, categories %s\n", i+1, f.Source, strings.Join(f.Categories, ", "))
		if f.Note != "" {
			fmt.Fprintf(&b, "          %s\n", f.Note)
		}
	}
	for _, br := range s.Breaks {
		fmt.Fprintf(&b, "From %s: %s\n", br.At, br.Sentence)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
