package web_test

import (
	"fmt"
	"strings"
	"testing"

	"openvru/internal/access"
	"openvru/internal/places"
)

// The sample's ground: two boroughs side by side, each with two wards, of the
// Metropolitan Police area in the region of London.
const sampleLookup = `ltla24_code,ltla24_name,csp24_code,csp24_name,pfa24_code,pfa24_name
E09000007,Camden,E22000001,Camden,E23000001,Metropolitan Police
E09000012,Hackney,E22000002,Hackney,E23000001,Metropolitan Police
`

const sampleRegions = `ltla24_name,ltla24_code,region24_name,region24_code
Camden,E09000007,London,E12000007
Hackney,E09000012,London,E12000007
`

// sampleBoundaries are the two boroughs as squares.
func sampleBoundaries() string {
	var out []string
	for i, b := range []struct{ code, name string }{{"E09000007", "Camden"}, {"E09000012", "Hackney"}} {
		x := -0.2 + 0.1*float64(i)
		out = append(out, fmt.Sprintf(`{"type":"Feature","properties":{"LAD24CD":%q,"LAD24NM":%q},"geometry":{"type":"Polygon","coordinates":[[[%[3]v,51.5],[%[4]v,51.5],[%[4]v,51.6],[%[3]v,51.6],[%[3]v,51.5]]]}}`,
			b.code, b.name, x, x+0.1))
	}
	return `{"type":"FeatureCollection","features":[` + strings.Join(out, ",") + `]}`
}

// sampleMonths is a wide file of both years' monthly counts: what each borough
// counted of a kind of crime in every month of 2019 and of 2020.
func sampleMonths() string {
	var b strings.Builder
	b.WriteString("MajorText,MinorText,LookUp_BoroughName")
	for m := range 24 {
		fmt.Fprintf(&b, ",%d%02d", 2019+m/12, m%12+1)
	}
	b.WriteByte('\n')
	for _, row := range []struct {
		major, minor, borough string
		before, now           int
	}{
		{"Violence Against the Person", "Homicide", "Camden", 0, 0},
		{"Violence Against the Person", "Violence with Injury", "Camden", 100, 80},
		{"Violence Against the Person", "Violence without Injury", "Camden", 200, 210},
		{"Violence Against the Person", "Homicide", "Hackney", 1, 0},
		{"Violence Against the Person", "Violence with Injury", "Hackney", 120, 90},
		{"Violence Against the Person", "Violence without Injury", "Hackney", 220, 230},
		{"Robbery", "Robbery of Personal Property", "Camden", 50, 30},
		{"Robbery", "Robbery of Personal Property", "Hackney", 60, 40},
		{"Robbery", "Robbery of Business Property", "Hackney", 0, 0},
	} {
		fmt.Fprintf(&b, "%s,%s,%s", row.major, row.minor, row.borough)
		for m := range 24 {
			n := row.before
			if m >= 12 {
				n = row.now
			}
			fmt.Fprintf(&b, ",%d", n)
		}
		b.WriteByte('\n')
	}
	for _, quiet := range otherBoroughs {
		fmt.Fprintf(&b, "Robbery,Robbery of Personal Property,%s%s\n", quiet, strings.Repeat(",0", 24))
	}
	return b.String()
}

// otherBoroughs are the rest of the force's: a file must tell of each.
var otherBoroughs = strings.Split("Barking and Dagenham|Barnet|Bexley|Brent|Bromley|Croydon|Ealing|Enfield|Greenwich|Hammersmith and Fulham|Haringey|"+
	"Harrow|Havering|Hillingdon|Hounslow|Islington|Kensington and Chelsea|Kingston upon Thames|Lambeth|Lewisham|Merton|Newham|Redbridge|"+
	"Richmond upon Thames|Southwark|Sutton|Tower Hamlets|Waltham Forest|Wandsworth|Westminster", "|")

// newLondon returns a site with the sample's places and an accepted file of
// its months, and an analyst's browser.
func newLondon(t *testing.T) (*site, *client, string) {
	t.Helper()
	s := newSite(t)
	_, err := s.Places.Import(t.Context(), access.Operator(s.Unit.ID), []places.Upload{
		{Name: "boroughs_2024.geojson", Reader: strings.NewReader(sampleBoundaries())},
		{Name: "lookup_ltla24_csp24_pfa24.csv", Reader: strings.NewReader(sampleLookup)},
		{Name: "lookup_ltla24_region24.csv", Reader: strings.NewReader(sampleRegions)},
	}, places.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := s.person(access.Analyst)
	path := send(t, c, "mps-monthly", "borough_24m_201901-202012.csv", sampleMonths())
	s.startWork()
	wait(t, c, path)
	c.follow(c.post(path+"/accept", nil))
	wait(t, c, path)
	if a := c.get(path); !strings.Contains(a.text("main"), "Its figures count since") {
		t.Fatalf("the sample is not accepted: %s", a.text("main"))
	}
	return s, c, path
}
