package spatial_test

import (
	"fmt"

	"openvru/internal/geo"
	"openvru/internal/stats/spatial"
)

// Which squares of a small map are hot spots, by 9,999 permutations, with no
// more than a tenth of those named expected to be so by chance.
func ExampleLocalG() {
	w, err := spatial.NewWeights(geo.Neighbours(chessboard(), geo.Queen))
	if err != nil {
		fmt.Println(err)
		return
	}
	offences := make([]float64, 64)
	for i := range offences {
		offences[i] = float64(i * 37 % 11)
	}
	for _, i := range []int{17, 18, 19, 25, 26, 27, 33, 34, 35} {
		offences[i] += 20
	}
	g, err := spatial.LocalG(w.WithSelf(), offences, spatial.Options{Permutations: 9999, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, label := range g.Clusters(0.1) {
		if label == spatial.HotSpot {
			fmt.Printf("square %d: %v, z %.1f\n", i, label, g.Z[i])
		}
	}
	// Output:
	// square 18: hot spot, z 4.3
	// square 25: hot spot, z 4.3
	// square 26: hot spot, z 7.2
	// square 27: hot spot, z 4.6
	// square 34: hot spot, z 4.5
}
