package records

import (
	"context"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/files"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/records/rowfile"
)

// ScanQuery asks for counts of the kept records of one source, as the standing
// editions tell them. Only counts come out of a scan, never a row.
type ScanQuery struct {
	Source     ids.Source
	Months     period.Range // both ends included; the zero Range is every month
	Place      ids.Place    // the zero Place is everywhere
	Categories []string     // ids of categories; none means every one
	By         []string     // what rows are counted by: see ScanColumns
	Known      time.Time    // as known then; the zero time is now
}

// ScanCount is how many records and incidents share the values asked for by.
type ScanCount struct {
	Values  []string // in the order of By; "" where a record has none
	Records int64
	Count   int64
}

// ScanColumns are what records can be counted by, besides levels of places,
// which are named as ids.Level ("borough", "lsoa-2021").
func ScanColumns() []string { return []string{"month", "category", "force", "weekday", "hour"} }

// Scanner counts kept records. The first implementation reads the Parquet
// files of this store; another can ask a database over the same files.
type Scanner interface {
	// Scan counts the records of a unit. The standing editions decide which
	// months of which force each submission's rows count for. Errors: Invalid
	// for a query that makes no sense.
	Scan(ctx context.Context, unit ids.Unit, q ScanQuery) ([]ScanCount, error)
}

// Scan counts kept records. Errors: Forbidden; as Scanner's.
func (s *Service) Scan(ctx context.Context, actor access.Actor, q ScanQuery) ([]ScanCount, error) {
	if err := access.Check(actor, access.FactsRead); err != nil {
		return nil, err
	}
	return s.Scanner.Scan(ctx, actor.Unit, q)
}

// FileScanner is the Scanner over the Parquet files of a file store.
type FileScanner struct {
	store   Store
	files   *files.Store
	sources []*Source

	mu   sync.Mutex
	open map[ids.File]*rowfile.File // footers read before; files never change
}

var _ Scanner = (*FileScanner)(nil)

// NewFileScanner returns a FileScanner for the records of some sources.
func NewFileScanner(store Store, files *files.Store, sources []*Source) *FileScanner {
	return &FileScanner{store: store, files: files, sources: sources, open: map[ids.File]*rowfile.File{}}
}

// maxFooters is how many files' footers are remembered.
const maxFooters = 512

// Scan counts the records of a unit.
func (s *FileScanner) Scan(ctx context.Context, unit ids.Unit, q ScanQuery) ([]ScanCount, error) {
	rq, err := q.rows()
	if err != nil {
		return nil, err
	}
	live, err := s.live(ctx, unit, q)
	if err != nil {
		return nil, err
	}
	var sources []rowfile.Source
	var opened []*os.File
	defer func() {
		for _, f := range opened {
			f.Close()
		}
	}()
	for _, e := range live {
		sub, err := s.store.Submission(ctx, unit, e.submission)
		if err != nil {
			return nil, err
		}
		for _, p := range sub.Parts {
			rf, f, err := s.file(p)
			if err != nil {
				return nil, err
			}
			opened = append(opened, f)
			sources = append(sources, rowfile.Source{File: rf, Only: e.only})
		}
	}
	if len(sources) == 0 {
		return nil, nil
	}
	sums, err := rowfile.Scan(sources, rq, runtime.GOMAXPROCS(0))
	if err != nil {
		return nil, err
	}
	return q.counts(sums), nil
}

// file opens a part; its footer is read once.
func (s *FileScanner) file(p Part) (*rowfile.File, *os.File, error) {
	f, err := s.files.Open(p.File)
	if err != nil {
		return nil, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if rf := s.open[p.File]; rf != nil {
		return rf.With(f), f, nil
	}
	rf, err := rowfile.Open(f, p.Size)
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	if len(s.open) >= maxFooters {
		clear(s.open)
	}
	s.open[p.File] = rf
	return rf, f, nil
}

// rows turns the query into one of columns.
func (q ScanQuery) rows() (rowfile.Query, error) {
	out := rowfile.Query{Sum: "count"}
	if len(q.By) > 4 {
		return out, errs.New(errs.Invalid, "records are counted by at most four things at once, not %d", len(q.By))
	}
	for _, by := range q.By {
		if _, level := places.TypeOf(ids.Level(by)); !level && !slices.Contains(ScanColumns(), by) {
			return out, errs.New(errs.Invalid, "records are not counted by %q", by).WithHint("count them by month, category, force, weekday, hour or a level of places")
		}
		out.By = append(out.By, ColumnOf(ids.Level(by)))
	}
	if !q.Place.IsZero() && q.Place.Level != LevelForce {
		out.Where = append(out.Where, rowfile.Match{Column: ColumnOf(q.Place.Level), Words: []string{q.Place.Code}})
	}
	if q.Place.Level == LevelForce {
		out.Where = append(out.Where, rowfile.Match{Column: "force", Words: []string{q.Place.Code}})
	}
	if q.Months != (period.Range{}) {
		out.Where = append(out.Where, rowfile.Match{Column: "month", From: firstDay(q.Months.From), To: firstDay(q.Months.To)})
	}
	if len(q.Categories) > 0 {
		out.Where = append(out.Where, rowfile.Match{Column: "category", Words: q.Categories})
	}
	return out, nil
}

// counts turns sums into words.
func (q ScanQuery) counts(sums []rowfile.Sum) []ScanCount {
	out := make([]ScanCount, len(sums))
	for i, s := range sums {
		values := make([]string, len(q.By))
		for k, by := range q.By {
			values[k] = scanValue(by, s.Values[k])
		}
		out[i] = ScanCount{Values: values, Records: s.Rows, Count: s.Total}
	}
	return out
}

func scanValue(by string, v rowfile.Value) string {
	switch {
	case v.Null:
		return ""
	case by == "month":
		return time.Unix(int64(v.Int)*86400, 0).UTC().Format("2006-01")
	case by == "weekday":
		return time.Weekday(v.Int % 7).String()
	case by == "hour":
		return time.Date(0, 1, 1, int(v.Int), 0, 0, 0, time.UTC).Format("15:04")
	}
	return v.Text
}
