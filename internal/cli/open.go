package cli

import (
	"context"
	"log/slog"

	"openvru/internal/access"
	"openvru/internal/app"
)

// open opens the product at the settings in force. The caller closes it.
func (env *Env) open(ctx context.Context) (*app.App, access.Actor, error) {
	a, err := app.Open(ctx, env.config())
	if err != nil {
		return nil, access.Actor{}, err
	}
	return a, access.Operator(a.Unit.ID), nil
}

// openInvented opens a demonstration there, on a clock of its own.
func (env *Env) openInvented(ctx context.Context, clock *demoClock) (*app.App, error) {
	cfg := env.config()
	cfg.Invented, cfg.Now = demoName, clock.Now
	return app.Open(ctx, cfg)
}

func (env *Env) config() app.Config {
	return app.Config{
		DB: env.DB, Data: env.Data, Now: env.Now, Rand: env.Rand,
		Log: slog.New(slog.NewTextHandler(env.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
}
