package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"time"

	"taskstack.org/migrations"
	"taskstack.org/platform/config"
	"taskstack.org/platform/doctor"
	"taskstack.org/platform/socketio/redisadapter"
)

// errProblems makes the exit code of doctor 1; the findings are printed already.
var errProblems = errors.New("there are problems")

func doctorCommand(ctx context.Context, in invocation) error {
	if err := in.none(); err != nil {
		return err
	}
	checks, closeAll, err := checksOf(ctx, in.cfg, time.Now)
	if err != nil {
		return err
	}
	findings := doctor.Examine(ctx, checks...)
	for _, w := range in.cfg.Warnings {
		findings = append(findings, doctor.Finding{Subject: "configuration", Level: doctor.Warning, Says: w})
	}
	err = errors.Join(doctor.Write(in.out, findings), closeAll())
	if err == nil && doctor.Worst(findings) == doctor.Problem {
		err = errProblems
	}
	return err
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
		files, closer, err := openStorage(ctx, cfg)
		if err != nil {
			return nil, nil, err
		}
		closeAll = closer.Close
		checks = append(checks, doctor.Storage(files))
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
