// Package places is the map the product stands on: coded areas with their
// vintages, boundaries, what lies in what, who lives there and who borders
// whom.
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

// Atlas is an immutable picture of every place at one moment, held in memory
// for intake and pages: safe for use by many goroutines.
type Atlas struct{}
