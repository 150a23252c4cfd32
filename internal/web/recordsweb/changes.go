package recordsweb

import (
	"net/http"

	"openvru/internal/ids"
	"openvru/internal/places"
	"openvru/internal/web/kit"
)

// changesPage says what an edition changed in what was known before it.
type changesPage struct {
	kit.Frame
	Sentence string
	Months   kit.Grid
	Grid     kit.Grid
	Paging   kit.Paging
}

// Changes shows which counts an accepted file changed, or hands them over.
func (p *Pages) Changes(w http.ResponseWriter, r *http.Request) error {
	s, err := p.get(r)
	if err != nil {
		return err
	}
	found, err := p.Facts.Restated(r.Context(), kit.Actor(r), s.ID)
	if err != nil {
		return err
	}
	atlas, err := p.Atlas(r.Context(), s.Unit)
	if err != nil {
		return err
	}
	t, q := found.CellTable(0, placeNames(atlas)), r.URL.Query()
	if err := kit.Sort(t, q.Get("sort")); err != nil {
		return err
	}
	if f := kit.FormatOf(r); f != kit.HTML {
		return kit.WriteTable(w, f, t)
	}
	base := pathOf(s.ID) + "/changes"
	months := found.MonthTable()
	months.Notes = nil // the sentence is on top
	page := &changesPage{Frame: p.under(s, "What this file changed"), Sentence: found.Sentence(), Months: stacked(months)}
	t.Rows, page.Paging = kit.Page(t.Rows, base, q)
	page.Grid = stacked(t).WithData(base, q).Sortable(t, base, kit.With(q, "page", ""))
	page.Grid.Empty = "No count that was known before is another now."
	return p.Kit.Render(w, r, "changes", page)
}

// placeNames gives places their names.
func placeNames(atlas *places.Atlas) func(ids.Place) string {
	return func(at ids.Place) string {
		known, _ := atlas.Get(at)
		return known.Name
	}
}
