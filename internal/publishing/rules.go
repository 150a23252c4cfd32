package publishing

import (
	"openvru/internal/ids"
	"openvru/internal/period"
)

// Op is how the two sides of a Rule must stand to each other.
type Op string

// The ways.
const (
	Equal  Op = "equal"
	AtMost Op = "at most" // the left side is no more than the right
)

// Over is which periods a Rule is held to.
type Over string

// The periods.
const (
	EachMonth    Over = "each month"    // every month of both years
	EachYear     Over = "each year"     // both years, where every month is held
	HomicideYear Over = "homicide year" // every year of the homicide table
)

// Term is one number of a side: a series' count in the period.
type Term struct {
	Series ids.Series
	IfHeld bool // counts as none where nothing is held, because not every edition has it apart
	Parts  bool // the sum over the boroughs inside the place, instead of the place's own count
	Whole  bool // the year as the facts give it in one sum, instead of month by month
}

// Rule is one sum that must come out. Rules are data: a report is built only
// when every rule that can be checked holds.
type Rule struct {
	Name        string // "Violence against the person and its parts"
	Left, Right []Term
	Op          Op
	Over        Over
	From, Until period.Month // the months it applies to; zero is no bound
	Tolerance   float64
}

// connect is the month from which the Metropolitan Police publish further
// groups within violence against the person.
var connect = period.NewMonth(2024, 2)

func term(s ids.Series) Term { return Term{Series: s} }

var violenceParts = []Term{
	term("police.violence-with-injury"), term("police.violence-without-injury"), term("police.homicide"),
}

var laterParts = append(violenceParts[:3:3],
	Term{Series: "police.stalking-and-harassment", IfHeld: true},
	Term{Series: "police.death-or-serious-injury-driving", IfHeld: true})

// Rules returns the rules of the violence report.
func Rules() []Rule {
	out := []Rule{
		{Name: "Violence against the person is the sum of its parts, until January 2024",
			Left: []Term{term("police.violence-against-the-person")}, Op: Equal, Right: violenceParts, Over: EachMonth, Until: connect - 1},
		{Name: "Violence against the person is the sum of its parts, from February 2024",
			Left: []Term{term("police.violence-against-the-person")}, Op: Equal, Right: laterParts, Over: EachMonth, From: connect},
		{Name: "Violence against the person over the year is the sum of its parts",
			Left: []Term{term("police.violence-against-the-person")}, Op: Equal, Right: violenceParts, Over: EachYear, Until: connect - 1},
		{Name: "Robbery is robbery of people and of businesses",
			Left: []Term{term("police.robbery")}, Op: Equal, Right: []Term{term("police.robbery-personal"), term("police.robbery-business")}, Over: EachMonth},
		{Name: "Domestic and non-domestic homicides make the total",
			Left: []Term{term(homicideTotal)}, Op: Equal,
			Right: []Term{term("police.homicide-victims.domestic"), term("police.homicide-victims.non-domestic")}, Over: HomicideYear},
		atMost("Teenage victims of homicide are among those under 25", "police.homicide-victims.teenage", "police.homicide-victims.under-25", HomicideYear),
		atMost("Victims of homicide under 25 are among all", "police.homicide-victims.under-25", homicideTotal, HomicideYear),
		atMost("Victims of homicide by knife are among all", "police.homicide-victims.knife", homicideTotal, HomicideYear),
		atMost("Victims of homicide by firearm are among all", "police.homicide-victims.firearm", homicideTotal, HomicideYear),
		atMost("Knife crime with injury is among knife crime", "police.knife-crime-with-injury", "police.knife-crime", EachMonth),
		atMost("Knife injury victims outside domestic abuse are among all aged 1 to 24",
			"police.knife-injury-victims-1-24-not-domestic", "police.knife-injury-victims-1-24", EachMonth),
		atMost("Domestic abuse with injury is among domestic abuse offences",
			"police.domestic-abuse-violence-with-injury", "police.domestic-abuse-offences", EachMonth),
	}
	for _, c := range chapters {
		for _, m := range c.measures {
			out = append(out,
				Rule{Name: m.noun + ": the months make the year", Left: []Term{term(m.series)}, Op: Equal,
					Right: []Term{{Series: m.series, Whole: true}}, Over: EachYear},
				Rule{Name: m.noun + ": the boroughs are within the whole", Left: []Term{{Series: m.series, Parts: true}}, Op: AtMost,
					Right: []Term{term(m.series)}, Over: EachYear})
		}
	}
	return out
}

func atMost(name string, left, right ids.Series, over Over) Rule {
	return Rule{Name: name, Left: []Term{term(left)}, Op: AtMost, Right: []Term{term(right)}, Over: over}
}
