package cli

import (
	"encoding/json"
	"time"

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/records"
)

// submissionJSON is a submission for programs: months as 2019-03, and no word
// of what has not happened.
type submissionJSON struct {
	ID           ids.Submission `json:"id"`
	Source       ids.Source     `json:"source"`
	State        records.State  `json:"state"`
	Name         string         `json:"name"`
	SHA256       ids.File       `json:"sha256"`
	Size         int64          `json:"size"`
	Key          string         `json:"key,omitempty"`
	ReceivedAt   time.Time      `json:"received_at"`
	ReceivedBy   ids.Person     `json:"received_by"`
	Organisation ids.Org        `json:"organisation,omitempty"`
	CheckedAt    time.Time      `json:"checked_at,omitzero"`
	AcceptedAt   time.Time      `json:"accepted_at,omitzero"`
	SupersededBy ids.Submission `json:"superseded_by,omitempty"`
	SupersededAt time.Time      `json:"superseded_at,omitzero"`
	WithdrawnAt  time.Time      `json:"withdrawn_at,omitzero"`
	Reason       string         `json:"reason,omitempty"`
	Summary      *summaryJSON   `json:"summary,omitempty"`
	Records      []recordsJSON  `json:"records,omitempty"`
}

// recordsJSON is one Parquet file of the submission's records.
type recordsJSON struct {
	SHA256 ids.File `json:"sha256"`
	Rows   int64    `json:"rows"`
	Size   int64    `json:"size"`
}

// summaryJSON is the summary with its months in words that programs read; the
// fields here stand before those of the same name within.
type summaryJSON struct {
	records.Summary
	Files    []fileJSON    `json:"files"`
	Months   []monthJSON   `json:"months"`
	Vintages []vintageJSON `json:"vintages"`
}

type fileJSON struct {
	records.FileSummary
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

type monthJSON struct {
	records.MonthCount
	Month string `json:"month"`
}

type vintageJSON struct {
	records.VintageCount
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

// restatedJSON is what an edition changed.
type restatedJSON struct {
	Changed int                 `json:"changed"`
	Months  []restatedMonthJSON `json:"months"`
	Counts  []restatedCountJSON `json:"counts"`
}

type restatedMonthJSON struct {
	Level   ids.Level `json:"level"`
	Month   string    `json:"month"`
	New     bool      `json:"new"`
	Changed int       `json:"changed"`
}

type restatedCountJSON struct {
	Series ids.Series `json:"series"`
	Place  string     `json:"place"`
	Force  string     `json:"force"`
	Month  string     `json:"month"`
	Old    int64      `json:"old"`
	New    int64      `json:"new"`
}

// MarshalJSON tells the submission, its findings and what it changed.
func (v *submissionView) MarshalJSON() ([]byte, error) {
	findings := v.Findings
	if findings == nil {
		findings = []records.Finding{}
	}
	return json.Marshal(struct {
		Submission submissionJSON    `json:"submission"`
		Findings   []records.Finding `json:"findings"`
		Restated   *restatedJSON     `json:"restated,omitempty"`
	}{newSubmissionJSON(v.Submission), findings, newRestatedJSON(v.Restated)})
}

func newSubmissionJSON(s records.Submission) submissionJSON {
	out := submissionJSON{ID: s.ID, Source: s.Source, State: s.State, Name: s.Name, SHA256: s.File, Size: s.Size, Key: s.Key,
		ReceivedAt: s.ReceivedAt, ReceivedBy: s.ReceivedBy, Organisation: s.Org, CheckedAt: s.CheckedAt, AcceptedAt: s.AcceptedAt,
		SupersededBy: s.SupersededBy, SupersededAt: s.SupersededAt, WithdrawnAt: s.WithdrawnAt, Reason: s.Reason}
	if !s.CheckedAt.IsZero() {
		out.Summary = newSummaryJSON(s.Summary)
	}
	for _, p := range s.Parts {
		out.Records = append(out.Records, recordsJSON{p.File, p.Rows, p.Size})
	}
	return out
}

func newSummaryJSON(s records.Summary) *summaryJSON {
	out := &summaryJSON{Summary: s, Files: []fileJSON{}, Months: []monthJSON{}, Vintages: []vintageJSON{}}
	for _, f := range s.Files {
		out.Files = append(out.Files, fileJSON{f, monthText(f.From), monthText(f.To)})
	}
	for _, m := range s.Months {
		out.Months = append(out.Months, monthJSON{m, monthText(m.Month)})
	}
	for _, v := range s.Vintages {
		out.Vintages = append(out.Vintages, vintageJSON{v, monthText(v.From), monthText(v.To)})
	}
	return out
}

// monthText writes a month as 2019-03, and none as nothing.
func monthText(m period.Month) string {
	if m == 0 {
		return ""
	}
	return m.String()
}

func newRestatedJSON(r *records.Restatement) *restatedJSON {
	if r == nil {
		return nil
	}
	out := &restatedJSON{Changed: r.Changed, Months: []restatedMonthJSON{}, Counts: []restatedCountJSON{}}
	for _, m := range r.Months {
		out.Months = append(out.Months, restatedMonthJSON{m.Level, m.Month.String(), m.New, m.Changed})
	}
	for _, c := range r.Cells {
		place := ids.Place{Level: c.Level, Code: c.Place}
		out.Counts = append(out.Counts, restatedCountJSON{c.Series, place.String(), c.Force, c.Month.String(), c.Old, c.New})
	}
	return out
}
