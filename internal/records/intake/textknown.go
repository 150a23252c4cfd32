package intake

import (
	"openvru/internal/ids"
	"openvru/internal/records"
)

// known are files that people send under the wrong source, each known by
// headings that only it has.
var known = []struct {
	source   ids.Source // "" for one that no source reads
	headings []string
	what     string
}{
	{"", []string{"Part of a policing operation", "Object of search"}, "a stop and search file from data.police.uk, which counts searches and not crimes"},
	{"", []string{"Crime ID", "Outcome type"}, "an outcomes file from data.police.uk, which repeats crimes of the street file: send the street file"},
	{records.PoliceUK, []string{"Crime ID", "Reported by", "Crime type"}, "a street-level crime file from data.police.uk: send it as police-uk"},
	{records.MPSMonthly, []string{"MajorText", "MinorText"}, "a monthly borough or ward file of the Metropolitan Police: send it as mps-monthly"},
	{records.MPSDashboard, []string{"Month_Year", "Area Type"}, "a file of the Metropolitan Police's monthly crime dashboard: send it as mps-dashboard"},
	{records.MPSHomicide, []string{"Method of Killing", "Domestic Abuse"}, "the Metropolitan Police's list of homicide victims: send it as mps-homicide"},
}

// knownHeader says what a file with this header is, "" when it is none we know
// or one of the source it was sent as.
func knownHeader(sent ids.Source, row []string) string {
	have := map[string]bool{}
	for _, h := range row {
		have[foldHeading(h)] = true
	}
	for _, k := range known {
		all := k.source != sent
		for _, h := range k.headings {
			all = all && have[foldHeading(h)]
		}
		if all {
			return k.what
		}
	}
	return ""
}
