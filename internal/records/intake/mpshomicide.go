package intake

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"openvru/internal/period"
	"openvru/internal/records"
)

// MPSHomicide returns the reader of the Metropolitan Police's list of homicide
// victims.
func MPSHomicide() records.Reader { return mpsHomicide{} }

type mpsHomicide struct{}

// Source returns the declaration.
func (mpsHomicide) Source() *records.Source { return mpsHomicideSource }

// The columns of the list that are read.
const (
	listVictims  = "Count of Victims"
	listAge      = "Age Group"
	listMethod   = "Method of Killing"
	listDomestic = "Domestic Abuse"
	listRecorded = "Recorded Date"
)

var mpsHomicideSource = &records.Source{
	ID:        records.MPSHomicide,
	Title:     "Homicide victims (Metropolitan Police)",
	Publisher: "Metropolitan Police Service, on the London Datastore",
	Licence:   "UK Open Government Licence (OGL v2)",
	Description: "The victims of homicide in the Metropolitan Police area, one row each, by the month in which the homicide was recorded. " +
		"It counts people; the monthly files count offences, which are reclassified later, so the two differ. " +
		"Each file restates every month between its first and its last: a month in it without a victim had none. " +
		"Rows about single victims are personal data even where they are published: figures leave the system as counts only, after disclosure control.",
	Files: []string{
		"The list \"Homicide Victims\" as CSV, for any years. It may be compressed with gzip (.csv.gz).",
	},
	Columns: []records.Column{
		{Name: listVictims, Aliases: []string{"Victims", "Victim Count", "Count", "Number of Victims"}, Type: records.CountColumn, Required: true,
			Meaning: "How many victims the row stands for, almost always one.", Example: "1"},
		{Name: listAge, Aliases: []string{"Victim Age Group", "Age Band"}, Type: records.TextColumn, Required: true,
			Meaning: "The victim's age group.", Example: "20 to 24"},
		{Name: "Sex", Aliases: []string{"Victim Sex", "Gender"}, Type: records.TextColumn,
			Meaning: "The victim's sex. Kept in the file as sent and not used.", Example: "Male"},
		{Name: listMethod, Aliases: []string{"Method"}, Type: records.TextColumn, Required: true,
			Meaning: "How the victim was killed.", Example: "Knife or Sharp Implement"},
		{Name: listDomestic, Aliases: []string{"Domestic Abuse Flag", "Domestic", "Domestic Violence"}, Type: records.TextColumn, Required: true,
			Meaning: "Whether it was a case of domestic abuse: Yes or No.", Example: "No"},
		{Name: listRecorded, Aliases: []string{"Date", "Month", "Recorded Month", "Date Recorded"}, Type: records.MonthColumn, Required: true,
			Meaning: "The month in which the homicide was recorded: \"Jan 2003\" and \"January 2003\" are read alike.", Example: "Jan 2003"},
		{Name: "Homicide Offence Type", Aliases: []string{"Offence Type"}, Type: records.TextColumn,
			Meaning: "Murder, manslaughter, corporate manslaughter or infanticide. Kept in the file as sent and not used.", Example: "Murder"},
		{Name: "Solved Status", Aliases: []string{"Solved"}, Type: records.TextColumn,
			Meaning: "Whether the case is solved. Kept in the file as sent and not used.", Example: "Solved"},
		{Name: "Borough", Aliases: []string{"BoroughName", "LookUp_BoroughName", "Borough Name"}, Type: records.TextColumn, Required: true,
			Meaning: "The borough, however written (\"Barking & Dagenham\"), or the name of an airport.", Example: "Wandsworth"},
		{Name: "Officer Observed Ethnicity", Aliases: []string{"Observed Ethnicity", "Ethnicity"}, Type: records.TextColumn,
			Meaning: "The victim's ethnicity as officers saw it. Kept in the file as sent and not used.", Example: "White"},
	},
	Rules:      slices.Concat(textRules(), countRules(), mpsHomicideRules()),
	Categories: homicideCategories(),
	LevelTypes: []string{"borough", "pfa"},
	WholeForce: true,
}

