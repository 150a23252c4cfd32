// Package records holds what suppliers send: sources and their columns,
// submissions, findings, incident records and the facts counted from them.
// Rows never leave it; counts leave through Facts.
package records
