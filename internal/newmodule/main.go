// Command newmodule writes a module that works, with its migrations, tests,
// templates, scripts and story, and adds its line to internal/wiring:
//
//	go run ./internal/newmodule due
//	go run ./internal/newmodule -without card memo
//	go run ./internal/newmodule -try
//
// The last writes a module of each kind into a copy of the tree and tests it.
//
// With cards, the module marks cards: a chip, an entry of the card's menu, a
// facet of the filter, undo, history and export. Without, it keeps a text for
// each project: a dialog of the board. Everything else is for its author to
// replace; docs/modules.md says what each file is for.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "make module:", err)
		os.Exit(1)
	}
}

func run(out io.Writer) error {
	without := flag.String("without", "", `"card" for a module that shows nothing on cards`)
	try := flag.Bool("try", false, "write a module of each kind into a copy of the tree, and test it")
	flag.Parse()
	if *try {
		return tryOut(context.Background(), out)
	}
	if *without != "" && *without != "card" {
		return fmt.Errorf("without=%s: only \"card\" can be left out", *without)
	}
	if flag.NArg() != 1 {
		return errors.New("it needs one name: make module name=due")
	}
	m, err := newModule(".", flag.Arg(0), *without == "")
	if err != nil {
		return err
	}
	files, err := m.write()
	if err != nil {
		return err
	}
	for _, name := range files {
		_, _ = fmt.Fprintln(out, name)
	}
	_, err = fmt.Fprintf(out, "%s (the only file that existed: an import and a line)\n\nNext: docs/modules.md. Run make migration-dump when both migrations are final.\n", featuresFile)
	return err
}
