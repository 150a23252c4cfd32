package places

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
)

// Upload is a file to be imported.
type Upload struct {
	Name string
	io.Reader
}

// maxTries is how often an import is fitted together again when another one
// came first.
const maxTries = 5

// Import brings in files: all of them or, when one cannot be used, none. Their
// order does not matter. A file that was imported before with the same options
// changes nothing; with others it is read anew. The summaries say what is in
// each file, also when the import is refused.
//
// Errors: Forbidden; Invalid for a file that is not understood or not fit.
func (s *Service) Import(ctx context.Context, actor access.Actor, uploads []Upload, o Options) ([]Summary, error) {
	if err := access.Check(actor, access.PlacesImport); err != nil {
		return nil, err
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	o.Today = s.record.Now().Year()
	imported, err := s.store.Datasets(ctx, actor.Unit)
	if err != nil {
		return nil, err
	}
	batch := &batch{service: s, actor: actor, options: o, imported: imported}
	for _, u := range uploads {
		if err := batch.read(ctx, u); err != nil {
			return nil, err
		}
	}
	if err := batch.refusal(); err != nil {
		return batch.summaries(), err
	}
	if !batch.changes() {
		return batch.summaries(), nil
	}
	err = s.change(ctx, actor, batch, nil)
	return batch.summaries(), err
}

func (o Options) check() error {
	if o.Level == "" {
		return nil
	}
	t, ok := TypeOf(o.Level)
	year := o.Level.Vintage()
	switch {
	case !ok:
		return errs.New(errs.Invalid, "%q is not a level of places", o.Level).
			WithHint("levels are %s", strings.Join(levelExamples(), ", "))
	case t.Vintaged && (len(year) != 4 || strings.Trim(year, "0123456789") != ""):
		return errs.New(errs.Invalid, "%q lacks the year of the set", o.Level).WithHint("write, for example, %s-2021", t.ID)
	case !t.Vintaged && year != "":
		return errs.New(errs.Invalid, "%s have no year: their codes name one boundary for good", t.Plural).WithHint("write %s", t.ID)
	}
	return nil
}

func levelExamples() []string {
	var out []string
	for _, t := range types {
		if t.Vintaged {
			out = append(out, t.ID+"-YEAR")
			continue
		}
		out = append(out, t.ID)
	}
	return out
}

// batch is the files of one import.
type batch struct {
	service  *Service
	actor    access.Actor
	options  Options
	imported []Dataset
	files    []readFile
}

type readFile struct {
	Summary
	size    int64
	content Content
	options Options
}

// read keeps a file as it was sent and reads it, unless it was read before.
func (b *batch) read(ctx context.Context, u Upload) error {
	name := filepath.Base(u.Name)
	id, size, err := b.service.files.Put(ctx, u.Reader)
	if err != nil {
		return err
	}
	same := func(f ids.File) bool { return f == id }
	if slices.ContainsFunc(b.files, func(f readFile) bool { return same(f.File) }) {
		return nil // given twice
	}
	i := slices.IndexFunc(b.imported, func(d Dataset) bool { return same(d.File) && d.Options.sameReading(b.options) })
	if i >= 0 {
		summary := b.imported[i].Summary
		summary.Already = true
		b.files = append(b.files, readFile{Summary: summary})
		return nil
	}
	f, err := b.service.files.Open(id)
	if err != nil {
		return err
	}
	defer f.Close()
	content, list, err := Read(name, f, b.options)
	if err != nil {
		return err
	}
	b.files = append(b.files, readFile{summarise(id, name, content, list), size, content, b.options})
	return nil
}

// sameReading reports whether a file would be read the same way again.
func (o Options) sameReading(p Options) bool {
	o.Today, p.Today = 0, 0
	return o == p
}

func (b *batch) summaries() []Summary {
	out := make([]Summary, len(b.files))
	for i, f := range b.files {
		out[i] = f.Summary
	}
	return out
}

func (b *batch) changes() bool {
	return slices.ContainsFunc(b.files, func(f readFile) bool { return !f.Already })
}

// refusal says what stops the import, for every file at once.
func (b *batch) refusal() error {
	var said []string
	for _, f := range b.files {
		if why := refusals(f.Problems); why != "" && !f.Already {
			said = append(said, f.Name+": "+why)
		}
	}
	if said == nil {
		return nil
	}
	return errs.New(errs.Invalid, "nothing was imported. %s", strings.Join(said, " ")).
		WithHint("put the file right, or fetch it again from its publisher, and import it once more")
}

// change fits everything together and saves it. When another change came
// first it is fitted together with that one as well.
func (s *Service) change(ctx context.Context, actor access.Actor, b *batch, remove []ids.File) error {
	for try := 1; ; try++ {
		err := s.tryChange(ctx, actor, b, remove)
		if !errs.Is(err, errs.Conflict) || try == maxTries {
			return err
		}
	}
}

func (s *Service) tryChange(ctx context.Context, actor access.Actor, b *batch, remove []ids.File) error {
	kept, base, err := s.store.Contents(ctx, actor.Unit)
	if err != nil {
		return err
	}
	contents, err := b.contents(kept, remove)
	if err != nil {
		return err
	}
	atlas, err := NewAtlas(compile(contents))
	if err != nil {
		return errs.New(errs.Internal, "the files cannot be fitted together").WithCause(err)
	}
	if err := b.fit(atlas); err != nil {
		return err
	}
	change := Change{Base: base, Add: b.datasets(s), Remove: remove, Atlas: atlas.pack()}
	if err := s.store.Save(ctx, actor.Unit, change, b.event(s, remove)); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cache[actor.Unit] = cached{base + 1, atlas}
	return nil
}

// contents returns everything that will be kept, oldest first.
func (b *batch) contents(kept []KeptDataset, remove []ids.File) ([]Content, error) {
	replaced := slices.Clone(remove)
	for _, f := range b.files {
		if !f.Already {
			replaced = append(replaced, f.File)
		}
	}
	var out []Content
	for _, k := range kept {
		if slices.Contains(replaced, k.File) {
			continue
		}
		content, err := unpackContent(k.Content)
		if err != nil {
			return nil, errs.New(errs.Internal, "the dataset %s cannot be read", k.Name).WithCause(err)
		}
		out = append(out, content)
	}
	for _, f := range b.files {
		if !f.Already {
			out = append(out, f.content)
		}
	}
	return out, nil
}

// fit completes the summaries, and refuses boundaries whose names nothing
// knows: they would be left out in silence.
func (b *batch) fit(a *Atlas) error {
	for i := range b.files {
		f := &b.files[i]
		if f.Already {
			continue
		}
		f.countOwn(f.content, a)
		for _, drawn := range f.content.Shapes {
			if drawn.Place.Code != "" {
				continue
			}
			if _, ok := a.FindName(drawn.Place.Level, drawn.Place.Name); !ok {
				t, _ := TypeOf(drawn.Place.Level)
				return errs.New(errs.Invalid, "nothing was imported. %s names a %s %q, which no file yet gives a code", f.Name, t.Title, drawn.Place.Name).
					WithHint("import a look-up that has the %s with their codes first, or together with this file", t.Plural)
			}
		}
	}
	return nil
}

func (b *batch) datasets(s *Service) []KeptDataset {
	var out []KeptDataset
	for _, f := range b.files {
		if f.Already {
			continue
		}
		out = append(out, KeptDataset{
			Dataset: Dataset{File: f.File, Name: f.Name, Kind: f.Kind, Level: f.Level, Size: f.size,
				Options: f.options, At: s.record.Now().UTC(), By: b.actor.Name, Summary: f.Summary},
			Content: f.content.pack(),
		})
	}
	return out
}

func (b *batch) event(s *Service, remove []ids.File) access.Event {
	type line struct {
		File  ids.File  `json:"file"`
		Name  string    `json:"name,omitempty"`
		Kind  Kind      `json:"kind,omitempty"`
		Level ids.Level `json:"level,omitempty"`
	}
	var added, removed []line
	for _, f := range b.files {
		if !f.Already {
			added = append(added, line{f.File, f.Name, f.Kind, f.Level})
		}
	}
	for _, f := range remove {
		removed = append(removed, line{File: f})
	}
	subject := "places"
	if len(added)+len(removed) == 1 {
		subject = fmt.Sprintf("places file %s", append(added, removed...)[0].File)
	}
	return s.record.Event(b.actor, access.PlacesImport, subject, map[string]any{"imported": added, "removed": removed})
}

// Remove takes a file out again, and with it all that only it said. Errors:
// Forbidden, NotFound.
func (s *Service) Remove(ctx context.Context, actor access.Actor, file ids.File) error {
	if err := access.Check(actor, access.PlacesImport); err != nil {
		return err
	}
	all, err := s.store.Datasets(ctx, actor.Unit)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(d Dataset) bool { return d.File == file }) {
		return errs.New(errs.NotFound, "no file %s was imported", file).WithHint("vru places files lists them with their hashes")
	}
	return s.change(ctx, actor, &batch{service: s, actor: actor}, []ids.File{file})
}
