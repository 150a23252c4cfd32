package intake

import (
	"slices"
	"strings"

	"openvru/internal/records"
)

// The Metropolitan Police divide crime into groups and subgroups. Both their
// monthly files and the dashboard use these; from February 2024 the names are
// in capitals and some are new. A subgroup that was only renamed keeps its
// key; one that counts something else has a key of its own.

// group is one group with its subgroups, each by its present name followed by
// the names it had or has elsewhere. Names of 50 letters are as the publisher
// cut them.
type group struct {
	name      string
	others    []string // other names of the group
	subgroups [][]string
}

var metGroups = []group{
	{"Arson and Criminal Damage", nil, [][]string{
		{"Arson"}, {"Criminal Damage"}}},
	{"Burglary", nil, [][]string{
		{"Burglary - Business and Community", "Burglary Business and Community"},
		{"Burglary - Residential", "Domestic Burglary", "Burglary Residential", "Residential - General"},
		{"Res Burglary of a Home", "Residential - Home"},
		{"Res Burglary of Unconnected Building", "Residential - Outbuilding"}}},
	{"Drug Offences", nil, [][]string{
		{"Possession of Drugs"},
		{"Trafficking of Drugs", "Drug Trafficking"}}},
	{"Fraud and Forgery", []string{"Historical Fraud and Forgery"}, [][]string{
		{"Fraud and Forgery"},
		{"Historical Fraud and Forgery"}}},
	{"Miscellaneous Crimes Against Society", nil, [][]string{
		{"Misc Crimes Against Society", "Miscellaneous Crimes Against Society"},
		{"Absconding from Lawful Custody"}, {"Aiding Suicide"}, {"Bail Offences"}, {"Bigamy"},
		{"Concealing an Infant Death Close to Birth"}, {"Dangerous Driving"},
		{"Disclosure, Obstruction, False or Misleading Statements etc", "Disclosure, Obstruction, False or Misleading State"},
		{"Exploitation of Prostitution"}, {"Forgery or Use of Drug Prescription"},
		{"Fraud or Forgery Associated with Driver Records"}, {"Going Equipped for Stealing"}, {"Handling Stolen Goods"},
		{"Making, Supplying or Possessing Articles for use in Fraud", "Making, Supplying or Possessing Articles for use i"},
		{"Obscene Publications"}, {"Offender Management Act"}, {"Other Forgery"}, {"Other Notifiable Offences"}, {"Perjury"},
		{"Perverting Course of Justice"}, {"Possession of False Documents"},
		{"Profiting From or Concealing Proceeds of Crime", "Profitting From or Concealing Proceeds of Crime"},
		{"Soliciting for Prostitution"},
		{"Threat or Possession With Intent to Commit Criminal Damage", "Threat or Possession With Intent to Commit Crimina"},
		{"Wildlife Crime"}}},
	{"NFIB Fraud", nil, [][]string{{"NFIB", "NFIB Fraud"}}},
	{"Possession of Weapons", nil, [][]string{
		{"Possession of Weapons"}, {"Other Firearm Offences"}, {"Other Knife Offences"},
		{"Possession of Article with Blade or Point"}, {"Possession of Firearm with Intent"},
		{"Possession of Firearms Offences"}, {"Possession of Other Weapon"}}},
	{"Public Order Offences", nil, [][]string{
		{"Other Offences Against the State, or Public Order", "Other Offences Public Order"},
		{"Public Fear Alarm or Distress"},
		{"Race or Religious Agg Public Fear", "Racially or Religiously Aggravated Public Fear, Alarm or Distress", "Racially or Religiously Aggravated Public Fear, Al"},
		{"Violent Disorder"}}},
	{"Robbery", nil, [][]string{
		{"Robbery of Business Property"}, {"Robbery of Personal Property"}}},
	{"Sexual Offences", nil, [][]string{
		{"Other Sexual Offences"}, {"Rape"}}},
	{"Theft", []string{"Theft Offences"}, [][]string{
		{"Bicycle Theft"}, {"Other Theft"}, {"Shoplifting"}, {"Theft from the Person", "Theft from Person"}}},
	{"Vehicle Offences", nil, [][]string{
		{"Aggravated Vehicle Taking"}, {"Interfering with a Motor Vehicle"},
		{"Theft from a Vehicle", "Theft from a Motor Vehicle"},
		{"Theft or Unauth Taking of a Motor Veh", "Theft or Taking of a Motor Vehicle"}}},
	{"Violence Against the Person", nil, [][]string{
		{"Homicide"}, {"Violence with Injury"}, {"Violence without Injury"}, {"Stalking and Harassment"},
		{"Death Serious Injury Illegal Driving", "Death or Serious Injury by Illegal Driving", "Death or Serious Injury - Unlawful Driving"}}},
}

