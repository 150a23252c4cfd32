// Package app opens the database and the folder of files and makes the
// services of them. It wires; it decides nothing.
package app

import (
	"context"
	"io"
	"log/slog"
	"time"

	"openvru/internal/access"
	"openvru/internal/access/accessdb"
	"openvru/internal/analysis"
	"openvru/internal/db"
	"openvru/internal/files"
	"openvru/internal/ids"
	"openvru/internal/jobs"
	"openvru/internal/jobs/jobsdb"
	"openvru/internal/places"
	"openvru/internal/places/placesdb"
	"openvru/internal/publishing"
	"openvru/internal/records"
	"openvru/internal/records/intake"
	"openvru/internal/records/recordsdb"
)

// Config is where the data are and what the world is like.
type Config struct {
	DB   string // a SQLite file or a postgres:// address
	Data string // the folder for files
	Now  func() time.Time
	Rand io.Reader
	Log  *slog.Logger

	// Invented, when it is not "", opens a demonstration under this name. A
	// database that holds real data is refused.
	Invented string
}

// App is the product, opened: every service of one unit.
type App struct {
	Config
	Unit access.Unit

	Database *db.DB
	Files    *files.Store
	Access   *access.Service
	Places   *places.Service
	Records  *records.Service
	Facts    *records.FactReader
	Jobs     *jobs.Service

	Analysis   *analysis.Service
	Publishing *publishing.Service
}

// Open opens everything, brings the schema up to date and makes the unit in an
// empty database. Errors are sentences with hints; whatever was opened is
// closed again.
func Open(ctx context.Context, cfg Config) (_ *App, err error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	a := &App{Config: cfg}
	if a.Database, err = db.Open(ctx, cfg.DB); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			a.Close()
		}
	}()
	copied, err := a.Database.Migrate(ctx)
	if err != nil {
		return nil, err
	}
	if copied != "" {
		cfg.Log.Info("the database was copied before its schema was changed", "copy", copied)
	}
	if a.Files, err = files.Open(cfg.Data); err != nil {
		return nil, err
	}
	a.makeServices()
	if a.Unit, err = a.ensureUnit(ctx); err != nil {
		return nil, err
	}
	return a, nil
}

func (a *App) ensureUnit(ctx context.Context) (access.Unit, error) {
	if a.Invented != "" {
		return a.Access.EnsureInvented(ctx, a.Invented)
	}
	return a.Access.EnsureUnit(ctx)
}

// makeServices makes each domain's service of its store.
func (a *App) makeServices() {
	maker := ids.Maker{Now: a.Now, Rand: a.Rand}
	record := access.Recorder{Now: a.Now, IDs: maker}
	a.Access = access.NewService(access.Config{Store: accessdb.New(a.Database), Now: a.Now, Rand: a.Rand})
	a.Places = places.NewService(placesdb.New(a.Database), a.Files, record)
	store := recordsdb.New(a.Database)
	a.Records = records.NewService(records.Deps{
		Store: store, Files: a.Files, Atlas: a.Places.Atlas, Readers: intake.Readers(), Now: a.Now, IDs: maker,
		Wards: a.Places.RegisterWards,
	})
	a.Facts = records.NewFactReader(store, a.Places.Atlas)
	a.makeAnswers(maker)
	a.Jobs = jobs.NewService(jobs.Config{Store: jobsdb.New(a.Database), Record: record, Log: a.Log, Kinds: a.kinds()})
}

// Close closes the database.
func (a *App) Close() error { return a.Database.Close() }
