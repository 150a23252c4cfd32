-- Who may do what, and what they did.

CREATE TABLE unit (
	unit_id    TEXT PRIMARY KEY,
	name       TEXT NOT NULL,
	invented   INTEGER NOT NULL, -- 1 when its data are invented; never changed, so that no page can lose its banner
	created_at TEXT NOT NULL
) {{.Strict}};

CREATE TABLE organisation (
	unit_id    TEXT NOT NULL REFERENCES unit (unit_id),
	org_id     TEXT NOT NULL,
	name       TEXT NOT NULL,
	folded     TEXT NOT NULL, -- the name in one case, so that two cannot differ by case only
	created_at TEXT NOT NULL,
	PRIMARY KEY (unit_id, org_id),
	UNIQUE (unit_id, folded)
) {{.Strict}};

CREATE TABLE person (
	unit_id       TEXT NOT NULL,
	person_id     TEXT NOT NULL,
	org_id        TEXT NOT NULL,
	name          TEXT NOT NULL,
	email         TEXT NOT NULL, -- in lower case
	roles         TEXT NOT NULL, -- sorted, separated by spaces
	state         TEXT NOT NULL, -- invited, active, disabled
	password_hash TEXT NOT NULL, -- argon2id in PHC form; '' before the first
	created_at    TEXT NOT NULL,
	PRIMARY KEY (unit_id, person_id),
	UNIQUE (unit_id, email),
	FOREIGN KEY (unit_id, org_id) REFERENCES organisation (unit_id, org_id)
) {{.Strict}};

-- Links that let their holder set a password, once. Only a token's hash is
-- kept: who reads the database cannot use one.
CREATE TABLE password_link (
	token_hash TEXT PRIMARY KEY,
	unit_id    TEXT NOT NULL REFERENCES unit (unit_id),
	person_id  TEXT NOT NULL, -- '' for the link that sets the first administrator up
	created_at TEXT NOT NULL,
	expires_at TEXT NOT NULL,
	used_at    TEXT NOT NULL  -- '' while it can be used
) {{.Strict}};
CREATE INDEX password_link_person ON password_link (unit_id, person_id);

CREATE TABLE session (
	token_hash TEXT PRIMARY KEY, -- a request brings the token and nothing else
	unit_id    TEXT NOT NULL,
	person_id  TEXT NOT NULL,
	created_at TEXT NOT NULL,
	seen_at    TEXT NOT NULL,
	expires_at TEXT NOT NULL,
	FOREIGN KEY (unit_id, person_id) REFERENCES person (unit_id, person_id)
) {{.Strict}};
CREATE INDEX session_person ON session (unit_id, person_id);
CREATE INDEX session_expiry ON session (expires_at);

-- Tries to sign in that have not (yet) succeeded, by account and by address.
CREATE TABLE sign_in_try (
	key   TEXT PRIMARY KEY,
	since TEXT NOT NULL,
	tries INTEGER NOT NULL
) {{.Strict}};
CREATE INDEX sign_in_try_since ON sign_in_try (since);

-- The audit log: one chain of hashes per unit.
CREATE TABLE event (
	unit_id     TEXT NOT NULL,
	seq         {{.BigInt}} NOT NULL, -- 1, 2, 3, … without a gap
	event_id    TEXT NOT NULL,
	at          TEXT NOT NULL,
	person_id   TEXT NOT NULL,
	person_name TEXT NOT NULL,
	action      TEXT NOT NULL,
	subject     TEXT NOT NULL,
	detail      TEXT NOT NULL,
	hash        TEXT NOT NULL, -- SHA-256 of the fields above and the hash of the event before
	PRIMARY KEY (unit_id, seq),
	UNIQUE (unit_id, event_id)
) {{.Strict}};
CREATE INDEX event_subject ON event (unit_id, subject, seq); -- a thing's own history
{{.AppendOnly "event"}}

-- The end of each chain; the row is also what two writers queue at.
CREATE TABLE event_head (
	unit_id TEXT PRIMARY KEY,
	seq     {{.BigInt}} NOT NULL,
	hash    TEXT NOT NULL
) {{.Strict}};
