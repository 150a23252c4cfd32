package intake

import (
	"context"
	"slices"

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/records"
)

// MPSMonthly returns the reader of the Metropolitan Police's monthly borough
// and ward files.
func MPSMonthly() records.Reader { return mpsMonthly{} }

type mpsMonthly struct{}

// Source returns the declaration.
func (mpsMonthly) Source() *records.Source { return mpsMonthlySource }

// The columns of the file, by the names it has today.
const (
	wideGroup    = "MajorText"
	wideSubgroup = "MinorText"
	wideWard     = "WardName"
	wideWardCode = "WardCode"
	wideBorough  = "LookUp_BoroughName"
)

var mpsMonthlySource = &records.Source{
	ID:        records.MPSMonthly,
	Title:     "Recorded crime by month, borough and ward (Metropolitan Police)",
	Publisher: "Metropolitan Police Service, on the London Datastore",
	Licence:   "UK Open Government Licence (OGL v2)",
	Description: "Crimes recorded by the Metropolitan Police, counted by month. " +
		"Each file holds about two years with one column a month, and each new file restates the months before it: crimes are reclassified, found not to be crimes, or added late. " +
		"The borough file is the fuller account. The ward file leaves out crimes without a precise place, so its wards add up to 2 to 9 % less than the boroughs; it gives figures for wards and for nothing larger. " +
		"The City of London has its own police and is in neither file.",
	Files: []string{
		"The borough file, \"MPS Borough Level Crime\", most recent 24 months or historical, as CSV.",
		"The ward file, \"MPS Ward Level Crime\", most recent 24 months or historical, as CSV.",
		"Either from before February 2024, when names were in mixed case, or after, when they are in capitals and some are new.",
		"Each may be compressed with gzip (.csv.gz).",
	},
	Columns: []records.Column{
		{Name: wideGroup, Aliases: []string{"Major Text", "Major Category", "Major Class Description", "Group", "Offence Group"}, Type: records.TextColumn, Required: true,
			Meaning: "The group of offences.", Example: "Violence Against the Person"},
		{Name: wideSubgroup, Aliases: []string{"Minor Text", "Minor Category", "Minor Class Description", "SubGroup", "Offence Subgroup"}, Type: records.TextColumn, Required: true,
			Meaning: "The subgroup of offences. Older files cut names off at 50 letters.", Example: "Violence with Injury"},
		{Name: wideWard, Aliases: []string{"Ward"}, Type: records.TextColumn,
			Meaning: "The ward's name, in ward files.", Example: "Abbey"},
		{Name: wideWardCode, Aliases: []string{"Ward GSS Code"}, Type: records.CodeColumn,
			Meaning: "The ward's code, in ward files. The set of wards changes: files of 2020 to 2022 have the wards of 2018, later ones those of 2022.", Example: "E05014053"},
		{Name: wideBorough, Aliases: []string{"BoroughName", "Borough", "LookUpBorough"}, Type: records.TextColumn, Required: true,
			Meaning: "The borough's name, or the name of an airport command.", Example: "Barking and Dagenham"},
		{Name: "yyyymm", Type: records.CountColumn, Required: true, Repeats: true,
			Meaning: "One column for each month, headed by the year and month: the offences recorded in it.", Example: "202402"},
	},
	Rules:      slices.Concat(textRules(), countRules(), []records.Rule{gapRule()}, mpsMonthlyRules()),
	Categories: metCategories(),
	LevelTypes: []string{"ward", "borough", "pfa"},
	WholeForce: true,
}

// Rules of the monthly files.
const (
	ruleUnknownCategory = "unknown-category"
	ruleNewSubgroup     = "new-subgroup"
	ruleUnknownBorough  = "unknown-borough"
	ruleNoBorough       = "no-borough"
	ruleMissingBorough  = "missing-borough"
	ruleUnknownWard     = "unknown-ward"
	ruleWardsBelow      = "wards-below-boroughs"
	ruleSameRow         = "repeated-row"
	ruleOtherRow        = "conflicting-row"
	ruleBlankCount      = "blank-count"
	ruleEmptyMonth      = "empty-month"
	ruleTotalRow        = "total-row"
	ruleWrongTotal      = "wrong-total"
)

