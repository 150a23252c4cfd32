package publishingweb

import (
	"cmp"
	"slices"

	"openvru/internal/places"
)

// byName orders places as a reader looks for them.
func byName(all []places.Place) []places.Place {
	slices.SortFunc(all, func(a, b places.Place) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Code, b.Code)) })
	return all
}
