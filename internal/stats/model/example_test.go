package model_test

import (
	"fmt"
	"math"

	"openvru/internal/stats/model"
)

// Robberies of six months in two boroughs of unlike size: the ratio of their
// rates, with an interval that allows for more variation than chance alone.
func ExampleFit() {
	robberies := []float64{31, 40, 28, 90, 61, 72}
	borough := []string{"north", "north", "north", "south", "south", "south"}
	people := []float64{200e3, 200e3, 200e3, 310e3, 310e3, 310e3}
	offset := make([]float64, len(people))
	for i, n := range people {
		offset[i] = math.Log(n)
	}
	d := model.NewDesign(len(robberies)).Intercept().Factor("borough", borough)
	fit, err := model.Fit(d, robberies, model.Options{Family: model.QuasiPoisson, Offset: offset})
	if err != nil {
		fmt.Println(err)
		return
	}
	terms, err := fit.Terms(fit.Covariance(), 0.95)
	if err != nil {
		fmt.Println(err)
		return
	}
	south := terms[1]
	fmt.Printf("%s: %.2f times (%.2f to %.2f)\n", south.Name, math.Exp(south.Estimate), math.Exp(south.Interval.Low), math.Exp(south.Interval.High))
	// Output: borough=south: 1.45 times (0.90 to 2.34)
}
