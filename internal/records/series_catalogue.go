package records

import (
	"cmp"
	"slices"

	"openvru/internal/ids"
	"openvru/internal/period"
)

// The sources that feed the catalogue.
const (
	PoliceUK     ids.Source = "police-uk"
	MPSMonthly   ids.Source = "mps-monthly"
	MPSDashboard ids.Source = "mps-dashboard"
	MPSHomicide  ids.Source = "mps-homicide"
)

// connect is the month from which the Metropolitan Police record crime on a
// new system.
var connect = period.NewMonth(2024, 2)

// metFiles are the sources that the new system reaches directly.
var metFiles = []ids.Source{MPSMonthly, MPSDashboard}

// newSystem is said of every Metropolitan Police series: its definition stays
// alike, so sums may cross it, but a step there may be the system's.
var newSystem = Break{
	At: connect, Like: true, Sources: metFiles,
	Sentence: "From February 2024 the Metropolitan Police record crime on a new system, CONNECT, and count it in the borough where it happened; a step at that month may come from the change of system.",
}

// newGroups is said of violence against the person and its parts.
var newGroups = Break{
	At: connect, Sources: metFiles,
	Sentence: "From February 2024 (the CONNECT system) the Metropolitan Police publish stalking and harassment, and death or serious injury by illegal driving, as groups of their own within violence against the person, so figures before and after are not alike.",
}

// notAlike is said of flagged crime, which the new system flags in another way.
var notAlike = Break{
	At: connect, Sources: metFiles,
	Sentence: "From February 2024 (the CONNECT system) the Metropolitan Police flag this crime in another way, and say that figures before and after cannot be compared.",
}

var (
	catalogue  = sorted(slices.Concat(violence(), weapons(), flagged(), property(), otherCrime(), homicideVictims()))
	seriesByID = byID(catalogue)
)

func sorted(all []*Series) []*Series {
	slices.SortFunc(all, func(a, b *Series) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

func byID(all []*Series) map[ids.Series]*Series {
	out := make(map[ids.Series]*Series, len(all))
	for _, s := range all {
		out[s.ID] = s
	}
	return out
}

// offences starts a series of recorded offences that does harm, so lower is
// better, at version 1 of its definition.
func offences(id ids.Series, title, definition string) *Series {
	return &Series{ID: id, Title: title, Definition: definition, Version: 1, Unit: "offences", One: "offence",
		Polarity: LowerIsBetter, Breaks: []Break{newSystem}}
}

// from adds a source, less preferred than those before it.
func (s *Series) from(source ids.Source, categories ...string) *Series {
	s.Feeds = append(s.Feeds, Feed{Source: source, Categories: categories})
	return s
}

// met adds both Metropolitan Police files, which name groups alike; the
// monthly files come first because they are the record the dashboard is drawn
// from.
func (s *Series) met(categories ...string) *Series {
	return s.from(MPSMonthly, categories...).from(MPSDashboard, categories...)
}

// noted adds a reader's note to the source added last.
func (s *Series) noted(note string) *Series {
	s.Feeds[len(s.Feeds)-1].Note = note
	return s
}

// counting sets what is counted.
func (s *Series) counting(one, many string) *Series { s.One, s.Unit = one, many; return s }

// broken sets the series' breaks.
func (s *Series) broken(b ...Break) *Series { s.Breaks = b; return s }

// of names the series that add up to this one.
func (s *Series) of(parts ...ids.Series) *Series { s.Parts = parts; return s }

// neutral marks a series whose rise may be more policing.
func (s *Series) neutral() *Series { s.Polarity = Neutral; return s }
