package records

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
)

// FactDifference is a count that two sets of blocks disagree on.
type FactDifference struct {
	Series ids.Series
	Force  string
	Level  ids.Level
	Place  string
	Month  period.Month
	Kept   int64
	Built  int64
}

// String says the difference in words.
func (d FactDifference) String() string {
	return fmt.Sprintf("%s at %s/%s in %s (%s): kept as %d, but the records count %d", d.Series, d.Level, d.Place, d.Month, d.Force, d.Kept, d.Built)
}

// DiffFacts compares an edition's blocks as kept with blocks built again from
// its records, count by count: however they are cut into blocks, the same
// counts are the same. The order is total.
func DiffFacts(kept, built []Block) ([]FactDifference, error) {
	counts := map[FactDifference]*[2]int64{}
	for side, blocks := range [2][]Block{kept, built} {
		for i := range blocks {
			if err := spread(counts, side, &blocks[i]); err != nil {
				return nil, err
			}
		}
	}
	return differences(counts), nil
}

// differences returns the keys whose two counts differ, in a total order.
func differences(counts map[FactDifference]*[2]int64) []FactDifference {
	var out []FactDifference
	for key, n := range counts {
		if n[0] != n[1] {
			key.Kept, key.Built = n[0], n[1]
			out = append(out, key)
		}
	}
	slices.SortFunc(out, func(a, b FactDifference) int {
		return cmp.Or(cmp.Compare(a.Level, b.Level), cmp.Compare(a.Series, b.Series), cmp.Compare(a.Month, b.Month),
			cmp.Compare(a.Place, b.Place), cmp.Compare(a.Force, b.Force))
	})
	return out
}

func spread(counts map[FactDifference]*[2]int64, side int, b *Block) error {
	return ReadCells(b.Cells, func(code []byte, months *[12]int64) {
		for m, n := range months {
			if n == 0 {
				continue
			}
			key := FactDifference{Series: b.Series, Force: b.Force, Level: b.Level, Place: string(code), Month: period.NewMonth(b.Year, m+1)}
			if counts[key] == nil {
				counts[key] = &[2]int64{}
			}
			counts[key][side] += n
		}
	})
}

// RebuildFacts counts an edition's facts again from the file as it was sent,
// on the places known today, puts them in the place of those kept and returns
// how the two differ. What was known on a past day is then the same file
// counted on today's places. Errors: NotFound, Forbidden; Conflict for a
// submission that is no edition.
func (s *Service) RebuildFacts(ctx context.Context, actor access.Actor, id ids.Submission, p Progress) (_ []FactDifference, err error) {
	defer errs.Wrap(&err, "records.RebuildFacts(%s)", id)
	sub, err := s.mine(ctx, actor, access.SubmissionsAccept, id)
	if err != nil {
		return nil, err
	}
	if sub.AcceptedAt.IsZero() {
		return nil, errs.New(errs.Conflict, "%s was never accepted, so it has no facts.", sub.Name)
	}
	got, err := s.readKept(ctx, sub, nil, p)
	if err != nil {
		return nil, err
	}
	if got.refused != "" {
		return nil, errs.New(errs.Conflict, "%s was accepted once, but would be refused today: %s", sub.Name, got.refused).
			WithHint("Its facts stay as they are. Withdraw it if the file is at fault.")
	}
	kept, err := s.Store.EditionBlocks(ctx, actor.Unit, id)
	if err != nil {
		return nil, err
	}
	differ, err := DiffFacts(kept, got.facts.Blocks)
	if err != nil { // a damaged block is a reason to go on: every count is new
		if differ, err = DiffFacts(nil, got.facts.Blocks); err != nil {
			return nil, err
		}
	}
	detail := eventDetail(sub)
	detail["changed"] = len(differ)
	e := s.record.Event(actor, access.SubmissionsAccept, "facts of "+subject(id), detail)
	return differ, s.Store.ReplaceFacts(ctx, actor.Unit, id, got.facts, e)
}
