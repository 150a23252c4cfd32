package rate

import (
	"math"
	"sync"

	"openvru/internal/stats/dist"
)

// exactBelow is the count from which Byar's approximation is close enough that
// public health bodies in England use it: PHE's and now OHID's tools do.
const exactBelow = 10

// Poisson returns the interval of a count: exact under ten, Byar's from ten on.
func Poisson(count, confidence float64) Interval {
	if count < exactBelow {
		return Exact(count, confidence)
	}
	return Byar(count, confidence)
}

// Exact returns the exact interval of a Poisson count (Garwood 1936): the
// means under which a count this low, or this high, would come up with half
// the remaining probability each.
func Exact(count, confidence float64) Interval {
	if !sound(count, confidence) {
		return unknown
	}
	if confidence == Confidence95 && count < listed && count == math.Floor(count) {
		return exact95()[int(count)]
	}
	return exact(count, confidence)
}

// exact95 is the 95% intervals of the whole counts that most places have, worked
// out once: a place's page and a map of all places ask for them again and again.
var exact95 = sync.OnceValue(func() *[listed]Interval {
	var of [listed]Interval
	for count := range of {
		of[count] = exact(float64(count), Confidence95)
	}
	return &of
})

const listed = 100

func exact(count, confidence float64) Interval {
	half := (1 - confidence) / 2
	i := Interval{Low: 0, High: dist.GammaTailQuantile(half, count+1, 1)}
	if count > 0 {
		i.Low = dist.GammaQuantile(half, count, 1)
	}
	return i
}

// Byar returns Byar's approximation to the exact interval (Breslow and Day
// 1987), good to a few parts in a thousand from ten on.
func Byar(count, confidence float64) Interval {
	if !sound(count, confidence) {
		return unknown
	}
	z := deviate(confidence)
	end := func(n, z float64) float64 {
		root := 1 - 1/(9*n) + z/(3*math.Sqrt(n))
		return n * root * root * root
	}
	i := Interval{Low: 0, High: end(count+1, z)}
	if count > 0 {
		i.Low = max(0, end(count, -z))
	}
	return i
}

// deviate is how many standard errors either side make a normal interval.
func deviate(confidence float64) float64 {
	if confidence == Confidence95 {
		return deviate95 // asked for again and again
	}
	return -dist.NormalQuantile((1 - confidence) / 2)
}

var deviate95 = -dist.NormalQuantile((1 - Confidence95) / 2)
