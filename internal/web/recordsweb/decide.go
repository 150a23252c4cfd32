package recordsweb

import (
	"net/http"
	"strings"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/records"
	"openvru/internal/web/kit"
)

// acceptPage asks whether the file is to count.
type acceptPage struct {
	kit.Frame
	ID       string
	Sentence string
	Facts    []fact
	Warnings string // what somebody should have looked at; "" when nothing
}

// AcceptForm asks for confirmation, with what the file holds.
func (p *Pages) AcceptForm(w http.ResponseWriter, r *http.Request) error {
	s, err := p.get(r)
	if err != nil {
		return err
	}
	if err := access.CheckFor(kit.Actor(r), access.SubmissionsAccept, s.Org); err != nil {
		return err
	}
	found, err := p.Records.Findings(r.Context(), kit.Actor(r), s.ID)
	if err != nil {
		return err
	}
	return p.Kit.Render(w, r, "accept", &acceptPage{
		Frame: p.under(s, "Accept this file?"), ID: string(s.ID),
		Sentence: kit.Plural(s.Summary.Rows, "row", "rows") + " of " + p.title(s.Source) + ".",
		Facts:    []fact{{Key: "File", Value: s.Name}, {Key: "Months", Value: records.MonthsSpan(s.Summary.Months)}, {Key: "Forces", Value: forceNames(&s.Summary)}},
		Warnings: warnings(found),
	})
}

// under is the frame of a page below a submission's.
func (p *Pages) under(s records.Submission, title string) kit.Frame {
	return kit.Frame{Title: title, Caption: s.Name, Section: "submissions", Crumbs: []kit.Link{home, {Text: s.Name, Href: pathOf(s.ID)}}}
}

func forceNames(s *records.Summary) string {
	var names []string
	for _, f := range s.Forces {
		names = append(names, f.Name)
	}
	return kit.Words(names)
}

// warnings names the findings that somebody should look at before accepting.
func warnings(found []records.Finding) string {
	var titles []string
	for _, f := range found {
		if f.Severity == records.Warn {
			titles = append(titles, f.Title+" ("+kit.Plural(f.Count, "time", "times")+")")
		}
	}
	if len(titles) == 0 {
		return ""
	}
	return "Look at these first: " + strings.Join(titles, "; ") + "."
}

// Accept has the file accepted in the background.
func (p *Pages) Accept(w http.ResponseWriter, r *http.Request) error {
	return p.have(w, r, Accept, access.SubmissionsAccept)
}

// Check has the file checked again in the background.
func (p *Pages) Check(w http.ResponseWriter, r *http.Request) error {
	return p.have(w, r, Check, access.SubmissionsCheck)
}

func (p *Pages) have(w http.ResponseWriter, r *http.Request, task Task, action access.Action) error {
	if err := kit.ParseForm(r); err != nil {
		return err
	}
	s, err := p.get(r)
	if err != nil {
		return err
	}
	if err := access.CheckFor(kit.Actor(r), action, s.Org); err != nil {
		return err
	}
	if task == Accept && s.State == records.Withdrawn {
		return errs.New(errs.Conflict, "%s was withdrawn, so it is not accepted again", s.Name).WithHint("if that was a mistake, send the file anew")
	}
	if err := p.Work.Begin(r.Context(), kit.Actor(r), task, s.ID); err != nil {
		return err
	}
	http.Redirect(w, r, pathOf(s.ID), http.StatusSeeOther)
	return nil
}

// withdrawPage asks why the file is to count no longer.
type withdrawPage struct {
	kit.Frame
	ID       string
	Sentence string
	Reason   string
}

// WithdrawForm asks for the reason.
func (p *Pages) WithdrawForm(w http.ResponseWriter, r *http.Request) error {
	s, err := p.get(r)
	if err != nil {
		return err
	}
	return p.withdraw(w, r, s, "", nil)
}

func (p *Pages) withdraw(w http.ResponseWriter, r *http.Request, s records.Submission, reason string, wrong []kit.FieldError) error {
	if err := access.CheckFor(kit.Actor(r), access.SubmissionsWithdraw, s.Org); err != nil {
		return err
	}
	page := &withdrawPage{Frame: p.under(s, "Withdraw this file?"), ID: string(s.ID), Reason: reason,
		Sentence: "It has not been accepted; withdrawing it closes the matter."}
	if !s.AcceptedAt.IsZero() {
		page.Sentence = "Its figures count no longer, and those of the file it restated count again."
	}
	if len(wrong) > 0 {
		page.Errors, page.Status = wrong, http.StatusBadRequest
	}
	return p.Kit.Render(w, r, "withdraw", page)
}

// Withdraw takes the file out of use.
func (p *Pages) Withdraw(w http.ResponseWriter, r *http.Request) error {
	if err := kit.ParseForm(r); err != nil {
		return err
	}
	s, err := p.get(r)
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(r.PostFormValue("reason"))
	if _, err := p.Records.Withdraw(r.Context(), kit.Actor(r), s.ID, reason); err != nil {
		wrong, err := kit.FieldErr("reason", err)
		if err != nil {
			return err
		}
		return p.withdraw(w, r, s, reason, []kit.FieldError{wrong})
	}
	http.Redirect(w, r, pathOf(s.ID)+"?done=withdrawn", http.StatusSeeOther)
	return nil
}
