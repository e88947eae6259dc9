package module_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"taskstack.org/platform/module"
)

func TestRepeatGoesOnAfterErrorsUntilTheContextEnds(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	var out bytes.Buffer
	rounds := 0
	err := module.Repeat(ctx, time.Millisecond, slog.New(slog.NewTextHandler(&out, nil)), "count", func(context.Context) error {
		rounds++
		if rounds == 3 {
			stop()
		}
		return errors.New("no database")
	})
	if err != nil || rounds != 3 {
		t.Errorf("%d rounds, %v", rounds, err)
	}
	// The error of the round in which ctx ended is no news.
	if n := strings.Count(out.String(), "job=count"); n != 2 {
		t.Errorf("%d warnings:\n%s", n, out.String())
	}
}
