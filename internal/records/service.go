package records

import (
	"context"
	"os"
	"strings"
	"time"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/files"
	"openvru/internal/ids"
	"openvru/internal/places"
	"openvru/internal/table"
)

// Deps is what a Service needs.
type Deps struct {
	Store   Store
	Files   *files.Store
	Atlas   func(ctx context.Context, unit ids.Unit) (*places.Atlas, error)
	Readers []Reader
	Now     func() time.Time
	IDs     ids.Maker
	Temp    string  // folder for temporary files; "" for the system's
	Scanner Scanner // nil for one that reads the files of the store

	// Wards makes a set of wards from the file that names them; nil never does.
	Wards WardRegister
}

// Service receives files, says what is in them, and makes editions of them:
// the rules of submissions live here, once.
type Service struct {
	Deps
	record access.Recorder
}

// NewService returns a Service.
func NewService(d Deps) *Service {
	s := &Service{Deps: d, record: access.Recorder{Now: d.Now, IDs: d.IDs}}
	if s.Scanner == nil {
		s.Scanner = NewFileScanner(d.Store, d.Files, s.Sources())
	}
	return s
}

// Sources returns what every source declares, in the order of its readers.
func (s *Service) Sources() []*Source {
	var out []*Source
	for _, r := range s.Readers {
		out = append(out, r.Source())
	}
	return out
}

// Source returns one source's declaration. Errors: NotFound, with a hint that
// names the sources there are.
func (s *Service) Source(id ids.Source) (*Source, error) {
	r, err := s.reader(id)
	if err != nil {
		return nil, err
	}
	return r.Source(), nil
}

func (s *Service) reader(id ids.Source) (Reader, error) {
	known := ""
	for _, r := range s.Readers {
		if r.Source().ID == id {
			return r, nil
		}
		if known != "" {
			known += ", "
		}
		known += string(r.Source().ID)
	}
	return nil, errs.New(errs.NotFound, "There is no source %q.", id).WithHint("The sources are %s.", known)
}

// Receive keeps a file as it was sent. The same file of the same source, or
// one with a client key that was used before, is the submission it was the
// first time, whatever has become of it since. Errors: NotFound for an unknown
// source; Conflict when the key came with another file; Unavailable when the
// disk is full.
func (s *Service) Receive(ctx context.Context, actor access.Actor, in Incoming) (Submission, error) {
	if err := s.maySend(actor, in.Source); err != nil {
		return Submission{}, err
	}
	file, size, err := s.Files.Put(ctx, in.Body)
	if err != nil {
		return Submission{}, err
	}
	return s.register(ctx, actor, in, file, size)
}

func (s *Service) maySend(actor access.Actor, source ids.Source) error {
	if err := access.Check(actor, access.SubmissionsSend); err != nil {
		return err
	}
	_, err := s.reader(source)
	return err
}

// register makes the submission of a file that is kept.
func (s *Service) register(ctx context.Context, actor access.Actor, in Incoming, file ids.File, size int64) (Submission, error) {
	sub := Submission{
		Unit: actor.Unit, ID: ids.Submission(s.IDs.New()), Source: in.Source, State: Received,
		File: file, Name: plainName(in.Name), Size: size, Key: in.Key,
		ReceivedAt: s.Now().UTC(), ReceivedBy: actor.Person, Org: actor.Org,
	}
	e := s.record.Event(actor, access.SubmissionsSend, subject(sub.ID), eventDetail(sub))
	kept, _, err := s.Store.AddSubmission(ctx, sub, e)
	if err != nil {
		return Submission{}, err
	}
	if access.CheckFor(actor, access.SubmissionsRead, kept.Org) != nil {
		return Submission{}, elsewhere(kept, in)
	}
	if kept.File != file || kept.Source != in.Source {
		return Submission{}, errs.New(errs.Conflict, "The key %q was used for another file, %s.", in.Key, kept.Name).
			WithHint("Send each file with a key of its own, or without one.")
	}
	return kept, nil
}

// elsewhere refuses a file or a key that another organisation has sent, and says
// nothing more of what that was.
func elsewhere(kept Submission, in Incoming) error {
	if in.Key != "" && kept.Key == in.Key {
		return errs.New(errs.Conflict, "The key %q is taken.", in.Key).
			WithHint("Send each file with a key of its own, or without one.")
	}
	return errs.New(errs.Conflict, "This very file has been sent already, by another organisation.").
		WithHint("It is kept once and counts once: there is nothing more to do. The unit's analyst can say what became of it.")
}

// longestName is how many characters of a file's name are kept.
const longestName = 200

// plainName is a file's name as it is kept and shown: one line, without
// characters that do something, and not too long; its end says what it is.
func plainName(name string) string {
	name = strings.TrimSpace(table.Printable(name))
	if r := []rune(name); len(r) > longestName {
		name = "…" + string(r[len(r)-longestName+1:])
	}
	if strings.Trim(name, "./\\") == "" {
		return "a file without a name"
	}
	return name
}

