package table

import (
	"strings"
	"unicode"
)

// Printable returns a text with every character that is not seen but does
// something made harmless: those that colour a terminal or move its cursor, and
// those that turn the direction of writing, become "�", and line ends and tabs
// a space. Texts from files, such as their names, go through it before a
// person reads them.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n', r == '\r', r == '\u2028', r == '\u2029':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return unicode.ReplacementChar
		}
		return r
	}, s)
}
