package db

import (
	"regexp"
	"strings"
	"text/template"
)

// dialect is what a migration's template words stand for on one engine.
type dialect struct {
	SQLite bool
	Blob   string // bytes
	BigInt string // whole numbers of 64 bits; INTEGER holds 32 on PostgreSQL
	Real   string // numbers of 64 bits; REAL holds 32 on PostgreSQL
	Strict string // refuses a text in a number's column; PostgreSQL always does
}

func dialectOf(e Engine) dialect {
	if e == SQLite {
		return dialect{SQLite: true, Blob: "BLOB", BigInt: "INTEGER", Real: "REAL", Strict: "STRICT"}
	}
	return dialect{Blob: "BYTEA", BigInt: "BIGINT", Real: "DOUBLE PRECISION"}
}

// AppendOnly returns a statement that makes a table refuse UPDATE and DELETE.
// The engines share no way to write a trigger, so there are two texts.
func (d dialect) AppendOnly(table string) string {
	text := appendOnlyPostgres
	if d.SQLite {
		text = appendOnlySQLite
	}
	return strings.ReplaceAll(text, "TABLE_NAME", table)
}

const appendOnlySQLite = `
CREATE TRIGGER TABLE_NAME_no_update BEFORE UPDATE ON TABLE_NAME
BEGIN SELECT RAISE(ABORT, 'TABLE_NAME is append-only'); END;
CREATE TRIGGER TABLE_NAME_no_delete BEFORE DELETE ON TABLE_NAME
BEGIN SELECT RAISE(ABORT, 'TABLE_NAME is append-only'); END;`

const appendOnlyPostgres = `
CREATE FUNCTION TABLE_NAME_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'TABLE_NAME is append-only'; END $$;
CREATE TRIGGER TABLE_NAME_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON TABLE_NAME
FOR EACH STATEMENT EXECUTE FUNCTION TABLE_NAME_append_only();`

// render writes a migration's text for an engine.
func render(text string, e Engine) (string, error) {
	t, err := template.New("migration").Option("missingkey=error").Parse(text)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	if err := t.Execute(&b, dialectOf(e)); err != nil {
		return "", err
	}
	if e == Postgres {
		return textType.ReplaceAllString(b.String(), `TEXT COLLATE "C"`), nil
	}
	return b.String(), nil
}

// textType is the type of a column. SQLite sorts texts by their bytes; on
// PostgreSQL that depends on how the database was made, unless the column says
// so itself.
var textType = regexp.MustCompile(`\bTEXT\b`)
