package intake

import (
	"strings"

	"openvru/internal/records"
)

// policeForces are the forces that publish street files, by the name in the
// files, the name in file names, and the code of the area they police. The
// transport police and the Police Service of Northern Ireland have no such
// code; they are kept under their name in file names.
var policeForces = []struct{ name, slug, code string }{
	{"Avon and Somerset Constabulary", "avon-and-somerset", "E23000036"},
	{"Bedfordshire Police", "bedfordshire", "E23000026"},
	{"British Transport Police", "btp", "btp"},
	{"Cambridgeshire Constabulary", "cambridgeshire", "E23000023"},
	{"Cheshire Constabulary", "cheshire", "E23000006"},
	{"City of London Police", "city-of-london", "E23000034"},
	{"Cleveland Police", "cleveland", "E23000013"},
	{"Cumbria Constabulary", "cumbria", "E23000002"},
	{"Derbyshire Constabulary", "derbyshire", "E23000018"},
	{"Devon & Cornwall Police", "devon-and-cornwall", "E23000035"},
	{"Dorset Police", "dorset", "E23000039"},
	{"Durham Constabulary", "durham", "E23000008"},
	{"Dyfed-Powys Police", "dyfed-powys", "W15000004"},
	{"Essex Police", "essex", "E23000028"},
	{"Gloucestershire Constabulary", "gloucestershire", "E23000037"},
	{"Greater Manchester Police", "greater-manchester", "E23000005"},
	{"Gwent Police", "gwent", "W15000002"},
	{"Hampshire Constabulary", "hampshire", "E23000030"},
	{"Hampshire and Isle of Wight Constabulary", "hampshire", "E23000030"},
	{"Hertfordshire Constabulary", "hertfordshire", "E23000027"},
	{"Humberside Police", "humberside", "E23000012"},
	{"Kent Police", "kent", "E23000032"},
	{"Lancashire Constabulary", "lancashire", "E23000003"},
	{"Leicestershire Police", "leicestershire", "E23000021"},
	{"Lincolnshire Police", "lincolnshire", "E23000020"},
	{"Merseyside Police", "merseyside", "E23000004"},
	{"Metropolitan Police Service", "metropolitan", "E23000001"},
	{"Norfolk Constabulary", "norfolk", "E23000024"},
	{"North Wales Police", "north-wales", "W15000001"},
	{"North Yorkshire Police", "north-yorkshire", "E23000009"},
	{"Northamptonshire Police", "northamptonshire", "E23000022"},
	{"Northumbria Police", "northumbria", "E23000007"},
	{"Nottinghamshire Police", "nottinghamshire", "E23000019"},
	{"Police Service of Northern Ireland", "northern-ireland", "northern-ireland"},
	{"South Wales Police", "south-wales", "W15000003"},
	{"South Yorkshire Police", "south-yorkshire", "E23000011"},
	{"Staffordshire Police", "staffordshire", "E23000015"},
	{"Suffolk Constabulary", "suffolk", "E23000025"},
	{"Surrey Police", "surrey", "E23000031"},
	{"Sussex Police", "sussex", "E23000033"},
	{"Thames Valley Police", "thames-valley", "E23000029"},
	{"Warwickshire Police", "warwickshire", "E23000017"},
	{"West Mercia Police", "west-mercia", "E23000016"},
	{"West Midlands Police", "west-midlands", "E23000014"},
	{"West Yorkshire Police", "west-yorkshire", "E23000010"},
	{"Wiltshire Police", "wiltshire", "E23000038"},
}

// forceNamed returns the force with a name, however its kind of force is
// written: "Constabulary", "Police", "Police Service" or nothing.
func forceNamed(name string) (f records.SentForce, known bool) {
	want := forceKey(name)
	for _, p := range policeForces {
		if forceKey(p.name) == want || p.slug == strings.ToLower(name) {
			return records.SentForce{Code: p.code, Name: p.name}, true
		}
	}
	if want == "" {
		return records.SentForce{Code: "unnamed-force", Name: name}, false
	}
	return records.SentForce{Code: strings.ReplaceAll(want, " ", "-"), Name: name}, false
}

func forceKey(name string) string {
	key := records.Fold(name)
	for _, kind := range []string{" service", " police", " constabulary"} {
		key = strings.TrimSuffix(key, kind)
	}
	return key
}

// forceOfSlug returns the code of the force that a file's name names.
func forceOfSlug(slug string) (code string, known bool) {
	for _, p := range policeForces {
		if p.slug == slug {
			return p.code, true
		}
	}
	return "", false
}
