package records

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"

	"openvru/internal/access"
	"openvru/internal/files"
	"openvru/internal/ids"
	"openvru/internal/places"
)

// headBytes is how much of a file is looked at before it is read.
const headBytes = 64 << 10

// Submit receives a file and accepts it in one go: it is read while it is
// being kept. It is what a person who has looked at the dry run, or a script,
// wants. Errors: as Receive and Accept.
func (s *Service) Submit(ctx context.Context, actor access.Actor, in Incoming, p Progress) (Submission, error) {
	if err := access.Check(actor, access.SubmissionsAccept); err != nil {
		return Submission{}, err
	}
	if err := s.maySend(actor, in.Source); err != nil {
		return Submission{}, err
	}
	body := bufio.NewReaderSize(in.Body, headBytes)
	head, err := body.Peek(headBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return Submission{}, err
	}
	in.Body = body
	if bytes.HasPrefix(head, []byte("PK")) { // an archive is read from its end, so it must be there first
		sub, err := s.Receive(ctx, actor, in)
		if err != nil {
			return Submission{}, err
		}
		return s.Accept(ctx, actor, sub.ID, p)
	}
	return s.submitStream(ctx, actor, in, bytes.Clone(head), p)
}

// submitStream keeps a file, reads it on the way and makes it an edition.
func (s *Service) submitStream(ctx context.Context, actor access.Actor, in Incoming, head []byte, p Progress) (Submission, error) {
	atlas, err := s.Atlas(ctx, actor.Unit)
	if err != nil {
		return Submission{}, err
	}
	copied, err := newCopying(ctx, s.Files, in.Body, p)
	if err != nil {
		return Submission{}, err
	}
	defer copied.discard()
	keep, err := newKeeper(s.Files)
	if err != nil {
		return Submission{}, err
	}
	defer keep.discard()
	got, err := s.readStream(ctx, in, head, copied, keep, atlas)
	if err != nil {
		return Submission{}, err
	}
	file, size, err := copied.finish()
	if err != nil {
		return Submission{}, err
	}
	sub, err := s.register(ctx, actor, in, file, size)
	if err != nil {
		return Submission{}, err
	}
	if err := sub.acceptable(); err != nil || sub.settled() {
		return sub, err
	}
	if again, err := s.registerWards(ctx, actor, sub, got); err != nil || again {
		if err != nil {
			return Submission{}, err
		}
		return s.accept(ctx, actor, sub, p)
	}
	return s.makeEdition(ctx, actor, sub, got, keep)
}

func (s *Service) readStream(ctx context.Context, in Incoming, head []byte, copied *copying, keep *keeper, atlas *places.Atlas) (*reading, error) {
	r, err := s.reader(in.Source)
	if err != nil {
		return nil, err
	}
	input := &Input{Name: in.Name, Size: int64(len(head)), File: bytes.NewReader(head), Stream: copied, Atlas: atlas}
	got, err := read(ctx, r, input, newSink(r.Source(), atlas, s.Temp, keep))
	if copied.failed != nil { // a reader may take a full disk for the end of the file
		return nil, copied.failed
	}
	return got, err
}

// copying is a stream that is kept as it is read. When it ends, what is kept
// is brought to the disk while the reader goes on with what it has read.
type copying struct {
	ctx    context.Context
	from   io.Reader
	to     *files.Writer
	tell   Progress
	failed error
	done   chan struct{} // closed when file is settled; nil before the end is met
	file   ids.File
	err    error
}

func newCopying(ctx context.Context, store *files.Store, from io.Reader, tell Progress) (*copying, error) {
	to, err := store.Create()
	if err != nil {
		return nil, err
	}
	return &copying{ctx: ctx, from: from, to: to, tell: tell}, nil
}

// Read reads on, keeping what it reads.
func (c *copying) Read(p []byte) (int, error) {
	if c.failed == nil {
		c.failed = c.ctx.Err()
	}
	if c.failed != nil {
		return 0, c.failed
	}
	if c.done != nil {
		return 0, io.EOF
	}
	n, err := c.from.Read(p)
	if _, werr := c.to.Write(p[:n]); werr != nil {
		c.failed = werr
		return 0, werr
	}
	if c.tell != nil {
		c.tell.Set(c.to.Size(), 0)
	}
	switch {
	case errors.Is(err, io.EOF):
		c.commit()
	case err != nil:
		c.failed = err
	}
	return n, err
}

// commit brings the file to the disk in the background.
func (c *copying) commit() {
	if c.done != nil {
		return
	}
	c.done = make(chan struct{})
	go func() {
		defer close(c.done)
		c.file, c.err = c.to.Commit()
	}()
}

// finish keeps what the reader left unread, and returns the file's name and
// size.
func (c *copying) finish() (ids.File, int64, error) {
	if _, err := io.Copy(io.Discard, c); err != nil {
		return "", 0, err
	}
	c.commit()
	<-c.done
	return c.file, c.to.Size(), c.err
}

// discard throws away what was not kept; what cannot be removed now Collect
// will find.
func (c *copying) discard() {
	if c.done != nil {
		<-c.done
	}
	_ = c.to.Close()
}
