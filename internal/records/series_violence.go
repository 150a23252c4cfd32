package records

// violence are the series of violence against people.
func violence() []*Series {
	return []*Series{
		offences("police.violence-against-the-person", "Violence against the person",
			"Recorded offences of violence against the person: homicide, violence with injury and violence without injury and, where they are published as groups of their own, stalking and harassment and death or serious injury by illegal driving.").
			met("violence-against-the-person/*").broken(newGroups).
			of("police.violence-with-injury", "police.violence-without-injury", "police.homicide"),
		offences("police.violence-with-injury", "Violence with injury",
			"Recorded offences of violence in which somebody was hurt, from assault with injury to attempted murder; homicide is counted apart.").
			met("violence-against-the-person/violence-with-injury").broken(newGroups),
		offences("police.violence-without-injury", "Violence without injury",
			"Recorded offences of violence in which nobody was hurt, such as common assault and threats; until January 2024 stalking and harassment too.").
			met("violence-against-the-person/violence-without-injury").broken(newGroups),
		offences("police.stalking-and-harassment", "Stalking and harassment",
			"Recorded offences of stalking, harassment and malicious communications, published as a group from February 2024.").
			met("violence-against-the-person/stalking-and-harassment").broken(newGroups),
		offences("police.death-or-serious-injury-driving", "Death or serious injury by illegal driving",
			"Recorded offences of causing death or serious injury by illegal driving, published as a group from February 2024.").
			met("violence-against-the-person/death-or-serious-injury-by-illegal-driving", "violence-against-the-person/death-serious-injury-illegal-driving").broken(newGroups),
		offences("police.homicide", "Homicide (recorded offences)",
			"Recorded offences of murder, manslaughter, corporate manslaughter and infanticide, by the month in which they were recorded. Later reclassification changes the count; victims are counted in police.homicide-victims.").
			met("violence-against-the-person/homicide"),
		offences("police.violence-and-sexual-offences", "Violence and sexual offences",
			"Crimes published by data.police.uk under violence and sexual offences: violence against the person and sexual offences together.").
			from(PoliceUK, "violence-and-sexual-offences"),
		offences("police.sexual-offences", "Sexual offences",
			"Recorded sexual offences: rape and other sexual offences.").
			met("sexual-offences/*").of("police.rape", "police.other-sexual-offences"),
		offences("police.rape", "Rape", "Recorded offences of rape.").met("sexual-offences/rape"),
		offences("police.other-sexual-offences", "Other sexual offences",
			"Recorded sexual offences other than rape.").met("sexual-offences/other-sexual-offences"),
	}
}

// weapons are the series of robbery and of crime with a weapon.
func weapons() []*Series {
	return []*Series{
		offences("police.robbery", "Robbery", "Recorded robberies of people and of businesses.").
			met("robbery/*").
			from(PoliceUK, "robbery").noted("data.police.uk places each crime at the nearest of its anonymous map points and leaves out some it cannot place.").
			of("police.robbery-personal", "police.robbery-business"),
		offences("police.robbery-personal", "Robbery of personal property",
			"Recorded robberies of personal property.").met("robbery/robbery-of-personal-property"),
		offences("police.robbery-business", "Robbery of business property",
			"Recorded robberies of business property.").met("robbery/robbery-of-business-property"),
		offences("police.knife-crime", "Knife crime",
			"Recorded offences in which a knife or sharp instrument was used or threatened, as the Metropolitan Police flag them; the national series, classified with computer help, counts otherwise.").
			from(MPSDashboard, "knife-crime").broken(newSystem),
		offences("police.knife-crime-with-injury", "Knife crime with injury",
			"Knife crimes in which somebody was hurt.").
			from(MPSDashboard, "knife-crime-with-injury").broken(newSystem),
		offences("police.knife-crime-with-injury-personal-robbery", "Knife crime with injury (personal robbery)",
			"Knife crimes with injury that were robberies of personal property.").
			from(MPSDashboard, "knife-crime-with-injury-personal-robbery").broken(newSystem),
		offences("police.knife-injury-victims-1-24", "Knife injury victims aged 1 to 24",
			"Victims aged 1 to 24 of knife crime with injury.").
			from(MPSDashboard, "knife-injury-victims-1-24").broken(newSystem).counting("victim", "victims"),
		offences("police.knife-injury-victims-1-24-not-domestic", "Knife injury victims aged 1 to 24, not domestic",
			"Victims aged 1 to 24 of knife crime with injury that was not flagged as domestic abuse.").
			from(MPSDashboard, "knife-injury-victims-1-24-not-domestic").broken(notAlike).counting("victim", "victims"),
		offences("police.gun-crime", "Gun crime",
			"Recorded offences in which a gun was fired, used or threatened, as the Metropolitan Police flag them.").
			from(MPSDashboard, "gun-crime").broken(newSystem),
		offences("police.lethal-barrel-discharge", "Lethal barrelled weapon discharges",
			"Recorded offences in which a lethal barrelled gun was fired.").
			from(MPSDashboard, "lethal-barrel-discharge").broken(newSystem).counting("discharge", "discharges"),
		offences("police.possession-of-weapons", "Possession of weapons",
			"Recorded offences of possessing a weapon. More stop and search finds more weapons, so neither way is better by itself.").
			met("possession-of-weapons/*").from(PoliceUK, "possession-of-weapons").neutral(),
	}
}

// flagged are the series of crime flagged as domestic abuse or hate.
func flagged() []*Series {
	out := []*Series{
		offences("police.domestic-abuse-incidents", "Domestic abuse incidents",
			"Incidents of domestic abuse reported to the police, whether or not a crime was recorded. A rise can mean that more people come forward.").
			from(MPSDashboard, "domestic-abuse-incidents").broken(notAlike).counting("incident", "incidents").neutral(),
		offences("police.domestic-abuse-offences", "Domestic abuse offences",
			"Recorded offences flagged as domestic abuse.").
			from(MPSDashboard, "domestic-abuse-offences").broken(notAlike),
		offences("police.domestic-abuse-violence-with-injury", "Domestic abuse, violence with injury",
			"Recorded offences of violence with injury flagged as domestic abuse.").
			from(MPSDashboard, "domestic-abuse-violence-with-injury").broken(notAlike),
	}
	for _, strand := range [][2]string{
		{"anti-semitic", "Antisemitic"}, {"disability", "Disability"}, {"faith", "Faith"},
		{"homophobic", "Homophobic"}, {"islamophobic", "Islamophobic"}, {"racist", "Racist"}, {"transgender", "Transgender"},
	} {
		key := "hate-crime/" + strand[0]
		out = append(out, offences(hateID(strand[0]), strand[1]+" hate crime",
			"Recorded offences flagged as "+lowerFirst(strand[1])+" hate crime. One offence can carry more than one flag, so the strands do not add up to a total.").
			from(MPSDashboard, key).broken(notAlike))
	}
	return out
}
