package demo

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
)

// writePlaces writes boundaries, lookups and populations under the columns
// that the Office for National Statistics and the London Datastore use.
func (c *city) writePlaces(w *writer) []string {
	return []string{
		c.writeBoroughLookup(w),
		c.writeRegionLookup(w),
		c.writeLookup1121(w),
		c.writeWardLookup(w, "lookup_lsoa11_ward17.csv"),
		c.writeLookup21Ward(w),
		c.writeBoroughShapes(w),
		c.writeWardShapes(w),
		c.writeShapes11(w),
		c.writeShapes21(w),
		c.writePopulation(w, 2019),
		c.writePopulation(w, 2020),
	}
}

func (w *writer) csv(name string, header []string, rows func(put func(...string))) string {
	return w.create(name, func(f *os.File) error {
		buf := bufio.NewWriterSize(f, 1<<16)
		out := csv.NewWriter(buf)
		if err := out.Write(header); err != nil {
			return err
		}
		rows(func(rec ...string) { _ = out.Write(rec) }) // csv.Writer keeps the first error for Error
		out.Flush()
		if err := out.Error(); err != nil {
			return err
		}
		return buf.Flush()
	})
}

func (c *city) writeBoroughLookup(w *writer) string {
	header := []string{"ltla24_code", "ltla24_name", "csp24_code", "csp24_name", "pfa24_code", "pfa24_name"}
	return w.csv("lookup_ltla24_csp24_pfa24.csv", header, func(put func(...string)) {
		for i, b := range boroughs {
			pfa, name := "E23000001", "Metropolitan Police"
			if b.code == cityOfLondon {
				pfa, name = "E23000034", "London, City of"
			}
			put(b.code, b.name, fmt.Sprintf("E22%06d", 900001+i), b.name, pfa, name)
		}
	})
}

func (c *city) writeRegionLookup(w *writer) string {
	return w.csv("lookup_ltla24_region24.csv", []string{"ltla24_name", "ltla24_code", "region24_name", "region24_code"}, func(put func(...string)) {
		for _, b := range boroughs {
			put(b.name, b.code, "London", "E12000007")
		}
	})
}

func (c *city) writeLookup1121(w *writer) string {
	header := []string{"lsoa11_name", "lsoa11_code", "change_code", "lsoa21_name", "lsoa21_code", "ltla22_name", "ltla22_code"}
	return w.csv("lookup_lsoa11_lsoa21_ltla22.csv", header, func(put func(...string)) {
		for _, a := range c.lsoas21 {
			from := c.lsoas[a.from]
			b := boroughs[from.borough]
			put(from.name, from.code, a.change, a.name, a.code, b.name, b.code)
		}
	})
}

func (c *city) writeWardLookup(w *writer, name string) string {
	return w.csv(name, []string{"lsoa11_code", "ward17_code"}, func(put func(...string)) {
		for _, a := range c.lsoas {
			put(a.code, c.wards[a.ward].code)
		}
	})
}

func (c *city) writeLookup21Ward(w *writer) string {
	header := []string{"lsoa21_name", "lsoa21_code", "ward24_name", "ward24_code", "ltla24_name", "ltla24_code"}
	return w.csv("lookup_lsoa21_ward24_ltla24.csv", header, func(put func(...string)) {
		for _, a := range c.lsoas21 {
			from := c.lsoas[a.from]
			wd, b := c.wards[from.ward], boroughs[from.borough]
			put(a.name, a.code, wd.name, wd.code, b.name, b.code)
		}
	})
}

// writePopulation writes people by age band and sex; 2020 is 2019 with the
// small growth of an invented year.
func (c *city) writePopulation(w *writer, year int) string {
	header := []string{"LSOA11CD", "LSOA11NM", "MSOA11CD", "MSOA11NM", "LAD11CD", "LAD11NM"}
	for _, sex := range []string{"Persons", "Males", "Females"} {
		for _, band := range []string{"All-Ages", "0-15", "16-29", "30-44", "45-64", "65+"} {
			header = append(header, sex+"_"+band)
		}
	}
	return w.csv(fmt.Sprintf("london-mid%d-pop.csv", year), header, func(put func(...string)) {
		for _, a := range c.lsoas {
			people := a.people
			if year == 2020 {
				people += people / 150
			}
			put(c.populationRow(a, people)...)
		}
	})
}

func (c *city) populationRow(a lsoa, people int) []string {
	wd, b := c.wards[a.ward], boroughs[a.borough]
	msoa := "E02" + wd.code[3:]
	row := []string{a.code, a.name, msoa, b.name + " " + wd.name, b.code, b.name}
	young := 0.8 + 0.5*a.deprived
	ages := []float64{0.19 * young, 0.20 * young, 0.25, 0.23, 0.13}
	male, female := share(people/2, ages), share(people-people/2, ages)
	all := make([]int, len(ages))
	for i := range all {
		all[i] = male[i] + female[i]
	}
	for _, sex := range [][]int{all, male, female} {
		total := 0
		for _, n := range sex {
			total += n
		}
		row = append(row, strconv.Itoa(total))
		for _, n := range sex {
			row = append(row, strconv.Itoa(n))
		}
	}
	return row
}

