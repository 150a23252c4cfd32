package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"openvru/internal/access"
	"openvru/internal/app"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/places"
	"openvru/internal/table"
)

const placesUsage = `Usage: vru places [--json]
       vru places files [--json]
       vru places import FILE… [--level LEVEL] [--year YEAR] [--publisher NAME] [--json]
       vru places remove FILE-HASH

Lists the places that are held, by level; "files" lists the files they came
from. "import" brings in boundaries (GeoJSON, GeoPackage, a shapefile in a
zip), look-ups and populations as the ONS and the London Datastore publish
them: all the files or, when one cannot be used, none. Their order does not
matter, and a file that was imported before changes nothing.

  --level LEVEL      what the places are, where a file does not say: ward-2018,
                     lsoa-2011, borough
  --year YEAR        the year of a table of populations, where its name has none
  --publisher NAME   who says how many people there are, shown beside rates

Example: vru places import lsoa_2021.geojson lookup.csv mid2020-pop.csv
`

func runPlaces(ctx context.Context, env *Env, args []string) error {
	f := newFlags(env, "places", placesUsage)
	level := f.String("level", "", "")
	year := f.Int("year", 0, "")
	publisher := f.String("publisher", "", "")
	rest, err := f.parse(args)
	if err != nil {
		return err
	}
	word := ""
	if len(rest) > 0 {
		word, rest = rest[0], rest[1:]
	}
	verb, ok := map[string]func(context.Context, *placesCall) error{
		"": listPlaces, "files": listPlaceFiles, "import": importPlaces, "remove": removePlaces,
	}[word]
	if !ok {
		return errs.New(errs.Invalid, "places has no part %q", word).WithHint("run vru places --help")
	}
	if word == "import" || word == "remove" {
		if err := f.need(rest, 1, "a file"); err != nil {
			return err
		}
	}
	a, actor, err := env.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	o := places.Options{Level: ids.Level(*level), Year: *year, Source: *publisher}
	return verb(ctx, &placesCall{f, a, actor, rest, o})
}

// placesCall is one call of the verb, opened.
type placesCall struct {
	*flags
	app     *app.App
	actor   access.Actor
	args    []string
	options places.Options
}

func listPlaces(ctx context.Context, c *placesCall) error {
	levels, err := c.app.Places.Levels(ctx, c.actor)
	if err != nil {
		return err
	}
	t := &table.Table{Name: "places", Columns: []table.Column{
		{Name: "level", Title: "Level"}, {Name: "meaning", Title: "What they are"},
		{Name: "places", Title: "Places", Type: table.Count}, {Name: "boundaries", Title: "Boundaries", Type: table.Count},
		{Name: "populations", Title: "Populations"},
	}}
	for _, l := range levels {
		t.Add(table.T(string(l.Level)), table.T(l.Title), table.N(float64(l.Places)), table.N(float64(l.Boundaries)), table.T(yearList(l.Years)))
	}
	if len(levels) == 0 {
		t.Notes = []string{"No places are held yet: vru places import FILE brings in the first."}
	}
	return c.show(t)
}

// yearList writes years as people read them: "2011 to 2050", "2019, 2020".
func yearList(years []int) string {
	if n := len(years); n > 2 && years[n-1]-years[0] == n-1 {
		return fmt.Sprintf("%d to %d", years[0], years[n-1])
	}
	words := make([]string, len(years))
	for i, y := range years {
		words[i] = fmt.Sprint(y)
	}
	return strings.Join(words, ", ")
}

func listPlaceFiles(ctx context.Context, c *placesCall) error {
	all, err := c.app.Places.Datasets(ctx, c.actor)
	if err != nil {
		return err
	}
	t := &table.Table{Name: "place-files", Columns: []table.Column{
		{Name: "imported", Title: "Imported"}, {Name: "by", Title: "By"}, {Name: "name", Title: "File"}, {Name: "kind", Title: "Kind"},
		{Name: "level", Title: "Level"}, {Name: "places", Title: "Places", Type: table.Count}, {Name: "file", Title: "Hash"},
	}}
	for _, d := range all {
		t.Add(table.T(d.At.Format("2006-01-02 15:04")), table.T(d.By), table.T(d.Name), table.T(string(d.Kind)),
			table.T(string(d.Level)), table.N(float64(d.Summary.Places)), table.T(string(d.File)))
	}
	return c.show(t)
}

func importPlaces(ctx context.Context, c *placesCall) error {
	var uploads []places.Upload
	for _, path := range c.args {
		file, err := os.Open(path)
		if err != nil {
			return fileError(path, err)
		}
		defer file.Close()
		uploads = append(uploads, places.Upload{Name: path, Reader: file})
	}
	told, err := c.app.Places.Import(ctx, c.actor, uploads, c.options)
	if err != nil {
		return err
	}
	if c.json {
		return writeJSON(c.env.Stdout, told)
	}
	return writeSummaries(c.env.Stdout, told)
}

// writeSummaries tells what each file brought, with what is doubtful below it.
func writeSummaries(w io.Writer, told []places.Summary) error {
	var b strings.Builder
	for _, s := range told {
		fmt.Fprintln(&b, s.Sentence())
		for _, p := range s.Problems {
			fmt.Fprintf(&b, "  %s: %s\n", p.Severity, p.Sentence())
		}
	}
	_, err := io.WriteString(plain{w}, b.String())
	return err
}

func removePlaces(ctx context.Context, c *placesCall) error {
	for _, hash := range c.args {
		if err := c.app.Places.Remove(ctx, c.actor, ids.File(hash)); err != nil {
			return err
		}
		fmt.Fprintf(plain{c.env.Stdout}, "%s: removed, with all that only it said\n", hash)
	}
	return nil
}
