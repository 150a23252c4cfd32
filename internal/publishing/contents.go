package publishing

import "openvru/internal/ids"

// What the violence report shows, as data: its chapters with their measures,
// and the rows of its homicide table. The order is that of the report it
// follows.

// measure is one chart of a chapter. Noun begins a sentence about it; plural
// says which verb it takes; the headlines of key measures make the summary.
type measure struct {
	series ids.Series
	noun   string
	plural bool
	key    bool
}

// chapter is a heading with its measures.
type chapter struct {
	id, title string
	measures  []measure
}

var chapters = []chapter{
	{"violence", "Violence against the person", []measure{
		{"police.violence-against-the-person", "Violence against the person", false, true},
		{"police.violence-without-injury", "Violence without injury", false, false},
		{"police.violence-with-injury", "Violence with injury", false, true},
	}},
	{"domestic-abuse", "Domestic abuse", []measure{
		{"police.domestic-abuse-incidents", "Domestic abuse incidents", true, false},
		{"police.domestic-abuse-offences", "Domestic abuse offences", true, true},
		{"police.domestic-abuse-violence-with-injury", "Domestic abuse offences of violence with injury", true, false},
	}},
	{"knife-crime", "Knife crime", []measure{
		{"police.knife-crime", "Knife crime", false, true},
		{"police.knife-crime-with-injury", "Knife crime with injury", false, true},
		{"police.knife-injury-victims-1-24", "Knife injury victims aged 1 to 24", true, false},
		{"police.knife-injury-victims-1-24-not-domestic", "Knife injury victims aged 1 to 24 outside domestic abuse", true, false},
	}},
	{"robbery-and-gun-crime", "Robbery and gun crime", []measure{
		{"police.robbery", "Robbery", false, true},
		{"police.gun-crime", "Gun crime", false, true},
		{"police.lethal-barrel-discharge", "Lethal barrelled weapon discharges", true, false},
	}},
}

// kind is one row of the homicide table.
type kind struct {
	series ids.Series
	title  string
}

const homicideTotal ids.Series = "police.homicide-victims"

var homicideKinds = []kind{
	{homicideTotal, "All victims"},
	{"police.homicide-victims.firearm", "Firearms"},
	{"police.homicide-victims.knife", "Knives"},
	{"police.homicide-victims.teenage", "Teenagers"},
	{"police.homicide-victims.under-25", "Under 25"},
	{"police.homicide-victims.domestic", "Domestic"},
	{"police.homicide-victims.non-domestic", "Non-domestic"},
}

// Wanted returns the series that the report shows or checks itself against,
// for whoever fetches its facts.
func Wanted() []ids.Series {
	var out []ids.Series
	for _, c := range chapters {
		for _, m := range c.measures {
			out = append(out, m.series)
		}
	}
	return append(out, "police.homicide", "police.stalking-and-harassment", "police.death-or-serious-injury-driving",
		"police.robbery-personal", "police.robbery-business")
}

// WantedHomicide returns the series of the homicide table.
func WantedHomicide() []ids.Series {
	out := make([]ids.Series, len(homicideKinds))
	for i, k := range homicideKinds {
		out[i] = k.series
	}
	return out
}