func subject(id ids.Submission) string { return "submission " + string(id) }

// eventDetail is what the audit log says of a submission.
func eventDetail(s Submission) map[string]any {
	return map[string]any{"source": s.Source, "file": s.File, "name": s.Name, "size": s.Size}
}

// Check reads a submission without accepting it and keeps what it found: its
// state is then Checked or Refused. One that is an edition already, or was
// withdrawn, is returned as it is. Errors: NotFound, Forbidden.
func (s *Service) Check(ctx context.Context, actor access.Actor, id ids.Submission, p Progress) (Submission, error) {
	sub, err := s.mine(ctx, actor, access.SubmissionsCheck, id)
	if err != nil || sub.settled() {
		return sub, err
	}
	got, err := s.readKept(ctx, sub, nil, p)
	if err != nil {
		return Submission{}, err
	}
	return s.saveCheck(ctx, actor, sub, got)
}

// saveCheck keeps what reading found, when nothing is accepted.
func (s *Service) saveCheck(ctx context.Context, actor access.Actor, sub Submission, got *reading) (Submission, error) {
	sub.State, sub.Reason = Checked, got.refused
	if got.refused != "" {
		sub.State = Refused
	}
	sub.Summary, sub.CheckedAt = got.summary, s.Now().UTC()
	detail := eventDetail(sub)
	detail["state"], detail["rows"] = sub.State, sub.Summary.Rows
	if rules := refusing(got.findings); len(rules) > 0 {
		detail["refused"] = rules
	}
	e := s.record.Event(actor, access.SubmissionsCheck, subject(sub.ID), detail)
	if err := s.Store.SaveCheck(ctx, sub, got.findings, e); err != nil {
		return Submission{}, err
	}
	return s.Store.Submission(ctx, sub.Unit, sub.ID)
}

// refusing names the rules that forbid acceptance. The sentence that a person
// reads may quote the file; the audit log, which nobody can take anything out
// of, must not.
func refusing(found []Finding) []string {
	var rules []string
	for _, f := range found {
		if f.Severity == Refuse {
			rules = append(rules, f.Rule)
		}
	}
	return rules
}

// settled reports whether reading the submission again would change nothing.
func (s Submission) settled() bool { return !s.AcceptedAt.IsZero() || s.State == Withdrawn }

// Accept makes a submission an edition: its rows are kept as records, its
// counts become facts, and it restates the months it covers. All or nothing:
// killed at any moment, it has either happened or not, and may be asked for
// again. One that is an edition already is returned as it is. Errors:
// NotFound; Forbidden; Invalid when the file cannot be accepted, with the
// reason, which is kept; Conflict when it was withdrawn.
func (s *Service) Accept(ctx context.Context, actor access.Actor, id ids.Submission, p Progress) (Submission, error) {
	sub, err := s.mine(ctx, actor, access.SubmissionsAccept, id)
	if err != nil {
		return Submission{}, err
	}
	if err := sub.acceptable(); err != nil || sub.settled() {
		return sub, err
	}
	return s.accept(ctx, actor, sub, p)
}

func (s Submission) acceptable() error {
	if s.State != Withdrawn {
		return nil
	}
	return errs.New(errs.Conflict, "%s was withdrawn on %s, so it is not accepted again.", s.Name, s.WithdrawnAt.Format("2 January 2006")).
		WithHint("If that was a mistake, send the file anew with a key of its own (--key).")
}

// accept reads the kept file and makes it an edition.
func (s *Service) accept(ctx context.Context, actor access.Actor, sub Submission, p Progress) (Submission, error) {
	keep, err := newKeeper(s.Files)
	if err != nil {
		return Submission{}, err
	}
	defer func() { keep.discard() }()
	got, err := s.readKept(ctx, sub, keep, p)
	if err != nil {
		return Submission{}, err
	}
	switch again, err := s.registerWards(ctx, actor, sub, got); {
	case err != nil:
		return Submission{}, err
	case again:
		keep.discard()
		if keep, err = newKeeper(s.Files); err != nil {
			return Submission{}, err
		}
		if got, err = s.readKept(ctx, sub, keep, p); err != nil {
			return Submission{}, err
		}
	}
	return s.makeEdition(ctx, actor, sub, got, keep)
}

// makeEdition accepts what was read, unless it must be refused. The records
// are on the disk before the register names them.
func (s *Service) makeEdition(ctx context.Context, actor access.Actor, sub Submission, got *reading, keep *keeper) (Submission, error) {
	if got.refused != "" {
		return s.refuse(ctx, actor, sub, got)
	}
	var err error
	if sub.Parts, err = keep.commit(); err != nil {
		return Submission{}, err
	}
	sub.State, sub.Summary, sub.Reason = Accepted, got.summary, ""
	sub.AcceptedAt = s.Now().UTC()
	sub.CheckedAt = sub.AcceptedAt
	detail := eventDetail(sub)
	detail["rows"], detail["parts"] = sub.Summary.Rows, sub.Parts
	e := s.record.Event(actor, access.SubmissionsAccept, subject(sub.ID), detail)
	return s.Store.Accept(ctx, Acceptance{Submission: sub, Findings: got.findings, Facts: got.facts}, e)
}

