package places

import (
	"fmt"
	"slices"
	"strings"
)

// Severity says what a problem means for an import.
type Severity string

// The severities.
const (
	// Refuse stops the import: nothing of it is kept.
	Refuse Severity = "refuse"
	// Warn is something that somebody should look at.
	Warn Severity = "warn"
	// Note is something worth knowing.
	Note Severity = "note"
)

// Problem is one kind of thing doubtful in a file: how often it was met, and
// the first few places.
type Problem struct {
	Rule     string    `json:"rule"`
	Severity Severity  `json:"severity"`
	Message  string    `json:"message"`
	Count    int       `json:"count"`
	Examples []Example `json:"examples,omitempty"`
}

// Example is where a problem was met. Line 0 is a feature of a boundary file,
// which Column then counts from 1.
type Example struct {
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Value  string `json:"value,omitempty"`
}

// maxExamples is how many examples of a problem are kept.
const maxExamples = 10

// problems collects what is met while a file is read.
type problems struct {
	list []Problem
}

// add counts a problem; the first of its rule sets its sentence.
func (p *problems) add(rule string, severity Severity, at Example, message string, args ...any) {
	i := slices.IndexFunc(p.list, func(q Problem) bool { return q.Rule == rule })
	if i < 0 {
		i = len(p.list)
		p.list = append(p.list, Problem{Rule: rule, Severity: severity, Message: fmt.Sprintf(message, args...)})
	}
	q := &p.list[i]
	q.Count++
	if len(q.Examples) < maxExamples && at != (Example{}) {
		at.Value = shorten(at.Value)
		q.Examples = append(q.Examples, at)
	}
}

// shorten keeps an example on one line of a page.
func shorten(s string) string {
	s = strings.ToValidUTF8(strings.Join(strings.Fields(s), " "), "\uFFFD")
	if r := []rune(s); len(r) > 120 {
		return string(r[:119]) + "…"
	}
	return s
}

// refusals says in one sentence what stopped an import.
func refusals(list []Problem) string {
	var said []string
	for _, q := range list {
		if q.Severity == Refuse {
			said = append(said, q.Sentence())
		}
	}
	return strings.Join(said, " ")
}

// Sentence says the problem, how often it was met and where first.
func (q Problem) Sentence() string {
	if len(q.Examples) == 0 {
		return q.Message
	}
	at := q.Examples[0]
	where := fmt.Sprintf("at line %d, column %d", at.Line, at.Column)
	if at.Line == 0 {
		where = fmt.Sprintf("in feature %d", at.Column)
	}
	if at.Value != "" {
		where += fmt.Sprintf(": %q", at.Value)
	}
	times := "once"
	if q.Count > 1 {
		times = thousands(q.Count) + " times"
		where = "first " + where
	}
	return fmt.Sprintf("%s (%s; %s)", q.Message, times, where)
}
