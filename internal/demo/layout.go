package demo

// borough is one cell of the hexagonal layout. Weight is its invented share of
// violence before chance, and of people.
type borough struct {
	code, name string
	col, row   int     // offset coordinates, odd rows shifted right by half a cell
	people     int     // thousands
	risk       float64 // violence per head relative to London
}

// boroughs is the layout, in the order of their codes. Heights of risk and
// numbers of people are invented.
var boroughs = []borough{
	{"E09000001", "City of London", 5, 3, 9, 3.0},
	{"E09000002", "Barking and Dagenham", 7, 2, 213, 1.15},
	{"E09000003", "Barnet", 3, 0, 396, 0.72},
	{"E09000004", "Bexley", 7, 4, 248, 0.70},
	{"E09000005", "Brent", 2, 1, 330, 1.06},
	{"E09000006", "Bromley", 6, 5, 332, 0.69},
	{"E09000007", "Camden", 3, 2, 270, 1.24},
	{"E09000008", "Croydon", 4, 5, 387, 1.07},
	{"E09000009", "Ealing", 2, 2, 342, 0.95},
	{"E09000010", "Enfield", 4, 0, 334, 1.02},
	{"E09000011", "Greenwich", 6, 4, 288, 1.12},
	{"E09000012", "Hackney", 5, 2, 281, 1.28},
	{"E09000013", "Hammersmith and Fulham", 2, 3, 185, 1.10},
	{"E09000014", "Haringey", 3, 1, 269, 1.25},
	{"E09000015", "Harrow", 1, 1, 251, 0.63},
	{"E09000016", "Havering", 6, 1, 260, 0.74},
	{"E09000017", "Hillingdon", 1, 2, 307, 0.85},
	{"E09000018", "Hounslow", 1, 3, 272, 0.98},
	{"E09000019", "Islington", 4, 2, 243, 1.27},
	{"E09000020", "Kensington and Chelsea", 3, 3, 156, 1.09},
	{"E09000021", "Kingston upon Thames", 2, 5, 178, 0.62},
	{"E09000022", "Lambeth", 4, 4, 326, 1.30},
	{"E09000023", "Lewisham", 5, 5, 306, 1.18},
	{"E09000024", "Merton", 3, 5, 207, 0.66},
	{"E09000025", "Newham", 6, 2, 353, 1.16},
	{"E09000026", "Redbridge", 5, 1, 306, 0.78},
	{"E09000027", "Richmond upon Thames", 2, 4, 198, 0.53},
	{"E09000028", "Southwark", 5, 4, 319, 1.29},
	{"E09000029", "Sutton", 3, 6, 206, 0.67},
	{"E09000030", "Tower Hamlets", 6, 3, 325, 1.21},
	{"E09000031", "Waltham Forest", 4, 1, 277, 1.00},
	{"E09000032", "Wandsworth", 3, 4, 330, 0.83},
	{"E09000033", "Westminster", 4, 3, 261, 1.95},
}

// cityOfLondon is policed by its own force and is absent from the Metropolitan
// Police's files.
const cityOfLondon = "E09000001"

// latticeOf is how many small triangles stand along a borough's side: 5 gives
// 150 small areas, 1 gives the six of the City.
func latticeOf(b borough) int {
	if b.code == cityOfLondon {
		return 1
	}
	return 5
}