// Rules of the list of homicide victims.
const (
	ruleUnknownMethod   = "unknown-method"
	ruleUnknownAge      = "unknown-age"
	ruleUnknownDomestic = "unknown-domestic"
	ruleSeveralVictims  = "several-victims"
	ruleQuietMonth      = "month-without-victims"
)

func mpsHomicideRules() []records.Rule {
	return []records.Rule{
		{ID: ruleUnknownMethod, Severity: records.Warn, Title: "Ways of killing we do not know",
			Meaning: "The method is none that the source declares. The victim counts as killed in a way not known.",
			Hint:    "tell whoever looks after this system: the publisher may have renamed a method"},
		{ID: ruleUnknownAge, Severity: records.Warn, Title: "Age groups we do not know",
			Meaning: "The age group is blank or none that the source declares. The victim counts in the total and in no age group.",
			Hint:    "tell whoever looks after this system if the publisher has changed its age groups"},
		{ID: ruleUnknownDomestic, Severity: records.Warn, Title: "Domestic abuse neither Yes nor No",
			Meaning: "The column says neither Yes nor No. The victim counts in the total, and neither as domestic nor as not domestic."},
		{ID: ruleUnknownBorough, Severity: records.Warn, Title: "Boroughs we do not know",
			Meaning: "The borough's name is none that was imported. The victim counts towards the force and towards no borough.",
			Hint:    "look for a misspelt name; import the boroughs if that has not been done"},
		{ID: ruleNoBorough, Severity: records.Note, Title: "Victims outside the boroughs",
			Meaning: "The place is an airport or unknown. The victim counts towards the force and towards no borough."},
		{ID: ruleSeveralVictims, Severity: records.Note, Title: "Rows for more than one victim",
			Meaning: "A row stands for several victims. Each is counted."},
		{ID: ruleQuietMonth, Severity: records.Warn, Title: "Months without a victim",
			Meaning: "A month between the first and the last of the file has no row, so its figure is none.",
			Hint:    "London has had homicides in nearly every month since 2003: look whether rows were lost"},
	}
}

// homicideKind is one value of a part of the category, by its key and the
// names it goes by.
type homicideKind struct {
	key   string
	title string
	names []string
}

// The three parts of a homicide's category. The last of each is for what
// cannot be told.
var (
	homicideMethods = []homicideKind{
		{"knife", "Knife or sharp implement", []string{"Knife or Sharp Instrument", "Sharp Implement", "Sharp Instrument", "Knife"}},
		{"firearm", "Shooting", []string{"Firearm", "Gun", "Shot"}},
		{"blunt-implement", "Blunt implement", []string{"Blunt Instrument"}},
		{"physical-assault", "Physical assault, no weapon", []string{"Physical Assault"}},
		{"other-method", "Other method of killing", []string{"Other", "Other Method", "Strangulation", "Asphyxiation", "Poisoning", "Drowning", "Burning", "Arson", "Motor Vehicle"}},
		{"not-known", "Not known", []string{"Not known/Not Recorded", "Not Recorded", "Unknown", "NK"}},
	}
	homicideAges = []homicideKind{
		{"0-to-12", "0 to 12", []string{"Under 13"}}, {"13-to-19", "13 to 19", []string{"13 to 19 (teenage)"}},
		{"20-to-24", "20 to 24", nil}, {"25-to-34", "25 to 34", nil}, {"35-to-44", "35 to 44", nil},
		{"45-to-54", "45 to 54", nil}, {"55-to-64", "55 to 64", nil}, {"65-and-over", "65 and over", []string{"65+", "Over 65", "65 plus"}},
		{"age-not-known", "Age not known", []string{"Not known", "Unknown", "Not Recorded", "Not known/Not Recorded"}},
	}
	homicideDomestic = []homicideKind{
		{"not-domestic", "not domestic", []string{"No", "N", "Non-domestic"}},
		{"domestic", "domestic", []string{"Yes", "Y", "Domestic Abuse"}},
		{"domestic-not-known", "domestic or not is not known", []string{"Unknown", "Not known", "Not Recorded"}},
	}
)

// homicideCategories is every way, age group and domestic or not together.
func homicideCategories() []records.Category {
	var out []records.Category
	for _, m := range homicideMethods {
		for _, a := range homicideAges {
			for _, d := range homicideDomestic {
				out = append(out, records.Category{ID: m.key + "/" + a.key + "/" + d.key, Title: m.title + " / " + a.title + " / " + d.title})
			}
		}
	}
	return out
}

