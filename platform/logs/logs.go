// Package logs makes the product's logger and carries attributes (request id,
// user id, socket id) in the context, so that every line about a request names
// it without a logger as an argument.
package logs

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"unicode/utf8"
)

// What a line may hold of one value, in bytes: clients send some of them.
const (
	maxText = 1024
	// maxError has room for the stack of a panic.
	maxError = 8192
)

type attrsKey struct{}

// With returns a context whose log lines carry attrs too.
func With(ctx context.Context, attrs ...slog.Attr) context.Context {
	old, _ := ctx.Value(attrsKey{}).([]slog.Attr)
	return context.WithValue(ctx, attrsKey{}, append(old[:len(old):len(old)], attrs...))
}

// New makes a logger that writes JSON lines, or in development lines that are
// easier on the eye.
func New(w io.Writer, level slog.Level, development bool) *slog.Logger {
	o := &slog.HandlerOptions{Level: level, ReplaceAttr: bound}
	var lines slog.Handler = slog.NewJSONHandler(w, o)
	if development {
		lines = slog.NewTextHandler(w, o)
	}
	return slog.New(handler{lines, newPeriods(failureLines)})
}

// failureLines is how many lines of the same message are written in ten seconds
// from level warn on: while a database is away, everything that needs it fails.
const failureLines = 20

// bound cuts values that are longer than a line may hold.
func bound(_ []string, a slog.Attr) slog.Attr {
	switch a.Value.Kind() { // the others are short
	case slog.KindString:
		a.Value = slog.StringValue(Cut(a.Value.String(), maxText))
	case slog.KindAny:
		switch v := a.Value.Any().(type) {
		case error:
			a.Value = slog.StringValue(Cut(v.Error(), maxError))
		case *slog.Source, slog.Level:
		default:
			a.Value = slog.StringValue(Cut(fmt.Sprint(v), maxText))
		}
	}
	return a
}

// Cut returns text, or what fits of it into so many bytes and an ellipsis.
func Cut(text string, bytes int) string {
	if len(text) <= bytes {
		return text
	}
	for bytes > 0 && !utf8.RuneStart(text[bytes]) {
		bytes--
	}
	return strings.Clone(text[:bytes]) + "…"
}

// handler adds the context's attributes to each record, and writes a sample of
// failures.
type handler struct {
	slog.Handler
	failures *periods
}

func (h handler) Handle(ctx context.Context, r slog.Record) error {
	if attrs, ok := ctx.Value(attrsKey{}).([]slog.Attr); ok {
		r.AddAttrs(attrs...)
	}
	if r.Level >= slog.LevelWarn {
		unlogged, due := h.failures.take(r.Message, r.Time)
		if !due {
			return nil
		}
		if unlogged > 0 {
			r.AddAttrs(slog.Int("unlogged", unlogged))
		}
	}
	return h.Handler.Handle(ctx, r)
}

func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.Handler.WithAttrs(attrs), h.failures}
}

func (h handler) WithGroup(name string) slog.Handler {
	return handler{h.Handler.WithGroup(name), h.failures}
}
