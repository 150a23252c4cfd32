package records

import (
	"context"
	"os"
	"runtime"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/records/rowfile"
)

// RecountFacts adds up an edition's kept records and returns where its facts
// say otherwise: nothing, unless one of the two was damaged. It changes
// nothing. Errors: NotFound, Forbidden; Conflict for a submission that is no
// edition.
func (s *Service) RecountFacts(ctx context.Context, actor access.Actor, id ids.Submission) (_ []FactDifference, err error) {
	defer errs.Wrap(&err, "records.RecountFacts(%s)", id)
	sub, err := s.mine(ctx, actor, access.SubmissionsRead, id)
	if err != nil {
		return nil, err
	}
	coverage, err := s.coverageOf(ctx, sub)
	if err != nil {
		return nil, err
	}
	kept, err := s.Store.EditionBlocks(ctx, actor.Unit, id)
	if err != nil {
		return nil, err
	}
	counts := map[FactDifference]*[2]int64{}
	for i := range kept {
		if err := spread(counts, 0, &kept[i]); err != nil {
			return nil, err
		}
	}
	if err := s.addRecords(counts, sub, coverage); err != nil {
		return nil, err
	}
	return differences(counts), nil
}

func (s *Service) coverageOf(ctx context.Context, sub Submission) ([]Coverage, error) {
	all, err := s.Store.Editions(ctx, sub.Unit)
	if err != nil {
		return nil, err
	}
	for _, e := range all {
		if e.Submission == sub.ID {
			return e.Coverage, nil
		}
	}
	return nil, errs.New(errs.Conflict, "%s was never accepted, so it has no facts.", sub.Name)
}

// addRecords scans the submission's records once for each level it tells.
func (s *Service) addRecords(counts map[FactDifference]*[2]int64, sub Submission, coverage []Coverage) error {
	sources, closeAll, err := s.openParts(sub)
	defer closeAll()
	if err != nil {
		return err
	}
	done := map[ids.Level]bool{}
	for _, c := range coverage {
		if done[c.Level] {
			continue
		}
		done[c.Level] = true
		q := rowfile.Query{By: []string{"force", "month", "category"}, Sum: "count"}
		if c.Level != LevelForce {
			q.By = append(q.By, ColumnOf(c.Level))
		}
		sums, err := rowfile.Scan(sources, q, runtime.GOMAXPROCS(0))
		if err != nil {
			return err
		}
		r := recounting{counts, sub.Source, c.Level, coverage}
		for i := range sums {
			r.add(&sums[i])
		}
	}
	return nil
}

// openParts opens the files of a submission's records.
func (s *Service) openParts(sub Submission) (out []rowfile.Source, closeAll func(), err error) {
	var open []*os.File
	closeAll = func() {
		for _, f := range open {
			f.Close()
		}
	}
	for _, p := range sub.Parts {
		f, err := s.Files.Open(p.File)
		if err != nil {
			return nil, closeAll, err
		}
		open = append(open, f)
		rows, err := rowfile.Open(f, p.Size)
		if err != nil {
			return nil, closeAll, err
		}
		out = append(out, rowfile.Source{File: rows})
	}
	return out, closeAll, nil
}

// recounting adds sums of records to the counts of facts.
type recounting struct {
	counts   map[FactDifference]*[2]int64
	source   ids.Source
	level    ids.Level
	coverage []Coverage
}

// add puts a sum under every series that its category feeds, where the edition
// speaks for it.
func (r recounting) add(sum *rowfile.Sum) {
	force, month := sum.Values[0].Text, monthOfDay(sum.Values[1].Int)
	place := force
	if r.level != LevelForce {
		if place = sum.Values[3].Text; sum.Values[3].Null {
			return
		}
	}
	for _, s := range SeriesOf(r.source) {
		feed, _ := s.Feed(r.source)
		if sum.Total == 0 || !feed.Matches(sum.Values[2].Text) || !r.told(s.ID, force, month) {
			continue
		}
		key := FactDifference{Series: s.ID, Force: force, Level: r.level, Place: place, Month: month}
		if r.counts[key] == nil {
			r.counts[key] = &[2]int64{}
		}
		r.counts[key][1] += sum.Total
	}
}

func (r recounting) told(s ids.Series, force string, m period.Month) bool {
	for _, c := range r.coverage {
		if c.Level == r.level && c.Force == force && c.Tells(s, m) {
			return true
		}
	}
	return false
}
