package arch

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// confined says where a package from outside may be imported, and why only there.
var confined = []struct{ name, only, why string }{
	{"database/sql", "db db/*test geo/gpkg */*db", "SQL lives in adapters"},
	{"modernc.org/sqlite", "db geo/gpkg", "one place opens databases; a GeoPackage is one too"},
	{"github.com/jackc/pgx/v5", "db db/*test */*db", "SQL lives in adapters"},
	{"net/http", "web web/* cli app", "the domains do not know how they are asked"},
	{"html/template", "web web/* publishing", "pages render; domains do not"},
	{"testing", "*/*test */*/*test", "test code stays out of the product"},
	{"math/rand", "", "the old generator is for nobody"},
	{"math/rand/v2", "db demo stats stats/* */*test */*/*test", "randomness is given, never taken; the database's is the pause before a retry"},
	{"crypto/rand", "app cli", "randomness is given, never taken"},
	{"os", "files db db/*test cli app geo/* records records/* places places/* demo web access jobs */*test", "the kernel, statistics and analysis read no files"},
}

func TestOutsidePackagesStayWhereTheyBelong(t *testing.T) {
	eachOutside(t, func(file, pkg, name string) {
		for _, c := range confined {
			if (name == c.name || strings.Contains(c.name, ".") && strings.HasPrefix(name, c.name+"/")) && !matchAny(strings.Fields(c.only), pkg) {
				t.Errorf("%s: %s imports %s: %s", file, pkg, name, c.why)
			}
		}
	})
}

// eachOutside calls f for every import, by a non-test file of internal/, of a
// package that is not ours.
func eachOutside(t *testing.T, f func(file, pkg, name string)) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(root, "internal"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		tree, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range tree.Imports {
			if name, _ := strconv.Unquote(spec.Path.Value); !strings.HasPrefix(name, module) {
				f(path, packageName(path), name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
