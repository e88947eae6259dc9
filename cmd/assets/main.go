// Command assets bundles the front end: static/js and static/css into
// static/dist, which cmd/taskstack embeds. It is run from the project's root.
package main

import (
	"flag"
	"fmt"
	"os"
	"path"
	"strings"
	"text/tabwriter"
	"time"

	"taskstack.org/platform/assets/bundle"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	o := bundle.Options{}
	flag.StringVar(&o.Source, "source", "static", "folder with js, css and img")
	flag.StringVar(&o.Out, "out", "static/dist", "folder for the bundle")
	flag.BoolVar(&o.Development, "dev", false, "readable scripts with source maps")
	flag.Parse()
	if _, err := os.Stat("node_modules"); err != nil {
		return fmt.Errorf("the front-end libraries are not installed: run npm ci: %w", err)
	}
	start := time.Now()
	files, err := bundle.Build(o)
	if err != nil {
		return fmt.Errorf("bundle:\n%w", err)
	}
	return report(files, time.Since(start))
}

// report prints the sizes of what pages load.
func report(files []bundle.File, took time.Duration) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "bytes\tgzip\tbrotli\t  file")
	rest, restBytes := 0, 0
	for _, f := range files {
		if strings.HasPrefix(f.Name, "default_avatar/") || path.Ext(f.Name) == ".map" {
			rest, restBytes = rest+1, restBytes+f.Plain
			continue
		}
		fmt.Fprintf(w, "%d\t%d\t%d\t  %s\n", f.Plain, f.Gzip, f.Brotli, f.Name)
	}
	fmt.Fprintf(w, "%d\t\t\t  %d avatars and source maps\n", restBytes, rest)
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(os.Stdout, "bundled in %v\n", took.Round(time.Millisecond))
	return err
}
