// Package notices holds the licences of what others wrote and the binary
// contains. They ask to travel with it, so they are inside it.
package notices

import (
	_ "embed"
	"strings"
)

// Own is the licence of the product itself, by its SPDX name.
const Own = "Apache-2.0"

//go:embed notices.txt
var text string

// rule separates the notices in the text.
const rule = "================================================================================\n"

// Notice is one text and everything it covers.
type Notice struct {
	Covers []Cover `json:"covers"`
	Text   string  `json:"text"`
}

// Cover is a module, or another work, and the file of it that has the notice.
type Cover struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
	File    string `json:"file"`
}

// Text is every notice, for a person to read.
func Text() string { return text }

// All is the same, one by one.
func All() []Notice { return parse(text) }

// parse reads what format wrote: under each rule the covers, an empty line and
// the text; above the first rule an introduction.
func parse(s string) []Notice {
	parts := strings.Split("\n"+s, "\n"+rule)
	var out []Notice
	for _, part := range parts[1:] {
		head, body, _ := strings.Cut(part, "\n\n")
		n := Notice{Text: strings.TrimRight(body, "\n") + "\n"}
		for _, line := range strings.Split(head, "\n") {
			f := strings.Split(line, ", ")
			c := Cover{Name: f[0], File: f[len(f)-1]}
			if len(f) == 3 {
				c.Version = f[1]
			}
			n.Covers = append(n.Covers, c)
		}
		out = append(out, n)
	}
	return out
}
