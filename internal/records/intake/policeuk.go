package intake

import (
	"bytes"
	"context"

	"openvru/internal/records"
)

// PoliceUK returns the reader of data.police.uk's street-level crime files:
// a month of a force as CSV, plain or compressed with gzip, or the archive
// that the site's download page makes, with its folders of months and forces.
func PoliceUK() records.Reader { return policeUK{block: blockBytes} }

type policeUK struct {
	block  int  // bytes handed to a goroutine at a time
	slowly bool // read every file from start to end by one goroutine
}

// Source returns the declaration.
func (policeUK) Source() *records.Source { return policeUKSource }

// Read reads a file or an archive.
func (p policeUK) Read(ctx context.Context, in *records.Input, out *records.Sink) error {
	var magic [4]byte
	if n, _ := in.File.ReadAt(magic[:], 0); n == 4 && bytes.Equal(magic[:], []byte("PK\x03\x04")) {
		return p.readArchive(ctx, in, out)
	}
	stream, err := unpacked(in.Stream)
	if err != nil {
		return err
	}
	r := newStreetReader(p, in, out)
	r.named(in.Name)
	return r.read(ctx, stream)
}

// The columns of a street file.
const (
	colCrimeID   = "Crime ID"
	colMonth     = "Month"
	colReported  = "Reported by"
	colFalls     = "Falls within"
	colLongitude = "Longitude"
	colLatitude  = "Latitude"
	colLocation  = "Location"
	colLSOA      = "LSOA code"
	colLSOAName  = "LSOA name"
	colType      = "Crime type"
	colOutcome   = "Last outcome category"
	colContext   = "Context"
)

// The rules of street files, besides those of all text files.
const (
	ruleOtherMonth    = "other-month"
	ruleOtherForce    = "other-force"
	ruleUnknownForce  = "unknown-force"
	ruleFallsWithin   = "falls-within-another"
	ruleBadPoint      = "bad-point"
	ruleBlankID       = "blank-id"
	ruleOddID         = "odd-id"
	ruleBlankLocation = "blank-location"
	ruleUnknownLSOA   = "unknown-lsoa"
	ruleOldCategory   = "old-category"
	ruleContext       = "context"
	ruleSkippedFile   = "skipped-file"
)

