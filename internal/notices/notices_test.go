package notices

import (
	"flag"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write notices.txt anew")

const again = "run: go mod download && go test ./internal/notices -update"

// systems are those a build may be for; some modules are for one only.
var systems = [][2]string{{"linux", "amd64"}, {"linux", "arm64"}, {"darwin", "amd64"}, {"darwin", "arm64"}, {"windows", "amd64"}, {"windows", "arm64"}}

func TestUpdate(t *testing.T) {
	if !*update {
		t.Skip("only with -update")
	}
	w, err := newWalk()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range systems {
		if err := w.system(s[0], s[1]); err != nil {
			t.Fatalf("%s/%s: %v\n%s", s[0], s[1], err, again)
		}
	}
	if err := w.others(); err != nil {
		t.Fatal(err)
	}
	text = format(w.covers)
	if err := os.WriteFile("notices.txt", []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// What this system's build links is named, at its version, with its text.
func TestEveryLinkedModuleIsNamed(t *testing.T) {
	w, err := newWalk()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(w.cache); err != nil && os.Getenv("CI") == "" {
		t.Skip("the module cache is not where GOMODCACHE or GOPATH says: ", err)
	}
	if err := w.system(runtime.GOOS, runtime.GOARCH); err != nil {
		t.Fatal(err)
	}
	held := held()
	modules, without := map[string]bool{}, map[string]bool{}
	for pkg := range w.seen {
		if m, _, err := w.find(pkg); err == nil && m != own {
			without[m] = true
		}
	}
	for c, want := range w.covers {
		modules[c.Name] = true
		delete(without, c.Name)
		if got, ok := held[c]; !ok {
			t.Errorf("%s %s is linked and its %s is not in notices.txt\n%s", c.Name, c.Version, c.File, again)
		} else if got != want {
			t.Errorf("the %s of %s %s is not what notices.txt has\n%s", c.File, c.Name, c.Version, again)
		}
	}
	for m := range without {
		t.Errorf("%s is linked and has no licence file: may it be used?", m)
	}
	if len(modules) < 15 {
		t.Errorf("the walk found %d modules only: %v", len(modules), modules)
	}
}

// What is named is a module of go.mod at its version, or one of the two works
// that are no module.
func TestNothingElseIsNamed(t *testing.T) {
	versions, err := requires()
	if err != nil {
		t.Fatal(err)
	}
	works := 0
	for c := range held() {
		if c.Version == "" {
			works++
		} else if versions[c.Name] != c.Version {
			t.Errorf("notices.txt names %s %s, go.mod has %q\n%s", c.Name, c.Version, versions[c.Name], again)
		}
	}
	if works != 2 {
		t.Errorf("%d works that are no module, want Go's library and the OSTN15 figures\n%s", works, again)
	}
}

func TestTheTextNamesNoFolderOfAMachine(t *testing.T) {
	for _, s := range []string{"/pkg/mod", "/root/", "/home/", "/Users/"} {
		if strings.Contains(Text(), s) {
			t.Errorf("notices.txt contains %q", s)
		}
	}
}

func TestParseReadsWhatFormatWrote(t *testing.T) {
	a, b := Cover{"x.org/a", "v1.0.0", "LICENSE"}, Cover{"x.org/b", "v2.0.0", "sub/LICENSE"}
	got := parse(format(map[Cover]string{a: "One.\n\nTwo.\n", b: "One.\n\nTwo.\n", {Name: "A work", File: "NOTICE"}: "Three.\n"}))
	if len(got) != 2 || got[0].Covers[0] != (Cover{Name: "A work", File: "NOTICE"}) || !slices.Equal(got[1].Covers, []Cover{a, b}) || got[1].Text != "One.\n\nTwo.\n" {
		t.Errorf("read %+v", got)
	}
}

func held() map[Cover]string {
	out := map[Cover]string{}
	for _, n := range All() {
		for _, c := range n.Covers {
			out[c] = n.Text
		}
	}
	return out
}

// format writes each text once, under everything it covers.
func format(covers map[Cover]string) string {
	byText := map[string][]string{}
	for c, body := range covers {
		line := c.Name + ", " + c.File
		if c.Version != "" {
			line = c.Name + ", " + c.Version + ", " + c.File
		}
		byText[body] = append(byText[body], line)
	}
	var parts []string
	for body, lines := range byText {
		slices.Sort(lines)
		parts = append(parts, strings.Join(lines, "\n")+"\n\n"+body)
	}
	slices.Sort(parts)
	return "The program contains the works below, or for some systems part of them. Above\neach text stand those it covers.\n\n" + rule + strings.Join(parts, "\n"+rule)
}
