// Package intake reads the files that suppliers send: one reader a source, each
// with the declaration of its columns, rules and categories, over one reading
// of delimited text.
package intake

import "openvru/internal/records"

// Reader turns the files of one source into rows.
type Reader = records.Reader

// Readers returns the reader of every source, in the order they are listed to
// people.
func Readers() []Reader {
	return []Reader{PoliceUK(), MPSMonthly(), MPSDashboard(), MPSHomicide()}
}
