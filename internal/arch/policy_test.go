package arch

import (
	"fmt"
	"path"
	"strings"
)

// policy says which package may import which, as ARCHITECTURE.md states it.
type policy struct {
	sets  map[string][]string // NAME → patterns
	rules []rule
}

// rule lets every package that matches into import every package that matches from.
type rule struct{ from, into []string }

// readPolicy reads the ```imports block of a Markdown page.
func readPolicy(page string) (*policy, error) {
	_, block, ok := strings.Cut(page, "```imports\n")
	if !ok {
		return nil, fmt.Errorf("the page has no ```imports block")
	}
	block, _, _ = strings.Cut(block, "```")
	p := &policy{sets: map[string][]string{}}
	for i, line := range strings.Split(block, "\n") {
		line, _, _ = strings.Cut(line, "#")
		if strings.TrimSpace(line) == "" {
			continue
		}
		if err := p.add(line); err != nil {
			return nil, fmt.Errorf("line %d of the policy: %w", i+1, err)
		}
	}
	return p, nil
}

func (p *policy) add(line string) error {
	if from, name, ok := strings.Cut(line, "="); ok {
		p.sets[strings.TrimSpace(name)] = p.names(from)
		return nil
	}
	from, into, ok := strings.Cut(line, "<")
	if !ok {
		return fmt.Errorf("%q has neither < nor =", strings.TrimSpace(line))
	}
	p.rules = append(p.rules, rule{p.names(from), p.names(into)})
	return nil
}

// names splits a list and puts a set's members in the place of its name.
func (p *policy) names(list string) []string {
	var out []string
	for _, n := range strings.Split(list, ",") {
		n = strings.TrimSpace(n)
		if set, ok := p.sets[n]; ok {
			out = append(out, set...)
		} else {
			out = append(out, n)
		}
	}
	return out
}

// allows reports whether package from may import package to; both are relative
// to internal/.
func (p *policy) allows(from, to string) bool {
	for _, r := range p.rules {
		if matchAny(r.into, from) && matchAny(r.from, to) {
			return true
		}
	}
	return false
}

// known reports whether the policy speaks of a package at all.
func (p *policy) known(name string) bool {
	for _, r := range p.rules {
		if matchAny(r.into, name) || matchAny(r.from, name) && !matchAny(r.from, "ANY") {
			return true
		}
	}
	return false
}

func matchAny(patterns []string, name string) bool {
	for _, pat := range patterns {
		if pat == "ANY" || pat == name {
			return true
		}
		if prefix, ok := strings.CutSuffix(pat, "/*"); ok && strings.HasPrefix(name, prefix+"/") {
			return true
		}
		if ok, err := path.Match(pat, name); err == nil && ok {
			return true
		}
	}
	return false
}
