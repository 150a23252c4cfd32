package records

import (
	"openvru/internal/ids"
	"openvru/internal/period"
)

// Summary is a submission's contents as a person wants them told: what the
// file is, which months and places it holds, and how much of it is doubtful.
// It is kept with the submission as JSON.
type Summary struct {
	Rows       int64           `json:"rows"`  // rows read, header left out
	Kept       int64           `json:"kept"`  // rows kept as records
	Count      int64           `json:"count"` // incidents those rows stand for
	Encoding   string          `json:"encoding"`
	Files      []FileSummary   `json:"files"`
	Months     []MonthCount    `json:"months"`     // in order
	Forces     []NameCount     `json:"forces"`     // most rows first
	Categories []NameCount     `json:"categories"` // in the source's order
	Vintages   []VintageCount  `json:"vintages"`   // of the codes as sent
	Placed     []PlacedSummary `json:"placed"`     // one a level

	Unlocated         int64 `json:"unlocated"`          // rows with neither a point nor a known code
	OutOfArea         int64 `json:"out_of_area"`        // rows located outside every borough we know
	OutsideForce      int64 `json:"outside_force"`      // rows located in the area of another force
	BlankIDs          int64 `json:"blank_ids"`          // rows without the supplier's id
	RepeatedIDs       int64 `json:"repeated_ids"`       // rows whose id was met before in the same month
	UnknownCategories int64 `json:"unknown_categories"` // rows whose category the source does not declare
}

// FileSummary is one file of a submission; a file sent alone is the only one.
type FileSummary struct {
	Name    string       `json:"name"`
	Rows    int64        `json:"rows"`
	From    period.Month `json:"from,omitempty"` // first month met; 0 when none
	To      period.Month `json:"to,omitempty"`
	Skipped string       `json:"skipped,omitempty"` // why nothing was read from it; "" when it was read
}

// MonthCount is one month's rows and incidents.
type MonthCount struct {
	Month period.Month `json:"month"`
	Rows  int64        `json:"rows"`
	Count int64        `json:"count"`
}

// NameCount is one force's or category's rows and incidents.
type NameCount struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Rows  int64  `json:"rows"`
	Count int64  `json:"count"`
}

// VintageCount is how many rows were sent with a code that only this level
// has; Level "" holds the codes that several vintages share and "unknown"
// those that none has.
type VintageCount struct {
	Level ids.Level    `json:"level"`
	Rows  int64        `json:"rows"`
	From  period.Month `json:"from"`
	To    period.Month `json:"to"`
}

// PlacedSummary is how the rows came to lie in the places of one level.
type PlacedSummary struct {
	Level    ids.Level `json:"level"`
	ByCode   int64     `json:"by_code"`   // the code as sent
	ByPoint  int64     `json:"by_point"`  // the polygon the point lies in
	ByParent int64     `json:"by_parent"` // from the smaller place, by hierarchy
	Unplaced int64     `json:"unplaced"`  // none of them
	Distinct int       `json:"distinct"`  // places that have any row
}
