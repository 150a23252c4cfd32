package cli

// verbs lists every command in the order the usage shows them.
func verbs() []verb {
	return []verb{
		{"places", runPlaces},
		{"demo", runDemo},
		{"serve", runServe},
		{"submit", runSubmit},
		{"submissions", runSubmissions},
		{"user", runUser},
		{"audit", runAudit},
		{"series", runSeries},
		{"facts", runFacts},
		{"compare", runCompare},
		{"report", runReport},
		{"jobs", runJobs},
		{"version", runVersion},
		{"licences", runLicences},
	}
}
