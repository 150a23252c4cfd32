package cli

import (
	"context"
	"fmt"
	"io"

	"openvru/internal/access"
	"openvru/internal/app"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/places"
	"openvru/internal/records"
	"openvru/internal/table"
)

// changesShown is how many changed counts a terminal shows; JSON has them all.
const changesShown = 10

// submissionView is one submission as the command line tells it.
type submissionView struct {
	Submission records.Submission
	Findings   []records.Finding
	Restated   *records.Restatement

	source *records.Source
	atlas  *places.Atlas
}

// newSubmissionView gathers a submission's findings and, when it is an
// edition, what it changed.
func newSubmissionView(ctx context.Context, a *app.App, actor access.Actor, s records.Submission) (*submissionView, error) {
	v := &submissionView{Submission: s}
	var err error
	if v.source, err = a.Records.Source(s.Source); err != nil {
		return nil, err
	}
	if v.Findings, err = a.Records.Findings(ctx, actor, s.ID); err != nil {
		return nil, err
	}
	if v.atlas, err = a.Places.Atlas(ctx, actor.Unit); err != nil {
		return nil, err
	}
	if s.AcceptedAt.IsZero() {
		return v, nil
	}
	v.Restated, err = a.Facts.Restated(ctx, actor, s.ID)
	if errs.Is(err, errs.NotFound) {
		err = nil
	}
	return v, err
}

// write tells it to a person: what became of the file, what is in it, what is
// doubtful, what it changed.
func (v *submissionView) write(w io.Writer) error {
	w = plain{w}
	fmt.Fprintf(w, "%s: %s\n", v.Submission.Name, v.fate())
	fmt.Fprintf(w, "submission %s, SHA-256 %s\n", v.Submission.ID, v.Submission.File)
	if v.Submission.CheckedAt.IsZero() {
		return nil
	}
	fmt.Fprintln(w)
	if err := writeTable(w, v.Submission.Summary.Overview(v.source)); err != nil {
		return err
	}
	v.writeFindings(w)
	if v.Restated == nil {
		return nil
	}
	fmt.Fprintf(w, "\nWhat changed: %s\n", v.Restated.Sentence())
	if v.Restated.Changed == 0 {
		return nil
	}
	return writeTable(w, v.Restated.CellTable(changesShown, v.placeName))
}

// fate is what became of the file, in words.
func (v *submissionView) fate() string {
	switch v.Submission.State {
	case records.Accepted:
		return "accepted"
	case records.Checked:
		return "checked, and can be accepted; nothing was taken in"
	case records.Refused:
		return "refused: " + v.Submission.Reason
	}
	return string(v.Submission.State)
}

func (v *submissionView) writeFindings(w io.Writer) {
	for _, f := range v.Findings {
		fmt.Fprintf(w, "\n%s: %s (%s)\n  %s\n", f.Severity.Words(), f.Title, table.Thousands(f.Count), f.Message)
		for i, e := range f.Examples {
			if i == 3 {
				fmt.Fprintf(w, "  …and more: vru submissions %s --json\n", v.Submission.ID)
				break
			}
			if e.Where() != "" {
				fmt.Fprintf(w, "  at %s\n", example(e))
			}
		}
		if f.Hint != "" {
			fmt.Fprintf(w, "  hint: %s\n", f.Hint)
		}
	}
}

func example(e records.Example) string {
	if e.Value == "" {
		return e.Where()
	}
	return e.Where() + ": " + e.Value
}

func (v *submissionView) placeName(p ids.Place) string {
	if found, ok := v.atlas.Get(p); ok {
		return found.Name
	}
	return ""
}
