package places

import (
	"openvru/internal/geo"
	"openvru/internal/ids"
)

// Kind is what a file is.
type Kind string

// The kinds of file.
const (
	Boundaries  Kind = "boundaries"
	Lookup      Kind = "look-up"
	Populations Kind = "populations"
	Register    Kind = "register" // places that a supplier's file named
)

// Content is what one file says, read and checked but not yet fitted together
// with what other files say.
type Content struct {
	Kind   Kind
	Level  ids.Level // the places it is about: the smallest it names
	Named  []Named
	Links  []Claim
	Pairs  []Pair
	Shapes []Drawn
	People []Population
}

// Named is a place a file names, with the year its column gives.
type Named struct {
	Place
	Year string
}

// Claim is a link a file gives, with the year its column gives for the parent.
// The parent's code may be missing where the file has only its name.
type Claim struct {
	Link
	ParentName string
	Year       string
}

// Drawn is a boundary in a file. The code may be missing where the file has
// only a name.
type Drawn struct {
	Place    Place
	Boundary geo.MultiPolygon
}
