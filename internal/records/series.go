package records

import (
	"slices"
	"strings"

	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
)

// Polarity says which way is good for a series.
type Polarity int

// The polarities.
const (
	// Neutral is a count whose rise may be more crime or more policing.
	Neutral Polarity = iota
	// LowerIsBetter is a count of harm.
	LowerIsBetter
	// HigherIsBetter is a count of help.
	HigherIsBetter
)

// String returns "lower is better", "higher is better" or "neither way is
// better".
func (p Polarity) String() string {
	switch p {
	case LowerIsBetter:
		return "lower is better"
	case HigherIsBetter:
		return "higher is better"
	default:
		return "neither way is better"
	}
}

// Break is a month from which a series no longer counts quite what it counted
// before.
type Break struct {
	At       period.Month // the first month counted the new way
	Like     bool         // the definition stays alike: shown and said, but sums and comparisons may cross it
	Sources  []ids.Source // the sources it holds for; none means all
	Sentence string       // what changed, for a reader
}

// Holds reports whether the break holds for figures from a source.
func (b Break) Holds(source ids.Source) bool {
	return len(b.Sources) == 0 || slices.Contains(b.Sources, source)
}

// Splits reports whether the break lies inside the range: some months before
// it and some after.
func (b Break) Splits(r period.Range) bool { return r.From < b.At && b.At <= r.To }

// Feed says which categories of a source add up to a series. A category is
// named by its key (CategoryKey); "*" stands for any one part of it.
type Feed struct {
	Source     ids.Source
	Categories []string
	Note       string // how this source's count differs from the others', for a reader
}

// Series is a defined measure over time. Definitions are versioned: a change
// of meaning is a new version, and runs say which version they used.
type Series struct {
	ID         ids.Series
	Title      string
	Definition string
	Version    int
	Unit       string // what is counted, plural: "offences"
	One        string // what is counted, singular: "offence"
	Polarity   Polarity
	Feeds      []Feed // sources in order of preference
	Breaks     []Break
	Parts      []ids.Series // series that add up to this one, where the source keeps them apart
}

// Feed returns how a source feeds the series.
func (s *Series) Feed(source ids.Source) (Feed, bool) {
	for _, f := range s.Feeds {
		if f.Source == source {
			return f, true
		}
	}
	return Feed{}, false
}

// BreaksIn returns the breaks that hold for a source and split the range.
func (s *Series) BreaksIn(source ids.Source, r period.Range) []Break {
	var out []Break
	for _, b := range s.Breaks {
		if b.Holds(source) && b.Splits(r) {
			out = append(out, b)
		}
	}
	return out
}

// CategoryKey is the name a series knows a category by: its parts in lower
// case, every run of other characters a hyphen, joined by "/":
// "violence-against-the-person/homicide".
func CategoryKey(parts ...string) string {
	keys := make([]string, len(parts))
	for i, p := range parts {
		keys[i] = keyPart(p)
	}
	return strings.Join(keys, "/")
}

func keyPart(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(strings.ReplaceAll(s, "&", " and ")) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
			continue
		}
		gap = true
	}
	return b.String()
}

// Matches reports whether the feed counts a category.
func (f Feed) Matches(category string) bool {
	for _, pattern := range f.Categories {
		if matchKey(pattern, category) {
			return true
		}
	}
	return false
}

func matchKey(pattern, key string) bool {
	ps, ks := strings.Split(pattern, "/"), strings.Split(key, "/")
	if len(ps) != len(ks) {
		return false
	}
	for i := range ps {
		if ps[i] != "*" && ps[i] != ks[i] {
			return false
		}
	}
	return true
}

// Catalogue returns every series, in the order of their ids.
func Catalogue() []*Series { return catalogue }

// FindSeries returns the series with an id. Errors: NotFound, with a hint that
// names series alike.
func FindSeries(id ids.Series) (*Series, error) {
	if s, ok := seriesByID[id]; ok {
		return s, nil
	}
	err := errs.New(errs.NotFound, "there is no series %q", id)
	if near := seriesLike(id); len(near) > 0 {
		return nil, err.WithHint("did you mean %s?", strings.Join(near, " or "))
	}
	return nil, err.WithHint("vru series lists them all")
}

// seriesLike returns the id that lacks only its beginning in what was asked
// for, or up to three that hold it or lie in it.
func seriesLike(id ids.Series) []string {
	want := strings.TrimPrefix(keyPart(string(id)), "police-")
	if whole := ids.Series("police." + want); seriesByID[whole] != nil {
		return []string{string(whole)}
	}
	var out []string
	for _, s := range catalogue {
		have := strings.TrimPrefix(string(s.ID), "police.")
		if want != "" && (strings.Contains(have, want) || strings.Contains(want, have)) && len(out) < 3 {
			out = append(out, string(s.ID))
		}
	}
	return out
}

// SeriesOf returns the series a source feeds, in the order of their ids.
func SeriesOf(source ids.Source) []*Series {
	var out []*Series
	for _, s := range catalogue {
		if _, ok := s.Feed(source); ok {
			out = append(out, s)
		}
	}
	return out
}
