package cli

import (
	"encoding/json"
	"testing"
	"time"

	"openvru/internal/period"
	"openvru/internal/records"
)

// Programs read months as 2019-03 and are told nothing of what has not
// happened.
func TestSubmissionJSON(t *testing.T) {
	march := period.NewMonth(2019, 3)
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	v := &submissionView{
		Submission: records.Submission{ID: "s", Source: "police-uk", State: records.Accepted, Name: "x.csv", File: "f", Size: 9,
			ReceivedAt: at, ReceivedBy: "p", CheckedAt: at, AcceptedAt: at,
			Summary: records.Summary{Rows: 2, Files: []records.FileSummary{{Rows: 2, From: march, To: march}},
				Months: []records.MonthCount{{Month: march, Rows: 2, Count: 2}}, Vintages: []records.VintageCount{{Level: "lsoa-2011", Rows: 1, From: march, To: march}}}},
		Restated: &records.Restatement{Changed: 1, Months: []records.RestatedMonth{{Level: "borough", Month: march, Changed: 1}},
			Cells: []records.RestatedCell{{Level: "borough", Series: "police.robbery", Place: "E09000007", Force: "E23000001", Month: march, Old: 1, New: 2}}},
	}
	got, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"submission":{"id":"s","source":"police-uk","state":"accepted","name":"x.csv","sha256":"f","size":9,` +
		`"received_at":"2026-01-02T03:04:05Z","received_by":"p","checked_at":"2026-01-02T03:04:05Z","accepted_at":"2026-01-02T03:04:05Z",` +
		`"summary":{"rows":2,"kept":0,"count":0,"encoding":"","forces":null,"categories":null,"placed":null,` +
		`"unlocated":0,"out_of_area":0,"outside_force":0,"blank_ids":0,"repeated_ids":0,"unknown_categories":0,` +
		`"files":[{"name":"","rows":2,"from":"2019-03","to":"2019-03"}],"months":[{"rows":2,"count":2,"month":"2019-03"}],` +
		`"vintages":[{"level":"lsoa-2011","rows":1,"from":"2019-03","to":"2019-03"}]}},"findings":[],` +
		`"restated":{"changed":1,"months":[{"level":"borough","month":"2019-03","new":false,"changed":1}],` +
		`"counts":[{"series":"police.robbery","place":"borough/E09000007","force":"E23000001","month":"2019-03","old":1,"new":2}]}}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
