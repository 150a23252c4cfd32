-- Work that outlives the request that asked for it.

CREATE TABLE job (
	unit_id     TEXT NOT NULL REFERENCES unit (unit_id),
	job_id      TEXT NOT NULL,
	kind        TEXT NOT NULL,
	key         TEXT NOT NULL, -- the asker's own name for it, so that asking twice is asking once; '' for none
	subject     TEXT NOT NULL, -- what it is about, in words
	args        TEXT NOT NULL, -- JSON
	person_id   TEXT NOT NULL, -- who asked, and what they were then
	person_name TEXT NOT NULL,
	org_id      TEXT NOT NULL,
	roles       TEXT NOT NULL,
	state       TEXT NOT NULL, -- queued, running, done, failed, cancelled
	cancel      INTEGER NOT NULL, -- 1 when a running job is to stop
	attempts    INTEGER NOT NULL, -- how often it has been started
	done        {{.BigInt}} NOT NULL,
	total       {{.BigInt}} NOT NULL, -- 0 while it is not known
	note        TEXT NOT NULL,
	message     TEXT NOT NULL, -- why it failed, for a person
	hint        TEXT NOT NULL,
	result      TEXT NOT NULL, -- JSON
	worker      TEXT NOT NULL, -- which process has it; '' for none
	asked_at    TEXT NOT NULL,
	not_before  TEXT NOT NULL,
	started_at  TEXT NOT NULL,
	beat_at     TEXT NOT NULL, -- when the worker last showed that it lives
	finished_at TEXT NOT NULL,
	PRIMARY KEY (unit_id, job_id)
) {{.Strict}};
-- A job that came to nothing gives its key back, so that it can be asked for again.
CREATE UNIQUE INDEX job_key ON job (unit_id, kind, key) WHERE key <> '' AND state <> 'failed' AND state <> 'cancelled';
CREATE INDEX job_newest ON job (unit_id, asked_at, job_id);
-- A page asks for the latest job about one thing.
CREATE INDEX job_subject ON job (unit_id, subject, asked_at, job_id);
CREATE INDEX job_queued ON job (asked_at, job_id) WHERE state = 'queued';
CREATE INDEX job_running ON job (beat_at) WHERE state = 'running';
