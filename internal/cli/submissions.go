package cli

import (
	"context"

	"openvru/internal/access"
	"openvru/internal/app"
	"openvru/internal/ids"
	"openvru/internal/records"
	"openvru/internal/table"
)

const submissionsUsage = `Usage: vru submissions [ID] [--source SOURCE] [--state STATE] [--json]
       vru submissions ID --withdraw REASON

Lists what was sent, newest first; with an id, tells one submission's summary,
findings and what it changed.

  --withdraw REASON   take the submission out of use; its facts no longer count,
                      and those it had restated count again
  --state STATE       received, checked, accepted, refused, superseded, withdrawn

Example: vru submissions --state refused
`

func runSubmissions(ctx context.Context, env *Env, args []string) error {
	f := newFlags(env, "submissions", submissionsUsage)
	source := f.String("source", "", "")
	state := f.String("state", "", "")
	withdraw := f.String("withdraw", "", "")
	rest, err := f.parse(args)
	if err != nil {
		return err
	}
	if *withdraw != "" {
		if err := f.need(rest, 1, "the id of the submission"); err != nil {
			return err
		}
	}
	a, actor, err := env.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	if len(rest) == 0 {
		return listSubmissions(ctx, f, a, actor, records.Filter{Source: ids.Source(*source), State: records.State(*state), Limit: 1000})
	}
	return oneSubmission(ctx, f, a, actor, ids.Submission(rest[0]), *withdraw)
}

func listSubmissions(ctx context.Context, f *flags, a *app.App, actor access.Actor, filter records.Filter) error {
	all, err := a.Records.List(ctx, actor, filter)
	if err != nil {
		return err
	}
	t := &table.Table{Name: "submissions", Columns: []table.Column{
		{Name: "received", Title: "Received"}, {Name: "source", Title: "Source"}, {Name: "name", Title: "File"},
		{Name: "state", Title: "State"}, {Name: "rows", Title: "Rows", Type: table.Count}, {Name: "months", Title: "Months"}, {Name: "id", Title: "Id"},
	}}
	for _, s := range all {
		t.Add(table.T(s.ReceivedAt.Format("2006-01-02 15:04")), table.T(string(s.Source)), table.T(s.Name), table.T(string(s.State)),
			table.N(float64(s.Summary.Rows)), table.T(records.MonthsSpan(s.Summary.Months)), table.T(string(s.ID)))
	}
	if len(all) == 0 {
		t.Notes = []string{"Nothing was sent yet: vru submit SOURCE FILE sends the first file."}
	}
	return f.show(t)
}

func oneSubmission(ctx context.Context, f *flags, a *app.App, actor access.Actor, id ids.Submission, withdraw string) error {
	s, err := a.Records.Get(ctx, actor, id)
	if err != nil {
		return err
	}
	if withdraw != "" {
		if s, err = a.Records.Withdraw(ctx, actor, id, withdraw); err != nil {
			return err
		}
	}
	view, err := newSubmissionView(ctx, a, actor, s)
	if err != nil {
		return err
	}
	if f.json {
		return writeJSON(f.env.Stdout, view)
	}
	return view.write(f.env.Stdout)
}
