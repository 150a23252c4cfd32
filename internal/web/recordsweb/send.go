package recordsweb

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"strings"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/records"
	"openvru/internal/web/kit"
)

// sendPage is the form to send a file.
type sendPage struct {
	kit.Frame
	Sources []*records.Source
	Chosen  ids.Source
	Key     string // makes a form sent twice one submission
	Limit   string
}

// SendForm asks for a file.
func (p *Pages) SendForm(w http.ResponseWriter, r *http.Request) error {
	if err := access.Check(kit.Actor(r), access.SubmissionsSend); err != nil {
		return err
	}
	return p.send(w, r, ids.Source(r.URL.Query().Get("source")), nil)
}

func (p *Pages) send(w http.ResponseWriter, r *http.Request, chosen ids.Source, wrong []kit.FieldError) error {
	page := &sendPage{
		Frame:   kit.Frame{Title: "Send a file", Section: "submissions", Crumbs: []kit.Link{home}, Errors: wrong},
		Sources: p.Records.Sources(), Chosen: chosen, Key: p.NewKey(), Limit: kit.Bytes(p.Limit),
	}
	if len(wrong) > 0 {
		page.Status = http.StatusBadRequest
	}
	return p.Kit.Render(w, r, "send", page)
}

// Receive takes a file, keeps it as it was sent and has it checked.
func (p *Pages) Receive(w http.ResponseWriter, r *http.Request) error {
	sub, err := p.receive(r)
	var wrong badField
	switch {
	case errors.As(err, &wrong) && !kit.WantsJSON(r):
		return p.send(w, r, wrong.chosen, []kit.FieldError{{Field: wrong.field, Text: kit.Sentence(err)}})
	case err != nil:
		return err
	}
	if sub.State == records.Received {
		if err := p.Work.Begin(r.Context(), kit.Actor(r), Check, sub.ID); err != nil {
			return err
		}
	}
	to := pathOf(sub.ID)
	if kit.WantsJSON(r) {
		return kit.WriteJSON(w, map[string]string{"location": to, "id": string(sub.ID)})
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// badField is a refusal that is about one field of the form.
type badField struct {
	error
	field  string
	chosen ids.Source
}

// Unwrap returns the refusal.
func (b badField) Unwrap() error { return b.error }

// receive reads the form part by part, in the order the page has them, so that
// a file of any size goes straight to where it is kept. The token comes first:
// nothing is read of a form that is not ours.
func (p *Pages) receive(r *http.Request) (records.Submission, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return records.Submission{}, errs.New(errs.Invalid, "the form could not be read").WithHint("send it from the page")
	}
	in, trusted := records.Incoming{}, false
	for range mostParts {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return records.Submission{}, badField{errs.New(errs.Invalid, "choose the file to send"), "file", in.Source}
		}
		if err != nil {
			return records.Submission{}, broken(err)
		}
		if part.FormName() == "file" {
			if !trusted {
				return records.Submission{}, kit.CheckToken(r, "")
			}
			return p.keep(r, part, in)
		}
		value, err := short(part)
		if err != nil {
			return records.Submission{}, err
		}
		switch part.FormName() {
		case "token":
			if err := kit.CheckToken(r, value); err != nil {
				return records.Submission{}, err
			}
			trusted = true
		case "source":
			in.Source = ids.Source(value)
		case "key":
			in.Key = value
		}
	}
	return records.Submission{}, errs.New(errs.Invalid, "the form has more than %d parts before its file", mostParts).WithHint("send it from the page")
}

// mostParts is how many parts a form may have; ours has four.
const mostParts = 10

// keep hands the file over.
func (p *Pages) keep(r *http.Request, part *multipart.Part, in records.Incoming) (records.Submission, error) {
	in.Name, in.Body = filepath.Base(strings.ReplaceAll(part.FileName(), `\`, "/")), part
	if part.FileName() == "" {
		return records.Submission{}, badField{errs.New(errs.Invalid, "choose the file to send"), "file", in.Source}
	}
	if in.Source == "" {
		return records.Submission{}, badField{errs.New(errs.Invalid, "say where the file is from"), "source", in.Source}
	}
	sub, err := p.Records.Receive(r.Context(), kit.Actor(r), in)
	if errs.Is(err, errs.NotFound) {
		return sub, badField{err, "source", ""}
	}
	return sub, err
}

// longestField is how long a field other than the file may be.
const longestField = 200

func short(part *multipart.Part) (string, error) {
	b, err := io.ReadAll(io.LimitReader(part, longestField+1))
	if err != nil {
		return "", broken(err)
	}
	if len(b) > longestField {
		return "", errs.New(errs.Invalid, "the field %q is longer than %d bytes", part.FormName(), longestField)
	}
	return string(b), nil
}

func broken(err error) error {
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return err
	}
	return errs.New(errs.Invalid, "the file did not arrive whole").WithHint("send it again; a file sent twice is kept once").WithCause(err)
}
