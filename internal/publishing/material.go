package publishing

import (
	"math"
	"time"

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
)

// Material is everything a report is made from: facts with the editions they
// came from. The same Material always makes the same report, byte for byte.
type Material struct {
	Place    places.Place
	Year     int       // the year in question
	Against  int       // the year it is compared with
	Known    time.Time // as known at this moment; zero for the newest
	Notice   string    // a warning that stands on top, such as that the data are invented
	Series   []Series  // what is held, in any order
	Homicide []Series  // yearly victims by kind: whole years only, any span of years
	Parts    []Series  // the boroughs of a force or region, for cross-footing; one line a borough and series
	Sources  []Source
	Editions []Edition // oldest first; values refer to them by index
	Events   []Event   // days to draw, oldest first
}

// Source is where facts come from.
type Source struct {
	ID        ids.Source
	Title     string
	Publisher string
	Licence   string
	Open      bool // published for anybody to use
}

// Edition is one accepted file.
type Edition struct {
	Submission ids.Submission
	Source     ids.Source
	FileName   string
	File       ids.File // the SHA-256 of the file as it was sent
	AcceptedAt time.Time
}

// Event is a day of the calendar that readers should see. The first event of
// the year in question that Turns divides it into before and after.
type Event struct {
	Day   time.Time
	Name  string
	Turns bool
}

// Series is one measure at one place over some months.
type Series struct {
	ID         ids.Series
	Title      string
	Definition string
	Version    int
	Unit       string // what is counted, plural: "offences"
	Source     ids.Source
	Place      places.Place
	Months     []MonthValue    // in order; months without a value may be left out
	Years      map[int]float64 // whole years as the facts give them in one sum, to check the months against
	Holds      []string        // names of the forces whose counts are in the values
	Lacks      []Lack          // the forces of the place whose counts are not
	Breaks     []Break
	Notes      []string
}

// Lack is a force left out of a series, with the reason as a sentence.
type Lack struct{ Force, Reason string }

// MonthValue is a month's count, with the editions it came from.
type MonthValue struct {
	Month    period.Month
	Count    float64
	Editions []int // indexes into Material.Editions
}

// Break is a month from which a series counts otherwise.
type Break struct {
	At       period.Month
	Like     bool // shown and said, but sums and comparisons may cross it
	Sentence string
}

// at returns a month's value; false when none is held.
func (s *Series) at(m period.Month) (MonthValue, bool) {
	for _, v := range s.Months {
		if v.Month == m {
			return v, !math.IsNaN(v.Count)
		}
	}
	return MonthValue{}, false
}

// sum adds the months of a range; false unless every one of them is held.
func (s *Series) sum(r period.Range) (float64, bool) {
	total := 0.0
	for _, m := range r.Months() {
		v, ok := s.at(m)
		if !ok {
			return 0, false
		}
		total += v.Count
	}
	return total, r.Len() > 0
}

// splits returns the first break that divides the months of a range and that
// sums may not cross.
func (s *Series) splits(r period.Range) (Break, bool) {
	for _, b := range s.Breaks {
		if !b.Like && r.From < b.At && b.At <= r.To {
			return b, true
		}
	}
	return Break{}, false
}

// find returns the series with an id.
func find(all []Series, id ids.Series) *Series {
	for i := range all {
		if all[i].ID == id {
			return &all[i]
		}
	}
	return nil
}

// years are the two years of the report, the earlier first.
func (m *Material) years() (earlier, later int) {
	return min(m.Year, m.Against), max(m.Year, m.Against)
}

// turn returns the event that divides the year in question.
func (m *Material) turn() (Event, bool) {
	for _, e := range m.Events {
		if e.Turns && e.Day.Year() == m.Year {
			return e, true
		}
	}
	return Event{}, false
}

// open reports whether every source is open data.
func (m *Material) open() bool {
	for _, s := range m.Sources {
		if !s.Open {
			return false
		}
	}
	return len(m.Sources) > 0
}
