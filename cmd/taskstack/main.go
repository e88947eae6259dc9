// Command taskstack is the whole product: realtime kanban for teams.
//
// Without arguments it serves. See commands for the sub-commands.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"

	"taskstack.org/platform/config"
	"taskstack.org/platform/module"
	"taskstack.org/platform/views"
)

// command is a sub-command of the program.
type command struct {
	name string
	args string // as the usage shows them
	does string
	run  func(ctx context.Context, in invocation) error
}

// invocation is what a command is run with.
type invocation struct {
	cfg         *config.Config
	args        []string // without the command's name
	out, errOut io.Writer
}

func commands() []command { return append(ownCommands(), moduleCommands()...) }

func ownCommands() []command {
	return []command{
		{"serve", "", "run the server (the default)", func(ctx context.Context, in invocation) error {
			return serve(ctx, in.cfg, in.out, in.errOut)
		}},
		{"migrate", "[--dry-run | --back]", "bring the database up to date and stop; also one of the Flask application", migrateCommand},
		{"backup", "FILE", "write database and files into one file, while the server runs; - is the standard output", backupCommand},
		{"restore", "[--verify] FILE", "fill an empty database and the data folder from a backup", restoreCommand},
		{"move", "--to URI | --files-to s3|dir", "copy all rows into an empty database of another kind, or all files into the other storage", moveCommand},
		{"static", "push", "publish scripts, styles and pictures of this version to TASKSTACK_STATIC_BUCKET", staticCommand},
		{"doctor", "", "examine database, files, mail, address and machine, and say what to do", doctorCommand},
		{"healthcheck", "", "ask the server on this machine whether it is ready", healthcheck},
		{"demo", "", "fill an empty database with people and boards to look at", func(ctx context.Context, in invocation) error {
			return demo(ctx, in.cfg, views.New(), in.out, in.errOut)
		}},
		{"config", "", "print the configuration that is in force, secrets masked", printConfig},
		{"version", "", "print the version", printVersion},
	}
}

// version is set by the build.
var version = "development"

// errUsage says that a command was called with wrong arguments.
var errUsage = module.ErrUsage

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main without the process around it. It returns the exit code: 0 for
// success, 1 for a failure, 2 for wrong arguments.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	name := "serve"
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	named := func(c command) bool { return c.name == name }
	all := ownCommands()
	if !slices.ContainsFunc(all, named) { // those of modules take longer to find out
		all = commands()
	}
	i := slices.IndexFunc(all, named)
	if i < 0 {
		printUsage(stderr)
		if name == "help" || name == "-h" || name == "--help" {
			return 0
		}
		return 2
	}
	cfg, err := config.Load(os.Environ(), ".env")
	if err == nil {
		err = all[i].run(ctx, invocation{cfg: cfg, args: args, out: stdout, errOut: stderr})
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		_, _ = fmt.Fprintf(stderr, "usage: taskstack %s %s\n\n  %s\n", name, all[i].args, all[i].does)
		return 0
	case errors.Is(err, errUsage):
		_, _ = fmt.Fprintf(stderr, "%v\nusage: taskstack %s %s\n", err, name, all[i].args)
		return 2
	case err != nil && !errors.Is(err, context.Canceled):
		_, _ = fmt.Fprintln(stderr, err)
		return 1
	}
	return 0
}

func printUsage(w io.Writer) {
	_, _ = fmt.Fprint(w, "usage: taskstack [command]\n\n")
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	for _, c := range commands() {
		_, _ = fmt.Fprintf(table, "  %s\t%s\n", strings.TrimSpace(c.name+" "+c.args), c.does)
	}
	_ = table.Flush()
	_, _ = fmt.Fprint(w, "\nSettings come from the environment or a file .env; README.md lists them.\n")
}

// parse reads the flags of a command and returns the other arguments, of which
// there must be as many as wanted. Flags may be anywhere.
func (in invocation) parse(flags *flag.FlagSet, wanted int) (others []string, err error) {
	flags.SetOutput(io.Discard)
	for rest := in.args; len(rest) > 0; {
		if err := flags.Parse(rest); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, fmt.Errorf("%w: %w", errUsage, err)
		}
		if rest = flags.Args(); len(rest) > 0 {
			others, rest = append(others, rest[0]), rest[1:]
		}
	}
	if len(others) != wanted {
		return nil, fmt.Errorf("%w: %d given, %d needed", errUsage, len(others), wanted)
	}
	return others, nil
}

// none refuses all arguments.
func (in invocation) none() error {
	_, err := in.parse(flag.NewFlagSet("", flag.ContinueOnError), 0)
	return err
}

func printConfig(_ context.Context, in invocation) error {
	if err := in.none(); err != nil {
		return err
	}
	_, err := fmt.Fprint(in.out, in.cfg.Dump())
	return err
}

func printVersion(_ context.Context, in invocation) error {
	_, err := fmt.Fprintln(in.out, version)
	return err
}
