// Command withmariadb runs a command while a MariaDB server for tests is up,
// and passes it the address in TASKSTACK_TEST_MYSQL:
//
//	go run ./internal/testenv/withmariadb go test ./...
//
// The server starts before the command does, so that no test waits for it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"taskstack.org/internal/testenv"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	var failed *exec.ExitError
	if errors.As(err, &failed) && failed.ExitCode() > 0 {
		os.Exit(failed.ExitCode()) // The command has said why.
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "withmariadb:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, argv []string) (err error) {
	if len(argv) == 0 {
		return errors.New("usage: withmariadb command [argument…]")
	}
	address, release, err := testenv.Lease(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), testenv.MySQLVariable+"="+address)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	return cmd.Run()
}
