package app

import (
	"context"
	"strings"
	"sync"
	"time"

	"openvru/internal/ids"
	"openvru/internal/web"
)

// collectEvery is how often files that nothing refers to are removed, and how
// old they must be: older than any piece of work that may be going on.
const collectEvery = 24 * time.Hour

// workers is how many jobs are done at once: a job uses both cores of a small
// machine by itself.
const workers = 1

// WebConfig is what the pages need, reached at a URL.
func (a *App) WebConfig(url string) web.Config {
	return web.Config{
		Unit: a.Unit, Demo: a.Unit.Invented, Address: url, Secure: strings.HasPrefix(url, "https://"),
		Access: a.Access, Places: a.Places, Records: a.Records, Facts: a.Facts, Analysis: a.Analysis, Publishing: a.Publishing, Jobs: a.Jobs, Work: Work{a.Jobs},
		Log: a.Log, Now: a.Now, Rand: a.Rand,
	}
}

// Work does jobs and keeps the folder of files tidy until the context ends.
func (a *App) Work(ctx context.Context) {
	var wait sync.WaitGroup
	wait.Go(func() { a.Jobs.Run(ctx, workers) })
	wait.Go(func() { a.collectDaily(ctx) })
	wait.Wait()
}

func (a *App) collectDaily(ctx context.Context) {
	for {
		if err := a.Collect(ctx); err != nil && ctx.Err() == nil {
			a.Log.Error("tidying the folder of files failed; it will be tried again tomorrow", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(collectEvery):
		}
	}
}

// Collect removes files that no submission and no import refers to: what a
// killed process left behind. Young ones are left, since work may be under way.
func (a *App) Collect(ctx context.Context) error {
	live := map[ids.File]bool{}
	if err := a.Records.Store.LiveFiles(ctx, func(f ids.File) { live[f] = true }); err != nil {
		return err
	}
	imported, err := a.Places.LiveFiles(ctx, a.Unit.ID)
	if err != nil {
		return err
	}
	for _, f := range imported {
		live[f] = true
	}
	found, err := a.Files.Collect(ctx, func(f ids.File) bool { return live[f] }, a.Now().Add(-collectEvery))
	if found.Files+found.Temps > 0 {
		a.Log.Info("removed files that nothing refers to", "files", found.Files, "unfinished", found.Temps, "bytes", found.Bytes)
	}
	return err
}
