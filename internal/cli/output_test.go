package cli

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"openvru/internal/errs"
	"openvru/internal/places"
	"openvru/internal/records"
	"openvru/internal/table"
)

// hostile is what a file may hold to take over a terminal: it clears the
// screen, sets the title, returns to the line's start and turns the writing.
const hostile = "\x1b[2J\x1b]0;owned\x07\rvru: accepted\u009b31m\u202e\x7f"

// Nothing that comes from a file reaches a terminal as more than characters
// that are seen.
func TestNothingFromAFileMovesTheTerminal(t *testing.T) {
	tab := &table.Table{Columns: []table.Column{{Name: "a", Title: hostile}}, Notes: []string{hostile}}
	tab.Add(table.T(hostile))
	view := &submissionView{Submission: records.Submission{Name: hostile, State: records.Refused, Reason: hostile},
		Findings: []records.Finding{{Title: hostile, Message: hostile, Hint: hostile, Examples: []records.Example{{File: hostile, Line: 1, Column: hostile, Value: hostile}}}}}
	for what, write := range map[string]func(*bytes.Buffer) error{
		"a table":      func(b *bytes.Buffer) error { return writeTable(b, tab) },
		"a submission": func(b *bytes.Buffer) error { view.writeFindings(plain{b}); return view.write(b) },
		"an import":    func(b *bytes.Buffer) error { return writeSummaries(b, []places.Summary{{Name: hostile}}) },
		"an error": func(b *bytes.Buffer) error {
			(&Env{Stderr: b}).report("submit", errs.New(errs.Invalid, "%s cannot be read", hostile).WithHint("%s", hostile))
			return nil
		},
		"a bar's note": func(b *bytes.Buffer) error {
			newBar(&Env{Stderr: b, Terminal: true}, hostile).Note(hostile)
			return nil
		},
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		out := strings.TrimPrefix(b.String(), "\r") // the bar's own
		if !strings.Contains(out, "owned") {
			t.Errorf("%s does not show the text at all: %q", what, out)
		}
		if strings.ContainsAny(out, "\x1b\x07\r\u009b\u202e\x7f") {
			t.Errorf("%s writes %q", what, out)
		}
	}
}

// JSON is for programs, which get what was sent, escaped.
func TestJSONKeepsWhatWasSent(t *testing.T) {
	var b bytes.Buffer
	if err := writeJSON(&b, hostile); err != nil {
		t.Fatal(err)
	}
	var got string
	if err := json.Unmarshal(b.Bytes(), &got); err != nil || got != hostile {
		t.Errorf("got %q, %v", got, err)
	}
	if strings.ContainsAny(b.String(), "\x1b\x07\r") {
		t.Errorf("not escaped: %q", b.String())
	}
}