// writeDeprivation writes the head of the Index of Multiple Deprivation's
// "File 7": score, rank and decile.
func (c *city) writeDeprivation(w *writer) string {
	header := []string{"LSOA code (2011)", "LSOA name (2011)", "Local Authority District code (2019)", "Local Authority District name (2019)",
		"Index of Multiple Deprivation (IMD) Score", "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)",
		"Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)"}
	ranks := rankDown(len(c.lsoas), func(i int) float64 { return c.lsoas[i].deprived })
	return w.csv("imd2019_london_lsoa.csv", header, func(put func(...string)) {
		for i, a := range c.lsoas {
			b := boroughs[a.borough]
			put(a.code, a.name, b.code, b.name, fmt.Sprintf("%.3f", 5+55*a.deprived), strconv.Itoa(ranks[i]), strconv.Itoa(1+(ranks[i]-1)*10/len(c.lsoas)))
		}
	})
}

// feature is one boundary with the properties it is published under.
type feature struct {
	properties [][2]string
	ring       []point
}

func (w *writer) geojson(name string, features []feature) string {
	return w.create(name, func(f *os.File) error {
		buf := bufio.NewWriterSize(f, 1<<16)
		fmt.Fprintf(buf, "{\"type\":\"FeatureCollection\",\"name\":%q,\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:OGC:1.3:CRS84\"}},\"features\":[\n", name)
		for i, ft := range features {
			if i > 0 {
				buf.WriteString(",\n")
			}
			if err := ft.write(buf); err != nil {
				return err
			}
		}
		buf.WriteString("\n]}\n")
		return buf.Flush()
	})
}

func (ft feature) write(buf *bufio.Writer) error {
	buf.WriteString(`{"type":"Feature","properties":{`)
	for i, p := range ft.properties {
		value, err := json.Marshal(p[1])
		if err != nil {
			return err
		}
		if i > 0 {
			buf.WriteByte(',')
		}
		fmt.Fprintf(buf, "%q:%s", p[0], value)
	}
	buf.WriteString(`},"geometry":{"type":"Polygon","coordinates":[[`)
	for i, p := range ft.ring {
		if i > 0 {
			buf.WriteByte(',')
		}
		lon, lat := p.lonLat()
		fmt.Fprintf(buf, "[%v,%v]", lon, lat)
	}
	_, err := buf.WriteString("]]}}")
	return err
}

func (c *city) writeBoroughShapes(w *writer) string {
	byBorough := make([][]triangle, len(boroughs))
	for _, a := range c.lsoas {
		byBorough[a.borough] = append(byBorough[a.borough], a.shape)
	}
	var out []feature
	for i, b := range boroughs {
		out = append(out, feature{[][2]string{{"LAD24CD", b.code}, {"LAD24NM", b.name}}, outline(byBorough[i])})
	}
	return w.geojson("london_boroughs.geojson", out)
}

func (c *city) writeWardShapes(w *writer) string {
	var out []feature
	for _, wd := range c.wards {
		var shapes []triangle
		for _, i := range wd.lsoas {
			shapes = append(shapes, c.lsoas[i].shape)
		}
		b := boroughs[wd.borough]
		out = append(out, feature{[][2]string{{"WD24CD", wd.code}, {"WD24NM", wd.name}, {"LAD24CD", b.code}, {"LAD24NM", b.name}}, outline(shapes)})
	}
	return w.geojson("london_ward_2024.geojson", out)
}

func (c *city) writeShapes11(w *writer) string {
	var out []feature
	for _, a := range c.lsoas {
		out = append(out, feature{[][2]string{{"LSOA11CD", a.code}, {"LSOA11NM", a.name}, {"LADCD_ACTIVE", boroughs[a.borough].code}, {"RGNCD", "E12000007"}}, outline([]triangle{a.shape})})
	}
	return w.geojson("london_lsoa_2011.geojson", out)
}

func (c *city) writeShapes21(w *writer) string {
	var out []feature
	for _, a := range c.lsoas21 {
		code := boroughs[c.lsoas[a.from].borough].code
		out = append(out, feature{[][2]string{{"LSOA21CD", a.code}, {"LSOA21NM", a.name}, {"LADCD_ACTIVE", code}, {"RGNCD", "E12000007"}}, outline([]triangle{a.shape})})
	}
	return w.geojson("london_lsoa_2021.geojson", out)
}
