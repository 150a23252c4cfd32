package access

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/reference/roles.md anew")

// The page of roles is printed from the table of permissions, so that it is
// never out of date.
func TestRolesPage(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "reference", "roles.md")
	got := rolesPage()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Error("docs/reference/roles.md is out of date: run this test with -update")
	}
}

func rolesPage() string {
	var b strings.Builder
	b.WriteString("# Who may do what\n\nPrinted from `internal/access/permissions.go`; do not edit.\n\n")
	b.WriteString("A person has one role or more. \"Own\" means only what belongs to their own organisation. What is not listed nobody may do.\n\n")
	b.WriteString("| may …")
	for _, r := range Roles() {
		b.WriteString(" | " + string(r))
	}
	b.WriteString(" |\n|---" + strings.Repeat("|---", len(Roles())) + "|\n")
	for _, p := range permissions {
		b.WriteString("| " + p.Words + " (`" + string(p.Action) + "`)")
		for _, r := range Roles() {
			b.WriteString(" | " + cell(p, r))
		}
		b.WriteString(" |\n")
	}
	b.WriteString("\nWhoever runs the command line on the machine that holds the data acts as administrator and analyst, and the event log says so.\n")
	return b.String()
}

func cell(p permission, r Role) string {
	switch {
	case slices.Contains(p.All, r):
		return "yes"
	case slices.Contains(p.Own, r):
		return "own"
	}
	return ""
}
