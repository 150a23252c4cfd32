package chart

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"openvru/internal/period"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

// robbery is a chart with everything in it: two years, a turn, four events,
// three of them within three weeks.
func robbery() Trend {
	return Trend{
		ID: "robbery", Title: "Robbery: 2020 against 2019, by month",
		Desc: "From April 2020 the line lies below the year before.",
		Unit: "Offences each month", First: period.NewMonth(2020, 1), Months: 12,
		Turn: day("2020-03-23"),
		Lines: []Line{
			{Name: "2019", Label: "39,928", Key: "2019", First: period.NewMonth(2019, 1), Look: Earlier,
				Values: []float64{3300, 3010, 3350, 3180, 3290, 3220, 3400, 3280, 3310, 3620, 3560, 3408}},
			{Name: "2020", Label: "27,586", Key: "2020, before 23 March", After: "2020, from 23 March: first lockdown", Look: Now, Turns: true,
				Values: []float64{3590, 3380, 2790, 1210, 1480, 1900, 2290, 2440, 2400, 2420, 1996, 1690}},
		},
		Events: []Event{
			{day("2020-03-23"), "First lockdown"}, {day("2020-12-02"), "London in Tier 2"},
			{day("2020-12-16"), "London in Tier 3"}, {day("2020-12-20"), "London in Tier 4"},
		},
	}
}

func partial() Trend {
	t := robbery()
	t.ID, t.Unit = "partial", "Offences each month & <more>"
	for i := 6; i < 12; i++ {
		t.Lines[1].Values[i] = math.NaN()
	}
	t.Lines[1].Name, t.Lines[1].Label = "2020 to June", "14,350"
	t.Lines[0].Values[4] = math.NaN()
	return t
}

func long() Trend {
	t := Trend{ID: "long", Title: "Knife crime by month", Desc: "Monthly values since 2010.", Unit: "Offences each month",
		First: period.NewMonth(2018, 1), Months: 48, Events: []Event{{day("2020-03-23"), "First lockdown"}}}
	v := make([]float64, 48)
	for i := range v {
		v[i] = 0.02 + 0.01*math.Sin(float64(i)/3)
	}
	t.Lines = []Line{{Name: "All", Values: v, Look: Alone}}
	return t
}

func bars() Bars {
	return Bars{ID: "boroughs", Title: "Robbery by borough, 2020", Desc: "Westminster had most.", Unit: "Offences for every 1,000 people, 2020", Bars: []Bar{
		{Name: "Westminster", Value: 9.4, Label: "9.4", Low: 9.0, High: 9.8},
		{Name: "Barking and Dagenham", Value: 3.1, Label: "3.1", Low: 2.9, High: 3.4, Mark: true},
		{Name: "Richmond upon Thames", Value: 0, Label: "0.0"},
	}}
}

func pictures() map[string]string {
	out := map[string]string{}
	for _, size := range []Size{Wide, Narrow} {
		for _, t := range []Trend{robbery(), partial(), long()} {
			out[t.ID+"-"+size.String()] = t.SVG(size)
		}
		out["bars-"+size.String()] = bars().SVG(size)
	}
	return out
}

func TestGoldenPictures(t *testing.T) {
	for name, got := range pictures() {
		path := filepath.Join("testdata", name+".svg")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs from the golden picture; look at it and run go test -update", path)
		}
	}
}

func TestPicturesAreWellFormedAndCarryNoStyleOrScript(t *testing.T) {
	for name, svg := range pictures() {
		dec := xml.NewDecoder(strings.NewReader(svg))
		for {
			token, err := dec.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			el, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			for _, a := range el.Attr {
				if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") {
					t.Errorf("%s: <%s> has a %s attribute, which a strict policy blocks", name, el.Name.Local, a.Name.Local)
				}
			}
		}
		for _, want := range []string{`role="img"`, "<title id=", "<desc id=", "viewBox="} {
			if !strings.Contains(svg, want) {
				t.Errorf("%s lacks %s", name, want)
			}
		}
	}
}
