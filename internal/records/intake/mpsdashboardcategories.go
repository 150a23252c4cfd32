package intake

import (
	"slices"
	"strings"

	"openvru/internal/records"
)

// flags are the kinds of crime that the dashboard's Knife and Other files
// count besides the groups: offences of any group that carry a flag. Each has
// a key, a title and the type and subtype pairs that files have used.
var flags = []struct {
	key, title string
	pairs      [][2]string
}{
	{"knife-crime", "Knife crime", [][2]string{{"Knife Crime", "Knife Crime"}, {"Knife Crime", "Knife Crime Offences"}}},
	{"knife-crime-with-injury", "Knife crime with injury", [][2]string{{"Knife Crime", "Knife Crime with Injury"}}},
	{"knife-crime-with-injury-personal-robbery", "Knife crime with injury (personal robbery)", [][2]string{
		{"Knife Crime", "Knife Crime with Injury (Personal Robbery)"}, {"Knife Crime", "Knife Crime Personal Robbery with Injury"}}},
	{"knife-injury-victims-1-24", "Knife injury victims aged 1 to 24", [][2]string{{"Knife Crime", "Knife Injury Victims (1-24)"}, {"Knife Crime", "Knife Injury Victims 1-24"}, {"Knife Crime", "Knife Crime Injury Victims 1-24"}}},
	{"knife-injury-victims-1-24-not-domestic", "Knife injury victims aged 1 to 24, not domestic", [][2]string{
		{"Knife Crime", "Knife Injury Victims (Non DA 1-24)"}, {"Knife Crime", "Knife Injury Victims (Non Domestic Abuse 1-24)"},
		{"Knife Crime", "Knife Injury Victims (1-24 Non DA)"}, {"Knife Crime", "Knife Injury Victims Non DA (1-24)"}, {"Knife Crime", "Knife Crime Injury Victims 1-24 Non DA"}}},
	{"gun-crime", "Gun crime", [][2]string{{"Gun Crime", "Gun Crime"}}},
	{"gun-crime-personal-robbery", "Gun crime, personal robbery", [][2]string{
		{"Gun Crime", "Gun Crime Personal Robbery"}, {"Gun Crime", "Personal Robbery"}, {"Gun Crime Personal Robbery", "Gun Crime Personal Robbery"}}},
	{"lethal-barrel-discharge", "Lethal barrel discharge", [][2]string{
		{"Lethal Barrel Discharge", "Lethal Barrel Discharge"}, {"Gun Crime", "Lethal Barrel Discharge"}, {"Lethal Barrel Discharge", "Lethal Barrel Discharges"},
		{"Lethal Barrelled Discharge", "Lethal Barrelled Discharge"}, {"Gun Crime", "Lethal Barrel Discharges"}}},
	{"domestic-abuse-incidents", "Domestic abuse incidents", [][2]string{{"Domestic Abuse", "Domestic Abuse Incidents"}}},
	{"domestic-abuse-offences", "Domestic abuse offences", [][2]string{{"Domestic Abuse", "Domestic Abuse"}, {"Domestic Abuse", "Domestic Abuse Offences"}}},
	{"domestic-abuse-violence-with-injury", "Domestic abuse, violence with injury", [][2]string{
		{"Domestic Abuse", "Domestic Abuse Violence with Injury"}, {"Domestic Abuse", "Domestic Abuse - Violence with Injury"}, {"Domestic Abuse", "Violence with Injury"}}},
	{"hate-crime/hate-crime", "Hate crime", [][2]string{{"Hate Crime", "Hate Crime"}}},
	{"hate-crime/anti-semitic", "Antisemitic hate crime", [][2]string{
		{"Hate Crime", "Anti-Semitic Crime"}, {"Hate Crime", "Antisemitic Crime"}, {"Hate Crime", "Anti-Semitic"}, {"Hate Crime", "Antisemitic"}, {"Hate Crime", "Anti Semitic Crime"}}},
	{"hate-crime/disability", "Disability hate crime", [][2]string{{"Hate Crime", "Disability Crime"}, {"Hate Crime", "Disability"}}},
	{"hate-crime/faith", "Faith hate crime", [][2]string{{"Hate Crime", "Faith Crime"}, {"Hate Crime", "Faith"}}},
	{"hate-crime/homophobic", "Homophobic hate crime", [][2]string{{"Hate Crime", "Homophobic Crime"}, {"Hate Crime", "Homophobic"}}},
	{"hate-crime/islamophobic", "Islamophobic hate crime", [][2]string{{"Hate Crime", "Islamophobic Crime"}, {"Hate Crime", "Islamophobic"}}},
	{"hate-crime/racist", "Racist hate crime", [][2]string{{"Hate Crime", "Racist Crime"}, {"Hate Crime", "Racist"}}},
	{"hate-crime/racist-and-religious", "Racist and religious hate crime", [][2]string{{"Hate Crime", "Racist and Religious Crime"}, {"Hate Crime", "Racist and Religious"}}},
	{"hate-crime/transgender", "Transgender hate crime", [][2]string{{"Hate Crime", "Transgender Crime"}, {"Hate Crime", "Transphobic Crime"}, {"Hate Crime", "Transgender"}, {"Hate Crime", "Transphobic"}}},
	{"miscellaneous/robbery-mobile-phone", "Robbery of mobile phones", [][2]string{{"Miscellaneous", "Robbery Mobile Phone"}, {"Miscellaneous", "Robbery - Mobile Phone"}}},
	{"miscellaneous/theft-person-mobile-phone", "Theft of mobile phones from people", [][2]string{{"Miscellaneous", "Theft Person - Mobile Phone"}}},
	{"miscellaneous/tno-victim-based", "Notifiable offences with a victim", [][2]string{{"Miscellaneous", "TNO Victim Based"}}},
	{"miscellaneous/tno-non-victim-based", "Notifiable offences without a victim", [][2]string{{"Miscellaneous", "TNO Non Victim Based"}}},
	{"other-accepted-crime", "Other accepted crime", [][2]string{{"Other Accepted Crime", "Other Accepted Crime"}}},
	{"non-notifiable", "Non-notifiable offences", [][2]string{{"Non-Notifiable", "Non-Notifiable"}, {"Non-Notifiable Offences", "Non-Notifiable Offences"}}},
}

// dashboardCategories are the groups and the flags.
func dashboardCategories() []records.Category {
	out := metCategories()
	for _, f := range flags {
		c := records.Category{ID: f.key, Title: pair(f.pairs[0][0], f.pairs[0][1])}
		for _, p := range f.pairs[1:] {
			c.Names = append(c.Names, pair(p[0], p[1]))
		}
		out = append(out, c)
	}
	return out
}

// spelt are misspellings met in published files, by word.
var spelt = map[string]string{
	"miscalleneous": "miscellaneous", "georgraphy": "geography",
}

// respell corrects the words of a name that are known misspellings.
func respell(name string) (string, bool) {
	folded := records.Fold(name)
	words := strings.Fields(folded)
	wrong := false
	for i, w := range words {
		if right, ok := spelt[w]; ok {
			words[i], wrong = right, true
		}
	}
	if !wrong {
		return name, false
	}
	return strings.Join(words, " "), true
}

// wholeType are types of which every subtype is one category.
var wholeType = []string{"Other Accepted Crime", "Non-Notifiable", "Non-Notifiable Offences"}

func isWholeType(name string) bool {
	return slices.ContainsFunc(wholeType, func(t string) bool { return records.Fold(t) == records.Fold(name) })
}
