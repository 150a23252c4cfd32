package kit

import (
	"net/url"
	"strconv"
)

// perPage is how many rows a page of a listing shows.
const perPage = 50

// Paging is which page of a listing is shown.
type Paging struct {
	Number, Last   int
	Previous, Next string // addresses; "" for none
}

// Page cuts the rows of the asked page out of a listing and says where it is.
// A page number that is no number, or past the end, is the nearest that is.
func Page[T any](rows []T, base string, query url.Values) ([]T, Paging) {
	last := max(1, (len(rows)+perPage-1)/perPage)
	n, _ := strconv.Atoi(query.Get("page"))
	n = min(max(n, 1), last)
	p := Paging{Number: n, Last: last}
	if n > 1 {
		p.Previous = Address(base, With(query, "page", strconv.Itoa(n-1)))
	}
	if n < last {
		p.Next = Address(base, With(query, "page", strconv.Itoa(n+1)))
	}
	return rows[(n-1)*perPage : min(n*perPage, len(rows))], p
}

// Select is a labelled choice of a form.
type Select struct {
	ID, Label string
	Options   []Option
}
