// Command taskstack is the whole product: realtime kanban for teams.
//
// Without arguments it serves. See usage for the sub-commands.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"taskstack.org/platform/config"
	"taskstack.org/platform/logs"
)

const usage = `usage: taskstack [command]

  serve     run the server (the default)
  migrate   bring the database up to date and stop
  demo      fill an empty database with people and boards to look at
  config    print the configuration that is in force, secrets masked
  version   print the version

Settings come from the environment or a file .env; README.md lists them.
`

// version is set by the build.
var version = "development"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main without the process around it. It returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	name := "serve"
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	commands := map[string]func(context.Context, *config.Config, io.Writer, io.Writer) error{
		"serve": serve, "migrate": migrateCommand, "demo": demo, "config": printConfig,
		"version": func(_ context.Context, _ *config.Config, out, _ io.Writer) error {
			_, err := fmt.Fprintln(out, version)
			return err
		},
	}
	command, ok := commands[name]
	if !ok || len(args) > 0 {
		_, _ = fmt.Fprint(stderr, usage)
		if name == "help" || name == "-h" || name == "--help" {
			return 0
		}
		return 2
	}
	cfg, err := config.Load(os.Environ(), ".env")
	if err == nil {
		err = command(ctx, cfg, stdout, stderr)
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		_, _ = fmt.Fprintln(stderr, err)
		return 1
	}
	return 0
}

func printConfig(_ context.Context, cfg *config.Config, out, _ io.Writer) error {
	_, err := fmt.Fprint(out, cfg.Dump())
	return err
}

func migrateCommand(ctx context.Context, cfg *config.Config, _, errOut io.Writer) error {
	log := logs.New(errOut, cfg.LogLevel, !cfg.IsProduction())
	if err := cfg.Prepare(); err != nil {
		return err
	}
	database, err := openDatabase(ctx, cfg, log, time.Now)
	if err != nil {
		return err
	}
	return database.Close()
}
