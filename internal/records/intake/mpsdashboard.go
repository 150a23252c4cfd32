package intake

import (
	"context"
	"slices"

	"openvru/internal/period"
	"openvru/internal/records"
)

// MPSDashboard returns the reader of the files behind the Metropolitan
// Police's monthly crime dashboard.
func MPSDashboard() records.Reader { return mpsDashboard{} }

type mpsDashboard struct{}

// Source returns the declaration.
func (mpsDashboard) Source() *records.Source { return mpsDashboardSource }

// The columns of the dashboard's files.
const (
	dashMonth    = "Month_Year"
	dashAreaType = "Area Type"
	dashAreaSNT  = "Borough_SNT"
	dashAreaName = "Area name"
	dashAreaCode = "Area code"
	dashGroup    = "Offence Group"
	dashSubgroup = "Offence Subgroup"
	dashMeasure  = "Measure"
	dashCount    = "Count"
	dashRefresh  = "Refresh Date"
)

// miscellaneousEnds is the month from which the dashboard's own group
// "Miscellaneous" only repeats what other groups hold.
var miscellaneousEnds = period.NewMonth(2020, 8)

var mpsDashboardSource = &records.Source{
	ID:        records.MPSDashboard,
	Title:     "Monthly crime dashboard (Metropolitan Police)",
	Publisher: "Metropolitan Police Service, on the London Datastore",
	Licence:   "UK Open Government Licence (OGL v2)",
	Description: "The figures behind the Metropolitan Police's monthly crime dashboard, one row for each month, area, kind of crime and measure. " +
		"Three files come out on about the sixth of each month: total notifiable offences by group, knife crime, and other flagged crime (gun crime, lethal barrel discharges, domestic abuse and hate crime). " +
		"Each restates the months it holds for the kinds of crime it holds, and says nothing of the others. " +
		"Knife crime here is what the Metropolitan Police flag; the national knife crime series is classified in another way.",
	Files: []string{
		"\"M1045_MonthlyCrimeDashboard_TNOCrimeData\": total notifiable offences by group, as CSV.",
		"\"M1045_MonthlyCrimeDashboard_KnifeCrimeData\": knife crime, as CSV.",
		"\"M1045_MonthlyCrimeDashboard_OtherCrimeData\": other flagged crime, as CSV.",
		"Files of single financial years from before 2023, with the same columns under slightly other names.",
		"Each may be compressed with gzip (.csv.gz). The .xlsx edition has to be saved as CSV first.",
	},
	Columns: []records.Column{
		{Name: dashMonth, Aliases: []string{"Month", "Month Year", "Date"}, Type: records.MonthColumn, Required: true,
			Meaning: "The month, as its first day or in words.", Example: "01/06/2024"},
		{Name: dashAreaType, Type: records.TextColumn, Required: true,
			Meaning: "Borough, or Safer Neighbourhood Teams, whose rows count the same crimes again by team.", Example: "Borough"},
		{Name: dashAreaSNT, Aliases: []string{"BoroughSNT", "Borough", "Borough SNT"}, Type: records.TextColumn,
			Meaning: "The borough, or borough and team.", Example: "Camden"},
		{Name: dashAreaName, Type: records.TextColumn, Required: true,
			Meaning: "The area's name.", Example: "Camden"},
		{Name: dashAreaCode, Type: records.CodeColumn,
			Meaning: "The area's code; -1 where there is none.", Example: "E09000007"},
		{Name: dashGroup, Aliases: []string{"Crime Type", "OffenceGroup", "MajorText"}, Type: records.TextColumn, Required: true,
			Meaning: "The group of offences, or the kind of flagged crime.", Example: "KNIFE CRIME"},
		{Name: dashSubgroup, Aliases: []string{"Crime Subtype", "OffenceSubgroup", "MinorText"}, Type: records.TextColumn, Required: true,
			Meaning: "The subgroup.", Example: "KNIFE CRIME WITH INJURY"},
		{Name: dashMeasure, Aliases: []string{"Measures"}, Type: records.TextColumn, Required: true,
			Meaning: "Offences, or Positive Outcomes (crimes solved), which are not crimes of that month.", Example: "Offences"},
		{Name: "Financial Year", Aliases: []string{"FinancialYear"}, Type: records.TextColumn,
			Meaning: "The financial year. Not used: the month says it.", Example: "fy24-25"},
		{Name: "FY_FYIndex", Aliases: []string{"FY Index"}, Type: records.TextColumn,
			Meaning: "The month's number in the financial year. Not used.", Example: "24-25_03"},
		{Name: dashCount, Aliases: []string{"Value", "Offence Count", "Statistics", "Offences"}, Type: records.CountColumn, Required: true,
			Meaning: "How many.", Example: "12"},
		{Name: dashRefresh, Aliases: []string{"Refreshed", "Date Refreshed"}, Type: records.DateColumn,
			Meaning: "When the figure was last drawn. Where a figure stands twice, the newer counts.", Example: "05/07/2024"},
	},
	Rules:      slices.Concat(textRules(), countRules(), []records.Rule{gapRule()}, mpsDashboardRules()),
	Categories: dashboardCategories(),
	LevelTypes: []string{"borough", "pfa"},
	WholeForce: true,
}

