package intaketest

import (
	"encoding/csv"
	"fmt"
	"strings"

	"openvru/internal/ids"
	"openvru/internal/period"
)

// Pairs are groups and subgroups as the monthly files name them before
// February 2024, enough to feed every series of violence and robbery.
var Pairs = [][2]string{
	{"Robbery", "Robbery of Business Property"},
	{"Robbery", "Robbery of Personal Property"},
	{"Violence Against the Person", "Homicide"},
	{"Violence Against the Person", "Violence with Injury"},
	{"Violence Against the Person", "Violence without Injury"},
}

// Count gives the number of offences of a pair in the n-th place in a month.
type Count func(place int, pair [2]string, m period.Month) int

// MonthlyBoroughs returns a borough file of the monthly source: every borough
// of the Metropolitan Police, and last, as place 33, the airports.
func MonthlyBoroughs(months period.Range, count Count) string {
	return write(append([]string{"MajorText", "MinorText", "LookUp_BoroughName"}, headings(months)...), func(put func(...string)) {
		for i := 1; i <= len(Boroughs); i++ {
			name := "London Heathrow and London City Airports"
			if i < len(Boroughs) {
				name = Boroughs[i]
			}
			for _, p := range Pairs {
				put(append([]string{p[0], p[1], name}, counts(months, i, p, count)...)...)
			}
		}
	})
}

// MonthlyWards returns a ward file of the monthly source with the wards of a
// set; place 2×borough+n is the n-th ward of a borough.
func MonthlyWards(set ids.Level, months period.Range, count Count) string {
	return write(append([]string{"MajorText", "MinorText", "WardName", "WardCode", "LookUp_BoroughName"}, headings(months)...), func(put func(...string)) {
		for i := 1; i < len(Boroughs); i++ {
			for n := range 2 {
				for _, p := range Pairs {
					row := []string{p[0], p[1], Boroughs[i] + " " + []string{"North", "South"}[n], WardCode(set, i, n), Boroughs[i]}
					put(append(row, counts(months, 2*i+n, p, count)...)...)
				}
			}
		}
	})
}

// Dashboard returns a file of the dashboard with pairs of its own, one row for
// each borough, pair and month.
func Dashboard(pairs [][2]string, months period.Range, count Count) string {
	head := []string{"Month_Year", "Area Type", "Borough_SNT", "Area name", "Area code", "Offence Group", "Offence Subgroup", "Measure", "Financial Year", "FY_FYIndex", "Count", "Refresh Date"}
	return write(head, func(put func(...string)) {
		for i := 1; i < len(Boroughs); i++ {
			for _, p := range pairs {
				for _, m := range months.Months() {
					first := fmt.Sprintf("01/%02d/%d", m.Of(), m.Year())
					put(first, "Borough", Boroughs[i], Boroughs[i], BoroughCode(i), p[0], p[1], "Offences", "", "", fmt.Sprint(count(i, p, m)), "05/01/2026")
				}
			}
		}
	})
}

// Victim is one row of the list of homicide victims.
type Victim struct {
	Month                          period.Month
	Age, Method, Domestic, Borough string
}

// Homicides returns a list of homicide victims.
func Homicides(all ...Victim) string {
	head := []string{"Count of Victims", "Age Group", "Sex", "Method of Killing", "Domestic Abuse", "Recorded Date", "Homicide Offence Type", "Solved Status", "Borough", "Officer Observed Ethnicity"}
	return write(head, func(put func(...string)) {
		for _, v := range all {
			put("1", v.Age, "Male", v.Method, v.Domestic, v.Month.Name(), "Murder", "Solved", v.Borough, "White")
		}
	})
}

func headings(months period.Range) []string {
	var out []string
	for _, m := range months.Months() {
		out = append(out, fmt.Sprintf("%04d%02d", m.Year(), m.Of()))
	}
	return out
}

func counts(months period.Range, place int, pair [2]string, count Count) []string {
	var out []string
	for _, m := range months.Months() {
		out = append(out, fmt.Sprint(count(place, pair, m)))
	}
	return out
}

func write(head []string, rows func(put func(...string))) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	put := func(row ...string) { _ = w.Write(row) } // a strings.Builder takes everything
	put(head...)
	rows(put)
	w.Flush()
	return b.String()
}
