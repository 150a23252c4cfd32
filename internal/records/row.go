package records

import (
	"openvru/internal/period"
)

// Row is one row as a reader hands it on, before it is placed and kept. Words
// are numbers into the submission's dictionaries, so a Row holds no pointer.
type Row struct {
	Line     int64        // line of the file, from 1
	File     uint16       // which file of an archive, 0 for a file sent alone
	Month    period.Month // the month the fact belongs to
	Minute   int16        // minute of the day, 0 to 1439; -1 when not given
	Weekday  int8         // 0 Monday to 6 Sunday; -1 when not given
	Category uint16       // index into the Source's categories
	Force    uint16       // index into Dicts.Forces
	Outcome  uint16       // index into Dicts.Outcomes
	Place    uint32       // index into Dicts.Places: the place as it was sent; 0 is none
	Location uint32       // index into Dicts.Locations; 0 is none
	Count    int32        // incidents the row stands for: 1 for an incident row
	HasID    bool
	HasPoint bool
	ID       [32]byte // the supplier's id, or its SHA-256 where it is not 64 hexadecimal digits
	Lon, Lat float64  // WGS84 degrees
}
