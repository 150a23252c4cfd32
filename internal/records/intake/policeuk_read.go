package intake

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"regexp"
	"runtime"
	"strings"
	"sync"

	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/records"
)

// streetReader reads the street files of one submission.
type streetReader struct {
	policeUK
	in    *records.Input
	out   *records.Sink
	lsoas []placeLevel // the vintages of LSOAs, for codes as sent
	rules streetRules
	state []*streetWorker // kept from file to file, with the words they know

	file      uint16
	fileName  string       // inside an archive; "" for a file sent alone
	wantMonth period.Month // from the file's name; 0 when it names none
	wantForce string       // code, from the file's name; "" when it names none
	columns   []int        // field of each declared column, -1 when it is not there
	fields    int          // fields of the header
	header    []string
}

func newStreetReader(p policeUK, in *records.Input, out *records.Sink) *streetReader {
	r := &streetReader{policeUK: p, in: in, out: out, rules: newStreetRules(out.Findings())}
	for _, l := range in.Atlas.Vintages("lsoa") {
		r.lsoas = append(r.lsoas, placeLevel{l, in.Atlas})
	}
	for range runtime.GOMAXPROCS(0) {
		r.state = append(r.state, newStreetWorker(r))
	}
	return r
}

// streetName recognises the file names of the publisher.
var streetName = regexp.MustCompile(`^(\d{4}-\d{2})-(.+)-street\.csv(\.gz)?$`)

// named notes what a file's name says of its contents.
func (r *streetReader) named(name string) {
	r.wantMonth, r.wantForce = 0, ""
	m := streetName.FindStringSubmatch(strings.ToLower(path.Base(strings.ReplaceAll(name, `\`, "/"))))
	if m == nil {
		return
	}
	if month, err := period.ParseMonth(m[1]); err == nil {
		r.wantMonth = month
	}
	r.wantForce, _ = forceOfSlug(m[2])
}

// read reads one street file.
func (r *streetReader) read(ctx context.Context, stream io.Reader) error {
	b := bufio.NewReaderSize(stream, sniffBytes)
	head, err := b.Peek(sniffBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return readFailed(err)
	}
	s, err := r.openHead(ctx, bytes.NewReader(head))
	if err != nil || s == nil {
		return err
	}
	if r.slowly || slow(s, head) {
		return r.readSlowly(ctx, b)
	}
	rest := s.buf[s.used:]
	if _, err := b.Discard(len(head) - len(rest)); err != nil {
		return err
	}
	return r.readFast(ctx, &splitter{src: b, size: r.block, delimiter: s.delimiter, line: s.next, sequence: r.out.Sequence()}, s.Encoding())
}

// openHead reads to the header. It returns nil when required columns are
// missing, which the findings then tell.
func (r *streetReader) openHead(ctx context.Context, from io.Reader) (*sheet, error) {
	text, err := OpenText(from)
	if err != nil {
		return nil, err
	}
	s := &sheet{Text: text, source: policeUKSource, found: r.out.Findings(), ctx: ctx}
	if !s.findHeader() {
		return nil, text.Err()
	}
	r.columns, r.header, r.fields = s.columns, s.header, len(s.header)
	for _, i := range s.free {
		s.notUsed(i)
	}
	return s, nil
}

// slow reports whether a file must be read from start to end by one goroutine:
// UTF-16, and files whose lines end in CR alone, which are small and old.
func slow(s *sheet, head []byte) bool {
	return s.encoding == UTF16Little || s.encoding == UTF16Big ||
		bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0
}

// readSlowly reads a whole file through Text.
func (r *streetReader) readSlowly(ctx context.Context, from io.Reader) error {
	text, err := OpenText(from)
	if err != nil {
		return err
	}
	s := &sheet{Text: text, source: policeUKSource, found: records.NewFindings(policeUKSource), ctx: ctx}
	if !s.findHeader() {
		return text.Err()
	}
	w := r.state[0]
	w.start(r)
	text.Note = w.note
	for more := true; more; {
		w.begin(r.out.NewBatch())
		if more, err = w.readSome(s); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := r.out.Put(ctx, r.out.Sequence(), w.batch); err != nil {
			return err
		}
	}
	r.out.Encoding(s.Encoding().String())
	return nil
}

// slowBatch is how many rows readSlowly hands on at a time.
const slowBatch = 8 << 10

func (w *streetWorker) readSome(s *sheet) (more bool, err error) {
	for w.batch.Len() < slowBatch {
		if !s.Next() {
			return false, s.Err()
		}
		w.textRow(s.Text)
	}
	return true, nil
}

// readFast reads blocks of rows on every processor.
func (r *streetReader) readFast(ctx context.Context, s *splitter, enc Encoding) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	blocks := make(chan block)
	s.free = make(chan []byte, 2*len(r.state))
	var wg sync.WaitGroup
	for _, w := range r.state {
		w.start(r)
		wg.Go(func() {
			if err := w.run(ctx, blocks, s); err != nil {
				stop(err)
			}
		})
	}
	err := feed(ctx, s, blocks)
	close(blocks)
	wg.Wait()
	if err == nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return err
	}
	r.out.Encoding(r.encoding(enc).String())
	return nil
}

// feed hands out blocks until the file ends or somebody fails.
func feed(ctx context.Context, s *splitter, blocks chan<- block) error {
	for {
		b, ok, err := s.next()
		if err != nil || !ok {
			return err
		}
		select {
		case blocks <- b:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// encoding adds up what the header and the rows turned out to be written in.
func (r *streetReader) encoding(head Encoding) Encoding {
	t := Text{encoding: ASCII, seenUTF8: head == UTF8 || head == Mixed, seen1252: head == Windows1252 || head == Mixed}
	if head == UTF8Mark {
		return head
	}
	for _, w := range r.state {
		t.seenUTF8 = t.seenUTF8 || w.seenUTF8
		t.seen1252 = t.seen1252 || w.seen1252
	}
	return t.Encoding()
}

// run reads blocks until there are no more.
func (w *streetWorker) run(ctx context.Context, blocks <-chan block, s *splitter) error {
	for b := range blocks {
		if ctx.Err() != nil {
			continue // somebody failed; what is left is only taken off the channel
		}
		w.begin(w.r.out.NewBatch())
		w.block(b.data, b.line, s.delimiter)
		if err := w.r.out.Put(ctx, b.sequence, w.batch); err != nil {
			return err
		}
		select {
		case s.free <- b.data[:cap(b.data)]:
		default:
		}
	}
	return nil
}

// placeLevel finds codes at one level.
type placeLevel struct {
	level ids.Level
	atlas *places.Atlas
}

var errNotStreet = errs.New(errs.Invalid, "the archive holds no street-level crime file").
	WithHint("on the download page tick \"Include crime data\", or send a file named YYYY-MM-force-street.csv")