var policeUKSource = &records.Source{
	ID:        records.PoliceUK,
	Title:     "Street-level crime (data.police.uk)",
	Publisher: "Single Online Home National Digital Team, for the police forces of England, Wales and Northern Ireland",
	Licence:   "Open Government Licence v3.0",
	Description: "Crimes and anti-social behaviour incidents, one row each, by month and force. " +
		"Each is moved to the nearest of a fixed set of map points before it is published, so a point stands for a neighbourhood and not for an address. " +
		"A month is published some weeks after its end and is restated in later downloads, because crimes are reclassified, found not to be crimes, or added late. " +
		"Anti-social behaviour has no id and no outcome. Crimes without a place are published without a point.",
	Files: []string{
		"A month of one force: YYYY-MM-force-street.csv.",
		"The same compressed with gzip (.csv.gz).",
		"The archive (.zip) that the download page makes, with a folder for each month. Outcomes and stop and search files in it are named and passed over.",
	},
	Columns: []records.Column{
		{Name: colCrimeID, Aliases: []string{"CrimeID", "ID"}, Type: records.CodeColumn, Required: true,
			Meaning: "The crime's own id, 64 hexadecimal digits; blank for anti-social behaviour.", Example: "320930473d454d613ead909a28008a91a607c93f8b74339623a4cec4a252b0dd"},
		{Name: colMonth, Aliases: []string{"Date"}, Type: records.MonthColumn, Required: true,
			Meaning: "The month the crime is counted in.", Example: "2019-01"},
		{Name: colReported, Aliases: []string{"Reported_by", "Force"}, Type: records.TextColumn, Required: true,
			Meaning: "The force that gave the record.", Example: "City of London Police"},
		{Name: colFalls, Aliases: []string{"Falls_within"}, Type: records.TextColumn,
			Meaning: "The force that the crime falls within; nearly always the one that gave it.", Example: "City of London Police"},
		{Name: colLongitude, Aliases: []string{"Lon", "Long", "Lng"}, Type: records.DegreeColumn, Required: true,
			Meaning: "Longitude of the map point (WGS84); blank when there is none.", Example: "-0.112422"},
		{Name: colLatitude, Aliases: []string{"Lat"}, Type: records.DegreeColumn, Required: true,
			Meaning: "Latitude of the map point (WGS84); blank when there is none.", Example: "51.515381"},
		{Name: colLocation, Type: records.TextColumn,
			Meaning: "The map point's name.", Example: "On or near Star Yard"},
		{Name: colLSOA, Aliases: []string{"LSOA"}, Type: records.CodeColumn, Required: true,
			Meaning: "The LSOA the map point lies in: of 2011 until February 2022, of 2021 from June 2023, and either between.", Example: "E01000914"},
		{Name: colLSOAName, Type: records.TextColumn,
			Meaning: "The LSOA's name; it is not kept, since the code says as much.", Example: "Camden 028B"},
		{Name: colType, Aliases: []string{"Category"}, Type: records.TextColumn, Required: true,
			Meaning: "The kind of crime.", Example: "Bicycle theft"},
		{Name: colOutcome, Aliases: []string{"Outcome", "Outcome type last"}, Type: records.TextColumn,
			Meaning: "What became of the crime by the time of publication; blank for anti-social behaviour.", Example: "Investigation complete; no suspect identified"},
		{Name: colContext, Type: records.TextColumn,
			Meaning: "A remark; empty in nearly every file. It stays in the file as sent."},
	},
	Rules:      append(textRules(), policeUKRules()...),
	Categories: policeUKCategories,
	LevelTypes: []string{"lsoa", "msoa", "ward", "borough", "pfa"},
	Incidents:  true,
	WholeForce: true,
	IDColumn:   colCrimeID,
}

