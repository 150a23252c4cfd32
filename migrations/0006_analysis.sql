-- Runs that somebody cites, and the figures in them. A run's id follows from
-- all that is in it, so a row is never changed.

CREATE TABLE analysis_run (
	unit_id  TEXT NOT NULL,
	run_id   TEXT NOT NULL,
	method   TEXT NOT NULL,
	version  INTEGER NOT NULL,
	question TEXT NOT NULL, -- in words
	mark     TEXT NOT NULL, -- SHA-256 of question, method, facts, files and populations
	body     TEXT NOT NULL, -- the run as JSON: facts, files and figures
	made_at  TEXT NOT NULL,
	PRIMARY KEY (unit_id, run_id)
) {{.Strict}};

-- Which run a figure belongs to.
CREATE TABLE analysis_figure (
	unit_id   TEXT NOT NULL,
	figure_id TEXT NOT NULL,
	run_id    TEXT NOT NULL,
	PRIMARY KEY (unit_id, figure_id)
) {{.Strict}};
