package records

import (
	"strings"

	"openvru/internal/ids"
)

func hateID(strand string) ids.Series { return ids.Series("police.hate-crime-" + strand) }

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }

// property are the series of theft, burglary and damage.
func property() []*Series {
	return []*Series{
		offences("police.burglary", "Burglary",
			"Recorded burglaries of homes, businesses and community buildings.").
			met("burglary/*").from(PoliceUK, "burglary").
			of("police.burglary-residential", "police.burglary-business-and-community"),
		offences("police.burglary-residential", "Residential burglary",
			"Recorded burglaries of homes and of the buildings that belong to them.").met("burglary/burglary-residential", "burglary/domestic-burglary", "burglary/res-burglary-of-a-home", "burglary/res-burglary-of-unconnected-building"),
		offences("police.burglary-business-and-community", "Business and community burglary",
			"Recorded burglaries of businesses and community buildings.").met("burglary/burglary-business-and-community"),
		offences("police.criminal-damage-and-arson", "Criminal damage and arson",
			"Recorded offences of criminal damage and arson.").
			met("arson-and-criminal-damage/*").from(PoliceUK, "criminal-damage-and-arson"),
		offences("police.theft", "Theft",
			"Recorded thefts other than burglary, robbery and vehicle crime: bicycles, shops, people and other theft.").
			met("theft/*").
			of("police.bicycle-theft", "police.shoplifting", "police.theft-from-the-person", "police.other-theft"),
		offences("police.bicycle-theft", "Bicycle theft", "Recorded thefts of bicycles.").
			met("theft/bicycle-theft").from(PoliceUK, "bicycle-theft"),
		offences("police.shoplifting", "Shoplifting", "Recorded thefts from shops and stalls.").
			met("theft/shoplifting").from(PoliceUK, "shoplifting"),
		offences("police.theft-from-the-person", "Theft from the person",
			"Recorded thefts of what somebody was carrying, without force.").
			met("theft/theft-from-the-person", "theft/theft-from-person").from(PoliceUK, "theft-from-the-person"),
		offences("police.other-theft", "Other theft", "Recorded thefts of any other kind.").
			met("theft/other-theft").from(PoliceUK, "other-theft"),
		offences("police.vehicle-crime", "Vehicle crime",
			"Recorded thefts of and from vehicles, aggravated taking and interference.").
			met("vehicle-offences/*").from(PoliceUK, "vehicle-crime"),
	}
}

// otherCrime are the series that stand under no other heading.
func otherCrime() []*Series {
	return []*Series{
		offences("police.anti-social-behaviour", "Anti-social behaviour",
			"Incidents of anti-social behaviour reported to the police; they are not recorded crimes.").
			from(PoliceUK, "anti-social-behaviour").counting("incident", "incidents").broken(),
		offences("police.drug-offences", "Drug offences",
			"Recorded offences of possessing or dealing in drugs. They are mostly found by police work, so neither way is better by itself.").
			met("drug-offences/*").from(PoliceUK, "drugs").neutral(),
		offences("police.public-order", "Public order offences",
			"Recorded offences against public order, from violent disorder to causing fear, alarm or distress.").
			met("public-order-offences/*").from(PoliceUK, "public-order"),
		offences("police.miscellaneous-crimes-against-society", "Miscellaneous crimes against society",
			"Recorded offences against society that no other group holds, such as handling stolen goods, forgery and perverting the course of justice.").
			met("miscellaneous-crimes-against-society/*").neutral(),
		offences("police.other-crime", "Other crime",
			"Crimes published by data.police.uk that none of its other groups holds.").
			from(PoliceUK, "other-crime").neutral(),
		offences("police.fraud-and-forgery", "Fraud and forgery",
			"Offences of fraud and forgery recorded by the Metropolitan Police; most fraud is reported nationally instead.").
			met("fraud-and-forgery/*").neutral(),
		offences("police.nfib-fraud", "Fraud reported to the National Fraud Intelligence Bureau",
			"Fraud reported to the National Fraud Intelligence Bureau and counted where the victim lives.").
			met("nfib-fraud/*").neutral(),
	}
}

// homicideVictims are the series of the file with one row a victim. A category
// there has three parts: how, the victim's age, and whether it was domestic.
func homicideVictims() []*Series {
	one := func(id ids.Series, title, definition string, categories ...string) *Series {
		return offences(id, title, definition).from(MPSHomicide, categories...).counting("victim", "victims").broken()
	}
	const said = "Victims of homicide in the Metropolitan Police area by the month the death was recorded as homicide"
	return []*Series{
		one("police.homicide-victims", "Homicide victims", said+".", "*/*/*").
			of("police.homicide-victims.domestic", "police.homicide-victims.non-domestic"),
		one("police.homicide-victims.knife", "Homicide victims, knife or sharp instrument",
			said+", killed with a knife or sharp instrument.", "knife/*/*"),
		one("police.homicide-victims.firearm", "Homicide victims, firearm",
			said+", killed by shooting.", "firearm/*/*"),
		one("police.homicide-victims.teenage", "Homicide victims, teenagers",
			said+", aged 13 to 19.", "*/13-to-19/*"),
		one("police.homicide-victims.under-25", "Homicide victims under 25",
			said+", aged under 25.", "*/0-to-12/*", "*/13-to-19/*", "*/20-to-24/*"),
		one("police.homicide-victims.domestic", "Homicide victims, domestic",
			said+", in a case of domestic abuse.", "*/*/domestic"),
		one("police.homicide-victims.non-domestic", "Homicide victims, not domestic",
			said+", in a case that was not domestic abuse.", "*/*/not-domestic"),
	}
}
