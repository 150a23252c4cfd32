package records

import (
	"fmt"
	"io"
	"strings"
)

// WriteCatalogue writes the documentation page of the series, in Markdown: all
// of it is what the catalogue declares.
func WriteCatalogue(w io.Writer) error {
	var b strings.Builder
	b.WriteString(`<!-- Printed from the catalogue of series by a test; do not edit. -->

# Series

A series is a measure with one definition, counted month by month. Its sources are in order of preference: an answer
takes the first that has every month asked for, says which it took, and never mixes two in one value. From a break on, a
series counts otherwise: figures are not summed or compared across it unless the definition stays alike.

| series | what | counted in | good is |
|---|---|---|---|
`)
	for _, s := range catalogue {
		fmt.Fprintf(&b, "| [`%s`](#%s) | %s | %s | %s |\n", s.ID, anchor(s), s.Title, s.Unit, s.Polarity)
	}
	for _, s := range catalogue {
		writeSeries(&b, s)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// anchor is the link to a series' heading, as Markdown readers make it.
func anchor(s *Series) string { return strings.ReplaceAll(string(s.ID), ".", "") }

func writeSeries(b *strings.Builder, s *Series) {
	fmt.Fprintf(b, "\n## %s\n\n**%s**, version %d. %s\n\n", s.ID, s.Title, s.Version, s.Definition)
	for _, f := range s.Feeds {
		fmt.Fprintf(b, "- Source `%s`: categories `%s`.", f.Source, strings.Join(f.Categories, "`, `"))
		if f.Note != "" {
			b.WriteString(" " + f.Note)
		}
		b.WriteString("\n")
	}
	if len(s.Parts) > 0 {
		parts := make([]string, len(s.Parts))
		for i, p := range s.Parts {
			parts[i] = "`" + string(p) + "`"
		}
		fmt.Fprintf(b, "- Made up of %s.\n", list(parts))
	}
	for _, br := range s.Breaks {
		word := "Break"
		if br.Like {
			word = "Note"
		}
		fmt.Fprintf(b, "- %s at %s: %s\n", word, br.At, br.Sentence)
	}
}
