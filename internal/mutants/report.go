package main

import (
	"errors"
	"fmt"
	"text/tabwriter"
)

// errNeedsWork says that rows of the tables cannot be tried as they are.
var errNeedsWork = errors.New("rows of the tables need work, see above")

// report prints the figures per area, and every fault that nothing noticed.
func (s *session) report(stale []string) error {
	type figures struct{ noticed, late, unnoticed int }
	var areas []string
	per, sum := map[string]*figures{}, figures{}
	bad := len(stale)
	for _, number := range sortedKeys(s.outcomes) {
		f := s.faults[number]
		if f == nil { // did not compile
			bad++
			continue
		}
		if per[f.Area] == nil {
			per[f.Area] = &figures{}
			areas = append(areas, f.Area)
		}
		for _, into := range []*figures{per[f.Area], &sum} {
			switch s.outcomes[number] {
			case noticed:
				into.noticed++
			case timedOut:
				into.noticed++
				into.late++
			case unnoticed:
				into.unnoticed++
			case broken, red:
			}
		}
		if o := s.outcomes[number]; o == broken || o == red {
			bad++
		}
	}
	table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\narea\tnoticed\tof these by the time limit\tunnoticed")
	for _, area := range areas {
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\n", area, per[area].noticed, per[area].late, per[area].unnoticed)
	}
	fmt.Fprintf(table, "all\t%d\t%d\t%d\n", sum.noticed, sum.late, sum.unnoticed)
	if err := table.Flush(); err != nil {
		return err
	}
	for _, result := range []outcome{unnoticed, timedOut, red, broken} {
		for _, number := range sortedKeys(s.outcomes) {
			if f := s.faults[number]; f != nil && s.outcomes[number] == result {
				fmt.Fprintf(s.out, "%s: %s · %s (%s)\n", result, f.Area, f.Name, f.Where)
			}
		}
	}
	for _, line := range stale {
		fmt.Fprintf(s.out, "stale: %s\n", line)
	}
	if bad > 0 {
		return errNeedsWork
	}
	return nil
}
