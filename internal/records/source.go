package records

import (
	"strings"

	"openvru/internal/ids"
)

// ColumnType is what the cells of a declared column hold.
type ColumnType string

// The types of column.
const (
	TextColumn   ColumnType = "text"
	MonthColumn  ColumnType = "month"
	DateColumn   ColumnType = "date"
	CountColumn  ColumnType = "whole number"
	DegreeColumn ColumnType = "degrees"
	CodeColumn   ColumnType = "code"
)

// Column is one column of a source's files as its publisher names it.
type Column struct {
	Name     string     // as the publisher writes it: "Falls within"
	Aliases  []string   // other spellings met in real files, compared as Fold does
	Type     ColumnType // what its cells hold
	Required bool       // without it the file is refused
	Repeats  bool       // stands for a run of columns, such as one a month
	Meaning  string     // one sentence for the documentation page
	Example  string     // a value as it is written
}

// Rule is one thing a reader checks. Every Finding names the Rule it comes
// from, and the documentation page of the source lists them all.
type Rule struct {
	ID       string // "blank-id"; unique within the source
	Severity Severity
	Title    string // what was found, for a table: "Rows without a crime id"
	Meaning  string // what it means and what is done with such rows, in a sentence or two
	Hint     string // what the sender can do; "" when nothing need be done
}

// Category is one kind of incident as the source divides them.
type Category struct {
	ID    string   // its CategoryKey, by which series know it: "violence-and-sexual-offences"
	Title string   // as the publisher writes it today
	Names []string // other spellings, past and cut short, compared as Fold does
}

// Source declares where files come from, what they hold and what is checked.
// The documentation page of a source is printed from it. It is read-only once
// made.
type Source struct {
	ID          ids.Source
	Title       string // "Street-level crime (data.police.uk)"
	Publisher   string
	Licence     string
	Description string   // a paragraph for the documentation page
	Files       []string // what kinds of file are read, one sentence each
	Columns     []Column
	Rules       []Rule
	Categories  []Category
	LevelTypes  []string // types of place its rows can be counted for: "pfa", "borough", "ward", "lsoa"
	Incidents   bool     // whether a row is one incident; otherwise a row is a count
	WholeForce  bool     // whether a file holds all that its force reported, so that the force's total is a fact
	IDColumn    string   // the column with the supplier's id; "" for none
}

// CategoryOf returns the index in Categories of a name as it was sent, in any
// spelling declared. It is for set-up and rare names; readers keep the answers.
func (s *Source) CategoryOf(name string) (int, bool) {
	want := Fold(name)
	for i, c := range s.Categories {
		if Fold(c.Title) == want || c.ID == name {
			return i, true
		}
		for _, n := range c.Names {
			if Fold(n) == want {
				return i, true
			}
		}
	}
	return 0, false
}

// Rule returns the declared rule with an id. It panics on one that is not
// declared, since that is a mistake in the reader.
func (s *Source) Rule(id string) *Rule { return &s.Rules[s.ruleIndex(id)] }

func (s *Source) ruleIndex(id string) int {
	if i, ok := s.hasRule(id); ok {
		return i
	}
	panic("records: source " + string(s.ID) + " declares no rule " + id)
}

func (s *Source) hasRule(id string) (int, bool) {
	for i := range s.Rules {
		if s.Rules[i].ID == id {
			return i, true
		}
	}
	return 0, false
}

// Fold brings spellings of a name together: letters and digits in lower case,
// "&" read as "and", every other run of characters one space.
func Fold(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(strings.ReplaceAll(name, "&", " and ")) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 127 {
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(r)
			continue
		}
		gap = true
	}
	return b.String()
}
