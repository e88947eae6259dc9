package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"taskstack.org/internal/wiring"
	"taskstack.org/platform/events"
	"taskstack.org/platform/logs"
	"taskstack.org/platform/module"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/views"
)

// moduleCommands are the sub-commands of the modules. They are known without a
// database, so that the usage has them and a misspelt command opens nothing.
func moduleCommands() []command {
	var all []command
	for _, c := range commandsOf(withoutDatabase()) {
		all = append(all, command{c.Name, c.Args, c.Does, func(ctx context.Context, in invocation) error {
			return runOfModule(ctx, in, c.Name)
		}})
	}
	return all
}

func commandsOf(modules []module.Module) []module.Command {
	var all []module.Command
	for _, m := range modules {
		if c, ok := m.(module.Commander); ok {
			all = append(all, c.Commands()...)
		}
	}
	return all
}

// withoutDatabase wires the modules for what they say about themselves.
func withoutDatabase() []module.Module {
	log := slog.New(slog.DiscardHandler)
	pages := views.New()
	rt, err := realtime.New(realtime.Options{Views: pages, Log: log})
	if err != nil {
		return nil
	}
	return wiring.New(module.Deps{Bus: events.NewBus(nil), Views: pages, Realtime: rt, Log: log, Now: time.Now}).All()
}

// runOfModule runs a module's command on the program with its database.
func runOfModule(ctx context.Context, in invocation, name string) error {
	log := logs.New(in.errOut, slog.LevelWarn, !in.cfg.IsProduction())
	a, err := newApp(ctx, in.cfg, log, time.Now, views.New())
	if err != nil {
		return err
	}
	all := commandsOf(a.modules.All())
	i := slices.IndexFunc(all, func(c module.Command) bool { return c.Name == name })
	if i < 0 {
		return errors.Join(fmt.Errorf("no module has the command %s", name), a.Close())
	}
	return errors.Join(all[i].Run(ctx, in.args, in.out), a.Close())
}
