package kit

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"openvru/internal/errs"
)

// Handler answers a request, or returns an error that becomes a page.
type Handler func(w http.ResponseWriter, r *http.Request) error

// statuses is the one table from kinds of error to HTTP.
var statuses = map[errs.Kind]struct {
	status int
	title  string
}{
	errs.Internal:        {http.StatusInternalServerError, "Sorry, there is a problem with the service"},
	errs.Invalid:         {http.StatusBadRequest, "We cannot use that as it is"},
	errs.NotFound:        {http.StatusNotFound, "Page not found"},
	errs.Forbidden:       {http.StatusForbidden, "You may not do this"},
	errs.Conflict:        {http.StatusConflict, "This cannot be done now"},
	errs.Unavailable:     {http.StatusServiceUnavailable, "This does not work at the moment"},
	errs.Withheld:        {http.StatusForbidden, "This number is withheld"},
	errs.Unauthenticated: {http.StatusUnauthorized, "Sign in first"},
}

// Status returns the HTTP status of an error.
func Status(err error) int {
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return http.StatusRequestEntityTooLarge
	}
	return statuses[errs.KindOf(err)].status
}

// errorPage is what a person reads when a request was refused or failed.
type errorPage struct {
	Frame
	Message   string
	Hint      string
	Reference string // names the line in the log; "" when nothing went wrong on our side
}

// Handle makes an http.Handler of a Handler: errors become pages, or JSON for
// those who asked for it, and the detail of our own faults goes to the log.
func (k *Kit) Handle(h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			k.Fail(w, r, err)
		}
	})
}

// Fail answers a request with an error.
func (k *Kit) Fail(w http.ResponseWriter, r *http.Request, err error) {
	status := Status(err)
	k.note(r, status, err)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Del("Content-Disposition")
	switch {
	case WantsJSON(r):
		k.failJSON(w, status, err)
	case status == http.StatusUnauthorized && r.Method == http.MethodGet:
		http.Redirect(w, r, "/sign-in?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
	default:
		k.failPage(w, r, status, err)
	}
}

// note writes the log's line: our faults as errors, people's as information.
// A client that went away is nobody's fault.
func (k *Kit) note(r *http.Request, status int, err error) {
	level := slog.LevelInfo
	if status >= 500 && !errors.Is(err, context.Canceled) {
		level = slog.LevelError
	}
	k.Log.Log(r.Context(), level, "request refused",
		"method", r.Method, "path", LogPath(r), "status", status, "reference", Reference(r), "error", err)
}

func (k *Kit) failPage(w http.ResponseWriter, r *http.Request, status int, err error) {
	page := &errorPage{
		Frame:   Frame{Title: titleOf(err), Status: status},
		Message: sentence(errs.MessageOf(err)), Hint: sentence(errs.HintOf(err)),
	}
	if status == http.StatusRequestEntityTooLarge {
		page.Title, page.Message = "The file is too large", "What was sent is larger than this service takes."
	}
	if status == http.StatusInternalServerError {
		page.Reference = Reference(r)
	}
	if err := k.Render(w, r, "error", page); err != nil {
		k.Log.Error("the error page failed", "error", err)
		http.Error(w, page.Message, status)
	}
}

func titleOf(err error) string { return statuses[errs.KindOf(err)].title }

// failJSON answers with the sentence and the hint, as every JSON refusal does.
func (k *Kit) failJSON(w http.ResponseWriter, status int, err error) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	out := map[string]string{"error": sentence(errs.MessageOf(err))}
	if hint := errs.HintOf(err); hint != "" {
		out["hint"] = sentence(hint)
	}
	if e := json.NewEncoder(w).Encode(out); e != nil {
		k.Log.Info("the answer was not taken", "error", e)
	}
}

// WantsJSON reports whether a request asks for JSON, by its path or its header.
func WantsJSON(r *http.Request) bool {
	return FormatOf(r) == JSON || strings.HasPrefix(r.Header.Get("Accept"), "application/json")
}

// sentence makes an error's words, which start small because the command line
// prints them after a colon, into a sentence that stands alone on a page.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	if c := s[0]; c >= 'a' && c <= 'z' && !strings.Contains(strings.SplitN(s, " ", 2)[0], ".") {
		s = strings.ToUpper(s[:1]) + s[1:]
	}
	if strings.ContainsAny(s[len(s)-1:], ".?!:") {
		return s
	}
	return s + "."
}

// Sentence is an error's words as a page shows them.
func Sentence(err error) string { return sentence(errs.MessageOf(err)) }

type referenceKey struct{}

// WithReference returns the request with the name its log lines carry.
func WithReference(r *http.Request, reference string) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), referenceKey{}, reference))
}

// Reference returns the name of the request in the log.
func Reference(r *http.Request) string {
	s, _ := r.Context().Value(referenceKey{}).(string)
	return s
}