// refuse keeps why a submission cannot be accepted, and says so.
func (s *Service) refuse(ctx context.Context, actor access.Actor, sub Submission, got *reading) (Submission, error) {
	sub, err := s.saveCheck(ctx, actor, sub, got)
	if err != nil {
		return Submission{}, err
	}
	if sub.settled() { // somebody else had it accepted meanwhile
		return sub, nil
	}
	return sub, errs.New(errs.Invalid, "%s cannot be accepted: %s", sub.Name, got.refused).
		WithHint("See its findings for where; mend the file, or ask its publisher for another, and send that.")
}

// readKept reads a submission's kept file.
func (s *Service) readKept(ctx context.Context, sub Submission, keep *keeper, p Progress) (*reading, error) {
	r, err := s.reader(sub.Source)
	if err != nil {
		return nil, err
	}
	in, f, err := s.input(ctx, sub)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in.Stream = &watched{ctx: ctx, r: f, tell: p, total: sub.Size}
	return read(ctx, r, in, newSink(r.Source(), in.Atlas, s.Temp, keep))
}

// input opens a submission's kept file for a reader. The caller closes it.
func (s *Service) input(ctx context.Context, sub Submission) (*Input, *os.File, error) {
	atlas, err := s.Atlas(ctx, sub.Unit)
	if err != nil {
		return nil, nil, err
	}
	f, err := s.Files.Open(sub.File)
	if err != nil {
		return nil, nil, err
	}
	return &Input{Name: sub.Name, Size: sub.Size, File: f, Stream: f, Atlas: atlas}, f, nil
}

// Withdraw takes a submission out of use, with the reason: its facts no longer
// count, those that it restated count again, and what was known before the
// withdrawal can still be asked. Errors: NotFound, Forbidden; Invalid without
// a reason.
func (s *Service) Withdraw(ctx context.Context, actor access.Actor, id ids.Submission, reason string) (Submission, error) {
	sub, err := s.mine(ctx, actor, access.SubmissionsWithdraw, id)
	if err != nil || sub.State == Withdrawn {
		return sub, err
	}
	if reason == "" {
		return Submission{}, errs.New(errs.Invalid, "Say why %s is withdrawn.", sub.Name).
			WithHint("One sentence is enough; it is kept with the submission and in the audit log.")
	}
	sub.State, sub.Reason, sub.WithdrawnAt = Withdrawn, reason, s.Now().UTC()
	detail := eventDetail(sub)
	detail["reason"] = reason
	return s.Store.Withdraw(ctx, sub, s.record.Event(actor, access.SubmissionsWithdraw, subject(id), detail))
}

// List returns submissions, newest first: all of the unit's, or those of the
// actor's own organisation when they may see no others.
func (s *Service) List(ctx context.Context, actor access.Actor, f Filter) ([]Submission, error) {
	if err := access.Check(actor, access.SubmissionsRead); err != nil {
		return nil, err
	}
	if own, limited := access.Own(actor, access.SubmissionsRead); limited {
		if own == "" {
			return nil, nil
		}
		f.Org = own
	}
	if f.Limit <= 0 {
		f.Limit = 100
	}
	return s.Store.Submissions(ctx, actor.Unit, f)
}

// Get returns one submission. Errors: NotFound, Forbidden.
func (s *Service) Get(ctx context.Context, actor access.Actor, id ids.Submission) (Submission, error) {
	return s.mine(ctx, actor, access.SubmissionsRead, id)
}

// Findings returns what was doubtful in a submission, gravest first. Errors:
// NotFound, Forbidden.
func (s *Service) Findings(ctx context.Context, actor access.Actor, id ids.Submission) ([]Finding, error) {
	if _, err := s.mine(ctx, actor, access.SubmissionsRead, id); err != nil {
		return nil, err
	}
	return s.Store.Findings(ctx, actor.Unit, id)
}

// File opens the file as it was sent. The caller closes it. Errors: NotFound,
// Forbidden.
func (s *Service) File(ctx context.Context, actor access.Actor, id ids.Submission) (*os.File, Submission, error) {
	sub, err := s.mine(ctx, actor, access.SubmissionsRead, id)
	if err != nil {
		return nil, Submission{}, err
	}
	f, err := s.Files.Open(sub.File)
	return f, sub, err
}

// mine returns a submission that the actor may do the action to.
func (s *Service) mine(ctx context.Context, actor access.Actor, action access.Action, id ids.Submission) (Submission, error) {
	if err := access.Check(actor, action); err != nil {
		return Submission{}, err
	}
	sub, err := s.Store.Submission(ctx, actor.Unit, id)
	if err != nil {
		return Submission{}, err
	}
	return sub, access.CheckFor(actor, action, sub.Org)
}
