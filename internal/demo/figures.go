package demo

// yearTotal is a measure's London totals for 2019 and 2020, and the pattern of
// its months.
type yearTotal struct {
	y2019, y2020 int
	shape        shape
}

// The totals printed in the violent-crime report (Appendix 1) of the London
// Violence Reduction Unit's report for the Home Office, March 2021. Homicide
// offences are what is left of violence against the person after violence with
// and without injury: 150 and 125.
//
// Domestic abuse offences: the report prints 89,473 without saying of which
// year, and "6% (5,006 offences)" more; 89,473 less 5,006 is 84,467, and the
// rise from that is 5.9%, so 89,473 is taken as 2020.
var (
	violenceWithInjury    = yearTotal{77_462, 69_085, injuryShape}
	violenceWithoutInjury = yearTotal{144_436, 151_055, homeShape}
	homicideOffences      = yearTotal{222_048 - 77_462 - 144_436, 220_265 - 69_085 - 151_055, flatShape}
	robbery               = yearTotal{39_928, 27_586, streetShape}
	domesticIncidents     = yearTotal{144_199, 156_109, domesticShape}
	domesticOffences      = yearTotal{84_467, 89_473, domesticShape}
	domesticWithInjury    = yearTotal{23_747, 23_850, domesticShape}
	knifeCrime            = yearTotal{15_582, 11_561, streetShape}
	knifeWithInjury       = yearTotal{3_972, 3_104, injuryShape}
	knifeVictims          = yearTotal{1_779, 1_296, injuryShape}
	knifeVictimsNotDA     = yearTotal{1_658, 1_182, injuryShape}
	gunCrime              = yearTotal{2_018, 1_535, streetShape}
)

// lethalBarrel is not printed in the report: invented.
var lethalBarrel = yearTotal{318, 267, streetShape}

// victims are the homicide victims of a year by kind, as the same report's
// table prints them. Where its parts do not add up (2017 and 2018) the total
// and the domestic row win.
type victims struct{ year, total, firearm, knife, teenage, under25, domestic int }

var homicideTable = []victims{
	{2012, 106, 6, 51, 9, 32, 19},
	{2013, 110, 10, 47, 12, 36, 31},
	{2014, 94, 4, 55, 13, 39, 18},
	{2015, 119, 10, 60, 19, 36, 31},
	{2016, 109, 13, 61, 13, 43, 17},
	{2017, 122, 10, 80, 26, 66, 19},
	{2018, 133, 15, 81, 23, 52, 27},
	{2019, 150, 11, 90, 25, 54, 15},
	{2020, 126, 14, 71, 14, 40, 19},
}
