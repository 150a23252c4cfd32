package assets

import (
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"openvru/internal/errs"
)

func built() fstest.MapFS {
	return fstest.MapFS{
		"manifest.json": {Data: []byte(`{"app.css":"app-1234.css"}`)},
		"app-1234.css":  {Data: []byte("body{}")},
		"secret.txt":    {Data: []byte("not in the manifest")},
	}
}

func TestServe(t *testing.T) {
	set, err := From(built())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := set.Path("app.css"), "/assets/app-1234.css"; got != want {
		t.Errorf("Path = %q, want %q", got, want)
	}
	for path, want := range map[string]int{
		"/assets/app-1234.css": 200, "/assets/secret.txt": 404, "/assets/": 404, "/assets/manifest.json": 404,
	} {
		w := httptest.NewRecorder()
		set.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != want {
			t.Errorf("%s: status %d, want %d", path, w.Code, want)
		}
		if want == 200 && !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s may not be kept: Cache-Control %q", path, w.Header().Get("Cache-Control"))
		}
	}
}

func TestMissingSaysWhatToDo(t *testing.T) {
	halfBuilt := built()
	delete(halfBuilt, "app-1234.css")
	for name, files := range map[string]fstest.MapFS{"empty": {}, "half built": halfBuilt} {
		_, err := From(files)
		if !errs.Is(err, errs.Unavailable) || !strings.Contains(errs.HintOf(err), "npm run build") {
			t.Errorf("%s: error %v with hint %q does not say how to build", name, err, errs.HintOf(err))
		}
	}
	var none *Set
	w := httptest.NewRecorder()
	none.ServeHTTP(w, httptest.NewRequest("GET", "/assets/app.css", nil))
	if w.Code != 404 || none.Path("app.css") != "" {
		t.Errorf("an absent set serves %d and names %q", w.Code, none.Path("app.css"))
	}
}
