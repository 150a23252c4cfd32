package db

import (
	"context"

	"openvru/migrations"
)

// MigrateTo is Migrate with a history of the test's own.
func MigrateTo(d *DB, all []migrations.Migration) (string, error) {
	return d.migrate(context.Background(), all)
}

// The gates, for the table of versions.
var (
	CheckSQLiteVersion   = checkSQLiteVersion
	CheckPostgresVersion = checkPostgresVersion
)