// Rules of the dashboard's files.
const (
	ruleTeamRows      = "team-rows"
	ruleAreaType      = "unknown-area-type"
	ruleOutcomes      = "positive-outcomes"
	ruleMeasure       = "unknown-measure"
	ruleOlderRow      = "older-row"
	ruleMisspelt      = "misspelt-name"
	ruleMiscellaneous = "superseded-miscellaneous"
	ruleNotTNO        = "not-in-tno"
	ruleBadDate       = "bad-refresh-date"
)

func mpsDashboardRules() []records.Rule {
	rules := append(metRules(), records.Rule{ID: ruleMissingBorough, Severity: records.Refuse, Title: "Boroughs missing",
		Meaning: "The file has no row for some boroughs of the force. An accepted file restates every borough, so those would fall to nothing.",
		Hint:    "send the whole file as published, with every borough"})
	// Published files are known to keep a few rows twice under one refresh
	// date, so here that is a warning and the last row counts.
	rules[0].Severity = records.Warn
	rules[0].Meaning = "Two rows have the same month, area, kind of crime, measure and refresh date, and different counts. The one further down counts."
	rules[0].Hint = "ask the publisher which is right"
	return append(rules, []records.Rule{
		{ID: ruleAreaType, Severity: records.Warn, Title: "Kinds of area we do not know",
			Meaning: "The area type is neither Borough nor Safer Neighbourhood Teams. The row is passed over.",
			Hint:    "tell whoever looks after this system: the publisher may have renamed it"},
		{ID: ruleMeasure, Severity: records.Warn, Title: "Measures we do not know",
			Meaning: "The measure is neither Offences nor Positive Outcomes. The row is passed over.",
			Hint:    "tell whoever looks after this system: the publisher may have renamed it"},
		{ID: ruleBadDate, Severity: records.Warn, Title: "Refresh dates that cannot be read",
			Meaning: "The refresh date is no date. The row counts as older than any with a date."},
		{ID: ruleBlankCount, Severity: records.Warn, Title: "Rows without a count",
			Meaning: "The count is blank. It is read as none."},
		{ID: ruleOlderRow, Severity: records.Note, Title: "Rows that a newer one replaces",
			Meaning: "The same figure stands twice with different refresh dates. The newer counts."},
		{ID: ruleTeamRows, Severity: records.Note, Title: "Rows by neighbourhood team",
			Meaning: "Safer Neighbourhood Team rows count the borough's crimes again by team. They are passed over; ward figures come from the ward files of mps-monthly."},
		{ID: ruleOutcomes, Severity: records.Note, Title: "Rows of positive outcomes",
			Meaning: "Positive outcomes are crimes solved in the month, whenever they happened. They are passed over: no series counts them."},
		{ID: ruleNotTNO, Severity: records.Note, Title: "Crime outside the notifiable offences",
			Meaning: "Other accepted crime and non-notifiable offences are no part of total notifiable offences. The rows are kept and count towards no series."},
		{ID: ruleMiscellaneous, Severity: records.Note, Title: "Miscellaneous rows replaced",
			Meaning: "From August 2020 the group Miscellaneous only repeats what other groups hold. Such rows are passed over."},
		{ID: ruleMisspelt, Severity: records.Note, Title: "Misspelt names",
			Meaning: "A name is misspelt in a way known from earlier files, such as Miscalleneous. It is read as meant."},
	}...)
}

// Read reads one of the three files.
func (mpsDashboard) Read(ctx context.Context, in *records.Input, out *records.Sink) error {
	s, ok, err := openSheet(ctx, in, out)
	if err != nil || !ok {
		return err
	}
	for _, i := range s.free {
		s.notUsed(i)
	}
	l := newLong(s, in.Atlas, out)
	for s.NextRow() {
		if err := l.takeRow(); err != nil {
			return err
		}
	}
	if s.Err() != nil {
		return s.Err()
	}
	out.Encoding(s.Encoding().String())
	return l.finish()
}
