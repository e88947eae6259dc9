package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"taskstack.org/platform/config"
	"taskstack.org/platform/logs"
	"taskstack.org/platform/module"
	"taskstack.org/platform/views"
)

// serve runs the server until ctx ends.
func serve(ctx context.Context, cfg *config.Config, out, errOut io.Writer) error {
	log := logs.New(errOut, cfg.LogLevel, !cfg.IsProduction())
	for _, w := range cfg.Warnings {
		log.WarnContext(ctx, "configuration", "warning", w)
	}
	a, err := newApp(ctx, cfg, log, time.Now, views.New())
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", cfg.Addr)
	if err != nil {
		return errors.Join(fmt.Errorf("TASKSTACK_ADDR: %w; name an address that is free", err), a.Close())
	}
	announce(out, cfg, listener.Addr())
	a.announceModules(ctx, out)
	return errors.Join(a.Run(ctx, listener), a.Close())
}

// announce prints the address of the server for the person who started it.
func announce(out io.Writer, cfg *config.Config, addr net.Addr) {
	shown := cfg.PublicURL
	if strings.HasSuffix(cfg.Addr, ":0") {
		shown = "http://" + addr.String()
	}
	_, _ = fmt.Fprintf(out, "Taskstack serves on %s (listening on %s)\n", shown, addr)
	if !cfg.IsProduction() && cfg.Mail == config.MailOutbox {
		_, _ = fmt.Fprintf(out, "Mails are kept at %s/dev/outbox (files in %s)\n", shown, cfg.OutboxDir())
	}
}

// announceModules prints what modules have to say. A failure is only logged: the
// server is worth more.
func (a *app) announceModules(ctx context.Context, out io.Writer) {
	for _, m := range a.modules.All() {
		announcer, ok := m.(module.Announcer)
		if !ok {
			continue
		}
		text, err := announcer.Announcement(ctx)
		if err != nil {
			a.log.ErrorContext(ctx, "announcement failed", "module", m.Name(), "error", err)
		}
		if text != "" {
			_, _ = fmt.Fprintln(out, text)
		}
	}
}
