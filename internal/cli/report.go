package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"openvru/internal/app"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/publishing"
)

const reportUsage = `Usage: vru report violence --year YEAR [--against YEAR] [--place CODE] [-o FILE]

Writes the violent-crime report as one HTML file that needs nothing else: charts,
tables, sentences, and where every number comes from. Figures that must add up
and do not stop it.

  --year YEAR       the year in question
  --against YEAR    the year it is compared with (the year before)
  --place CODE      a borough, ward or other place: E09000012, or ward-2018/E05009371
                    where one code names several (the Metropolitan Police area)
  --as-known DAY    the facts as known at the end of a day: 2020-07-01
  -o FILE           where to write it; - is standard output (violence-YEAR.html)
  --json            every figure with its lineage, instead of the page

Example: vru report violence --year 2020 --against 2019 --place E09000012 -o hackney.html
`

// reportFlags are what a call of vru report says.
type reportFlags struct {
	*flags
	year, against         int
	place, known, outFile string
}

func runReport(ctx context.Context, env *Env, args []string) error {
	f := &reportFlags{flags: newFlags(env, "report", reportUsage)}
	f.IntVar(&f.year, "year", 0, "")
	f.IntVar(&f.against, "against", 0, "")
	f.StringVar(&f.place, "place", "", "")
	f.StringVar(&f.known, "as-known", "", "")
	f.StringVar(&f.outFile, "o", "", "")
	rest, err := f.parse(args)
	if err != nil {
		return err
	}
	if err := f.check(rest); err != nil {
		return err
	}
	a, actor, err := env.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	o, err := f.options(ctx, a)
	if err != nil {
		return err
	}
	r, err := a.Publishing.ViolenceReport(ctx, actor, o)
	if err != nil {
		return err
	}
	return f.write(r)
}

func (f *reportFlags) check(rest []string) error {
	switch {
	case len(rest) == 0:
		return errs.New(errs.Invalid, "missing the name of the report").WithHint("there is one: vru report violence --year 2020")
	case rest[0] != "violence":
		return errs.New(errs.Invalid, "there is no report %q", rest[0]).WithHint("there is one: vru report violence --year 2020")
	case len(rest) > 1:
		return errs.New(errs.Invalid, "%q is one word too many", rest[1]).WithHint("run vru report --help")
	case f.year == 0:
		return errs.New(errs.Invalid, "missing --year").WithHint("write the year the report is about: --year 2020")
	}
	return nil
}

func (f *reportFlags) options(ctx context.Context, a *app.App) (publishing.Options, error) {
	known, err := endOfDay(f.known)
	o := publishing.Options{Year: f.year, Against: f.against, Known: known, Keep: true}
	if err != nil || f.place == "" {
		return o, err
	}
	o.Place, err = findPlace(ctx, a, f.place)
	return o, err
}

// findPlace finds a place by its code, or by its level and code where one code
// names places of several levels; the newest vintage wins.
func findPlace(ctx context.Context, a *app.App, text string) (ids.Place, error) {
	if p, err := ids.ParsePlace(text); err == nil {
		return p, nil
	}
	atlas, err := a.Places.Atlas(ctx, a.Unit.ID)
	if err != nil {
		return ids.Place{}, err
	}
	found := atlas.FindCode(text)
	if len(found) == 0 {
		return ids.Place{}, errs.New(errs.NotFound, "there is no place with the code %q", text).
			WithHint("a code looks like E09000012; vru places lists the levels there are")
	}
	return found[0].Place, nil
}

// write writes the report, or its figures, where it was asked for.
func (f *reportFlags) write(r publishing.Report) error {
	if f.json {
		return writeJSON(f.env.Stdout, r.FigureList())
	}
	var page bytes.Buffer
	if err := publishing.WriteHTML(&page, r); err != nil {
		return err
	}
	name := f.outFile
	if name == "-" {
		_, err := page.WriteTo(f.env.Stdout)
		return err
	}
	if name == "" {
		name = fmt.Sprintf("violence-%d.html", r.Year)
	}
	if err := replaceFile(name, page.Bytes()); err != nil {
		return errs.New(errs.Unavailable, "the report could not be written to %s", name).WithCause(err).
			WithHint("choose another file with -o")
	}
	fmt.Fprintf(f.env.Stderr, "vru: wrote %s, %s, to %s\n", r.Title, r.Size(), name)
	return nil
}

// replaceFile writes a file whole or not at all: a reader never meets half of
// a report, and a failure leaves the old one.
func replaceFile(name string, data []byte) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(name), ".vru-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(tmp.Name())
		}
	}()
	if _, err = tmp.Write(data); err != nil {
		tmp.Close()
		return err
	}
	if err = tmp.Chmod(0o644); err != nil {
		tmp.Close()
		return err
	}
	if err = tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}
