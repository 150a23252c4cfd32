package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"openvru/internal/access"
	"openvru/internal/app"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/records"
)

const submitUsage = `Usage: vru submit SOURCE FILE… [--dry-run] [--key KEY] [--json]

Reads a supplier's files and takes them in, each whole or not at all. The same
file sent twice is taken in once. A later file of the same months restates
them, and what changed is shown.

  --dry-run   only say what is in the files
  --key KEY   a name for this delivery, so that a retry is not a second one
  --json      the summary, findings and changes as JSON

The sources are police-uk, mps-monthly, mps-dashboard and mps-homicide;
docs/reference/sources has a page for each.

Example: vru submit police-uk 2020-12-metropolitan-street.csv --dry-run
`

func runSubmit(ctx context.Context, env *Env, args []string) error {
	f := newFlags(env, "submit", submitUsage)
	dry := f.Bool("dry-run", false, "")
	key := f.String("key", "", "")
	rest, err := f.parse(args)
	if err != nil {
		return err
	}
	if err := f.need(rest, 2, "the source and a file"); err != nil {
		return err
	}
	if *key != "" && len(rest) > 2 {
		return errs.New(errs.Invalid, "a key names one file, and %d are given", len(rest)-1).WithHint("send them one by one, or leave --key out")
	}
	a, actor, err := env.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	s := &submitter{flags: f, app: a, actor: actor, source: ids.Source(rest[0]), dry: *dry, key: *key}
	if _, err := a.Records.Source(s.source); err != nil {
		return err
	}
	return s.all(ctx, rest[1:])
}

// submitter sends files of one source, one after the other.
type submitter struct {
	*flags
	app    *app.App
	actor  access.Actor
	source ids.Source
	dry    bool
	key    string
}

// all sends every file, even after one is refused, and says at the end how
// many were.
func (s *submitter) all(ctx context.Context, paths []string) error {
	var failed []error
	var told []*submissionView
	for _, path := range paths {
		view, err := s.one(ctx, path)
		if view != nil {
			told = append(told, view)
		}
		if view != nil && !s.json {
			if err := view.write(s.env.Stdout); err != nil {
				return err
			}
		}
		if err != nil {
			if ctx.Err() != nil || len(paths) == 1 {
				failed = append(failed, err)
				break
			}
			s.env.report("submit", err)
			failed = append(failed, err)
		}
	}
	if s.json {
		if err := writeJSON(s.env.Stdout, told); err != nil {
			return err
		}
	}
	if len(failed) > 0 && len(paths) > 1 {
		return errs.New(errs.Invalid, "%d of %d files were not taken in", len(failed), len(paths)).WithHint("see the messages above; the others are in")
	}
	return errors.Join(failed...)
}

// one sends one file and returns what became of it.
func (s *submitter) one(ctx context.Context, path string) (*submissionView, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fileError(path, err)
	}
	defer file.Close()
	in := records.Incoming{Source: s.source, Name: filepath.Base(path), Key: s.key, Body: file}
	sub, err := s.app.Records.Receive(ctx, s.actor, in)
	if err != nil {
		return nil, err
	}
	b := newBar(s.env, in.Name)
	defer b.end()
	kind := app.AcceptSubmission
	if s.dry {
		kind = app.CheckSubmission
	}
	_, workErr := s.app.Jobs.Do(ctx, s.actor, app.WorkOn(kind, sub.ID), b)
	if workErr != nil && !errs.Is(workErr, errs.Invalid) {
		return nil, workErr
	}
	if sub, err = s.app.Records.Get(ctx, s.actor, sub.ID); err != nil {
		return nil, err
	}
	if workErr == nil && sub.State == records.Refused {
		workErr = errs.New(errs.Invalid, "%s cannot be accepted: %s", sub.Name, sub.Reason).
			WithHint("the findings above say where; mend the file, or ask its publisher for another, and send that")
	}
	view, err := newSubmissionView(ctx, s.app, s.actor, sub)
	return view, errors.Join(workErr, err)
}

// fileError says why a file named on the command line cannot be read.
func fileError(path string, err error) error {
	reason := "cannot be opened"
	switch {
	case errors.Is(err, os.ErrNotExist):
		reason = "is not there"
	case errors.Is(err, os.ErrPermission):
		reason = "may not be read by you"
	}
	return errs.New(errs.Invalid, "%s %s", path, reason).WithHint("check the name and the folder: this command runs in %s", workingFolder())
}

func workingFolder() string {
	dir, err := os.Getwd()
	if err != nil {
		return "an unknown folder"
	}
	return fmt.Sprintf("%q", dir)
}