// pick finds a value among the kinds. A value with a dash for "to" ("13-19")
// is the same age group.
func pick(kinds []homicideKind, value string) (int, bool) {
	want := records.Fold(value)
	if from, to, ok := strings.Cut(want, " "); ok && !strings.Contains(to, " ") && len(from) <= 2 && len(to) == 2 {
		want = from + " to " + to
	}
	for i, k := range kinds {
		if records.Fold(k.title) == want {
			return i, true
		}
		for _, n := range k.names {
			if records.Fold(n) == want {
				return i, true
			}
		}
	}
	return len(kinds) - 1, false
}

// Read reads the list.
func (mpsHomicide) Read(ctx context.Context, in *records.Input, out *records.Sink) error {
	s, ok, err := openSheet(ctx, in, out)
	if err != nil || !ok {
		return err
	}
	for _, i := range s.free {
		s.notUsed(i)
	}
	h := homicides{sheet: s, out: out, force: out.Force(metForce), places: newMetPlaces(s, in.Atlas, out), months: map[period.Month]bool{}}
	for s.NextRow() {
		if err := h.takeRow(); err != nil {
			return err
		}
	}
	if s.Err() != nil {
		return s.Err()
	}
	out.Encoding(s.Encoding().String())
	h.finish()
	return nil
}

// homicides is the list being read.
type homicides struct {
	*sheet
	out    *records.Sink
	force  uint16
	places *metPlaces
	months map[period.Month]bool
}

// takeRow takes one row of the list.
func (h *homicides) takeRow() error {
	month, okMonth := parseMonth(string(h.Field(h.column(listRecorded))))
	if !okMonth {
		h.tell(ruleBadMonth, h.column(listRecorded))
	}
	n, kind := parseCount(h.Field(h.column(listVictims)))
	switch {
	case kind == countNegative:
		h.tell(ruleNegative, h.column(listVictims))
	case kind != countOK:
		h.tell(ruleBadNumber, h.column(listVictims))
	case n > 1:
		h.tell(ruleSeveralVictims, h.column(listVictims))
	}
	if !okMonth || kind != countOK || n == 0 {
		return nil
	}
	h.months[month] = true
	borough := h.column("Borough")
	if err := tooManyNames(len(h.places.byName)); err != nil {
		return err
	}
	return h.out.Add(h.ctx, records.Row{
		Line: h.Line(), Month: month, Minute: records.NoTime, Weekday: records.NoTime, Force: h.force, Count: n,
		Category: h.category(), Place: h.places.borough(string(h.Field(borough)), borough),
	})
}

// category puts the row's three parts together.
func (h *homicides) category() uint16 {
	part := func(kinds []homicideKind, column, rule string) int {
		i, ok := pick(kinds, string(h.Field(h.column(column))))
		if !ok {
			h.tell(rule, h.column(column))
		}
		return i
	}
	m := part(homicideMethods, listMethod, ruleUnknownMethod)
	a := part(homicideAges, listAge, ruleUnknownAge)
	d := part(homicideDomestic, listDomestic, ruleUnknownDomestic)
	return uint16((m*len(homicideAges)+a)*len(homicideDomestic) + d)
}

// finish claims the months between the first and the last: one without a row
// had no victim, which is rare enough to say.
func (h *homicides) finish() {
	h.out.RowsRead(h.row)
	if h.row == 0 {
		h.add(records.RuleNoRows, records.Example{})
	}
	var span period.Range
	for m := range h.months {
		if span.From == 0 || m < span.From {
			span.From = m
		}
		span.To = max(span.To, m)
	}
	if span.From == 0 {
		return
	}
	h.out.Cover(h.force, span)
	for _, m := range span.Months() {
		if !h.months[m] {
			h.add(ruleQuietMonth, records.Example{Value: m.Name()})
		}
	}
	if n := h.found.Count(h.found.Index(ruleQuietMonth)); n > 0 {
		h.say(ruleQuietMonth, fmt.Sprintf("%s between %s and %s without a row: the figure there is none.", plural(n, "month", "months"), span.From.Name(), span.To.Name()))
	}
}
