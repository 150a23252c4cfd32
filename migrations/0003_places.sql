-- Places: the files that were imported, and the atlas worked out from them.

CREATE TABLE places_dataset (
	unit_id     TEXT NOT NULL,
	file        TEXT NOT NULL, -- SHA-256 of the file as it was sent
	seq         {{.BigInt}} NOT NULL, -- the revision that brought it, and its place in that import
	position    {{.BigInt}} NOT NULL,
	name        TEXT NOT NULL,
	kind        TEXT NOT NULL, -- boundaries, look-up, populations, register
	level       TEXT NOT NULL,
	size        {{.BigInt}} NOT NULL,
	options     TEXT NOT NULL, -- JSON
	imported_at TEXT NOT NULL,
	imported_by TEXT NOT NULL,
	summary     TEXT NOT NULL, -- JSON
	content     {{.Blob}} NOT NULL, -- what the file says, packed
	PRIMARY KEY (unit_id, file)
) {{.Strict}};

-- The newest atlas of each unit: names, links, populations. The row is also
-- what two imports queue at.
CREATE TABLE places_atlas (
	unit_id  TEXT PRIMARY KEY,
	revision {{.BigInt}} NOT NULL,
	core     {{.Blob}} NOT NULL
) {{.Strict}};

-- Its boundaries, by level, so that an import of populations leaves them be.
CREATE TABLE places_shapes (
	unit_id TEXT NOT NULL,
	level   TEXT NOT NULL,
	hash    TEXT NOT NULL, -- SHA-256 of the bytes
	packed  {{.Blob}} NOT NULL,
	PRIMARY KEY (unit_id, level)
) {{.Strict}};
