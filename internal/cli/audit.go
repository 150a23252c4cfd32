package cli

import (
	"context"
	"fmt"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/table"
)

const auditUsage = `Usage: vru audit verify [--head HEAD] [--json]
       vru audit list [--about SUBJECT] [--limit N] [--json]

"verify" reads the whole event log and proves that every entry is as it was
written and that none is missing; it ends with code 1 when that is not so. It
prints the log's end, the head: keep it somewhere else. With --head and a head
that was kept, it proves too that the log has not been cut short or rewritten
as a whole since then.

"list" shows who did what to what, the newest first.

  --head HEAD       a head that an earlier verify printed
  --about SUBJECT   only entries about this: "submission 0198…"
  --limit N         at most so many entries (50)

Example: vru audit verify --head "$(cat head-of-monday)"
`

func runAudit(ctx context.Context, env *Env, args []string) error {
	f := newFlags(env, "audit", auditUsage)
	head := f.String("head", "", "")
	about := f.String("about", "", "")
	limit := f.Int("limit", 50, "")
	rest, err := f.parse(args)
	if err != nil {
		return err
	}
	if err := f.need(rest, 1, "what to do: verify or list"); err != nil {
		return err
	}
	switch rest[0] {
	case "verify":
		return verifyAudit(ctx, f, *head)
	case "list":
		return listAudit(ctx, f, access.EntryQuery{Subject: *about, Limit: *limit})
	}
	return errs.New(errs.Invalid, "audit has no part %q", rest[0]).WithHint("run vru audit --help")
}

func verifyAudit(ctx context.Context, f *flags, head string) error {
	var kept access.Head
	var err error
	if head != "" {
		if kept, err = access.ParseHead(head); err != nil {
			return err
		}
	}
	a, actor, err := f.env.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	r, err := a.Access.Verify(ctx, actor, kept)
	if err != nil {
		return err
	}
	if f.json {
		return writeJSON(f.env.Stdout, map[string]any{"entries": r.Head.Seq, "first": r.First, "last": r.Last, "head": r.Head.String()})
	}
	fmt.Fprintf(f.env.Stderr, "vru: the log is whole: %s entries, from %s to %s; its head is\n",
		table.Thousands(r.Head.Seq), r.First.Format("2 January 2006"), r.Last.Format("2 January 2006"))
	_, err = fmt.Fprintln(f.env.Stdout, r.Head)
	return err
}

func listAudit(ctx context.Context, f *flags, q access.EntryQuery) error {
	a, actor, err := f.env.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	entries, err := a.Access.Log(ctx, actor, q)
	if err != nil {
		return err
	}
	t := &table.Table{Name: "events", Columns: []table.Column{
		{Name: "seq", Title: "No.", Type: table.Count}, {Name: "at", Title: "When (UTC)"}, {Name: "who", Title: "Who"},
		{Name: "action", Title: "Did"}, {Name: "subject", Title: "To"}, {Name: "detail", Title: "Detail"},
	}}
	for _, e := range entries {
		t.Add(table.N(float64(e.Seq)), table.T(e.At.Format("2006-01-02 15:04:05")), table.T(e.Name),
			table.T(string(e.Action)), table.T(e.Subject), table.T(e.Detail))
	}
	return f.show(t)
}
