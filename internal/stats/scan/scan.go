// Package scan finds clusters in space, or in space and time, with Kulldorff's
// scan statistics: of all circles about the places, or of all cylinders (a
// circle for some periods), the ones whose count is furthest from what would be
// expected, and how often chance alone makes one as extreme somewhere.
//
// Two models. Poisson takes cases to fall in proportion to expected counts
// that the caller gives (a population will do). Permutation needs cases alone
// and asks whether places and times go together more than they would if each
// kept its own total. Methods pages: docs/methods/scan-spatial.md,
// scan-space-time.md and scan-prospective.md.
package scan

import "openvru/internal/stats"

// Data is what is scanned. Tables of places by periods are place by place:
// the value of place i in period t is at i·Periods + t. With one period the
// scan is purely spatial.
type Data struct {
	// X and Y are the centroids, one a place: metres east and north (any other
	// unit will do, and is then that of Options.MaxRadius and Cluster.Radius),
	// or, with LonLat, degrees east and north. Places may share a centroid.
	X, Y []float64
	// LonLat says that X and Y are degrees; distances are then great circles
	// on a sphere of 6,371,008.8 metres.
	LonLat bool
	// Periods is the number of periods; zero is taken as one.
	Periods int
	// Cases are counts, whole numbers, of places by periods.
	Cases []float64
	// Expected is what Cases would be in proportion to by the Poisson model:
	// populations, or counts expected from age, season or trend. Only ratios
	// matter: it is scaled to the number of cases. Permutation ignores it.
	Expected []float64
	// Population is what Options.MaxShare is a share of, one a place. Without
	// it that is Expected by the Poisson model, Cases by Permutation.
	Population []float64
}

// Rates says which clusters are looked for.
type Rates int

// More cases than expected, fewer, or either.
const (
	High Rates = iota
	Low
	Both
)

// Overlap says which clusters are reported beside more likely ones.
type Overlap int

const (
	// Apart reports clusters that have no place in common, whatever their time.
	Apart Overlap = iota
	// CentresApart lets clusters overlap as long as none holds the centre of
	// another.
	CentresApart
)

// Options says how to scan; its zero value is the usual.
type Options struct {
	// Seed starts the random numbers.
	Seed uint64
	// Replications is how many sets of cases are drawn to judge by, up to ten
	// million; zero is taken as 999, a negative number as none, which leaves no
	// p-values.
	Replications int
	// MaxShare is the largest share of the population in a circle, above 0 and
	// up to 1; zero is taken as 0.5.
	MaxShare float64
	// MaxRadius is the largest radius in metres; zero is no limit.
	MaxRadius float64
	// Rates is which clusters are looked for: High, unless said.
	Rates Rates
	// MinCases is the fewest cases in a cluster of high rates; zero is taken
	// as 2.
	MinCases int
	// Overlap is which lesser clusters are reported: Apart, unless said.
	Overlap Overlap
	// MaxClusters is how many clusters are reported at most; zero is taken as 10.
	MaxClusters int
	// MinPeriods and MaxPeriods bound the length of a cluster in time; zero is
	// taken as one period and as half of all, rounded down but at least one.
	MinPeriods, MaxPeriods int
	// Prospective looks only for clusters that last to the latest period: those
	// still alive.
	Prospective bool
	// EarlierAnalyses is how many prospective analyses went before, one a
	// period: replications are then judged by the clusters alive at any of
	// them, so that p holds for the whole series of analyses (Kulldorff 2001).
	// Zero judges this analysis alone, which is what a recurrence interval is of.
	EarlierAnalyses int
	// WholeTime looks also for clusters that last all periods.
	WholeTime bool
	// StopAfter ends the replications once so many have reached the most likely
	// cluster (Besag and Clifford 1991), which saves time where there is
	// nothing to find; zero runs them all.
	StopAfter int
}

// Result is what a scan found.
type Result struct {
	// Clusters are the most likely cluster and lesser ones that do not overlap
	// it, the most likely first. There are none where no circle has a
	// likelihood above that of no cluster, as with no cases or a single place.
	Clusters []Cluster
	// Cases is the number of cases in all.
	Cases float64
	// Maxima holds the greatest log likelihood ratio of each replication done.
	Maxima []float64
}

