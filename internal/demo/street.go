package demo

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
)

// streetType is a police.uk crime type with its London totals.
type streetType struct {
	name  string
	total yearTotal
	whole bool // every row is written, whatever share was asked for
}

// violenceAndSexual is what police.uk shows as one type.
var violenceAndSexual = yearTotal{77_462 + 144_436 + 150 + 20_200, 69_085 + 151_055 + 125 + 17_900, injuryShape}

var streetTypes = []streetType{
	{"Anti-social behaviour", yearTotal{262_000, 398_000, homeShape}, false},
	{"Bicycle theft", yearTotal{20_600, 24_100, streetShape}, false},
	{"Burglary", yearTotal{81_300, 61_300, streetShape}, false},
	{"Criminal damage and arson", yearTotal{56_350, 50_360, homeShape}, false},
	{"Drugs", yearTotal{45_500, 58_900, flatShape}, false},
	{"Other crime", yearTotal{11_800, 11_200, flatShape}, false},
	{"Other theft", yearTotal{117_000, 74_000, streetShape}, false},
	{"Possession of weapons", yearTotal{6_400, 5_950, flatShape}, false},
	{"Public order", yearTotal{50_300, 50_900, homeShape}, false},
	{"Robbery", robbery, true},
	{"Shoplifting", yearTotal{45_900, 33_400, streetShape}, false},
	{"Theft from the person", yearTotal{62_000, 26_700, streetShape}, false},
	{"Vehicle crime", yearTotal{121_000, 107_000, streetShape}, false},
	{"Violence and sexual offences", violenceAndSexual, false},
}

var outcomes = []string{"Investigation complete; no suspect identified", "Unable to prosecute suspect", "Under investigation", "Court result unavailable", "Awaiting court outcome", "Local resolution", "Offender given a caution"}

// streetWriter writes the police.uk archive.
type streetWriter struct {
	city    *city
	rng     *rand.Rand
	share   float64
	running [2][]float64 // Metropolitan Police, City of London: running shares of risk by area
	areas   [2][]int
	buf     []byte
}

var forces = [2]struct{ name, slug string }{{"Metropolitan Police Service", "metropolitan"}, {"City of London Police", "city-of-london"}}

// writeStreet writes one zip with a folder a month and a file a force, as the
// site's own download is laid out.
func writeStreet(w *writer, c *city, o Options) string {
	s := &streetWriter{city: c, rng: stream(o.Seed, 6), share: o.Incidents}
	s.prepare()
	return w.create("police-uk-2019-01-to-2020-12.zip", func(f *os.File) error {
		archive := zip.NewWriter(f)
		archive.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) {
			return flate.NewWriter(out, flate.BestSpeed)
		})
		for m := newMonth(2019, 1); m <= newMonth(2020, 12); m++ {
			for force := range forces {
				if err := s.writeMonth(archive, m, force); err != nil {
					return err
				}
			}
		}
		return archive.Close()
	})
}

// prepare sums risk over each force's areas. A borough's areas share its
// weight, so that boroughs keep their order.
func (s *streetWriter) prepare() {
	own := make([]float64, len(boroughs))
	for _, a := range s.city.lsoas {
		own[a.borough] += a.risk
	}
	weights := boroughRisk()
	var total [2]float64
	for i, a := range s.city.lsoas {
		force := 0
		if boroughs[a.borough].code == cityOfLondon {
			force = 1
		}
		total[force] += weights[a.borough] * a.risk / own[a.borough]
		s.areas[force] = append(s.areas[force], i)
		s.running[force] = append(s.running[force], total[force])
	}
	for force := range s.running {
		for i := range s.running[force] {
			s.running[force][i] /= total[force]
		}
	}
}

func (s *streetWriter) writeMonth(archive *zip.Writer, m month, force int) error {
	name := fmt.Sprintf("%04d-%02d/%04d-%02d-%s-street.csv", m.year(), m.of(), m.year(), m.of(), forces[force].slug)
	entry, err := archive.Create(name)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(entry, 1<<18)
	out.WriteString("Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context\n")
	for _, t := range streetTypes {
		n := s.count(t, m, force)
		for range n {
			if _, err := out.Write(s.row(t.name, m, force)); err != nil {
				return err
			}
		}
	}
	return out.Flush()
}

// count is how many rows of a type a force has in a month. The City of London
// has an invented hundred-and-fiftieth of the Metropolitan Police's.
func (s *streetWriter) count(t streetType, m month, force int) int {
	n := t.total.month(m)
	if force == 1 {
		n = binomial(n, 1.0/150, s.rng)
	}
	if !t.whole && s.share < 1 {
		n = int(float64(n) * s.share)
	}
	return n
}

// row is one line. One in seventy has no location; one in five hundred has a
// point outside London, as real files have.
func (s *streetWriter) row(kind string, m month, force int) []byte {
	b := s.buf[:0]
	asb := kind == "Anti-social behaviour"
	if !asb {
		for range 4 {
			b = appendHex(b, s.rng.Uint64())
		}
	}
	b = append(b, ',')
	b = appendMonth(b, m)
	b = append(b, ',')
	b = append(b, forces[force].name...)
	b = append(b, ',')
	b = append(b, forces[force].name...)
	b = append(b, ',')
	b = s.appendPlace(b, force)
	b = append(b, kind...)
	b = append(b, ',')
	if !asb {
		b = append(b, outcomes[min(s.rng.IntN(12), s.rng.IntN(len(outcomes)))%len(outcomes)]...)
	}
	b = append(b, ',', '\n')
	s.buf = b
	return b
}

func (s *streetWriter) appendPlace(b []byte, force int) []byte {
	switch u := s.rng.Float64(); {
	case u < 1.0/70:
		return append(b, ",,No Location,,,"...)
	case u < 1.0/70+1.0/500:
		return append(b, "-0.754321,51.628400,On or near Country Lane,,,"...)
	}
	area := s.city.lsoas[s.areas[force][pick(len(s.areas[force]), func(i int) float64 { return s.running[force][i] }, s.rng.Float64())]]
	p := area.snaps[pick(len(area.snaps), func(i int) float64 { return area.snaps[i].share }, s.rng.Float64())]
	for _, part := range []string{p.lon, p.lat, p.street, area.code, area.name} {
		b = append(b, part...)
		b = append(b, ',')
	}
	return b
}

const hexDigits = "0123456789abcdef"

func appendHex(b []byte, v uint64) []byte {
	for shift := 60; shift >= 0; shift -= 4 {
		b = append(b, hexDigits[v>>shift&15])
	}
	return b
}

func appendMonth(b []byte, m month) []byte {
	b = strconv.AppendInt(b, int64(m.year()), 10)
	return append(b, '-', byte('0'+m.of()/10), byte('0'+m.of()%10))
}
