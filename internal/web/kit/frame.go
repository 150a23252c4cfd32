package kit

import (
	"net/http"

	"openvru/internal/access"
)

// Frame is what a page says of itself to the layout. Every page struct embeds
// one; the handler fills the first part and Render the Layout.
type Frame struct {
	Title   string       // the heading and the start of the browser's title
	Caption string       // a line above the heading: what kind of thing this is
	Section string       // which NavItem is current
	Crumbs  []Link       // the way here, nearest last
	Notice  string       // a sentence about what has just been done
	Errors  []FieldError // what was wrong with the form
	Refresh int          // seconds after which a browser without scripts asks again; 0 for never
	Status  int          // the HTTP status; 0 is 200
	Plain   bool         // no heading of the layout's: the page writes its own
	Style   string       // address of a style sheet of the page's own; "" for none

	Layout Layout
}

// Framed is a page that can be rendered: a struct that embeds Frame.
type Framed interface{ frame() *Frame }

func (f *Frame) frame() *Frame { return f }

// Link is words that open a page.
type Link struct{ Text, Href string }

// NavItem is a section of the product in the navigation.
type NavItem struct {
	Key, Text, Href string
	For             func(access.Actor) bool // who sees it; nil is everyone signed in
}

// Layout is what the frame around every page needs; Render fills it.
type Layout struct {
	Unit     string
	Demo     bool
	Nav      []NavItem
	Person   string // who is signed in, "" for nobody
	Token    string // the form token
	CSS, MOJ string
	Script   string
	Icon     string
}

// layout gathers what a request's page needs around it.
func (k *Kit) layout(r *http.Request, f *Frame) Layout {
	l := Layout{
		Unit: k.UnitName(), Demo: k.Demo,
		CSS: k.Assets.Path("app.css"), MOJ: k.Assets.Path("moj.css"),
		Script: k.Assets.Path("app.js"), Icon: k.Assets.Path("favicon.svg"),
	}
	v := visitor(r)
	if !v.Known() {
		return l
	}
	l.Person, l.Token = v.Actor.Name, v.Token
	for _, item := range k.Nav {
		if item.For == nil || item.For(v.Actor) {
			l.Nav = append(l.Nav, item)
		}
	}
	return l
}
