// Package places is the map the product stands on: coded areas with their
// vintages, boundaries, what lies in what, who lives there and who borders
// whom.
//
// An import reads a file of boundaries, of look-ups or of populations into a
// Dataset, which is kept for good. The Atlas, which everything else asks, is
// worked out from all datasets together; so it does not matter in which order
// they came, and an import that fails leaves nothing behind.
package places

import (
	"openvru/internal/ids"
)

// Place is one coded area.
type Place struct {
	ids.Place
	Name string
}

// Ref is a place's dense number within its level in one Atlas: 0, 1, 2, … It
// is good for arrays and means nothing outside that Atlas. None is no place.
type Ref int32

// None is the Ref of no place.
const None Ref = -1

// Link says that one place lies in another.
type Link struct {
	Child, Parent ids.Place
	// Estimated says that the child does not lie wholly in the parent, or that
	// nobody published the link and it was worked out.
	Estimated bool
}