// otherSubgroup is the subgroup under which a group holds what it does not
// declare, so that the group's total stays whole when a subgroup is new.
const otherSubgroup = "Other subgroup"

// metCategories are the declared categories of those groups.
func metCategories() []records.Category {
	var out []records.Category
	for _, g := range metGroups {
		for _, names := range slices.Concat(g.subgroups, [][]string{{otherSubgroup}}) {
			c := records.Category{ID: records.CategoryKey(g.name, names[0]), Title: pair(g.name, names[0])}
			for _, gn := range slices.Concat([]string{g.name}, g.others) {
				for _, n := range names {
					if p := pair(gn, n); p != c.Title {
						c.Names = append(c.Names, p)
					}
				}
			}
			out = append(out, c)
		}
	}
	return out
}

// pair is a group and a subgroup as one name.
func pair(group, subgroup string) string { return group + " / " + subgroup }

// cutLength is where the publisher's older files cut a name off.
const cutLength = 50

// lookup finds categories by group and subgroup as sent, and remembers.
type lookup struct {
	source *records.Source
	byName map[string]int
	groups map[string]int // where a group keeps subgroups it does not declare
	met    map[string]match
}

// match is the answer for one pair as sent.
type match struct {
	category uint16
	known    bool // declared, and not merely put under its group
}

func newLookup(s *records.Source) *lookup {
	l := &lookup{source: s, byName: map[string]int{}, groups: map[string]int{}, met: map[string]match{}}
	for i, c := range s.Categories {
		for _, n := range append([]string{c.Title}, c.Names...) {
			g, sub, _ := strings.Cut(n, " / ")
			l.byName[key(g, sub)] = i
			if sub == otherSubgroup {
				l.groups[records.Fold(g)] = i
			}
		}
	}
	return l
}

func key(group, subgroup string) string { return records.Fold(group) + " / " + records.Fold(subgroup) }

// find returns the category of a pair as sent. A new subgroup of a group we
// know counts towards its group; any other pair is unknown.
func (l *lookup) find(group, subgroup string) match {
	sent := group + "\x00" + subgroup
	if m, ok := l.met[sent]; ok {
		return m
	}
	m := match{category: records.UnknownCategory}
	if i, ok := l.byName[key(group, subgroup)]; ok {
		m = match{uint16(i), true}
	} else if i, ok := l.cut(group, subgroup); ok {
		m = match{uint16(i), true}
	} else if i, ok := l.groups[records.Fold(group)]; ok {
		m.category = uint16(i)
	}
	l.met[sent] = m
	return m
}

// cut finds the one category whose name begins with a subgroup that was cut
// off at the publisher's limit.
func (l *lookup) cut(group, subgroup string) (int, bool) {
	if len(subgroup) < cutLength-1 {
		return 0, false
	}
	found, ok := 0, false
	for name, i := range l.byName {
		if strings.HasPrefix(name, key(group, subgroup)) {
			if ok && i != found {
				return 0, false
			}
			found, ok = i, true
		}
	}
	return found, ok
}
