package notices

import (
	"errors"
	"fmt"
	"go/build"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"
)

const (
	root = "../.."
	own  = "openvru"
)

// requires reads the modules of go.mod and their versions.
func requires() (map[string]string, error) {
	page, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^(?:require )?\s*(\S+\.\S+) (v\S+)`).FindAllStringSubmatch(string(page), -1) {
		out[m[1]] = m[2]
	}
	return out, nil
}

// walk follows the imports of cmd/vru into the module cache, as the compiler
// would for one system. It starts no "go list": what a child process reads,
// the test cache does not see.
type walk struct {
	versions map[string]string // of go.mod
	cache    string
	seen     map[string]bool
	covers   map[Cover]string // with their texts
}

func newWalk() (*walk, error) {
	versions, err := requires()
	if err != nil {
		return nil, err
	}
	cache := os.Getenv("GOMODCACHE")
	if cache == "" {
		cache = filepath.Join(filepath.SplitList(build.Default.GOPATH)[0], "pkg", "mod")
	}
	return &walk{versions: versions, cache: cache, covers: map[Cover]string{}}, nil
}

// system adds what a build for one system links.
func (w *walk) system(goos, goarch string) error {
	ctx := build.Default
	ctx.GOOS, ctx.GOARCH, ctx.CgoEnabled = goos, goarch, false
	w.seen = map[string]bool{}
	return w.visit(&ctx, own+"/cmd/vru")
}

func (w *walk) visit(ctx *build.Context, pkg string) error {
	first, _, _ := strings.Cut(pkg, "/")
	if w.seen[pkg] || first != own && !strings.Contains(first, ".") {
		return nil
	}
	w.seen[pkg] = true
	module, dir, err := w.find(pkg)
	if err != nil {
		return err
	}
	rel := strings.TrimPrefix(strings.TrimPrefix(pkg, module), "/")
	p, err := ctx.ImportDir(filepath.Join(dir, filepath.FromSlash(rel)), 0)
	if none := (*build.NoGoError)(nil); err != nil && !errors.As(err, &none) {
		return fmt.Errorf("%s: %w", pkg, err)
	}
	if module != own {
		if err := w.collect(module, dir, rel); err != nil {
			return err
		}
	}
	for _, name := range p.Imports {
		if err := w.visit(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// find is the module a package is of, the longest that fits, and its folder.
func (w *walk) find(pkg string) (module, dir string, err error) {
	if strings.HasPrefix(pkg, own+"/") {
		return own, root, nil
	}
	for module = pkg; module != "."; module = path.Dir(module) {
		if v, ok := w.versions[module]; ok {
			return module, filepath.Join(w.cache, filepath.FromSlash(escaped(module))+"@"+escaped(v)), nil
		}
	}
	return "", "", fmt.Errorf("no module of go.mod has %s", pkg)
}

// escaped is how the module cache writes capitals: "!p" for "P".
func escaped(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsUpper(r) {
			b.WriteByte('!')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// A notice is a file by one of these names; a logo is not in the binary.
var noticeName = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice)([-._].*)?$`)

// collect takes the notices of a package's folder and of those above it, up to
// the module's own.
func (w *walk) collect(module, dir, rel string) error {
	for ; ; rel = path.Dir(rel) {
		if rel == "." {
			rel = ""
		}
		entries, err := os.ReadDir(filepath.Join(dir, filepath.FromSlash(rel)))
		if err != nil {
			return err
		}
		for _, e := range entries {
			name := e.Name()
			if e.IsDir() || !noticeName.MatchString(name) || path.Ext(name) == ".go" || name == "LICENSE-LOGO" {
				continue
			}
			c := Cover{module, w.versions[module], path.Join(rel, name)}
			if err := w.add(c, filepath.Join(dir, filepath.FromSlash(c.File))); err != nil {
				return err
			}
		}
		if rel == "" {
			return nil
		}
	}
}

func (w *walk) add(c Cover, file string) error {
	if _, ok := w.covers[c]; ok {
		return nil
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	lines := strings.Split(strings.ReplaceAll(string(b), "\r\n", "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t")
	}
	w.covers[c] = strings.TrimLeft(strings.TrimRight(strings.Join(lines, "\n"), "\n"), "\n") + "\n"
	return nil
}

// others adds what no module brings: Go's own library, and the figures of
// Ordnance Survey.
func (w *walk) others() error {
	if err := w.add(Cover{Name: "The Go standard library", File: "LICENSE"}, filepath.Join(build.Default.GOROOT, "LICENSE")); err != nil {
		return err
	}
	const figures = "internal/geo/bng/ostn15/LICENSE"
	return w.add(Cover{Name: "Ordnance Survey's OSTN15 figures", File: figures}, filepath.Join(root, figures))
}
