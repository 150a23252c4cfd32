package publishing

import (
	"strings"

	"openvru/internal/ids"
)

// Span is a run of words, or the words of one figure: a number in a sentence is
// always a figure, because only figures can say where they come from.
type Span struct {
	Words  string
	Figure ids.Figure // "" for plain words
}

// Text is a sentence or more, as spans.
type Text []Span

// String returns the words alone.
func (t Text) String() string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(s.Words)
	}
	return b.String()
}

// Figures returns the figures the text refers to, in order.
func (t Text) Figures() []ids.Figure {
	var out []ids.Figure
	for _, s := range t {
		if s.Figure != "" {
			out = append(out, s.Figure)
		}
	}
	return out
}

// words appends plain words.
func (t Text) words(s string) Text { return append(t, Span{Words: s}) }

// figure appends a figure's words.
func (t Text) figure(words string, f ids.Figure) Text {
	return append(t, Span{Words: words, Figure: f})
}

// join appends another text after a space.
func (t Text) join(o Text) Text {
	if len(t) > 0 && len(o) > 0 {
		t = t.words(" ")
	}
	return append(t, o...)
}

// list joins names as people do: "a, b and c".
func list(names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// lowerFirst starts a title in the middle of a sentence.
func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
