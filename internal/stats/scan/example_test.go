package scan_test

import (
	"fmt"

	"openvru/internal/stats/scan"
)

// Nine wards on a grid of a kilometre, ten thousand people in each. The one in
// the corner and its neighbours had a bad year.
func ExamplePoisson() {
	d := scan.Data{
		X:     []float64{0, 1000, 2000, 0, 1000, 2000, 0, 1000, 2000},
		Y:     []float64{0, 0, 0, 1000, 1000, 1000, 2000, 2000, 2000},
		Cases: []float64{31, 28, 9, 26, 12, 8, 10, 7, 11},
	}
	for range d.X {
		d.Expected = append(d.Expected, 10_000)
	}
	result, err := scan.Poisson(d, scan.Options{Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	c := result.Clusters[0]
	fmt.Printf("about place %d: %d places within %.0f m\n", c.Centre, len(c.Places), c.Radius)
	fmt.Printf("%.0f cases for %.1f, relative risk %.2f, p %.3f\n", c.Cases, c.Expected, c.RelativeRisk, c.P)
	// Output:
	// about place 0: 3 places within 1000 m
	// 85 cases for 47.3, relative risk 2.98, p 0.001
}
