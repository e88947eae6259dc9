package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"

	running "taskstack.org/bench/internal/process"
)

// server is one of the programs that are compared.
type server struct {
	name    string
	command []string
	storms  bool // implements the whole protocol, so default clients can connect
}

// process is a running server.
type process struct {
	*running.Process
	addr string
}

// start runs a server and waits until it listens.
func (s server) start(ctx context.Context) (*process, error) {
	cmd := exec.CommandContext(ctx, s.command[0], s.command[1:]...)
	cmd.Stderr = os.Stderr
	p, err := running.Start(cmd)
	if err != nil {
		return nil, err
	}
	port, ok := strings.CutPrefix(p.Line, "listening ")
	if !ok {
		p.Stop()
		return nil, fmt.Errorf("%s did not start: %q", s.name, p.Line)
	}
	return &process{p, "127.0.0.1:" + port}, nil
}
