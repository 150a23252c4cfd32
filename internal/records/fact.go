package records

import (
	"cmp"
	"context"
	"slices"
	"time"

	"openvru/internal/access"
	"openvru/internal/ids"
	"openvru/internal/period"
)

// AllPlaces is the block of levels that are never cut up: boroughs and above.
const AllPlaces = "all"

// NoBlock is the block of small places that no borough is known for.
const NoBlock = "other"

// Levels the facts treat in their own way.
const (
	// LevelForce is the police area: its fact is all the force reported.
	LevelForce ids.Level = "pfa"
	// LevelBorough is the borough or district.
	LevelBorough ids.Level = "borough"
	// LevelRegion is never kept: it is put together from its forces.
	LevelRegion ids.Level = "region"
)

// Coverage is a claim an edition makes: for these months it tells all that the
// force's source has to say at the level, so what it does not mention is none.
type Coverage struct {
	Force  string // code of the police area: "E23000001"
	Level  ids.Level
	Months period.Range
	Series []ids.Series // only these series; nil means every series the source feeds
}

// Tells reports whether the claim holds for a series in a month.
func (c Coverage) Tells(s ids.Series, m period.Month) bool {
	return c.Months.Has(m) && (c.Series == nil || slices.Contains(c.Series, s))
}

// Edition is one accepted submission seen as a bearer of facts. Editions are
// never changed: a later one restates what it covers, and withdrawing one lets
// the older facts show again. So any past day can be asked as it was known.
type Edition struct {
	Submission  ids.Submission
	Source      ids.Source
	FileName    string
	File        ids.File
	AcceptedAt  time.Time
	Supersedes  ids.Submission // the submission it replaces whole, if any
	WithdrawnAt time.Time      // zero while it stands
	Coverage    []Coverage
}

// Block is the facts of one series in one year from one edition and force, for
// all places of a level in one block: the whole level, or one borough's share
// of it. Cells is what EncodeCells wrote.
type Block struct {
	Submission ids.Submission
	Series     ids.Series
	Force      string
	Level      ids.Level
	Block      string
	Year       int
	Cells      []byte
}

// SortBlocks puts blocks in the order of level, series, block, year, force and
// submission.
func SortBlocks(blocks []Block) {
	slices.SortFunc(blocks, func(a, b Block) int {
		return cmp.Or(cmp.Compare(a.Level, b.Level), cmp.Compare(a.Series, b.Series), cmp.Compare(a.Block, b.Block),
			cmp.Compare(a.Year, b.Year), cmp.Compare(a.Force, b.Force), cmp.Compare(a.Submission, b.Submission))
	})
}

// BlockQuery asks for blocks. Every list is needed; an empty one finds none.
type BlockQuery struct {
	Submissions []ids.Submission
	Series      []ids.Series
	Level       ids.Level
	Blocks      []string
	From, To    int // years, both included
}

// EditionFacts is what an edition brings: its claims and its blocks.
type EditionFacts struct {
	Coverage []Coverage
	Blocks   []Block
}

// FactStore keeps editions and their blocks. An edition's facts are put when it
// is accepted. They are never altered, but for being counted again from the
// same file when the places known have changed (ReplaceFacts).
type FactStore interface {
	// PutEdition keeps an edition with its blocks, in one transaction with the
	// event. Errors: Conflict if the submission's facts are kept already.
	PutEdition(ctx context.Context, unit ids.Unit, e Edition, blocks []Block, event access.Event) error

	// WithdrawEdition marks an edition withdrawn at a time. Errors: NotFound;
	// Conflict if it is withdrawn already.
	WithdrawEdition(ctx context.Context, unit ids.Unit, id ids.Submission, at time.Time, event access.Event) error

	// ReplaceFacts puts facts counted again in the place of an edition's own.
	// Errors: NotFound.
	ReplaceFacts(ctx context.Context, unit ids.Unit, id ids.Submission, facts EditionFacts, event access.Event) error

	// EditionsMark returns a text that changes whenever Editions would answer
	// otherwise; it is quick.
	EditionsMark(ctx context.Context, unit ids.Unit) (string, error)

	// Editions returns every edition with its coverage, oldest first
	// (AcceptedAt, then Submission).
	Editions(ctx context.Context, unit ids.Unit) ([]Edition, error)

	// Blocks returns the blocks asked for, in the order of SortBlocks.
	Blocks(ctx context.Context, unit ids.Unit, q BlockQuery) ([]Block, error)

	// EditionBlocks returns every block of an edition, in the same order.
	EditionBlocks(ctx context.Context, unit ids.Unit, id ids.Submission) ([]Block, error)
}
