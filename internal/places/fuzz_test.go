package places

import (
	"bytes"
	"testing"

	"openvru/internal/geo"
	"openvru/internal/ids"
)

// FuzzTables reads any text as a table. Whatever is accepted must fit together
// into an atlas, and come back the same when kept.
func FuzzTables(f *testing.F) {
	for _, seed := range []string{
		"LSOA21CD,LAD24CD,LAD24NM\nE01000900,E09000007,Camden\n",
		"\xEF\xBB\xBFlsoa11_code;lsoa21_code;change_code\nE01000900;E01035001;S\nE01000900;E01035002;S\n",
		"LSOA11CD,Persons_All-Ages,Males_65+\nE01000900,\"1,800\",70\n",
		"Code,Borough,Ward_Name,Year,Population,Sex,Age\nE05000701,Camden,Bloomsbury,2011,1700,Females,90+\n",
		"WD25CD,WD24CD,LAD25CD,LAD24CD,RGNCD\nE05000701,E05000702,E09000007,E09000007,E12000007\n",
		"ltla24_code\tcsp24_code\tpfa24_code\nE09000007\tE22000191\tE23000001\n", "\x1f\x8b\x08", "LSOA21CD\n\"",
	} {
		f.Add([]byte(seed), "ward-2018", 0)
		f.Add([]byte(seed), "", 2019)
	}
	f.Fuzz(func(t *testing.T, text []byte, level string, year int) {
		o := Options{Level: ids.Level(level), Year: year, Today: 2026}
		if o.check() != nil {
			o.Level = ""
		}
		content, list, err := Read("fuzz.csv", bytes.NewReader(text), o)
		if err != nil || refusals(list) != "" {
			return
		}
		again, err := unpackContent(content.pack())
		if err != nil {
			t.Fatalf("an accepted file cannot be kept: %v", err)
		}
		a, err := NewAtlas(compile([]Content{again}))
		if err != nil {
			t.Fatalf("an accepted file does not fit together: %v", err)
		}
		packed := a.pack()
		b, err := unpackAtlas(packed)
		if err != nil {
			t.Fatalf("an atlas cannot be kept: %v", err)
		}
		if !bytes.Equal(b.pack().Core, packed.Core) {
			t.Fatal("an atlas changed when it was kept")
		}
	})
}

// FuzzUnpack takes any bytes for a kept atlas or content: it may refuse them,
// and must not fail otherwise.
func FuzzUnpack(f *testing.F) {
	square := geo.MultiPolygon{{{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 1, Y: 1}, {X: 0, Y: 0}}}}
	camden := Place{ids.Place{Level: Borough, Code: "E09000007"}, "Camden"}
	content := Content{Kind: Boundaries, Level: Borough, Named: []Named{{camden, "2024"}},
		Links:  []Claim{{Link{camden.Place, London, false}, "London", "2024"}},
		People: []Population{{camden.Place, 2019, Everybody, 12.5, "test", true}}, Shapes: []Drawn{{camden, square}}}
	f.Add(content.pack())
	a, err := NewAtlas(compile([]Content{content}))
	if err != nil {
		f.Fatal(err)
	}
	packed := a.pack()
	f.Add(packed.Core)
	f.Add(packed.Shapes[Borough])
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, err := unpackContent(b); err == nil {
			compile([]Content{c})
		}
		if a, err := unpackAtlas(Packed{Core: b}); err == nil {
			for _, l := range a.Levels() {
				for _, p := range a.All(l) {
					a.Up(p.Place, Region)
				}
			}
		}
		if shapes, err := unpackShapes(b); err == nil {
			if _, err := unpackShapes(packShapes(shapes)); err != nil {
				t.Fatal("boundaries that were read cannot be kept")
			}
		}
	})
}
