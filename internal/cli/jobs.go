package cli

import (
	"context"
	"strconv"

	"openvru/internal/jobs"
	"openvru/internal/table"
)

const jobsUsage = `Usage: vru jobs [--json]

Lists work in the background, newest first: what it is about, how far it is,
what came of it.
`

func runJobs(ctx context.Context, env *Env, args []string) error {
	f := newFlags(env, "jobs", jobsUsage)
	if _, err := f.parse(args); err != nil {
		return err
	}
	a, actor, err := env.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	all, err := a.Jobs.Jobs(ctx, actor, jobs.Query{Limit: 200})
	if err != nil {
		return err
	}
	t := &table.Table{Name: "jobs", Columns: []table.Column{
		{Name: "asked", Title: "Asked"}, {Name: "kind", Title: "Work"}, {Name: "subject", Title: "About"},
		{Name: "state", Title: "State"}, {Name: "progress", Title: "Progress"}, {Name: "message", Title: "Message"}, {Name: "id", Title: "Id"},
	}}
	for _, j := range all {
		t.Add(table.T(j.AskedAt.Format("2006-01-02 15:04")), table.T(j.Kind), table.T(j.Subject), table.T(string(j.State)),
			table.T(progressText(j)), table.T(j.Message), table.T(string(j.ID)))
	}
	return f.show(t)
}

// progressText is how far a job is, in words.
func progressText(j jobs.Job) string {
	part, known := j.Part()
	switch {
	case j.State == jobs.Done:
		return "all"
	case known:
		return strconv.Itoa(int(100*part)) + "%"
	}
	return ""
}
