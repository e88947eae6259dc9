package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"time"

	"taskstack.org/migrations"
	"taskstack.org/modules/files"
	"taskstack.org/platform/config"
	"taskstack.org/platform/db"
	"taskstack.org/platform/doctor"
	"taskstack.org/platform/migrate"
	"taskstack.org/platform/objects"
	"taskstack.org/platform/socketio/redisadapter"
	"taskstack.org/platform/storage"
)

// errProblems makes the exit code of doctor 1; the findings are printed already.
var errProblems = errors.New("there are problems")

func doctorCommand(ctx context.Context, in invocation) error {
	if err := in.none(); err != nil {
		return err
	}
	findings, err := examine(ctx, in.cfg, time.Now)
	if findings != nil {
		err = errors.Join(err, doctor.Write(in.out, findings))
	}
	if err == nil && doctor.Worst(findings) == doctor.Problem {
		err = errProblems
	}
	return err
}

// examine returns what there is to say about a configuration and what is around it.
func examine(ctx context.Context, cfg *config.Config, now func() time.Time) ([]doctor.Finding, error) {
	checks, closeAll, err := checksOf(ctx, cfg, now)
	if err != nil {
		return nil, err
	}
	findings := doctor.Examine(ctx, checks...)
	for _, w := range cfg.Warnings {
		findings = append(findings, doctor.Finding{Subject: "configuration", Level: doctor.Warning, Says: w})
	}
	return findings, closeAll()
}

// checksOf returns the checks for a configuration.
func checksOf(ctx context.Context, cfg *config.Config, now func() time.Time) (checks []doctor.Check, closeAll func() error, err error) {
	closeAll = func() error { return nil }
	site := doctor.SiteOptions{PublicURL: cfg.PublicURL, Production: cfg.IsProduction(), TrustedProxies: cfg.TrustedProxies}
	checks = []doctor.Check{
		doctor.Database(doctor.DatabaseOptions{Database: cfg.Database, Migrations: migrations.FS, Now: now}),
		doctor.DataDir(cfg.DataDir),
	}
	// A folder that the first start will make is not made here.
	if _, err := os.Stat(cfg.UploadsDir()); err == nil || cfg.Storage == config.StorageS3 {
		stored, closer, err := openStorage(ctx, cfg)
		if err != nil {
			return nil, nil, err
		}
		closeAll = closer.Close
		checks = append(checks, doctor.Storage(stored), attachmentsCheck(cfg, stored, now))
	}
	mail, err := mailCheck(ctx, cfg, now)
	if err != nil {
		return nil, nil, errors.Join(err, closeAll())
	}
	ask, closeRedis, err := redisCheck(cfg)
	if err != nil {
		return nil, nil, errors.Join(err, closeAll())
	}
	closeFiles := closeAll
	closeAll = func() error { return errors.Join(closeRedis(), closeFiles()) }
	return append(checks, mail, doctor.Redis(ask), doctor.Cookies(site), doctor.Site(site), doctor.OpenFiles()), closeAll, nil
}

// attachmentsCheck returns the comparison of the stored files with the database, which
// must be up to date.
func attachmentsCheck(cfg *config.Config, in storage.Storage, now func() time.Time) doctor.Check {
	const subject = "attachments"
	failed := func(err error) []doctor.Finding {
		return []doctor.Finding{{Subject: subject, Level: doctor.Warning, Says: fmt.Sprintf("could not be compared with the storage: %v", err), Do: "Run it again; the server compares them every six hours and logs what it finds."}}
	}
	return func(ctx context.Context) []doctor.Finding {
		if !isUpToDate(ctx, cfg.Database) {
			return nil
		}
		d, err := db.Open(ctx, db.Options{Dialect: cfg.Database.Dialect, DSN: cfg.Database.DSN, MaxConns: 2})
		if err != nil {
			return failed(err)
		}
		defer func() { _ = d.Close() }() // Nothing was written.
		account := objects.New(d, in, slog.New(slog.DiscardHandler))
		found, err := files.Compare(ctx, d, account, now())
		if err != nil {
			return failed(err)
		}
		failing, err := account.Failing(ctx)
		if err != nil {
			return failed(err)
		}
		return attachmentFindings(subject, found, failing)
	}
}