func policeUKRules() []records.Rule {
	return []records.Rule{
		{ID: ruleBadPoint, Severity: records.Warn, Title: "Points that cannot be read",
			Meaning: "Longitude and latitude are not two numbers of degrees. The row is kept and placed by its LSOA code alone.",
			Hint:    "look whether the columns have been moved or reformatted by a spreadsheet"},
		{ID: ruleOtherMonth, Severity: records.Warn, Title: "Rows of another month than the file's name says",
			Meaning: "The row's month is not the one in the file's name. The row counts in its own month.",
			Hint:    "see that the file was not renamed; send the file of that month too, because this one may hold only part of it"},
		{ID: ruleOtherForce, Severity: records.Warn, Title: "Rows of another force than the file's name says",
			Meaning: "The force that gave the record is not the one in the file's name. The row counts for the force that gave it.",
			Hint:    "see that the file was not renamed or joined with another"},
		{ID: ruleUnknownForce, Severity: records.Warn, Title: "Forces we do not know",
			Meaning: "The force is none of England, Wales and Northern Ireland. Its rows are kept, and counted under its name.",
			Hint:    "look for a changed spelling in the column \"Reported by\""},
		{ID: ruleUnknownCategory, Severity: records.Warn, Title: "Crime types we do not know",
			Meaning: "The crime type is none that this source declares. The row is kept and counts towards no series.",
			Hint:    "look for a changed spelling; tell whoever looks after this system if the publisher has a new crime type"},
		{ID: ruleUnknownLSOA, Severity: records.Warn, Title: "LSOA codes we do not know",
			Meaning: "The code is in no set of LSOAs that was imported. The row is placed by its point, if it has one.",
			Hint:    "import the boundaries or lookups of that part of the country if its figures are wanted"},
		{ID: records.RuleMixedCodes, Severity: records.Note, Title: "LSOA codes of two vintages in one month",
			Meaning: "Some rows of a month have codes that only the LSOAs of 2011 have, and others codes that only those of 2021 have. Each counts for its own vintage, and for the other by its point."},
		{ID: records.RuleRepeatedID, Severity: records.Note, Title: "Crime ids met before in the same month",
			Meaning: "Several rows of one month have the same id, as when one crime counts as several offences. All are kept and counted, as the publisher counts them."},
		{ID: records.RuleOutOfArea, Severity: records.Note, Title: "Rows outside every borough we know",
			Meaning: "The point lies in no borough that was imported, or the code is of elsewhere. The row counts towards its force and towards no smaller place."},
		{ID: records.RuleOutsideForce, Severity: records.Note, Title: "Rows in another force's area",
			Meaning: "The place lies in the area of another force than the one that gave the record. The row counts for the force that gave it, and for the place it lies in."},
		{ID: records.RuleUnlocated, Severity: records.Note, Title: "Rows without a place",
			Meaning: "The row has neither a point nor an LSOA that we know. It counts towards its force and towards no smaller place."},
		{ID: records.RuleOutOfReach, Severity: records.Note, Title: "Places that rows cannot be placed in",
			Meaning: "Some places of these kinds have no boundary and no link from a smaller place, so that no row could come to lie in them. A count of none would be a guess there, and no figures are made for places of these kinds.",
			Hint:    "import their boundaries, or a look-up from LSOAs, and count the facts again: vru facts rebuild ID"},
		{ID: ruleFallsWithin, Severity: records.Note, Title: "Rows that fall within another force",
			Meaning: "\"Falls within\" names another force than \"Reported by\". The row counts for the force that gave it."},
		{ID: ruleBlankID, Severity: records.Note, Title: "Crimes without an id",
			Meaning: "The row has no crime id, though it is not anti-social behaviour. It is kept; whether it repeats another cannot be told."},
		{ID: ruleOddID, Severity: records.Note, Title: "Crime ids of another form",
			Meaning: "The crime id is not 64 hexadecimal digits. It is kept as its SHA-256."},
		{ID: ruleBlankLocation, Severity: records.Note, Title: "Points without a name",
			Meaning: "The row has a point and no words for it."},
		{ID: ruleOldCategory, Severity: records.Note, Title: "Crime types of former years",
			Meaning: "The crime type is one that the publisher used until 2013: \"Violent crime\" is counted as violence and sexual offences, and \"Public disorder and weapons\" as public order. Neither is quite what the name means today."},
		{ID: ruleContext, Severity: records.Note, Title: "Remarks in the column Context",
			Meaning: "The publisher has a remark. It stays in the file as sent and is not read."},
		{ID: ruleSkippedFile, Severity: records.Note, Title: "Files of the archive that were passed over",
			Meaning: "The archive holds files that are not street-level crime."},
	}
}

// The categories in the order of the publisher's list.
var policeUKCategories = []records.Category{
	{ID: "anti-social-behaviour", Title: "Anti-social behaviour"},
	{ID: "bicycle-theft", Title: "Bicycle theft"},
	{ID: "burglary", Title: "Burglary"},
	{ID: "criminal-damage-and-arson", Title: "Criminal damage and arson"},
	{ID: "drugs", Title: "Drugs"},
	{ID: "other-crime", Title: "Other crime"},
	{ID: "other-theft", Title: "Other theft"},
	{ID: "possession-of-weapons", Title: "Possession of weapons"},
	{ID: "public-order", Title: "Public order", Names: []string{"Public disorder and weapons"}},
	{ID: "robbery", Title: "Robbery"},
	{ID: "shoplifting", Title: "Shoplifting"},
	{ID: "theft-from-the-person", Title: "Theft from the person"},
	{ID: "vehicle-crime", Title: "Vehicle crime"},
	{ID: "violence-and-sexual-offences", Title: "Violence and sexual offences", Names: []string{"Violent crime"}},
}
