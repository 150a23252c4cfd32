-- Submissions: files as they were sent and what became of them. The files
-- themselves, and the records made from them, lie in the file store under
-- their SHA-256.

CREATE TABLE submission (
	unit_id       TEXT NOT NULL,
	submission_id TEXT NOT NULL,
	source        TEXT NOT NULL,
	state         TEXT NOT NULL, -- received, checked, accepted, refused, superseded, withdrawn
	file          TEXT NOT NULL, -- SHA-256 of the file as it was sent
	name          TEXT NOT NULL,
	size          {{.BigInt}} NOT NULL,
	client_key    TEXT NOT NULL, -- '' for none
	org_id        TEXT NOT NULL, -- the sender's organisation; '' for the unit itself
	received_at   TEXT NOT NULL,
	received_by   TEXT NOT NULL,
	checked_at    TEXT NOT NULL, -- '' until it was read
	accepted_at   TEXT NOT NULL, -- '' unless it is an edition, standing or not
	superseded_by TEXT NOT NULL,
	superseded_at TEXT NOT NULL,
	withdrawn_at  TEXT NOT NULL,
	reason        TEXT NOT NULL, -- why it was refused or withdrawn
	summary       TEXT NOT NULL, -- JSON
	PRIMARY KEY (unit_id, submission_id)
) {{.Strict}};

-- A retry is known by its key, and a file sent twice by its content. A file
-- that was withdrawn may be sent anew.
CREATE UNIQUE INDEX submission_key ON submission (unit_id, client_key) WHERE client_key <> '';
CREATE UNIQUE INDEX submission_file ON submission (unit_id, source, file) WHERE state <> 'withdrawn';

-- The register of records: which Parquet files hold a submission's rows.
CREATE TABLE submission_part (
	unit_id       TEXT NOT NULL,
	submission_id TEXT NOT NULL,
	part          INTEGER NOT NULL, -- from 0
	file          TEXT NOT NULL,    -- SHA-256 of the Parquet file
	row_count     {{.BigInt}} NOT NULL,
	size          {{.BigInt}} NOT NULL,
	PRIMARY KEY (unit_id, submission_id, part)
) {{.Strict}};

-- What was doubtful when the submission was last read.
CREATE TABLE submission_finding (
	unit_id       TEXT NOT NULL,
	submission_id TEXT NOT NULL,
	place         INTEGER NOT NULL, -- in the order shown, from 0
	rule          TEXT NOT NULL,
	severity      TEXT NOT NULL,
	title         TEXT NOT NULL,
	message       TEXT NOT NULL,
	hint          TEXT NOT NULL,
	row_count     {{.BigInt}} NOT NULL,
	examples      TEXT NOT NULL, -- JSON
	PRIMARY KEY (unit_id, submission_id, place)
) {{.Strict}};
