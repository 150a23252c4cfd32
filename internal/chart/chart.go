// Package chart draws charts as SVG on the server, in the manner of the Office
// for National Statistics: one message a picture, lines named where they end,
// axes from zero, and nothing that only colour tells.
//
// It is pure: values in, text out. It knows no page and no database. A caller
// shows the message as a sentence above the picture and the numbers as a table
// below it, because a picture alone shuts readers out.
//
// A picture comes in two sizes. Wide is for a screen of 720 pixels and more and
// for paper, Narrow for a telephone of 360. Both are drawn so that their words
// show at their true size; a page holds both and lets its style sheet show one:
//
//	wide, narrow := trend.SVG(chart.Wide), trend.SVG(chart.Narrow)
//
// Nothing uses a style attribute or a script, so the pictures are safe under a
// strict content security policy and stand alone as files.
package chart

import "openvru/internal/table"

// Size is the width a picture is drawn for, in pixels.
type Size int

// The sizes.
const (
	Wide   Size = 720
	Narrow Size = 328
)

// String returns the word the picture's class and ids carry.
func (s Size) String() string {
	if s == Narrow {
		return "narrow"
	}
	return "wide"
}

// Sizes of text, in pixels.
const (
	textSize  = 14.0
	smallSize = 13.0
)

// Colours. Ink and Grey have a contrast of at least 4.5 to 1 on white, the
// lines' colours or their outlines at least 3 to 1.
const (
	ink    = "#0b0c0c"
	grey   = "#505a5f"
	rule   = "#d9dcde"
	paper  = "#ffffff"
	blue   = "#1d5a9c"
	yellow = "#ffc20a"
	red    = "#c4122f"
)

// font is a stack that every machine has; no font is fetched.
const font = "Arial, Helvetica, sans-serif"

// number writes a count with thousands separators, or with the decimals it needs.
func number(v float64, decimals int) string { return table.Fixed(v, decimals) }