func mpsMonthlyRules() []records.Rule {
	return append(metRules(), []records.Rule{
		{ID: ruleMissingBorough, Severity: records.Refuse, Title: "Boroughs missing",
			Meaning: "The file has no row for some boroughs of the force. An accepted file restates every borough, so those would fall to nothing.",
			Hint:    "send the whole file as published, with every borough"},
		{ID: ruleWrongTotal, Severity: records.Refuse, Title: "Totals that do not add up",
			Meaning: "A total in the file is not the sum of its rows.",
			Hint:    "ask the publisher which is right, or send the file without the total"},
		{ID: ruleUnknownWard, Severity: records.Warn, Title: "Wards we do not know",
			Meaning: "The ward's code is in no set of wards that was imported. The row is kept and is in no ward's figures.",
			Hint:    "import the boundaries or the lookup of the wards of those years, then check the file again"},
		{ID: records.RuleWardSet, Severity: records.Warn, Title: "No complete set of wards",
			Meaning: "No imported set of wards has every ward of the file. A set of another year would show wards without crime where none was counted, so figures are made only when the file's own wards become a set, which happens on acceptance if each is in some imported set.",
			Hint:    "import the boundaries or the lookup of the wards of those years, then check the file again"},
		{ID: ruleEmptyMonth, Severity: records.Warn, Title: "Months without any figure",
			Meaning: "A month's column holds nothing. Figures for that month stay as earlier files told them."},
		{ID: ruleBlankCount, Severity: records.Warn, Title: "Cells without a count",
			Meaning: "A cell is blank in a month for which other rows have counts. It is read as none."},
		{ID: ruleWardsBelow, Severity: records.Note, Title: "Ward figures stand for wards only",
			Meaning: "A ward file leaves out crimes without a precise place, so its wards add up to 2 to 9 % less than the boroughs. It is used for wards and never added up to boroughs."},
		{ID: ruleTotalRow, Severity: records.Note, Title: "Rows of totals",
			Meaning: "Rows that hold sums of other rows. They are checked and passed over."},
	}...)
}

// metRules are rules that the monthly files and the dashboard share.
func metRules() []records.Rule {
	return []records.Rule{
		{ID: ruleOtherRow, Severity: records.Refuse, Title: "Rows that contradict each other",
			Meaning: "Two rows have the same group, subgroup and place, and different counts.",
			Hint:    "ask the publisher which is right, or send the file as published"},
		{ID: ruleSameRow, Severity: records.Warn, Title: "Rows that stand twice",
			Meaning: "The same row stands twice with the same counts. It is counted once."},
		{ID: ruleUnknownCategory, Severity: records.Warn, Title: "Groups we do not know",
			Meaning: "The group and subgroup are none that the source declares. The row is kept and counts towards no series.",
			Hint:    "tell whoever looks after this system: the publisher may have renamed a group"},
		{ID: ruleNewSubgroup, Severity: records.Warn, Title: "Subgroups we do not know",
			Meaning: "The subgroup is new to us. The row counts towards its group and towards no series of its own.",
			Hint:    "tell whoever looks after this system: the publisher may have renamed or added a subgroup"},
		{ID: ruleUnknownBorough, Severity: records.Warn, Title: "Boroughs we do not know",
			Meaning: "The borough's name is none that was imported. The row counts towards the force and towards no borough.",
			Hint:    "look for a misspelt name; import the boroughs if that has not been done"},
		{ID: ruleNoBorough, Severity: records.Note, Title: "Rows outside the boroughs",
			Meaning: "The row is for an airport command or an unknown place. It counts towards the force and towards no borough."},
	}
}

// Read reads a borough or a ward file.
func (mpsMonthly) Read(ctx context.Context, in *records.Input, out *records.Sink) error {
	s, ok, err := openSheet(ctx, in, out)
	if err != nil || !ok {
		return err
	}
	w := newWide(s, in.Atlas, out)
	if !w.settleMonths() {
		return nil
	}
	for s.NextRow() {
		if err := w.takeRow(); err != nil {
			return err
		}
	}
	if s.Err() != nil {
		return s.Err()
	}
	out.Encoding(s.Encoding().String())
	w.finish()
	return nil
}

// metForce is the force all these files are of.
var metForce = records.SentForce{Code: places.MetropolitanArea.Code, Name: "Metropolitan Police Service"}

// since is the first month in which some subgroups are published: before it
// nothing is known of them, rather than none.
var since = map[string]period.Month{
	records.CategoryKey("Violence Against the Person", "Stalking and Harassment"):              period.NewMonth(2024, 2),
	records.CategoryKey("Violence Against the Person", "Death Serious Injury Illegal Driving"): period.NewMonth(2024, 2),
}

// telling returns the series that a file can speak for: those of which it has
// some category, and of whose parts it has each; and the months in which it
// can: those between the first and the last that present gives for the series'
// categories. Without this a file of some groups would say that the others
// fell to nothing.
func telling(s *records.Source, present map[uint16]period.Range) map[ids.Series]period.Range {
	out := map[ids.Series]period.Range{}
	all := records.SeriesOf(s.ID)
	for _, series := range all {
		feed, _ := series.Feed(s.ID)
		var told period.Range
		for i, c := range s.Categories {
			months, has := present[uint16(i)]
			months.From = max(months.From, since[c.ID])
			if has && feed.Matches(c.ID) && months.From <= months.To {
				told = widen(told, months)
			}
		}
		if told.From != 0 {
			out[series.ID] = told
		}
	}
	for _, series := range all {
		for _, p := range series.Parts {
			if _, told := out[p]; !told {
				delete(out, series.ID)
			}
		}
	}
	return out
}

// widen returns the shortest run of months that holds both; the zero Range
// holds none.
func widen(a, b period.Range) period.Range {
	if a.From == 0 {
		return b
	}
	return period.Range{From: min(a.From, b.From), To: max(a.To, b.To)}
}
