package geo

import "math"

// The WGS84 ellipsoid.
const (
	wgsMajor        = 6378137.0
	wgsFlattening   = 1 / 298.257223563
	wgsEccentricity = wgsFlattening * (2 - wgsFlattening) // squared
)

// degreeSizes returns how many metres a degree of longitude and a degree of
// latitude are at a latitude.
func degreeSizes(lat float64) (east, north float64) {
	sin, cos := math.Sincos(lat * math.Pi / 180)
	w := 1 - wgsEccentricity*sin*sin
	nu := wgsMajor / math.Sqrt(w)
	rho := nu * (1 - wgsEccentricity) / w
	return nu * cos * math.Pi / 180, rho * math.Pi / 180
}

// SquareMetres returns the area on the ground of a shape in longitude and
// latitude. The scale is taken at the middle of each part, which is right to a
// thousandth for places the size of a county.
func SquareMetres(m MultiPolygon) float64 {
	total := 0.0
	for _, polygon := range m {
		east, north := degreeSizes(polygon.Bounds().Centre().Y)
		total += polygon.Area() * east * north
	}
	return total
}

// Metres returns the distance on the ground between two longitudes and
// latitudes, right to a thousandth up to some hundred kilometres.
func Metres(a, b Point) float64 {
	east, north := degreeSizes((a.Y + b.Y) / 2)
	return math.Hypot((a.X-b.X)*east, (a.Y-b.Y)*north)
}
