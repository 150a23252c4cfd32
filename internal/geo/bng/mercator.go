package bng

import (
	"math"

	"openvru/internal/geo"
)

// The National Grid's projection on the GRS80 ellipsoid, which ETRS89 uses.
// Sizes are in metres and already multiplied by the scale on the central
// meridian.
const (
	scale        = 0.9996012717
	major        = 6378137.000 * scale
	minor        = 6356752.314140 * scale
	eccentricity = (major*major - minor*minor) / (major * major) // squared
	flattening   = (major - minor) / (major + minor)             // the third
	originLon    = -2 * math.Pi / 180
	originLat    = 49 * math.Pi / 180
	falseEast    = 400_000
	falseNorth   = -100_000
)

// meridian returns the distance along the central meridian from the origin.
func meridian(lat float64) float64 {
	const n, n2, n3 = flattening, flattening * flattening, flattening * flattening * flattening
	d, s := lat-originLat, lat+originLat
	return minor * ((1+n+5*n2/4+5*n3/4)*d -
		(3*n+3*n2+21*n3/8)*math.Sin(d)*math.Cos(s) +
		(15*n2/8+15*n3/8)*math.Sin(2*d)*math.Cos(2*s) -
		35*n3/24*math.Sin(3*d)*math.Cos(3*s))
}

// curvature returns the radii of the ellipsoid across the meridian (nu) and
// along it (rho) at a latitude.
func curvature(lat float64) (nu, rho float64) {
	w := 1 - eccentricity*math.Pow(math.Sin(lat), 2)
	nu = major / math.Sqrt(w)
	return nu, nu * (1 - eccentricity) / w
}

// project returns the place on the plane of a longitude and latitude, before
// any shift. The terms are those of Ordnance Survey's guide, by the power of
// the difference of longitude that they multiply.
func project(p geo.Point) geo.Point {
	lat, d := p.Y*math.Pi/180, p.X*math.Pi/180-originLon
	nu, rho := curvature(lat)
	eta2 := nu/rho - 1
	sin, cos := math.Sincos(lat)
	t2 := math.Pow(sin/cos, 2)
	cos3 := cos * cos * cos
	cos5 := cos3 * cos * cos

	north2 := nu / 2 * sin * cos
	north4 := nu / 24 * sin * cos3 * (5 - t2 + 9*eta2)
	north6 := nu / 720 * sin * cos5 * (61 - 58*t2 + t2*t2)
	east1 := nu * cos
	east3 := nu / 6 * cos3 * (nu/rho - t2)
	east5 := nu / 120 * cos5 * (5 - 18*t2 + t2*t2 + 14*eta2 - 58*t2*eta2)

	d2 := d * d
	return geo.Point{
		X: falseEast + d*(east1+d2*(east3+d2*east5)),
		Y: falseNorth + meridian(lat) + d2*(north2+d2*(north4+d2*north6)),
	}
}

// unproject is the inverse of project, again with the terms of the guide.
func unproject(p geo.Point) geo.Point {
	lat := footLatitude(p.Y - falseNorth)
	nu, rho := curvature(lat)
	eta2 := nu/rho - 1
	tan, sec := math.Tan(lat), 1/math.Cos(lat)
	t2 := tan * tan
	t4 := t2 * t2
	nu3 := nu * nu * nu
	nu5 := nu3 * nu * nu

	lat2 := tan / (2 * rho * nu)
	lat4 := tan / (24 * rho * nu3) * (5 + 3*t2 + eta2 - 9*t2*eta2)
	lat6 := tan / (720 * rho * nu5) * (61 + 90*t2 + 45*t4)
	lon1 := sec / nu
	lon3 := sec / (6 * nu3) * (nu/rho + 2*t2)
	lon5 := sec / (120 * nu5) * (5 + 28*t2 + 24*t4)
	lon7 := sec / (5040 * nu5 * nu * nu) * (61 + 662*t2 + 1320*t4 + 720*t4*t2)

	x := p.X - falseEast
	x2 := x * x
	return geo.Point{
		X: (originLon + x*(lon1-x2*(lon3-x2*(lon5-x2*lon7)))) * 180 / math.Pi,
		Y: (lat - x2*(lat2-x2*(lat4-x2*lat6))) * 180 / math.Pi,
	}
}

// footLatitude returns the latitude on the central meridian at a distance from
// the origin. Each round leaves a few hundredths of the error.
func footLatitude(distance float64) float64 {
	lat := originLat + distance/major
	for range 10 {
		left := distance - meridian(lat)
		if math.Abs(left) < 1e-6 {
			break
		}
		lat += left / major
	}
	return lat
}