// Cluster is a circle, or a circle over some periods.
type Cluster struct {
	// Centre is the place the circle is about; Places are all in it, nearest
	// first, the centre among them.
	Centre int
	Places []int
	// Radius is the distance in metres of the furthest place from the centre.
	Radius float64
	// First and Last are the first and last period, counted from zero.
	First, Last int
	// Cases and Expected are the counts in the cluster.
	Cases, Expected float64
	// Ratio is Cases over Expected.
	Ratio float64
	// RelativeRisk is Ratio over the same for everything outside: infinite when
	// there are no cases outside, NaN by the permutation model, which has no
	// risk.
	RelativeRisk float64
	// LLR is the logarithm of the likelihood ratio.
	LLR float64
	// P is the Monte-Carlo p-value: the rank of LLR among the greatest of all
	// replications, so that it allows for having looked everywhere. NaN without
	// replications.
	P float64
	// PGumbel is the p-value by a Gumbel distribution fitted to the greatest of
	// all replications (Abrams, Kleinman and Kulldorff 2010); it is not bound
	// to be more than 1/(replications+1). NaN without two unlike replications.
	PGumbel float64
	// Recurrence is 1/P in periods, of a prospective scan: were there never a
	// cluster, an analysis each period would show one as extreme once in so
	// many periods on average. Otherwise NaN.
	Recurrence float64
}

// Poisson scans by the Poisson model (Kulldorff 1997; 2001 in time). Errors:
// stats.ErrEmpty without places, ErrLength, ErrMissing, ErrNegative for the
// lists; ErrPosition for a place; ErrPart for a part of a case; ErrNoPopulation
// where all expected counts are zero; ErrImpossible for cases where none can be
// expected; ErrOption for an option, or more than two thousand million cases.
func Poisson(d Data, o Options) (Result, error) { return run(d, o, false) }

// Permutation scans by the space-time permutation model (Kulldorff, Heffernan,
// Hartman, Assunção and Mostashari 2005): expected in a place at a time is the
// place's total times the time's total over the total of all. Errors as of
// Poisson, save those of expected counts; stats.ErrTooFew with one period;
// ErrOption for more than 67 million cases.
func Permutation(d Data, o Options) (Result, error) { return run(d, o, true) }

func run(d Data, o Options, permute bool) (Result, error) {
	o, err := o.complete(max(d.Periods, 1))
	if err != nil {
		return Result{}, err
	}
	p, err := newProblem(d, o, permute)
	if err != nil || p.total == 0 {
		return Result{}, err
	}
	found := p.clusters()
	result := Result{Cases: p.total, Clusters: found}
	if len(found) > 0 && o.Replications > 0 {
		result.Maxima = p.replicate(found[0].LLR)
	}
	judge(&result, o)
	return result, nil
}

// complete puts the usual in for what is not said, and refuses what cannot be.
func (o Options) complete(periods int) (Options, error) {
	usual(&o.Replications, 999)
	usual(&o.MinCases, 2)
	usual(&o.MaxClusters, 10)
	usual(&o.MinPeriods, 1)
	usual(&o.MaxPeriods, max(o.MinPeriods, periods/2))
	if o.MaxShare == 0 {
		o.MaxShare = 0.5
	}
	ok := o.MaxShare > 0 && o.MaxShare <= 1 && o.MaxRadius >= 0 &&
		o.Rates >= High && o.Rates <= Both && o.Overlap >= Apart && o.Overlap <= CentresApart &&
		o.Replications <= mostReplications && o.MinCases > 0 && o.MaxClusters > 0 && o.StopAfter >= 0 &&
		1 <= o.MinPeriods && o.MinPeriods <= o.MaxPeriods && o.MaxPeriods <= periods &&
		0 <= o.EarlierAnalyses && o.EarlierAnalyses < periods
	if !ok {
		return o, stats.ErrOption
	}
	return o, nil
}

const mostReplications = 10_000_000

func usual(option *int, value int) {
	if *option == 0 {
		*option = value
	}
}
