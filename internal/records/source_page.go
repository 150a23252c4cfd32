package records

import (
	"fmt"
	"io"
	"strings"

	"openvru/internal/ids"
	"openvru/internal/places"
)

// WritePage writes the documentation page of a source, in Markdown: what it
// is, which files and columns are read, what is checked, and which series its
// figures feed. All of it is what the Source and the series declare, so the
// page cannot say anything else than what is done.
func (s *Source) WritePage(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "<!-- Printed from the declaration of the source by a test; do not edit. -->\n\n# %s\n\n", s.Title)
	fmt.Fprintf(&b, "Source `%s`. Publisher: %s. Licence: %s.\n\n%s\n\n", s.ID, s.Publisher, s.Licence, s.Description)
	fmt.Fprintf(&b, "## Files\n\n")
	for _, f := range s.Files {
		fmt.Fprintf(&b, "- %s\n", f)
	}
	s.writeColumns(&b)
	s.writeLevels(&b)
	s.writeRules(&b)
	s.writeSeries(&b)
	s.writeCategories(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

func (s *Source) writeColumns(b *strings.Builder) {
	b.WriteString("\n## Columns\n\nHeadings are matched whatever their case, spaces and punctuation. Columns that are not listed are kept in the file as sent and not read.\n\n")
	b.WriteString("| column | also | type | needed | meaning | example |\n|---|---|---|---|---|---|\n")
	for _, c := range s.Columns {
		needed := "no"
		if c.Required {
			needed = "yes"
		}
		cells(b, "`"+c.Name+"`", strings.Join(c.Aliases, ", "), string(c.Type), needed, c.Meaning, c.Example)
	}
}

func (s *Source) writeLevels(b *strings.Builder) {
	var names []string
	for _, t := range s.LevelTypes {
		if k, ok := places.TypeOf(ids.Level(t)); ok {
			names = append(names, k.Plural)
		}
	}
	fmt.Fprintf(b, "\n## Places\n\nFigures are made for: %s.", strings.Join(names, ", "))
	if s.WholeForce {
		b.WriteString(" The figure of the police force area is all that the force reported, with what could not be placed in a borough.")
	}
	b.WriteString("\n")
}

func (s *Source) writeRules(b *strings.Builder) {
	b.WriteString("\n## What is checked\n\nEvery case is counted and the first ten are shown with line and column. *Refuses the file* means that the file cannot be accepted.\n\n")
	b.WriteString("| rule | means | what | hint |\n|---|---|---|---|\n")
	for _, severity := range []Severity{Refuse, Warn, Note} {
		for _, r := range s.Rules {
			if r.Severity == severity {
				cells(b, "`"+r.ID+"`", severity.Words(), "**"+r.Title+".** "+r.Meaning, sentenceCase(r.Hint))
			}
		}
	}
}

func (s *Source) writeSeries(b *strings.Builder) {
	b.WriteString("\n## Series it feeds\n\n| series | title | from |\n|---|---|---|\n")
	for _, series := range SeriesOf(s.ID) {
		feed, _ := series.Feed(s.ID)
		cells(b, "`"+string(series.ID)+"`", series.Title, "`"+strings.Join(feed.Categories, "`, `")+"`")
	}
}

// writeCategories lists the categories; those made of three parts are too many
// to list and are told by their parts.
func (s *Source) writeCategories(b *strings.Builder) {
	if len(s.Categories) == 0 {
		return
	}
	b.WriteString("\n## Categories\n\n")
	if parts := categoryParts(s.Categories); parts != nil {
		b.WriteString("A category is made of three parts; every combination exists.\n\n")
		for i, part := range parts {
			fmt.Fprintf(b, "%d. `%s`\n", i+1, strings.Join(part, "`, `"))
		}
		return
	}
	b.WriteString("| key | name | also |\n|---|---|---|\n")
	for _, c := range s.Categories {
		cells(b, "`"+c.ID+"`", c.Title, strings.Join(c.Names, "; "))
	}
}

// categoryParts returns the values of each part of three-part keys, in order;
// nil when keys have another form.
func categoryParts(all []Category) [][]string {
	out := make([][]string, 3)
	seen := map[string]bool{}
	for _, c := range all {
		parts := strings.Split(c.ID, "/")
		if len(parts) != len(out) {
			return nil
		}
		for i, p := range parts {
			if k := fmt.Sprint(i, p); !seen[k] {
				seen[k] = true
				out[i] = append(out[i], p)
			}
		}
	}
	return out
}

// cells writes one row of a table, with what would break it made harmless.
func cells(b *strings.Builder, all ...string) {
	for _, c := range all {
		b.WriteString("| " + strings.NewReplacer("|", "\\|", "\n", " ").Replace(c) + " ")
	}
	b.WriteString("|\n")
}

// sentenceCase makes a hint a sentence of its own.
func sentenceCase(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + strings.TrimSuffix(s[1:], ".") + "."
}
