package publishing

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"openvru/internal/analysis"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/table"
)

// Check is what came of holding a rule to the facts.
type Check struct {
	Rule    Rule
	Held    int    // in how many periods it was checked and holds
	Left    int    // in how many it could not be checked
	Because string // why not, for the first of them: "police.gun-crime is not held"
}

// Failure is a rule broken in one period.
type Failure struct {
	Rule        Rule
	Period      string // "March 2020"
	Left, Right []Amount
	Difference  float64 // the left side less the right
}

// Amount is one number of a broken rule.
type Amount struct {
	Figure ids.Figure
	Title  string
	Value  float64
}

// CrossFoot holds rules to the material. Rules are held to the exact counts,
// before disclosure control.
func CrossFoot(rules []Rule, m *Material) ([]Check, []Failure) {
	var checks []Check
	var failures []Failure
	for _, r := range rules {
		c, f := m.hold(r)
		checks, failures = append(checks, c), append(failures, f...)
	}
	return checks, failures
}

// hold checks a rule in each of its periods.
func (m *Material) hold(r Rule) (Check, []Failure) {
	c := Check{Rule: r}
	var failures []Failure
	for _, p := range m.periods(r) {
		left, why := m.side(r, r.Left, p)
		if why == "" {
			var rightWhy string
			right, w := m.side(r, r.Right, p)
			if rightWhy = w; rightWhy == "" {
				if d := total(left) - total(right); broken(r, d) {
					failures = append(failures, Failure{r, nameOf(p), left, right, d})
				} else {
					c.Held++
				}
				continue
			}
			why = rightWhy
		}
		c.Left++
		if c.Because == "" {
			c.Because = why
		}
	}
	if c.Held+c.Left == 0 && len(failures) == 0 {
		c.Because = "it does not apply to these years"
	}
	return c, failures
}

// hair is what estimated counts, which have decimals, may differ by for no
// other reason than the order they were added in.
const hair = 1e-6

func broken(r Rule, difference float64) bool {
	if r.Op == AtMost {
		return difference > r.Tolerance+hair
	}
	return math.Abs(difference) > r.Tolerance+hair
}

// periods are those a rule is held to and applies in.
func (m *Material) periods(r Rule) []period.Range {
	var out []period.Range
	switch r.Over {
	case HomicideYear:
		for _, y := range m.homicideYears() {
			out = append(out, period.Year(y))
		}
	case EachYear:
		out = []period.Range{period.Year(m.Against), period.Year(m.Year)}
	default:
		for _, y := range []int{m.Against, m.Year} {
			for _, month := range period.Year(y).Months() {
				out = append(out, period.Range{From: month, To: month})
			}
		}
	}
	return slices.DeleteFunc(out, func(p period.Range) bool {
		return r.From != 0 && p.From < r.From || r.Until != 0 && p.To > r.Until
	})
}

// side evaluates one side of a rule in a period; why says why it cannot be.
// All terms must come from one source: two sources count alike only by chance.
func (m *Material) side(r Rule, terms []Term, p period.Range) (out []Amount, why string) {
	sources := map[ids.Source]bool{}
	for _, t := range terms {
		s := m.seriesFor(r, t)
		if s == nil && t.IfHeld {
			continue
		}
		if s == nil && t.Parts {
			return nil, "no boroughs inside the place are held"
		}
		if s == nil {
			return nil, string(t.Series) + " is not held"
		}
		sources[s.Source] = true
		a, ok := m.amount(t, s, p)
		if !ok && t.Whole {
			return nil, "the facts give no sum for " + nameOf(p)
		}
		if !ok && !t.IfHeld {
			return nil, string(t.Series) + " is not held for " + nameOf(p)
		}
		if ok {
			out = append(out, a)
		}
	}
	if left := m.seriesFor(r, r.Left[0]); left != nil {
		sources[left.Source] = true
	}
	if len(sources) > 1 {
		return nil, "its figures come from different sources"
	}
	return out, ""
}

func (m *Material) seriesFor(r Rule, t Term) *Series {
	switch {
	case r.Over == HomicideYear:
		return find(m.Homicide, t.Series)
	case t.Parts:
		if all := m.partsOf(t.Series); len(all) > 0 {
			return all[0]
		}
		return nil
	}
	return find(m.Series, t.Series)
}

// partsOf are the boroughs' shares of a series from the source that its whole
// comes from.
func (m *Material) partsOf(id ids.Series) []*Series {
	whole := find(m.Series, id)
	var out []*Series
	for i := range m.Parts {
		if m.Parts[i].ID == id && whole != nil && m.Parts[i].Source == whole.Source {
			out = append(out, &m.Parts[i])
		}
	}
	return out
}

func (m *Material) amount(t Term, s *Series, p period.Range) (Amount, bool) {
	a := Amount{Figure: figureID(t.Series, s.Place.Code, p.String()), Title: s.Title}
	switch {
	case t.Parts:
		a.Figure, a.Title = figureID(t.Series, m.Place.Code, p.String()+".boroughs"), s.Title+" in the boroughs"
		a.Value = m.partsSum(t.Series, p)
		return a, true
	case t.Whole:
		a.Title = s.Title + " over the year"
		v, ok := s.Years[p.From.Year()]
		a.Value = v
		return a, ok
	}
	v, ok := s.sum(p)
	a.Value = v
	return a, ok
}

// partsSum adds what is held of the boroughs; what is not held is not counted,
// which an at-most rule forgives.
func (m *Material) partsSum(id ids.Series, p period.Range) float64 {
	sum := 0.0
	for _, part := range m.partsOf(id) {
		for _, month := range p.Months() {
			if v, ok := part.at(month); ok {
				sum += v.Count
			}
		}
	}
	return sum
}

func total(side []Amount) float64 {
	sum := 0.0
	for _, a := range side {
		sum += a.Value
	}
	return sum
}

// nameOf is a period in words: "March 2020", "2020" or "April to December 2020".
func nameOf(p period.Range) string { return analysis.Period(p) }

// Sentence says what does not come out, with every figure and its value.
func (f Failure) Sentence() string {
	verb := "is not"
	if f.Rule.Op == AtMost {
		verb = "is more than"
	}
	return fmt.Sprintf("%s: in %s, %s %s %s. The difference is %s.", f.Rule.Name, f.Period,
		amounts(f.Left), verb, amounts(f.Right), table.Fixed(math.Abs(f.Difference), 0))
}

func amounts(side []Amount) string {
	names := make([]string, len(side))
	for i, a := range side {
		names[i] = fmt.Sprintf("%s %s (%s)", lowerFirst(a.Title), table.Fixed(a.Value, 0), a.Figure)
	}
	if len(side) < 2 {
		return list(names)
	}
	return list(names) + ", which make " + table.Fixed(total(side), 0)
}

// mostFailures is how many broken sums one refusal spells out.
const mostFailures = 5

// refusal is the error that stops a build.
func refusal(failures []Failure) error {
	if len(failures) == 0 {
		return nil
	}
	lines := make([]string, 0, mostFailures+1)
	for i, f := range failures {
		if i == mostFailures {
			lines = append(lines, fmt.Sprintf("And %d more.", len(failures)-i))
			break
		}
		lines = append(lines, f.Sentence())
	}
	return errs.New(errs.Conflict, "the report is not built, because its figures do not add up. %s", strings.Join(lines, " ")).
		WithHint("follow the figures to their files, then send the file that is wrong again or withdraw it")
}
