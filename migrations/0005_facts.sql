-- Facts: what accepted submissions count, by the edition that says so. Nothing
-- here is altered once written, but for the time an edition was withdrawn and
-- for facts counted again from the same file when the places known have
-- changed; so any past day can be asked as it was known then.

-- An accepted submission as a bearer of facts.
CREATE TABLE fact_edition (
	unit_id       TEXT NOT NULL,
	submission_id TEXT NOT NULL,
	source        TEXT NOT NULL,
	file_name     TEXT NOT NULL,
	file_hash     TEXT NOT NULL,
	accepted_at   TEXT NOT NULL,
	supersedes    TEXT NOT NULL, -- the submission it replaces whole; '' for none
	withdrawn_at  TEXT NOT NULL, -- '' while it stands
	rebuilt       INTEGER NOT NULL, -- how often its facts were counted again
	PRIMARY KEY (unit_id, submission_id)
) {{.Strict}};

-- The months an edition restates wholesale for a force at a level: what it
-- does not mention there is none, and what lies outside is not known from it.
CREATE TABLE fact_coverage (
	unit_id       TEXT NOT NULL,
	submission_id TEXT NOT NULL,
	force_code    TEXT NOT NULL,
	level         TEXT NOT NULL,
	from_month    TEXT NOT NULL,
	to_month      TEXT NOT NULL,
	series        TEXT NOT NULL, -- '*', or the only series it speaks for, separated by spaces
	PRIMARY KEY (unit_id, submission_id, force_code, level, from_month, to_month)
) {{.Strict}};

-- A year of monthly counts for the places of a block: a borough's share of a
-- level of small places, or the whole of a level of large ones ('all').
-- The key begins as pages ask: some series of one block of one level.
CREATE TABLE fact_block (
	unit_id       TEXT NOT NULL,
	level         TEXT NOT NULL,
	block         TEXT NOT NULL,
	series        TEXT NOT NULL,
	year          INTEGER NOT NULL,
	submission_id TEXT NOT NULL,
	force_code    TEXT NOT NULL,
	cells         {{.Blob}} NOT NULL, -- records.EncodeCells
	PRIMARY KEY (unit_id, level, block, series, year, submission_id, force_code)
) {{.Strict}};
CREATE INDEX fact_block_submission ON fact_block (unit_id, submission_id); -- what an edition brought
