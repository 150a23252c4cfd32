package recordsweb

import (
	"fmt"
	"net/http"

	"openvru/internal/access"
	"openvru/internal/ids"
	"openvru/internal/records"
	"openvru/internal/table"
	"openvru/internal/web/kit"
)

// submissionPage is one file: what it is, what was found, what can be done.
type submissionPage struct {
	kit.Frame
	ID          ids.Submission
	File        ids.File
	State       stateView
	Sentence    string
	Failed      string        // why the latest work on it failed
	Progress    *progressPart // nil when nothing is being done
	MayAccept   bool
	MayWithdraw bool
	MayCheck    bool
	Checked     bool
	Edition     bool
	Facts       []fact
	Findings    findingsPart
	Overview    kit.Grid
	Tables      []kit.Grid
}

// Submission shows one file.
func (p *Pages) Submission(w http.ResponseWriter, r *http.Request) error {
	s, err := p.get(r)
	if err != nil {
		return err
	}
	page := &submissionPage{
		Frame: kit.Frame{Title: s.Name, Caption: p.title(s.Source), Section: "submissions", Crumbs: []kit.Link{home}, Notice: notice(r)},
		ID:    s.ID, File: s.File, State: stateOf(s.State), Sentence: sentence(&s),
		Checked: !s.CheckedAt.IsZero(), Edition: !s.AcceptedAt.IsZero(), Facts: p.facts(&s),
	}
	if err := p.showWork(r, &s, page); err != nil {
		return err
	}
	if page.Checked {
		if err := p.showContents(r, &s, page); err != nil {
			return err
		}
	}
	return p.Kit.Render(w, r, "submission", page)
}

func notice(r *http.Request) string {
	switch r.URL.Query().Get("done") {
	case "withdrawn":
		return "The file is withdrawn. Its figures no longer count."
	}
	return ""
}

// sentence says in one sentence where the submission stands.
func sentence(s *records.Submission) string {
	what := kit.Plural(s.Summary.Rows, "row", "rows")
	if len(s.Summary.Months) > 0 {
		what += ", " + records.MonthsSpan(s.Summary.Months)
	}
	switch s.State {
	case records.Received:
		return "The file has arrived and has not been read yet."
	case records.Checked:
		return what + ". It has been checked and counts only when it is accepted."
	case records.Refused:
		return "The file cannot be accepted. " + s.Reason
	case records.Accepted:
		return what + ". Its figures count since " + kit.Moment(s.AcceptedAt) + "."
	case records.Superseded:
		return what + ". A later file restates all it covers; what was known before can still be asked."
	case records.Withdrawn:
		return "The file was withdrawn on " + kit.Day(s.WithdrawnAt) + ". Reason: " + s.Reason
	}
	return what
}

// facts are what is known of the file itself.
func (p *Pages) facts(s *records.Submission) []fact {
	out := []fact{
		{Key: "Source", Value: p.title(s.Source), Href: "/sources/" + string(s.Source)},
		{Key: "Size", Value: kit.Bytes(s.Size)},
		{Key: "Received", Value: kit.Moment(s.ReceivedAt)},
	}
	if s.Summary.Encoding != "" {
		out = append(out, fact{Key: "Written in", Value: s.Summary.Encoding})
	}
	if !s.AcceptedAt.IsZero() {
		out = append(out, fact{Key: "Accepted", Value: kit.Moment(s.AcceptedAt)})
	}
	if s.SupersededBy != "" {
		out = append(out, fact{Key: "Superseded by", Value: "A later file, on " + kit.Moment(s.SupersededAt), Href: pathOf(s.SupersededBy)})
	}
	return out
}

// showWork says what is being done to the submission and what may be.
func (p *Pages) showWork(r *http.Request, s *records.Submission, page *submissionPage) error {
	job, found, err := p.Work.Of(r.Context(), kit.Actor(r), s.ID)
	if err != nil {
		return err
	}
	if found && !job.Ended {
		page.Progress, page.Refresh = progress(s.ID, job), 3
		return nil
	}
	if found && s.State != records.Refused { // a refusal says why by itself
		page.Failed = job.Failure
	}
	page.MayAccept = s.State == records.Checked && may(r, access.SubmissionsAccept, *s)
	page.MayCheck = (s.State == records.Received || s.State == records.Refused) && may(r, access.SubmissionsCheck, *s)
	page.MayWithdraw = s.State != records.Withdrawn && may(r, access.SubmissionsWithdraw, *s)
	return nil
}

// showContents fills in what reading the file found.
func (p *Pages) showContents(r *http.Request, s *records.Submission, page *submissionPage) error {
	found, err := p.Records.Findings(r.Context(), kit.Actor(r), s.ID)
	if err != nil {
		return err
	}
	page.Findings = shortFindings(pathOf(s.ID), found)
	src, err := p.Records.Source(s.Source)
	if err != nil {
		return err
	}
	page.Overview = stacked(s.Summary.Overview(src))
	for _, t := range contents(&s.Summary) {
		if len(t.Rows) > 0 {
			g := kit.GridOf(t, nil)
			g.HideName = true
			page.Tables = append(page.Tables, g)
		}
	}
	return nil
}

// contents are the tables of a summary.
func contents(s *records.Summary) []*table.Table {
	out := []*table.Table{
		monthTable(s), nameTable("forces", "Forces in the file", "Force", s.Forces),
		nameTable("categories", "Categories in the file", "Category", s.Categories),
	}
	if len(s.Files) > 1 {
		out = append(out, fileTable(s))
	}
	return out
}

// Summary hands over what reading the file found, as JSON.
func (p *Pages) Summary(w http.ResponseWriter, r *http.Request) error {
	s, err := p.get(r)
	if err != nil {
		return err
	}
	return kit.WriteJSON(w, s.Summary)
}

// File hands over the file as it was sent, and notes in the audit log to whom.
func (p *Pages) File(w http.ResponseWriter, r *http.Request) error {
	f, s, err := p.Records.File(r.Context(), kit.Actor(r), ids.Submission(r.PathValue("id")))
	if err != nil {
		return err
	}
	defer f.Close()
	if err := p.Access.NoteRead(r.Context(), kit.Actor(r), access.SubmissionsRead, "submission "+string(s.ID), map[string]any{"downloaded": s.File}); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", kit.Attachment(s.Name))
	w.Header().Set("ETag", fmt.Sprintf("%q", s.File))
	http.ServeContent(w, r, "", s.ReceivedAt, f)
	return nil
}
