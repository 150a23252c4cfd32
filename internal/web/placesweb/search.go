package placesweb

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"openvru/internal/ids"
	"openvru/internal/places"
	"openvru/internal/table"
	"openvru/internal/web/kit"
)

// mostFound is how many places a search shows.
const mostFound = 200

// searchPage finds a place.
type searchPage struct {
	kit.Frame
	Query    string
	Sentence string
	Found    kit.Grid
	Starts   []startGroup // places to begin at, when nothing was asked
}

// startGroup is the places of one level to begin at.
type startGroup struct {
	Title string
	Links []kit.Link
}

// Search finds places by name or code; without a question it shows those to
// begin at.
func (p *Pages) Search(w http.ResponseWriter, r *http.Request) error {
	atlas, err := p.atlasOf(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	page := &searchPage{Frame: kit.Frame{Title: "Places", Section: "places"}, Query: strings.TrimSpace(q.Get("q"))}
	found, all := find(atlas, page.Query)
	t := foundTable(found, atlas)
	if f := kit.FormatOf(r); f != kit.HTML {
		return kit.WriteTable(w, f, t)
	}
	if page.Query == "" {
		page.Starts = starts(atlas)
		if len(page.Starts) == 0 {
			page.Sentence = "No places have been brought in yet. An administrator or analyst can do so with vru places import."
		}
		return p.Kit.Render(w, r, "places", page)
	}
	page.Sentence = foundSentence(page.Query, len(found), all)
	page.Found = kit.GridOf(t, func(row, col int) string {
		if col == 0 {
			return pathOf(found[row].Place)
		}
		return ""
	}).WithData("/places", q)
	page.Found.HideName, page.Found.Stack = true, true
	return p.Kit.Render(w, r, "places", page)
}

func foundSentence(query string, shown, all int) string {
	switch {
	case all == 0:
		return "No place has “" + query + "” in its name or as its code."
	case shown < all:
		return table.Thousands(int64(all)) + " places match “" + query + "”. The first " + table.Thousands(int64(shown)) + " are shown: larger places first."
	}
	return kit.Plural(int64(all), "place matches", "places match") + " “" + query + "”."
}

// find returns the places whose name holds the words asked for, or whose code
// begins with them: larger places first, newer vintages first, then by name.
func find(atlas *places.Atlas, query string) (found []places.Place, all int) {
	want, code := places.Fold(query), strings.ToUpper(query)
	if want == "" {
		return nil, 0
	}
	levels := atlas.Levels()
	slices.SortStableFunc(levels, largerFirst)
	for _, level := range levels {
		var here []places.Place
		for _, one := range atlas.All(level) {
			if strings.HasPrefix(one.Code, code) || strings.Contains(places.Fold(one.Name), want) {
				here = append(here, one)
			}
		}
		slices.SortStableFunc(here, func(a, b places.Place) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Code, b.Code)) })
		all += len(here)
		found = append(found, here[:min(len(here), mostFound-len(found))]...)
	}
	return found, all
}

// largerFirst puts larger kinds of place first and, of one kind, the newer
// vintage.
func largerFirst(a, b ids.Level) int {
	if a.Type() == b.Type() {
		return strings.Compare(b.Vintage(), a.Vintage())
	}
	return cmp.Or(cmp.Compare(aside(a), aside(b)), places.CompareLevels(b, a))
}

// aside puts the areas that agencies drew for themselves, most of which repeat
// a borough's name, after the places that people look for.
func aside(l ids.Level) int {
	if l == places.CSP || l == places.BCU {
		return 1
	}
	return 0
}

func foundTable(found []places.Place, atlas *places.Atlas) *table.Table {
	t := &table.Table{Name: "places", Title: "Places found", Columns: []table.Column{
		{Name: "name", Title: "Name"}, {Name: "kind", Title: "Kind of place"}, {Name: "code", Title: "Code"}, {Name: "borough", Title: "Borough"},
	}}
	for _, one := range found {
		t.Add(table.T(one.Name), table.T(places.Title(one.Level)), table.T(one.Code), table.T(boroughOf(atlas, one)))
	}
	return t
}

// boroughOf is the borough a smaller place lies in.
func boroughOf(atlas *places.Atlas, one places.Place) string {
	if one.Level == places.Borough {
		return ""
	}
	up, ok := atlas.Up(one.Place, places.Borough)
	if !ok {
		return ""
	}
	b, _ := atlas.Get(up)
	return b.Name
}

// starts are the regions, forces and boroughs, by name.
func starts(atlas *places.Atlas) []startGroup {
	var out []startGroup
	for _, level := range []ids.Level{places.Region, places.PFA, places.Borough} {
		all := atlas.All(level)
		if len(all) == 0 {
			continue
		}
		slices.SortStableFunc(all, func(a, b places.Place) int { return cmp.Compare(a.Name, b.Name) })
		kind, _ := places.TypeOf(level)
		g := startGroup{Title: strings.ToUpper(kind.Plural[:1]) + kind.Plural[1:]}
		for _, one := range all {
			g.Links = append(g.Links, kit.Link{Text: one.Name, Href: pathOf(one.Place)})
		}
		out = append(out, g)
	}
	return out
}
