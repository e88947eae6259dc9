// Command abuse measures what one signed-out client can cost the real server: it starts
// bin/taskstack with the demo's data for every attack anew, lets a person move
// cards, attacks from another address, and compares memory, CPU time, log,
// files and the person's waiting times with budgets. It ends with an error if
// a budget is broken. Linux only, against the machine itself only.
//
//	go run ./cmd/abuse                 after `make build`
//	go run ./cmd/abuse -only pings,idle
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// budget is what one address that is not signed in may take (docs/limits.md).
type budget struct {
	memory int64   // bytes of RSS
	cpu    float64 // of one core, beyond what is served
	log    int64   // bytes
	disk   int64   // bytes of files beside the database
	delay  float64 // the person's median wait, as a multiple of the undisturbed one
}

var stranger = budget{memory: 64 << 20, cpu: 0.05, log: 1 << 20, disk: 0, delay: 3}

func main() {
	binary := flag.String("binary", "../bin/taskstack", "the program under attack")
	only := flag.String("only", "", "names of attacks, separated by commas")
	length := flag.Duration("length", 6*time.Second, "how long each attack lasts")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *binary, *only, *length); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, binary, only string, length time.Duration) error {
	home, err := os.MkdirTemp("", "taskstack-abuse-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(home) }() // it is in the temporary folder
	seed := filepath.Join(home, "seed")
	if err := makeDemo(ctx, binary, seed); err != nil {
		return err
	}
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "attack\tMB\tCPU % of a core\tlog KB\tfiles KB\tmove ms, alone\tunder attack\t")
	var broken []string
	for _, a := range attacks {
		if only != "" && !slices.Contains(strings.Split(only, ","), a.name) {
			continue
		}
		r, err := measure(ctx, binary, seed, filepath.Join(home, "run"), a, length)
		if err != nil {
			return fmt.Errorf("%s: %w", a.name, err)
		}
		faults := r.against(a)
		fmt.Fprintf(out, "%s\t%.0f\t%.1f\t%.0f\t%.0f\t%.1f\t%.1f\t%s\n", a.name, float64(r.memory)/(1<<20), 100*r.cpu,
			float64(r.log)/1024, float64(r.disk)/1024, ms(r.alone), ms(r.disturbed), strings.Join(faults, ", "))
		if err := out.Flush(); err != nil {
			return err
		}
		for _, f := range faults {
			broken = append(broken, a.name+": "+f)
		}
	}
	if len(broken) > 0 {
		return errors.New("budgets broken:\n  " + strings.Join(broken, "\n  "))
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// result is what an attack took.
type result struct {
	memory           int64
	cpu              float64
	log, disk        int64
	alone, disturbed time.Duration
}

// against names the budgets that the attack has broken.
func (r result) against(a attack) (faults []string) {
	b := stranger
	if a.memory > 0 {
		b.memory = a.memory
	}
	if r.memory > b.memory {
		faults = append(faults, fmt.Sprintf("memory above %d MB", b.memory>>20))
	}
	if !a.served && r.cpu > b.cpu {
		faults = append(faults, fmt.Sprintf("CPU above %.0f %%", 100*b.cpu))
	}
	if r.log > b.log {
		faults = append(faults, fmt.Sprintf("log above %d KB", b.log>>10))
	}
	if r.disk > b.disk {
		faults = append(faults, "files left")
	}
	// What is less is not felt, and may be the machine's noise.
	if r.disturbed > 25*time.Millisecond && float64(r.disturbed) > b.delay*float64(r.alone) {
		faults = append(faults, fmt.Sprintf("moves take %.0f times as long", float64(r.disturbed)/float64(r.alone)))
	}
	return faults
}

// measure attacks one server.
func measure(ctx context.Context, binary, seed, home string, a attack, length time.Duration) (result, error) {
	var r result
	s, err := startServer(ctx, binary, seed, home)
	if err != nil {
		return r, err
	}
	defer s.Stop()
	person, err := s.logIn(ctx, "dmitri")
	if err != nil {
		return r, err
	}
	m, err := person.mover(ctx)
	if err != nil {
		return r, err
	}
	defer m.close()
	for range 10 { // warms up: what a page takes is not the attack's cost
		if err := person.open(ctx, board); err != nil {
			return r, err
		}
	}
	if _, err := m.moveFor(ctx, 2*time.Second+a.rest); err != nil {
		return r, err
	}
	length += a.rest
	quiet, err := s.watch(func() (time.Duration, error) { return m.moveFor(ctx, 4*time.Second) })
	if err != nil {
		return r, err
	}
	attackCtx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- a.run(attackCtx, &attacker{server: s, person: person, address: "127.0.0.2"}) }()
	loud, err := s.watch(func() (time.Duration, error) { return m.moveFor(ctx, length) })
	if err != nil {
		return r, fmt.Errorf("a person under attack: %w", err)
	}
	cancel()
	if err := <-done; err != nil {
		return r, fmt.Errorf("the attack: %w", err)
	}
	after, err := m.moveFor(ctx, 3*time.Second) // the machine may have become busier
	if err != nil {
		return r, fmt.Errorf("a person after the attack: %w", err)
	}
	quiet.median = max(quiet.median, after)
	if a.rest > 0 {
		quiet.memory, loud.memory = quiet.lastMemory, loud.lastMemory
	}
	return result{
		memory: max(loud.memory-quiet.memory, 0), cpu: max(loud.cpu-quiet.cpu, 0),
		log:   max(loud.log-int64(float64(quiet.log)*loud.seconds/quiet.seconds), 0),
		disk:  max(loud.disk-quiet.disk, 0),
		alone: quiet.median, disturbed: loud.median,
	}, nil
}
