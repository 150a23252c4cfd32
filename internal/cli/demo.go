package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"openvru/internal/access"
	"openvru/internal/app"
	"openvru/internal/demo"
	"openvru/internal/ids"
	"openvru/internal/places"
	"openvru/internal/records"
)

const demoUsage = `Usage: vru demo [--dir DIR] [--addr HOST:PORT] [--no-serve]

Writes the files of an invented London, takes them in as real ones are, and
serves the pages. Every page says that the data are invented. Run again, it
goes on from where it was.

  --dir DIR          the folder for files, database and data (demo-data)
  --addr HOST:PORT   where to listen (localhost:8417)
  --no-serve         only load; then try vru facts, vru compare, vru report with
                     --db DIR/openvru.db --data DIR/openvru-data
`

const (
	demoName = "Invented London Violence Reduction Unit"
	// demoSeed makes everybody's invented London the same, so that figures in
	// the documents can be looked up on the screen.
	demoSeed = 2021
)

func runDemo(ctx context.Context, env *Env, args []string) error {
	f := newFlags(env, "demo", demoUsage)
	dir := f.String("dir", "demo-data", "")
	addr := f.String("addr", defaultAddr, "")
	noServe := f.Bool("no-serve", false, "")
	incidents := f.Float64("incidents", 1, "") // share of street-level rows, for tests
	if _, err := f.parse(args); err != nil {
		return err
	}
	if err := os.MkdirAll(*dir, 0o755); err != nil {
		return fileError(*dir, err)
	}
	env.DB, env.Data = filepath.Join(*dir, "openvru.db"), filepath.Join(*dir, "openvru-data")
	clock := &demoClock{real: env.Now}
	if _, err := os.Stat(env.DB); errors.Is(err, os.ErrNotExist) {
		clock.set(demo.Opening)
	}
	a, err := env.openInvented(ctx, clock)
	if err != nil {
		return err
	}
	defer a.Close()
	d := &demoLoader{env: env, app: a, clock: clock, actor: access.Operator(a.Unit.ID), began: env.Now()}
	if err := d.load(ctx, demo.Options{Dir: filepath.Join(*dir, "files"), Seed: demoSeed, Incidents: *incidents}); err != nil {
		return err
	}
	if *noServe {
		return nil
	}
	return env.serve(ctx, a, *addr, "")
}

// demoLoader brings the invented files in.
type demoLoader struct {
	env   *Env
	app   *app.App
	clock *demoClock
	actor access.Actor
	began time.Time
}

// load does what is not done yet: each step is one that can be repeated.
func (d *demoLoader) load(ctx context.Context, o demo.Options) error {
	defer d.clock.set(time.Time{})
	done, err := d.app.Records.List(ctx, d.actor, records.Filter{State: records.Accepted})
	if err != nil {
		return err
	}
	d.say("writing the files of an invented London")
	files, err := demo.Write(o)
	if err != nil {
		return err
	}
	if len(done) >= len(files.Submissions) {
		d.say("everything is loaded already")
		return nil
	}
	d.say("importing %d files of places, people and boundaries", len(files.Places))
	if err := d.places(ctx, files.Places); err != nil {
		return err
	}
	for _, s := range files.Submissions {
		d.say("taking in %s (%s)", filepath.Base(s.Path), s.Source)
		d.clock.set(s.At)
		if err := d.submit(ctx, s); err != nil {
			return err
		}
	}
	d.say("the invented London is loaded")
	return nil
}

// say writes a line of progress with the seconds since the start.
func (d *demoLoader) say(format string, args ...any) {
	fmt.Fprintf(d.env.Stderr, "vru: %5.1f s  %s\n", d.env.Now().Sub(d.began).Seconds(), fmt.Sprintf(format, args...))
}

func (d *demoLoader) places(ctx context.Context, paths []string) error {
	var uploads []places.Upload
	for _, path := range paths {
		file, err := os.Open(path)
		if err != nil {
			return fileError(path, err)
		}
		defer file.Close()
		uploads = append(uploads, places.Upload{Name: filepath.Base(path), Reader: file})
	}
	_, err := d.app.Places.Import(ctx, d.actor, uploads, places.Options{})
	return err
}

func (d *demoLoader) submit(ctx context.Context, s demo.Delivery) error {
	file, err := os.Open(s.Path)
	if err != nil {
		return fileError(s.Path, err)
	}
	defer file.Close()
	sub, err := d.app.Records.Receive(ctx, d.actor, records.Incoming{Source: ids.Source(s.Source), Name: filepath.Base(s.Path), Body: file})
	if err != nil {
		return err
	}
	b := newBar(d.env, sub.Name)
	defer b.end()
	_, err = d.app.Jobs.Do(ctx, d.actor, app.WorkOn(app.AcceptSubmission, sub.ID), b)
	return err
}
