package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"time"

	"taskstack.org/migrations"
	"taskstack.org/migrations/adopt"
	"taskstack.org/platform/config"
	"taskstack.org/platform/db"
	"taskstack.org/platform/logs"
	"taskstack.org/platform/migrate"
)

// migrateCommand brings the database up to date; one of the Flask application it
// takes over first.
func migrateCommand(ctx context.Context, in invocation) error {
	flags := flag.NewFlagSet("migrate", flag.ContinueOnError)
	dryRun := flags.Bool("dry-run", false, "")
	back := flags.Bool("back", false, "")
	if _, err := in.parse(flags, 0); err != nil {
		return err
	}
	if *dryRun && *back {
		return fmt.Errorf("%w: --dry-run and --back exclude each other", errUsage)
	}
	log := logs.New(in.errOut, in.cfg.LogLevel, !in.cfg.IsProduction())
	if err := in.cfg.Prepare(); err != nil {
		return err
	}
	database, err := openOnly(ctx, in.cfg, log)
	if err != nil {
		return err
	}
	switch {
	case *dryRun:
		err = showPending(ctx, database, log, in.out)
	case *back:
		err = goBack(ctx, database, log, in.out)
	default:
		err = bringUpToDate(ctx, database, log, in.out)
	}
	return errors.Join(err, database.Close())
}

// openOnly opens the configured database as it is.
func openOnly(ctx context.Context, cfg *config.Config, log *slog.Logger) (*db.DB, error) {
	database, err := db.Open(ctx, db.Options{Dialect: cfg.Database.Dialect, DSN: cfg.Database.DSN, Log: log, Now: time.Now})
	if err != nil {
		return nil, fmt.Errorf("TASKSTACK_DB_URI: %w", err)
	}
	return database, nil
}

// adoptionOf returns the taking over of a MySQL database, nil where it is not one
// of the Flask application.
func adoptionOf(ctx context.Context, database *db.DB, log *slog.Logger) (*adopt.Adoption, error) {
	if database.Dialect() != db.MySQL {
		return nil, nil // The Flask application had MySQL only.
	}
	pool, err := database.Pool()
	if err != nil {
		return nil, err
	}
	a := &adopt.Adoption{DB: pool, Log: log}
	needed, err := a.Needed(ctx)
	if err != nil || !needed {
		return nil, err
	}
	return a, nil
}

func bringUpToDate(ctx context.Context, database *db.DB, log *slog.Logger, out io.Writer) error {
	a, err := adoptionOf(ctx, database, log)
	if err != nil {
		return err
	}
	if a != nil {
		report, err := a.Run(ctx)
		if err != nil {
			return err
		}
		if err := writeReport(out, report, "The database of the Flask application was taken over; its tables are kept as flask_….", "done"); err != nil {
			return err
		}
	}
	pool, err := database.Pool()
	if err != nil {
		return err
	}
	return migrate.Up(ctx, pool, database.Dialect(), migrations.FS, log)
}

func showPending(ctx context.Context, database *db.DB, log *slog.Logger, out io.Writer) error {
	a, err := adoptionOf(ctx, database, log)
	if err != nil {
		return err
	}
	if a != nil {
		report, err := a.Examine(ctx)
		if err != nil {
			return err
		}
		if len(report.Undecided) > 0 {
			return &adopt.UndecidedError{Report: report}
		}
		return writeReport(out, report, "The database of the Flask application can be taken over. Nothing was changed.", "to do")
	}
	pool, err := database.Pool()
	if err != nil {
		return err
	}
	standing, err := migrate.Look(ctx, pool, database.Dialect(), migrations.FS)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "The database has version %d, this program %d: %d migrations are pending. Nothing was changed.\n",
		standing.Version, standing.Newest, max(0, standing.Newest-standing.Version))
	return err
}

func goBack(ctx context.Context, database *db.DB, log *slog.Logger, out io.Writer) error {
	if database.Dialect() != db.MySQL {
		return adopt.ErrNothingToUndo
	}
	pool, err := database.Pool()
	if err != nil {
		return err
	}
	if err := (&adopt.Adoption{DB: pool, Log: log}).Back(ctx); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, "The database is again as the Flask application left it.")
	return err
}

func writeReport(out io.Writer, r *adopt.Report, title, heading string) error {
	lines := []string{title, "", fmt.Sprintf("%-34s %9s %9s", "table", "rows", "kept")}
	for _, t := range r.Tables {
		lines = append(lines, fmt.Sprintf("%-34s %9d %9d", t.Name, t.Had, t.Kept))
	}
	lines = append(lines, "", heading+":")
	for _, line := range r.Lines() {
		lines = append(lines, "  "+line)
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(out, line); err != nil {
			return err
		}
	}
	return nil
}
