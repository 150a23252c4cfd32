package web

import (
	"net/http"
	"slices"
	"strings"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/jobs"
	"openvru/internal/period"
	"openvru/internal/records"
	"openvru/internal/web/kit"
)

// homePage says what needs whoever is signed in, and where else to go.
type homePage struct {
	kit.Frame
	Files   bool // files concern them
	Counts  []homeCount
	Needs   []homeNeed
	Running []homeJob
	Held    []heldSource
	Links   []homeLink
}

// homeCount is a number that opens a list.
type homeCount struct {
	Number int
	Text   string
	Href   string
}

// homeNeed is one thing to do.
type homeNeed struct {
	Text string
	Href string
	Note string
}

// homeJob is work that is being done.
type homeJob struct{ Text, Href, Note string }

// heldSource says which months a source has been accepted for.
type heldSource struct {
	Title   string
	Href    string
	Months  string
	Missing string // months between without an accepted file; "" for none
	Age     string // how old the newest month is, when that is long
}

// homeLink is a way to something that is not waiting.
type homeLink struct{ Text, Href, Note string }

// mostHome is how many submissions, newest first, the page goes by.
const mostHome = 1000

// home shows what needs whoever is signed in.
func (s *Server) home(w http.ResponseWriter, r *http.Request) error {
	a := kit.Actor(r)
	page := &homePage{Frame: kit.Frame{Title: "What needs you", Section: "home"}, Links: homeLinks(a)}
	subs, err := s.cfg.Records.List(r.Context(), a, records.Filter{Limit: mostHome})
	switch {
	case errs.Is(err, errs.Forbidden):
		page.Title = "Home"
		return s.kit.Render(w, r, "home", page)
	case err != nil:
		return err
	}
	page.Files, page.Counts, page.Needs = true, homeCounts(subs), homeNeeds(a, subs)
	page.Held = s.held(subs)
	if page.Running, err = s.running(r, subs); err != nil {
		return err
	}
	return s.kit.Render(w, r, "home", page)
}

func homeCounts(subs []records.Submission) []homeCount {
	n := map[records.State]int{}
	for _, one := range subs {
		n[one.State]++
	}
	return []homeCount{
		{n[records.Checked], "to accept", "/submissions?state=checked"},
		{n[records.Received], "not checked yet", "/submissions?state=received"},
		{n[records.Refused], "refused", "/submissions?state=refused"},
		{n[records.Accepted], "accepted", "/submissions?state=accepted"},
	}
}

// mostNeeds is how many things to do the page lists.
const mostNeeds = 10

// homeNeeds are the files that wait for a decision, oldest first.
func homeNeeds(a access.Actor, subs []records.Submission) []homeNeed {
	var out []homeNeed
	for _, one := range slices.Backward(subs) {
		if len(out) == mostNeeds {
			break
		}
		need := homeNeed{Href: "/submissions/" + string(one.ID), Note: "received " + kit.Moment(one.ReceivedAt)}
		switch {
		case one.State == records.Checked && access.CheckFor(a, access.SubmissionsAccept, one.Org) == nil:
			need.Text = "Read what was found in " + one.Name + " and accept it"
		case one.State == records.Checked:
			need.Text = one.Name + " waits for an analyst to accept it"
		case one.State == records.Refused:
			need.Text, need.Note = one.Name+" was refused: send it again mended, or withdraw it", one.Reason
		default:
			continue
		}
		out = append(out, need)
	}
	return out
}

// running is the work in hand.
func (s *Server) running(r *http.Request, subs []records.Submission) ([]homeJob, error) {
	all, err := s.cfg.Jobs.Jobs(r.Context(), kit.Actor(r), jobs.Query{States: []jobs.State{jobs.Queued, jobs.Running}})
	if errs.Is(err, errs.Forbidden) {
		return nil, nil
	}
	names := namesOf(subs)
	var out []homeJob
	for _, j := range all {
		text, href := j.Subject, ""
		if name, ok := names[j.Subject]; ok {
			text, href = name, "/submissions/"+strings.TrimPrefix(j.Subject, "submission ")
		}
		out = append(out, homeJob{Text: text, Href: href, Note: "asked for " + kit.Moment(j.AskedAt)})
	}
	return out, err
}

// lag is how long after a month its files are usually published.
const lag = 3

// held says, source by source, which months have an accepted file.
func (s *Server) held(subs []records.Submission) []heldSource {
	have := map[ids.Source]map[period.Month]bool{}
	for _, one := range subs {
		if one.State != records.Accepted && one.State != records.Superseded {
			continue
		}
		for _, m := range one.Summary.Months {
			if have[one.Source] == nil {
				have[one.Source] = map[period.Month]bool{}
			}
			have[one.Source][m.Month] = true
		}
	}
	now := kit.Month(s.cfg.Now())
	var out []heldSource
	for _, src := range s.cfg.Records.Sources() {
		if len(have[src.ID]) > 0 {
			out = append(out, heldOf(src, have[src.ID], now))
		}
	}
	return out
}

func heldOf(src *records.Source, have map[period.Month]bool, now period.Month) heldSource {
	span := period.Range{From: 1 << 30}
	for m := range have {
		span.From, span.To = min(span.From, m), max(span.To, m)
	}
	h := heldSource{Title: src.Title, Href: "/submissions?source=" + string(src.ID) + "&state=accepted", Months: spanWords(span)}
	var missing []string
	for _, m := range span.Months() {
		if !have[m] {
			missing = append(missing, m.Name())
		}
	}
	if n := len(missing); n > 4 {
		missing = append(missing[:3], kit.Plural(int64(n-3), "month more", "months more"))
	}
	h.Missing = kit.Words(missing)
	if behind := int(now - span.To); behind > lag {
		h.Age = "the newest month is " + age(behind) + " old"
	}
	return h
}

// age writes a number of months: in years once there are two of them.
func age(months int) string {
	if months < 24 {
		return kit.Plural(int64(months), "month", "months")
	}
	return "more than " + kit.Plural(int64(months/12), "year", "years")
}

func spanWords(r period.Range) string {
	if r.From == r.To {
		return r.From.Name()
	}
	return r.From.Name() + " to " + r.To.Name()
}

// homeLinks are the ways on that the person's roles open.
func homeLinks(a access.Actor) []homeLink {
	var out []homeLink
	for _, l := range []struct {
		action access.Action
		homeLink
	}{
		{access.SubmissionsSend, homeLink{"Send a file", "/submissions/new", "It is checked first and counts only when it is accepted."}},
		{access.ReportRead, homeLink{"The violent-crime report", "/reports/violence", "One year against another, every number traceable."}},
		{access.FiguresRead, homeLink{"Look at a place", "/places", "Trends and comparisons for boroughs, wards and LSOAs."}},
		{access.SubmissionsRead, homeLink{"What sources hold", "/sources", "Columns, checks and the series each source feeds."}},
		{access.PeopleManage, homeLink{"Add a person", "/people/new", "They choose their own password with a link."}},
		{access.AuditRead, homeLink{"Check the audit log", "/audit?verify=yes", "Proves that no line was changed."}},
	} {
		if access.Check(a, l.action) == nil {
			out = append(out, l.homeLink)
		}
	}
	return append(out, homeLink{"Change your password", "/password", ""})
}
