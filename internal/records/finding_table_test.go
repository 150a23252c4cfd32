package records

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/table"
)

var sampleFindings = []Finding{
	{Rule: "bad-number", Severity: Refuse, Title: "Counts that are not whole numbers", Message: "A count is not a whole number.", Hint: "send the counts as published", Count: 1204,
		Examples: []Example{{Line: 1029, Column: "201901, character 45", Value: "=1+1"}, {File: "a/b.csv", Line: 2}, {Value: "x\x1b[31m\ny"}, {Line: 9}}},
	{Rule: "wards", Severity: Note, Title: "Wards only", Message: "For wards only.", Count: 1, Examples: []Example{{}}},
	{Rule: "odd", Severity: Warn, Title: "Odd", Message: "Odd.", Count: 2},
}

func TestWriteFindings(t *testing.T) {
	var b bytes.Buffer
	if err := WriteFindings(&b, sampleFindings); err != nil {
		t.Fatal(err)
	}
	const want = `Refuses the file: Counts that are not whole numbers (1,204)
  A count is not a whole number.
    line 1,029, 201901, character 45: =1+1
    a/b.csv, line 2
    x·[31m·y
    and 1,201 more
  What to do: send the counts as published.

Good to know: Wards only (1)
  For wards only.

Look at this: Odd (2)
  Odd.
`
	if b.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", b.String(), want)
	}
}

// The tables hold every example and are harmless in a spreadsheet.
func TestFindingTables(t *testing.T) {
	for _, c := range []struct {
		got  *table.Table
		want string
	}{
		{FindingTable(sampleFindings), `severity,rule,title,count,first
Refuses the file,bad-number,Counts that are not whole numbers,1204,"line 1,029, 201901, character 45"
Good to know,wards,Wards only,1,
Look at this,odd,Odd,2,
`},
		{ExampleTable(sampleFindings[:1]), `severity,rule,title,count,message,hint,file,line,column,value
refuse,bad-number,Counts that are not whole numbers,1204,A count is not a whole number.,send the counts as published,,1029,"201901, character 45",'=1+1
refuse,bad-number,Counts that are not whole numbers,1204,A count is not a whole number.,send the counts as published,a/b.csv,2,,
refuse,bad-number,Counts that are not whole numbers,1204,A count is not a whole number.,send the counts as published,,,,"x` + "\x1b" + `[31m
y"
refuse,bad-number,Counts that are not whole numbers,1204,A count is not a whole number.,send the counts as published,,9,,
`},
		{ExampleTable(sampleFindings[2:]), "severity,rule,title,count,message,hint,file,line,column,value\nwarn,odd,Odd,2,Odd.,,,,,\n"},
	} {
		var b bytes.Buffer
		if err := c.got.WriteCSV(&b); err != nil {
			t.Fatal(err)
		}
		if b.String() != c.want {
			t.Errorf("got:\n%s\nwant:\n%s", b.String(), c.want)
		}
	}
}

// Findings kept as JSON come back as they were.
func TestFindingsJSON(t *testing.T) {
	text, err := json.Marshal(sampleFindings)
	if err != nil {
		t.Fatal(err)
	}
	var again []Finding
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	two, err := json.Marshal(again)
	if err != nil || !bytes.Equal(text, two) {
		t.Errorf("%s came back as %s, %v", text, two, err)
	}
	if !strings.Contains(string(text), `"rule":"bad-number","severity":"refuse"`) {
		t.Errorf("unlike what is documented: %s", text)
	}
}

func TestOverview(t *testing.T) {
	s := Summary{Rows: 10, Kept: 24, Count: 99, Encoding: "UTF-8", Files: []FileSummary{{Name: "a"}, {Name: "b", Skipped: "outcomes"}},
		Months:   []MonthCount{{Month: period.NewMonth(2019, 1)}, {Month: period.NewMonth(2019, 4)}},
		Vintages: []VintageCount{{Level: "", Rows: 3, From: period.NewMonth(2019, 1), To: period.NewMonth(2019, 1)}, {Level: unknownVintage, Rows: 2, From: period.NewMonth(2019, 1), To: period.NewMonth(2019, 4)}},
		Placed:   []PlacedSummary{{Level: "lsoa-2021"}, {Level: "borough", ByCode: 20, Unplaced: 4, Distinct: 3}}, BlankIDs: 5}
	var got []string
	for _, row := range s.Overview(&Source{Incidents: true}).Rows {
		got = append(got, row[0].Text+": "+table.Thousands(int64(row[1].Num))+" "+row[2].Text)
	}
	want := []string{
		"Rows read: 10 from 1 of 2 files, written in UTF-8",
		"Records kept: 24 one for each place and month with any",
		"Counted: 99 incidents, offences or victims that the records stand for",
		"Months: 2 January 2019 to April 2019, 2 between without records",
		"Places: borough: 3 records: 20 by the code or name sent, 4 not placed",
		"Codes as sent: of several vintages: 3 records, January 2019",
		"Codes as sent: not known to us: 2 records, January 2019 to April 2019",
	}
	for i, w := range want {
		if i >= len(got) || got[i] != w {
			t.Errorf("line %d:\n got %v\nwant %s", i, got, w)
			break
		}
	}
	if text := strings.Join(got, "\n"); !strings.Contains(text, "Blank ids: 5 records without the supplier's id") {
		t.Errorf("no blank ids in %s", text)
	}
}

func TestRestatedTables(t *testing.T) {
	jan := period.NewMonth(2019, 1)
	r := Restatement{Changed: 2,
		Months: []RestatedMonth{{Level: "pfa", Month: jan, Changed: 1}, {Level: "pfa", Month: jan + 1, New: true}, {Level: "borough", Month: jan, Changed: 1}, {Level: "borough", Month: jan + 1, New: true}},
		Cells:  []RestatedCell{{Level: "pfa", Series: "police.robbery", Place: "E23000001", Month: jan, Old: 10, New: 11}, {Level: "borough", Series: "police.robbery", Place: "E09000007", Month: jan, Old: 9, New: 4}}}
	if got, want := r.Sentence(), "2 months, 1 known before; counts for the police force area changed in 1 of them, 2 counts at every kind of place together; 1 new."; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got, want := (&Restatement{}).Sentence(), "It tells of no month, so nothing changes."; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for i := range r.Months {
		r.Months[i].New, r.Months[i].Changed = true, 0
	}
	if got, want := r.Sentence(), "2 months, none known before: nothing is restated."; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	cells := r.CellTable(1, func(p ids.Place) string { return "name of " + p.Code })
	if len(cells.Rows) != 1 || cells.Rows[0][3].Text != "name of E09000007" || cells.Rows[0][7].Num != -5 || cells.Notes[0] != "The 1 biggest of 2 changes." {
		t.Errorf("the biggest change is %+v %v", cells.Rows, cells.Notes)
	}
	if m := r.MonthTable(); len(m.Rows) != 4 || m.Rows[0][2].Text != "no" {
		t.Errorf("months %+v", m.Rows)
	}
}
