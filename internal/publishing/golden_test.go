package publishing

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what the cases give anew")

// TestCases builds each case of testdata/build and compares it, file by file,
// with what is wanted: the words, every table as CSV and, where the case wants
// one, the page.
func TestCases(t *testing.T) {
	dirs, err := filepath.Glob("testdata/build/*/in")
	if err != nil || len(dirs) == 0 {
		t.Fatal("no cases", err)
	}
	for _, in := range dirs {
		name := filepath.Base(filepath.Dir(in))
		t.Run(name, func(t *testing.T) { runCase(t, name) })
	}
}

func runCase(t *testing.T, name string) {
	r, err := Build(load(t, name))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{"words.txt": words(r)}
	for _, e := range r.Exhibits() {
		var b bytes.Buffer
		table := e.Table.Table()
		if err := table.WriteCSV(&b); err != nil {
			t.Fatal(err)
		}
		got[e.Name+".csv"] = b.String()
	}
	var page bytes.Buffer
	if err := WriteHTML(&page, r); err != nil {
		t.Fatal(err)
	}
	want := filepath.Join("testdata", "build", name, "want")
	// The page of the largest case would be half a megabyte of golden text;
	// the small ones show the same templates.
	if name == "partial-year" || name == "small-numbers" {
		got["report.html"] = page.String()
	}
	compareFolder(t, want, got)
}

func compareFolder(t *testing.T, want string, got map[string]string) {
	t.Helper()
	if *update {
		_ = os.RemoveAll(want)
		if err := os.MkdirAll(want, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range got {
			if err := os.WriteFile(filepath.Join(want, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	entries, err := os.ReadDir(want)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(got) {
		t.Errorf("%d files are wanted, %d were built", len(entries), len(got))
	}
	for name, text := range got {
		b, err := os.ReadFile(filepath.Join(want, name))
		if err != nil {
			t.Error(err)
			continue
		}
		if string(b) != text {
			t.Errorf("%s differs: %s", filepath.Join(want, name), firstDifference(string(b), text))
		}
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return fmt.Sprintf("line %d\nwant %s\ngot  %s", i+1, w[i], g[i])
		}
	}
	return fmt.Sprintf("%d lines wanted, %d got", len(w), len(g))
}

// words are the sentences of a report, as a reader meets them.
func words(r Report) string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("%s", r.Title)
	for _, t := range r.Covers {
		say("%s", t)
	}
	say("\nWhat changed")
	for _, p := range r.Summary {
		say("- %s", p.Text)
	}
	for _, c := range r.Chapters {
		say("\n%s", c.Title)
		for _, m := range c.Measures {
			say("* %s", m.Headline)
			for _, t := range m.Body {
				say("  %s", t)
			}
			for _, n := range m.Notes {
				say("  Note: %s", n)
			}
		}
	}
	if r.Homicide != nil {
		say("\n* %s", r.Homicide.Headline)
		for _, t := range r.Homicide.Body {
			say("  %s", t)
		}
	}
	say("\nNot held: %d", len(r.NotHeld))
	for _, n := range r.NotHeld {
		say("- %s", n.Title)
	}
	say("\nChecks")
	for _, c := range r.Checks {
		say("- %s: %s", c.Rule.Name, outcome(c))
	}
	return b.String()
}
