package arch

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "openvru/"

// root is the module's folder, seen from this package. The test opens every
// source file itself, in this process, so that the test cache notices a change.
const root = "../.."

func loadPolicy(t *testing.T) *policy {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(root, "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := readPolicy(string(page))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestImportsFollowThePolicy(t *testing.T) {
	p := loadPolicy(t)
	eachSource(t, func(file, pkg string, imports map[string]int) {
		for to, line := range imports {
			if to != pkg && !p.allows(pkg, to) {
				t.Errorf("%s:%d: %s may not import %s (ARCHITECTURE.md, Imports)", file, line, pkg, to)
			}
		}
	})
}

func TestEveryPackageIsInThePolicy(t *testing.T) {
	p := loadPolicy(t)
	seen := map[string]bool{}
	eachSource(t, func(_, pkg string, _ map[string]int) { seen[pkg] = true })
	for pkg := range seen {
		if pkg != "arch" && !p.known(pkg) {
			t.Errorf("package internal/%s is not in the import policy of ARCHITECTURE.md", pkg)
		}
	}
}

// TestThePolicyBites shows that the walls that matter would stop a breach.
func TestThePolicyBites(t *testing.T) {
	p := loadPolicy(t)
	for _, c := range []struct{ from, to string }{
		{"publishing", "records"},
		{"stats/rate", "db"},
		{"records", "records/recordsdb"},
		{"records", "analysis"},
		{"places", "records"},
		{"places/placesdb", "records/recordsdb"},
		{"geo", "places"},
		{"period", "db"},
		{"web/recordsweb", "records/recordsdb"},
		{"web/kit", "records"},
		{"analysis", "web/kit"},
		{"demo", "records"},
		{"disclosure", "access"},
	} {
		if p.allows(c.from, c.to) {
			t.Errorf("the policy lets %s import %s", c.from, c.to)
		}
	}
	for _, c := range []struct{ from, to string }{
		{"records/intake", "places"},
		{"analysis", "stats/rate"},
		{"web/placesweb", "analysis"},
		{"records/recordsdb", "access/accessdb"},
	} {
		if !p.allows(c.from, c.to) {
			t.Errorf("the policy forbids %s importing %s", c.from, c.to)
		}
	}
}

// eachSource calls f for every non-test source file of internal/ and
// migrations with its package's name and its imports of ours, by line.
func eachSource(t *testing.T, f func(file, pkg string, imports map[string]int)) {
	t.Helper()
	for _, dir := range []string{"internal", "migrations"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "node_modules") {
				return err
			}
			f(path, packageName(path), importsOf(t, path))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func packageName(file string) string {
	rel, _ := filepath.Rel(root, filepath.Dir(file))
	return strings.TrimPrefix(filepath.ToSlash(rel), "internal/")
}

func importsOf(t *testing.T, file string) map[string]int {
	t.Helper()
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, spec := range tree.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		if rest, ours := strings.CutPrefix(name, module); ours {
			out[strings.TrimPrefix(rest, "internal/")] = set.Position(spec.Pos()).Line
		}
	}
	return out
}
