package records

import (
	"slices"
	"unicode/utf8"

	"openvru/internal/table"
)

// Severity says what a finding means for the submission.
type Severity string

// The severities, mildest first.
const (
	Note   Severity = "note"   // good to know; nothing need be done
	Warn   Severity = "warn"   // somebody should look; the submission can be accepted
	Refuse Severity = "refuse" // the submission cannot be accepted
)

// Example is one place where a finding was met.
type Example struct {
	File   string `json:"file,omitempty"`   // name inside an archive; "" for a file sent alone
	Line   int64  `json:"line,omitempty"`   // from 1, the header included; 0 when the whole file is meant
	Column string `json:"column,omitempty"` // the column's name
	Value  string `json:"value,omitempty"`  // as sent, cut short, made printable
}

// Finding is one kind of doubtful thing in a submission, counted, with the
// first examples of it.
type Finding struct {
	Rule     string    `json:"rule"`
	Severity Severity  `json:"severity"`
	Title    string    `json:"title"`   // from the Rule
	Message  string    `json:"message"` // a sentence with the numbers in it; the Rule's meaning when the reader gave none
	Hint     string    `json:"hint,omitempty"`
	Count    int64     `json:"count"`
	Examples []Example `json:"examples,omitempty"`
}

// maxExamples is how many examples of a finding are kept.
const maxExamples = 10

// maxValue is how many characters of a value an example shows.
const maxValue = 80

// Findings collects what a reader doubts: every kind counted, the first ten
// examples kept. It is used by one goroutine; parts read at once each have
// their own, joined in file order by Join, so that the result does not depend
// on timing.
type Findings struct {
	source *Source
	kinds  []kind // one for each of source.Rules
}

type kind struct {
	count    int64
	message  string
	examples []Example
}

// NewFindings returns an empty collection for a source's rules.
func NewFindings(s *Source) *Findings {
	return &Findings{source: s, kinds: make([]kind, len(s.Rules))}
}

// Index returns the number of a rule for Add, looked up once by a reader.
func (f *Findings) Index(rule string) int { return f.source.ruleIndex(rule) }

// Add counts one more case of a rule and keeps it as an example if it is among
// the first ten.
func (f *Findings) Add(rule int, e Example) {
	k := &f.kinds[rule]
	k.count++
	if len(k.examples) < maxExamples {
		e.File, e.Column, e.Value = table.Printable(e.File), table.Printable(e.Column), table.Printable(cut(e.Value))
		k.examples = append(k.examples, e)
	}
}

// AddMany counts n more cases without an example.
func (f *Findings) AddMany(rule int, n int64) { f.kinds[rule].count += n }

// Wants reports whether an example of the rule would still be kept: a reader
// in a hurry asks before it builds one, and calls AddMany otherwise.
func (f *Findings) Wants(rule int) bool { return len(f.kinds[rule].examples) < maxExamples }

// Say sets the sentence shown for a rule, with the numbers in it; without it
// the rule's Meaning is shown.
func (f *Findings) Say(rule int, message string) { f.kinds[rule].message = message }

// Count returns how often a rule was met.
func (f *Findings) Count(rule int) int64 { return f.kinds[rule].count }

// Join adds those of a later part of the file.
func (f *Findings) Join(later *Findings) {
	for i := range f.kinds {
		a, b := &f.kinds[i], &later.kinds[i]
		a.count += b.count
		if b.message != "" {
			a.message = b.message
		}
		room := min(maxExamples-len(a.examples), len(b.examples))
		a.examples = append(a.examples, b.examples[:room]...)
	}
}

// Reset empties the collection for another part of the file.
func (f *Findings) Reset() {
	for i := range f.kinds {
		f.kinds[i] = kind{examples: f.kinds[i].examples[:0]}
	}
}

// List returns what was found, gravest first, then in the order the source
// declares its rules.
func (f *Findings) List() []Finding {
	var out []Finding
	for i, k := range f.kinds {
		if k.count == 0 {
			continue
		}
		r := f.source.Rules[i]
		msg := k.message
		if msg == "" {
			msg = r.Meaning
		}
		out = append(out, Finding{Rule: r.ID, Severity: r.Severity, Title: r.Title, Message: msg,
			Hint: r.Hint, Count: k.count, Examples: slices.Clone(k.examples)})
	}
	slices.SortStableFunc(out, func(a, b Finding) int { return b.Severity.rank() - a.Severity.rank() })
	return out
}

// Refused returns the gravest finding when it forbids acceptance.
func (f *Findings) Refused() (Finding, bool) {
	all := f.List()
	if len(all) > 0 && all[0].Severity == Refuse {
		return all[0], true
	}
	return Finding{}, false
}

func (s Severity) rank() int { return slices.Index([]Severity{Note, Warn, Refuse}, s) }

// cut shortens a value to what an example shows, at a character's edge.
func cut(v string) string {
	if len(v) <= maxValue {
		return v
	}
	n := maxValue
	for n > 0 && !utf8.RuneStart(v[n]) {
		n--
	}
	return v[:n] + "…"
}
