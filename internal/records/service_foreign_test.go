package records_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/records"
)

// A supplier learns nothing of what another organisation sent, not by its
// bytes and not by its key.
func TestSuppliersLearnNothingOfEachOther(t *testing.T) {
	d := newDesk(t)
	supplier := func(org string) access.Actor {
		return access.Actor{Unit: "unit-1", Person: ids.Person("of " + org), Org: ids.Org(org), Roles: []access.Role{access.Supplier}}
	}
	in := d.incoming("the same bytes")
	in.Name, in.Key = "the secret name.csv", "monday"
	first, err := d.Receive(d.ctx, supplier("a"), in)
	if err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func() (body, key string){
		"the same bytes":             func() (string, string) { return "the same bytes", "" },
		"other bytes, the same key":  func() (string, string) { return "other bytes", "monday" },
		"the same bytes and the key": func() (string, string) { return "the same bytes", "monday" },
	} {
		in := d.incoming("")
		var body string
		body, in.Key = change()
		in.Body = strings.NewReader(body)
		got, err := d.Receive(d.ctx, supplier("b"), in)
		if errs.KindOf(err) != errs.Conflict || errs.HintOf(err) == "" || got.ID != "" {
			t.Errorf("%s: %v, %v", what, got.ID, err)
		}
		if text := errs.MessageOf(err) + errs.HintOf(err); strings.Contains(text, first.Name) || strings.Contains(text, string(first.ID)) {
			t.Errorf("%s: the refusal says %q", what, text)
		}
	}
	again := d.incoming("the same bytes")
	if got, err := d.Receive(d.ctx, supplier("a"), again); err != nil || got.ID != first.ID {
		t.Errorf("their own file sent again: %v, %v", got.ID, err)
	}
	if got, err := d.Receive(d.ctx, d.actor, d.incoming("the same bytes")); err != nil || got.ID != first.ID {
		t.Errorf("the analyst, who may see all, sends it: %v, %v", got.ID, err)
	}
}

func TestFileNamesAreKeptHarmless(t *testing.T) {
	d := newDesk(t)
	for name, want := range map[string]string{
		"2020-01-city-of-london-street.csv": "2020-01-city-of-london-street.csv",
		"naïve ☃.csv":                       "naïve ☃.csv",
		"evil\u202egpj.csv":                 "evil�gpj.csv",
		"\x1b]0;owned\x07.csv":              "�]0;owned�.csv",
		"two\r\nlines.csv":                  "two  lines.csv",
		"..":                                "a file without a name",
		" / ":                               "a file without a name",
		"":                                  "a file without a name",
	} {
		in := d.incoming("bytes of " + name)
		in.Name = name
		got, err := d.Receive(d.ctx, d.actor, in)
		if err != nil || got.Name != want {
			t.Errorf("%q is kept as %q (%v), want %q", name, got.Name, err, want)
		}
	}
	in := d.incoming("a long name's bytes")
	in.Name = strings.Repeat("é", 3000) + ".csv.gz"
	got, err := d.Receive(d.ctx, d.actor, in)
	if n := utf8.RuneCountInString(got.Name); err != nil || n != 200 || !strings.HasSuffix(got.Name, ".csv.gz") {
		t.Errorf("a long name is kept with %d characters: %q (%v)", n, got.Name, err)
	}
}

// The audit log says of a refused file which rules refused it, and nothing
// that is in the file: a file without its header begins with a record.
func TestTheAuditLogHoldsNoRecord(t *testing.T) {
	d := newDesk(t)
	const record = "0123456789abcdef,2019-01,a secret street"
	s, err := d.Receive(d.ctx, d.actor, d.incoming(record+"\n"+record+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	if s, err = d.Check(d.ctx, d.actor, s.ID, nil); err != nil || s.State != records.Refused {
		t.Fatalf("checked: %s, %v", s.State, err)
	}
	refused := false
	for _, e := range d.store.Events {
		if strings.Contains(e.Detail, "secret") || strings.Contains(e.Detail, "0123456789abcdef\"") {
			t.Errorf("%s: %s", e.Action, e.Detail)
		}
		refused = refused || strings.Contains(e.Detail, `"refused":["`)
	}
	if !refused {
		t.Error("the audit log does not say why the file was refused")
	}
}
