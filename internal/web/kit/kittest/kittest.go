// Package kittest checks that every page template fits the struct it is given:
// it renders each with nothing in it, with everything in it, and with
// everything but the choices turned off, so that each branch is gone through.
package kittest

import (
	"html/template"
	"io/fs"
	"log/slog"
	"net/http/httptest"
	"path"
	"reflect"
	"strings"
	"testing"
	"time"

	"openvru/internal/access"
	"openvru/internal/web/kit"
)

type noAssets struct{}

// Path implements kit.Assets.
func (noAssets) Path(name string) string { return "/assets/" + name }

// Pages renders every page of a folder of templates with the struct that its
// handler fills. A template without a struct fails the test.
func Pages(t *testing.T, templates fs.FS, structs map[string]kit.Framed) {
	t.Helper()
	k, err := kit.New(kit.Config{Unit: "Testshire VRU", Demo: true, Assets: noAssets{}, Log: slog.New(slog.DiscardHandler)}, templates)
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Glob(templates, "*.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(path.Base(file), ".tmpl")
		if strings.HasPrefix(name, "_") {
			continue
		}
		page, ok := structs[name]
		if !ok {
			t.Errorf("the template %s has no struct in the test", file)
			continue
		}
		for what, value := range variants(page) {
			render(t, k, name, what, value)
		}
	}
}

func render(t *testing.T, k *kit.Kit, name, what string, page kit.Framed) {
	t.Helper()
	r := httptest.NewRequest("GET", "/", nil)
	actor := access.Actor{Unit: "unit", Person: "person", Name: "Ada", Roles: []access.Role{access.Administrator}}
	r = kit.WithVisitor(r, kit.Visitor{Actor: actor, Token: "token"})
	w := httptest.NewRecorder()
	if err := k.Render(w, r, name, page); err != nil {
		t.Errorf("%s with %s in it: %v", name, what, err)
		return
	}
	if body := w.Body.String(); strings.Contains(body, "<no value>") || strings.Contains(body, "ZgotmplZ") {
		t.Errorf("%s with %s in it shows a hole, or text where it is not safe", name, what)
	}
}

// variants are a page without anything, full, and full with every yes a no.
func variants(page kit.Framed) map[string]kit.Framed {
	kind := reflect.TypeOf(page).Elem()
	full, off := reflect.New(kind), reflect.New(kind)
	fill(full.Elem(), true, 0)
	fill(off.Elem(), false, 0)
	return map[string]kit.Framed{
		"nothing":    reflect.New(kind).Interface().(kit.Framed),
		"everything": full.Interface().(kit.Framed),
		"every no":   off.Interface().(kit.Framed),
	}
}

// deepest is how far fill goes into structs that hold each other.
const deepest = 8

// fill puts something into every field that a template can see.
func fill(v reflect.Value, yes bool, depth int) {
	if depth > deepest || !v.CanSet() {
		return
	}
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(2021, 3, 1, 9, 0, 0, 0, time.UTC)))
		return
	case template.HTML:
		v.SetString("<svg></svg>")
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(yes)
	case reflect.String:
		v.SetString("words")
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(200)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(2.5)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), yes, depth+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), yes, depth+1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), yes, depth+1)
			}
		}
	}
}
