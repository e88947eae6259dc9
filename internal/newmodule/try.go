package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"taskstack.org/internal/treecopy"
)

// tryOut writes a module of each kind into a copy of the tree and runs
// everything there that a new module has to pass.
func tryOut(ctx context.Context, out io.Writer) error {
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	dir := filepath.Join(root, "bin", "module")
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := treecopy.Make(ctx, root, dir); err != nil {
		return err
	}
	names := map[string]bool{"due": true, "memo": false}
	for name, card := range names {
		m, err := newModule(dir, name, card)
		if err != nil {
			return err
		}
		if _, err := m.write(); err != nil {
			return err
		}
	}
	lint := filepath.Join(root, "bin", "tools", "lint")
	static := []string{"CGO_ENABLED=0", "GOFLAGS=" + strings.TrimSpace(os.Getenv("GOFLAGS")+" -trimpath -buildvcs=false")}
	var failed []error
	for _, c := range []struct{ name, command string }{
		{"migrations", "go test ./platform/migrate -run TestLanded -count=1 -update"},
		{"lint of Go", "go vet -vettool=" + lint + " ./modules/... ./internal/... ./cmd/..."},
		{"lint of scripts and styles", "npm run --silent lint"},
		{"units of the front end", "npm test --silent"},
		{"bundle", "go run ./cmd/assets -dev"},
		{"tests of the modules", "go test ./modules/due ./modules/memo ./modules ./migrations"},
		{"tests of the program", "go test -timeout 30m ./cmd/taskstack"},
		{"binary", "go build -o bin/taskstack ./cmd/taskstack"},
		{"stories", "node --test e2e/due.test.mjs e2e/memo.test.mjs e2e/everything.test.mjs"},
	} {
		words := strings.Fields(c.command)
		err := treecopy.Run(ctx, dir, static, words[0], words[1:]...)
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", c.name, err))
		}
		_, _ = fmt.Fprintf(out, "%s: %t\n", c.name, err == nil)
	}
	return errors.Join(failed...)
}
