package trend_test

import (
	"fmt"

	"openvru/internal/stats/trend"
)

// Three years of a month's robberies; a patrol begins with the third year, and a
// lockdown takes three months of the second.
func ExampleInterrupt() {
	robberies := []float64{
		21, 18, 20, 23, 25, 26, 28, 24, 22, 23, 19, 20,
		20, 19, 9, 8, 11, 27, 26, 25, 24, 21, 22, 18,
		15, 14, 16, 15, 19, 18, 20, 19, 16, 15, 14, 13,
	}
	r, err := trend.Interrupt(robberies, trend.InterruptedOptions{
		Model: trend.Model{Season: trend.Season{Harmonics: 1}, Trend: trend.Flat},
		Interventions: []trend.Intervention{
			{Name: "lockdown", Start: 14, End: 17, Effect: trend.LevelOnly},
			{Name: "patrol", Start: 24, Effect: trend.LevelOnly},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	patrol := r.Effects[1]
	fmt.Printf("patrol: %.0f%% (%.0f%% to %.0f%%)\n", patrol.Level.Change, patrol.Level.Interval.Low, patrol.Level.Interval.High)
	fmt.Printf("%.0f robberies averted (%.0f to %.0f)\n",
		patrol.Averted.Events.Value, patrol.Averted.Events.Interval.Low, patrol.Averted.Events.Interval.High)
	// Output:
	// patrol: -28% (-40% to -14%)
	// 76 robberies averted (38 to 114)
}

// Where did the level change?
func ExamplePELT() {
	c, err := trend.PELT([]float64{3, 5, 4, 4, 6, 3, 5, 4, 11, 14, 12, 15, 13, 12, 14, 13}, trend.ChangeOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range c.Segments {
		fmt.Printf("months %d to %d: %.2f a month\n", s.From+1, s.To, s.Mean)
	}
	// Output:
	// months 1 to 8: 4.25 a month
	// months 9 to 16: 13.00 a month
}
