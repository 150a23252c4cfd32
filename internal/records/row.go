package records

import (
	"openvru/internal/period"
)

// Row is one row as a reader hands it to Sink.Add, before it is placed and
// kept. Words are numbers that the Sink gave, so a Row holds no pointer.
type Row struct {
	Line     int64        // line of the file, from 1
	Month    period.Month // the month the fact belongs to
	Minute   int16        // minute of the day, 0 to 1439, or NoTime
	Weekday  int8         // 0 Monday to 6 Sunday, or NoTime
	Category uint16       // index into Source.Categories, or UnknownCategory
	Force    uint16       // from Sink.Force
	Outcome  uint32       // from Sink.Outcome; 0 is none
	Place    uint32       // from Sink.Place: the place as it was sent; 0 is none
	Location uint32       // from Sink.Location; 0 is none
	Count    int32        // incidents the row stands for: 1 for an incident row
	HasID    bool
	HasPoint bool
	ID       [32]byte // the supplier's id, or its SHA-256 where it is not 64 hexadecimal digits
	Lon, Lat float64  // WGS84 degrees
}