func attachmentFindings(subject string, found files.Comparison, failing objects.Failing) []doctor.Finding {
	var all []doctor.Finding
	if n := len(found.Missing); n > 0 {
		all = append(all, doctor.Finding{
			Subject: subject, Level: doctor.Problem,
			Says: fmt.Sprintf("%d have no content, the first has the key %s", n, found.Missing[0]),
			Do:   "Check TASKSTACK_STORAGE, TASKSTACK_S3_BUCKET and TASKSTACK_DATA_DIR; restore the missing files from a backup, or remove the attachments from their cards.",
		})
	}
	if n := len(found.Orphans); n > 0 {
		all = append(all, doctor.Finding{
			Subject: subject, Level: doctor.Warning,
			Says: fmt.Sprintf("%d stored files belong to none", n), Do: "The server deletes them within six hours. If they are needed, the database is an older one: stop the server first.",
		})
	}
	if failing.Count > 0 {
		all = append(all, doctor.Finding{
			Subject: subject, Level: doctor.Warning,
			Says: fmt.Sprintf("%d deleted files are still in the storage: %s", failing.Count, failing.Error), Do: "Allow the server to delete there (s3:DeleteObject); it tries again every hour.",
		})
	}
	if len(all) == 0 {
		all = append(all, doctor.Finding{Subject: subject, Level: doctor.OK, Says: fmt.Sprintf("%d files, each with its content, and nothing else is stored", found.Files)})
	}
	return all
}

// isUpToDate reports whether the database is there and has the newest schema.
func isUpToDate(ctx context.Context, at config.Database) bool {
	if at.Dialect == config.SQLite {
		// Opening would make the file.
		if _, err := os.Stat(at.DSN); err != nil {
			return false
		}
	}
	d, err := db.Open(ctx, db.Options{Dialect: at.Dialect, DSN: at.DSN, MaxConns: 2})
	if err != nil {
		return false
	}
	defer func() { _ = d.Close() }() // Nothing was written.
	pool, err := d.Pool()
	if err != nil {
		return false
	}
	standing, err := migrate.Look(ctx, pool, at.Dialect, migrations.FS)
	return err == nil && !standing.Foreign && standing.Version == standing.Newest
}

// redisCheck returns how the check of Redis sends a message; nil without Redis.
func redisCheck(cfg *config.Config) (ask func(context.Context) error, closeClient func() error, err error) {
	if cfg.RedisURL == "" {
		return nil, func() error { return nil }, nil
	}
	client, err := redisadapter.Connect(cfg.RedisURL)
	if err != nil {
		return nil, nil, fmt.Errorf("TASKSTACK_REDIS_URL: %w", err)
	}
	ask = func(ctx context.Context) error { return client.Publish(ctx, cfg.RedisPrefix+"doctor", "").Err() }
	return ask, client.Close, nil
}

func mailCheck(ctx context.Context, cfg *config.Config, now func() time.Time) (doctor.Check, error) {
	if cfg.Mail == config.MailOutbox {
		return doctor.Mail(nil, cfg.MailFrom, cfg.IsProduction()), nil
	}
	sender, err := newSender(ctx, cfg, now)
	if err != nil {
		return nil, err
	}
	return doctor.Mail(sender, cfg.MailFrom, cfg.IsProduction()), nil
}

// healthcheck asks the server on this machine whether it may be given traffic,
// for the health check of a container, whose image has no other program.
func healthcheck(ctx context.Context, in invocation) error {
	flags := flag.NewFlagSet("healthcheck", flag.ContinueOnError)
	within := flags.Duration("timeout", 5*time.Second, "")
	if _, err := in.parse(flags, 0); err != nil {
		return err
	}
	address, err := ownAddress(in.cfg.Addr)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, *within)
	defer cancel()
	return doctor.Ready(ctx, http.DefaultClient, address)
}

// ownAddress is where this machine reaches the server that listens on addr.
func ownAddress(addr string) (string, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", err
	}
	if port == "0" {
		return "", errors.New("TASKSTACK_ADDR: port 0 is another one at each start, so that nothing can ask the server; name a port")
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port), nil
}
