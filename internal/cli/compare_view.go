package cli

import (
	"math"

	"openvru/internal/analysis"
	"openvru/internal/ids"
	"openvru/internal/period"
)

// compareView is a comparison as JSON.
type compareView struct {
	Series    ids.Series   `json:"series"`
	Title     string       `json:"title"`
	Place     string       `json:"place"`
	Name      string       `json:"name"`
	Source    ids.Source   `json:"source"`
	Sentence  string       `json:"sentence"`
	Now       sideView     `json:"period"`
	Before    sideView     `json:"against"`
	Change    *changeView  `json:"change"`
	Why       string       `json:"why_not,omitempty"`
	Estimated bool         `json:"estimated"`
	Holds     []string     `json:"holds"`
	Lacks     []string     `json:"lacks"`
	Breaks    []breakView  `json:"breaks"`
	Notes     []string     `json:"notes"`
	Run       ids.Run      `json:"run"`
	Figures   []figureView `json:"figures"`
}

type sideView struct {
	Range  string    `json:"range"`
	Months []string  `json:"months"`
	Total  *float64  `json:"total"`
	Rate   *rateView `json:"rate,omitempty"`
}

type rateView struct {
	Value      float64 `json:"value"`
	Low        float64 `json:"low"`
	High       float64 `json:"high"`
	Per        float64 `json:"per"`
	Population float64 `json:"population"`
	Note       string  `json:"note,omitempty"`
}

// changeView is a change; null is what cannot be worked out or has no end.
type changeView struct {
	Difference     float64  `json:"difference"`
	DifferenceLow  float64  `json:"difference_low"`
	DifferenceHigh float64  `json:"difference_high"`
	Percent        *float64 `json:"percent"`
	Low            *float64 `json:"percent_low"`
	High           *float64 `json:"percent_high"`
	Chance         float64  `json:"chance"`
	Sure           string   `json:"sure"`
	Verdict        string   `json:"verdict"`
}

type figureView struct {
	ID    ids.Figure `json:"id"`
	Title string     `json:"title"`
	Unit  string     `json:"unit"`
	Value *float64   `json:"value"`
}

func newCompareView(c *analysis.Comparison) compareView {
	v := compareView{Series: c.Series.ID, Title: c.Series.Title, Place: c.Place.String(), Name: c.Place.Name, Source: c.Source, Sentence: c.Sentence,
		Now: newSideView(&c.Now), Before: newSideView(&c.Before), Why: c.Why, Estimated: c.Estimated, Holds: append([]string{}, c.Holds...),
		Lacks: []string{}, Breaks: breakViews(c.Breaks), Notes: append([]string{}, c.Notes...), Run: c.Run.ID, Figures: []figureView{}}
	for _, k := range c.Lacks {
		v.Lacks = append(v.Lacks, k.Reason)
	}
	for _, f := range c.Run.Figures {
		fv := figureView{ID: f.ID, Title: f.Title, Unit: f.Unit}
		if f.Blank == "" {
			fv.Value = &f.Value
		}
		v.Figures = append(v.Figures, fv)
	}
	if ch := c.Change; ch != nil {
		i := ch.DifferenceInterval()
		v.Change = &changeView{ch.Difference, i.Low, i.High,
			finite(ch.Percent), finite(ch.Interval.Low), finite(ch.Interval.High), ch.Chance, ch.Sure.String(), ch.Verdict(c.Series.Polarity)}
	}
	return v
}

func newSideView(s *analysis.Side) sideView {
	v := sideView{Range: s.Range.String(), Months: monthNames(s.Months)}
	if len(s.Months) > 0 && s.Summed {
		v.Total = &s.Total
	}
	if r := s.Rate; r != nil && s.Summed {
		v.Rate = &rateView{r.Value, r.Interval.Low, r.Interval.High, r.Per, r.People, r.Note}
	}
	return v
}

func monthNames(months []period.Month) []string {
	out := []string{}
	for _, m := range months {
		out = append(out, m.String())
	}
	return out
}

// finite is a number for JSON, which knows none without end.
func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}
