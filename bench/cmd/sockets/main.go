// Command sockets compares platform/socketio with other Socket.IO servers by
// the CPU time of the server's process, which holds on a busy machine where
// wall time does not. The servers take turns; what is printed are medians and
// ratios within the run. It fails if a message is lost or out of order.
//
// It is run in bench/, after `npm ci` in bench/node:
//
//	go run ./cmd/sockets          # everything, about ten minutes
//	go run ./cmd/sockets -quick   # ours, socket.io 4 and the floor, about a minute
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

func main() {
	quick := flag.Bool("quick", false, "only ours, socket.io 4 and the floor, with less load")
	only := flag.String("only", "", "comma-separated names of servers to run")
	scenario := flag.String("scenario", "", "comma-separated scenarios: window, paced, idle, storm")
	rounds := flag.Int("rounds", 0, "how often the servers take turns")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, planOf(*quick, *only, *scenario, *rounds)); err != nil {
		fmt.Fprintln(os.Stderr, "sockets:", err)
		os.Exit(1)
	}
}

// plan says how much load is made.
type plan struct {
	rounds                                int
	members, windowed, window, paced, per int
	idle, storm, atATime                  int
	servers, scenarios                    []string
}

func planOf(quick bool, only, scenario string, rounds int) plan {
	p := plan{
		rounds: 3, members: 500, windowed: 1000, window: 8, paced: 120, per: 20, idle: 5000, storm: 2000, atATime: 64,
		servers:   []string{"floor", "ours", "socket.io 4", "socket.io 2", "zishang520", "googollee"},
		scenarios: []string{"window", "paced", "idle", "storm"},
	}
	if quick {
		p.rounds, p.windowed, p.paced, p.idle, p.storm = 2, 400, 60, 1000, 400
		p.servers = []string{"floor", "ours", "socket.io 4"}
	}
	if only != "" {
		p.servers = strings.Split(only, ",")
	}
	if scenario != "" {
		p.scenarios = strings.Split(scenario, ",")
	}
	if rounds > 0 {
		p.rounds = rounds
	}
	return p
}

// figures are the results of one server, a list per column.
type figures map[string][]float64

func run(ctx context.Context, out io.Writer, p plan) error {
	servers, clean, err := build(ctx, p)
	if err != nil {
		return err
	}
	defer clean()
	all := make(map[string]figures)
	for _, s := range servers {
		all[s.name] = make(figures)
	}
	for round := range p.rounds {
		for _, name := range p.scenarios {
			if name == "idle" && round > 0 {
				continue // memory does not vary like time
			}
			for _, s := range servers {
				if err := measure(ctx, p, s, name, all[s.name]); err != nil {
					return fmt.Errorf("%s, %s: %w", s.name, name, err)
				}
				fmt.Fprintf(os.Stderr, "round %d of %d: %s, %s\n", round+1, p.rounds, name, s.name)
			}
		}
	}
	return report(out, p, servers, all)
}

// build compiles the Go servers, in order to have their processes directly.
func build(ctx context.Context, p plan) ([]server, func(), error) {
	dir, err := os.MkdirTemp("", "sockets")
	if err != nil {
		return nil, nil, err
	}
	clean := func() { _ = os.RemoveAll(dir) }
	target := filepath.Join(dir, "target")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", target, "./cmd/target").CombinedOutput(); err != nil {
		clean()
		return nil, nil, fmt.Errorf("build: %w\n%s", err, out)
	}
	if _, err := os.Stat("node/node_modules/socket.io-4"); err != nil {
		clean()
		return nil, nil, errors.New("the JavaScript servers are not installed: run `npm ci` in bench/node")
	}
	var servers []server
	for _, s := range []server{
		{"floor", []string{target, "floor"}, false},
		{"ours", []string{target, "ours"}, true},
		{"socket.io 4", []string{"node", "node/server.js", "4"}, true},
		{"socket.io 2", []string{"node", "node/server.js", "2"}, true},
		{"zishang520", []string{target, "zishang520"}, true},
		{"googollee", []string{target, "googollee"}, true},
	} {
		if slices.Contains(p.servers, s.name) {
			servers = append(servers, s)
		}
	}
	return servers, clean, nil
}

// measure runs one scenario against a fresh process.
func measure(ctx context.Context, p plan, s server, scenario string, f figures) error {
	if scenario == "storm" && !s.storms {
		return nil
	}
	proc, err := s.start(ctx)
	if err != nil {
		return err
	}
	defer proc.Stop()
	add := func(column string, v float64) { f[column] = append(f[column], v) }
	switch scenario {
	case "window":
		r, err := windowed(ctx, proc, p.members, p.windowed, p.window)
		add("window", r.value)
		return err
	case "paced":
		r, err := paced(ctx, proc, p.members, p.paced, p.per)
		add("paced", r.value)
		add("p99", float64(r.p99)/float64(time.Millisecond))
		return err
	case "idle":
		per, whole, err := idle(ctx, proc, p.idle)
		add("idle", per)
		add("process", whole)
		return err
	case "storm":
		r, err := storm(ctx, proc, p.storm, p.atATime)
		add("storm", r.value)
		add("connected", r.percent)
		if s.name == "ours" && r.percent < 100 {
			err = errors.Join(err, fmt.Errorf("only %.1f %% of the clients got connected", r.percent))
		}
		return err
	}
	return fmt.Errorf("unknown scenario %q", scenario)
}

var columns = []struct{ key, title string }{
	{"window", "µs/delivery, window"},
	{"paced", "µs/delivery, paced"},
	{"p99", "p99 ms, paced"},
	{"idle", "KiB/idle conn"},
	{"process", "process MiB"},
	{"storm", "ms/connect"},
	{"connected", "% connected"},
}

func report(out io.Writer, p plan, servers []server, all map[string]figures) error {
	fmt.Fprintf(out, "Room of %d WebSocket clients, 600-byte event: %d messages with %d on the way, %d at %d/s; %d idle; %d default clients, %d at a time.\n",
		p.members, p.windowed, p.window, p.paced, p.per, p.idle, p.storm, p.atATime)
	fmt.Fprintf(out, "CPU of the server's process, medians of %d; in brackets the ratio to socket.io 4 of this run.\n\n", p.rounds)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "server\t")
	for _, c := range columns {
		fmt.Fprint(w, c.title, "\t")
	}
	fmt.Fprintln(w)
	for _, s := range servers {
		fmt.Fprint(w, s.name, "\t")
		for _, c := range columns {
			fmt.Fprint(w, cell(median(all[s.name][c.key]), median(all["socket.io 4"][c.key]), c.key), "\t")
		}
		fmt.Fprintln(w)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(out, "\nNothing was lost or out of order.")
	return nil
}

func cell(v, peer float64, key string) string {
	switch {
	case v < 0:
		return "–"
	case key == "connected" || peer <= 0:
		return fmt.Sprintf("%.2f", v)
	default:
		return fmt.Sprintf("%.2f (%.2f)", v, v/peer)
	}
}

// median of what was measured; negative if nothing was.
func median(list []float64) float64 {
	if len(list) == 0 {
		return -1
	}
	sorted := slices.Sorted(slices.Values(list))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
