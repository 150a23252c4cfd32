package cli

import (
	"time"

	"openvru/internal/ids"
	"openvru/internal/records"
)

// factsView is a series at a place as JSON.
type factsView struct {
	Series    ids.Series     `json:"series"`
	Title     string         `json:"title"`
	Version   int            `json:"definition_version"`
	Unit      string         `json:"unit"`
	Place     string         `json:"place"`
	Name      string         `json:"name"`
	Source    ids.Source     `json:"source"`
	Known     *time.Time     `json:"as_known,omitempty"`
	Estimated bool           `json:"estimated"`
	Holds     []string       `json:"holds"`
	Lacks     []string       `json:"lacks"`
	Breaks    []breakView    `json:"breaks"`
	Notes     []string       `json:"notes"`
	Months    []factView     `json:"months"`
	Files     []fileFactView `json:"files"`
}

// factView is one month; Count is null where no file tells of it.
type factView struct {
	Month string     `json:"month"`
	Count *float64   `json:"count"`
	Parts []partView `json:"parts"`
}

// partView is one force's share; File is the index of its file, -1 for none.
type partView struct {
	Force string  `json:"force"`
	Count float64 `json:"count"`
	File  int     `json:"file"`
}

type fileFactView struct {
	Name       string         `json:"name"`
	SHA256     ids.File       `json:"sha256"`
	Submission ids.Submission `json:"submission"`
	AcceptedAt time.Time      `json:"accepted_at"`
}

func newFactsView(t *records.FactTable) factsView {
	l := &t.Lines[0]
	v := factsView{Series: l.Series.ID, Title: l.Series.Title, Version: l.Series.Version, Unit: l.Series.Unit, Place: l.Place.String(), Name: l.Place.Name,
		Source: l.Source, Estimated: l.Estimated, Holds: []string{}, Lacks: []string{}, Breaks: breakViews(l.Breaks), Notes: append([]string{}, l.Notes...), Files: []fileFactView{}}
	if !t.Query.Known.IsZero() {
		v.Known = &t.Query.Known
	}
	for _, p := range l.Holds {
		v.Holds = append(v.Holds, p.Force.Name)
	}
	for _, k := range l.Lacks {
		v.Lacks = append(v.Lacks, k.Reason)
	}
	for _, e := range t.Editions {
		v.Files = append(v.Files, fileFactView{e.FileName, e.File, e.Submission, e.AcceptedAt})
	}
	for i, m := range t.Months {
		month := factView{Month: m.String(), Parts: []partView{}}
		if l.Values[i].Known {
			month.Count = &l.Values[i].Count
		}
		for _, p := range l.Holds {
			month.Parts = append(month.Parts, partView{p.Force.Name, p.Counts[i], int(p.Editions[i])})
		}
		v.Months = append(v.Months, month)
	}
	return v
}
