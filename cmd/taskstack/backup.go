package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"taskstack.org/migrations"
	"taskstack.org/platform/backup"
	"taskstack.org/platform/config"
	"taskstack.org/platform/db"
	"taskstack.org/platform/doctor"
	"taskstack.org/platform/logs"
	"taskstack.org/platform/storage"
)

// parts are what backup and restore work on.
type parts struct {
	db         *db.DB
	files      storage.Storage
	closeFiles io.Closer
	log        *slog.Logger
}

func openParts(ctx context.Context, in invocation) (*parts, error) {
	log := logs.New(in.errOut, max(in.cfg.LogLevel, slog.LevelWarn), !in.cfg.IsProduction())
	if err := in.cfg.Prepare(); err != nil {
		return nil, err
	}
	files, closer, err := openStorage(ctx, in.cfg)
	if err != nil {
		return nil, err
	}
	database, err := openOnly(ctx, in.cfg, log)
	if err != nil {
		return nil, errors.Join(err, closer.Close())
	}
	return &parts{db: database, files: files, closeFiles: closer, log: log}, nil
}

func (p *parts) close() error { return errors.Join(p.db.Close(), p.closeFiles.Close()) }

func (p *parts) source() backup.Source {
	return backup.Source{DB: p.db, Files: p.files, Migrations: migrations.FS, Program: version, Now: time.Now}
}

func backupCommand(ctx context.Context, in invocation) (err error) {
	args, err := in.parse(flag.NewFlagSet("backup", flag.ContinueOnError), 1)
	if err != nil {
		return err
	}
	p, err := openParts(ctx, in)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if args[0] == "-" {
		_, err := backup.Write(ctx, in.out, p.source())
		return err
	}
	sum, err := backupTo(ctx, args[0], p.source())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(in.out, "%s has %s.\nKeep TASKSTACK_SECRET_KEY with it, in another place: without the key no second factor can be checked.\n", args[0], described(sum))
	return err
}

// backupTo writes a backup beside its place and puts it there when it is whole and
// on the disk. A failure leaves nothing.
func backupTo(ctx context.Context, file string, s backup.Source) (sum backup.Summary, err error) {
	if _, err := os.Stat(file); err == nil {
		return sum, fmt.Errorf("%s exists; name a new file", file)
	}
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".part-") // for its owner only
	if err != nil {
		return sum, fmt.Errorf("make %s: %w", file, err)
	}
	sum, err = backup.Write(ctx, f, s)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		return sum, errors.Join(err, os.Remove(f.Name()))
	}
	return sum, nil
}

func described(s backup.Summary) string {
	return fmt.Sprintf("%d rows of %d tables and %d files (%d MB), schema %d, made by %s on %s",
		s.AllRows(), len(s.Rows), s.Files, s.Bytes>>20, s.Schema, s.Program, s.CreatedAt.Format(time.DateTime+" UTC"))
}

func restoreCommand(ctx context.Context, in invocation) (err error) {
	flags := flag.NewFlagSet("restore", flag.ContinueOnError)
	only := flags.Bool("verify", false, "")
	args, err := in.parse(flags, 1)
	if err != nil {
		return err
	}
	f, err := os.Open(args[0])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if *only {
		sum, err := backup.Verify(f)
		if err == nil {
			_, err = fmt.Fprintf(in.out, "%s is whole: %s.\n", args[0], described(sum))
		}
		return err
	}
	p, err := openParts(ctx, in)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	sum, err := backup.Restore(ctx, f, backup.Target{DB: p.db, Files: p.files, Migrations: migrations.FS, Log: p.log})
	if err == nil {
		_, err = fmt.Fprintf(in.out, "Restored: %s.\n", described(sum))
	}
	return err
}

func moveCommand(ctx context.Context, in invocation) (err error) {
	flags := flag.NewFlagSet("move", flag.ContinueOnError)
	to, filesTo := flags.String("to", "", ""), flags.String("files-to", "", "")
	if _, err := in.parse(flags, 0); err != nil {
		return err
	}
	if (*to == "") == (*filesTo == "") {
		return fmt.Errorf("%w: --to names the new database, or --files-to the new storage", errUsage)
	}
	if *filesTo != "" {
		if err := in.cfg.Prepare(); err != nil {
			return err
		}
		return moveFiles(ctx, in, logs.New(in.errOut, max(in.cfg.LogLevel, slog.LevelInfo), !in.cfg.IsProduction()), *filesTo)
	}
	if err := refuseServing(ctx, in.cfg); err != nil {
		return err
	}
	target, err := config.ParseDatabase(*to, in.cfg.DataDir)
	if err != nil {
		return fmt.Errorf("--to %w", err)
	}
	p, err := openParts(ctx, in)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	into, err := db.Open(ctx, db.Options{Dialect: target.Dialect, DSN: target.DSN, Log: p.log})
	if err != nil {
		return fmt.Errorf("--to: %w", err)
	}
	defer func() { err = errors.Join(err, into.Close()) }()
	sum, err := backup.Move(ctx, p.source(), backup.Target{DB: into, Migrations: migrations.FS, Log: p.log})
	if err != nil {
		return err
	}
	return tellMoved(in.out, sum, target)
}

func tellMoved(out io.Writer, sum backup.Summary, target config.Database) error {
	_, err := fmt.Fprintf(out, "%d rows of %d tables are now in %s.\nSet TASKSTACK_DB_URI to it and start the server. The old database was not changed; the files stay where they are.\n",
		sum.AllRows(), len(sum.Rows), target)
	return err
}

// refuseServing fails if a server runs at the configured address: what it writes
// while rows are moved would be lost.
func refuseServing(ctx context.Context, cfg *config.Config) error {
	address, err := ownAddress(cfg.Addr)
	if err != nil {
		return nil // Then there is no address that could be asked.
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if doctor.Ready(ctx, http.DefaultClient, address) == nil {
		return fmt.Errorf("a server runs at %s: stop it first, what people change meanwhile would be lost", address)
	}
	return nil
}
