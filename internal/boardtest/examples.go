package boardtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"taskstack.org/platform/module"
)

// Examples are what modules give as examples of their events and routes, in
// their files testdata/examples.json:
//
//	{
//	  "events": {
//	    "create_label": {"projectId": "$project", "name": "urgent", "colour": "red"},
//	    "put_label": {"projectId": "$project", "cardId": "$card", "labelId": "$create_label.id"}
//	  }
//	}
//
// The tests of the whole program send them as every principal, with the ids of
// another project, and with wrong values in every field. A text that begins
// with $ is a placeholder for something of the project that a test makes:
// Placeholders names them. "$⟨event⟩.id" is the id in the reply to the example of
// that event, which the owner sends first.
type Examples struct {
	// Events are the arguments of events, by event.
	Events map[string]any `json:"events"`
	// Routes are the paths of routes about a project that :user and :project do
	// not make, by route. To the path of a POST a file is uploaded.
	Routes map[string]string `json:"routes"`
	// EmptyForUnknownIDs are the events that answer with nothing for an id that
	// they do not find, instead of an error.
	EmptyForUnknownIDs []string `json:"emptyForUnknownIds"`
	// IDColumns are columns whose names do not say whether they hold the id of a
	// person, and whether they do.
	IDColumns map[string]bool `json:"idColumns"`
}

// Placeholders are the placeholders that a test fills in by itself.
var Placeholders = []string{
	"$project", "$list", "$list2", "$card", "$card2", "$deletedCard", "$archivedCard", "$file",
	"$admin.name", "$friend.name", "$accessOnly.id", "$otherMember.id",
}

// ReadExamples reads the examples of modules, whose folders are in root.
func ReadExamples(t testing.TB, root string, modules []module.Module) Examples {
	t.Helper()
	all := Examples{Events: map[string]any{}, Routes: map[string]string{}, IDColumns: map[string]bool{}}
	for _, m := range modules {
		path := filepath.Join(root, m.Name(), "testdata", "examples.json")
		text, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		var one Examples
		if err == nil {
			err = json.Unmarshal(text, &one)
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		maps.Copy(all.Events, one.Events)
		maps.Copy(all.Routes, one.Routes)
		maps.Copy(all.IDColumns, one.IDColumns)
		all.EmptyForUnknownIDs = append(all.EmptyForUnknownIDs, one.EmptyForUnknownIDs...)
	}
	return all
}

// Sources returns the events whose replies are in placeholders of examples, in
// alphabetical order.
func (e Examples) Sources() []string {
	found := map[string]bool{}
	for _, example := range e.Events {
		fill(example, func(placeholder string) any {
			if event, ok := strings.CutSuffix(placeholder[1:], ".id"); ok && e.Events[event] != nil {
				found[event] = true
			}
			return nil
		})
	}
	return slices.Sorted(maps.Keys(found))
}

// Event returns the argument of an event, with values for the placeholders.
func (e Examples) Event(t testing.TB, event string, values map[string]any) any {
	t.Helper()
	example, ok := e.Events[event]
	if !ok {
		t.Fatalf("event %s has no example: add its payload to testdata/examples.json of the module that registers it", event)
	}
	return fill(example, func(placeholder string) any { return valueOf(t, event, placeholder, values) })
}

// EventVariants returns the arguments of an event with one placeholder from
// foreign and the others from own, for every placeholder, and one with all from
// foreign.
func (e Examples) EventVariants(t testing.TB, event string, own, foreign map[string]any) []any {
	t.Helper()
	n := 0
	e.Event(t, event, own)
	fill(e.Events[event], func(string) any { n++; return nil })
	if n == 0 {
		return nil
	}
	var all []any
	for one := range n + 1 {
		i := -1
		all = append(all, fill(e.Events[event], func(placeholder string) any {
			if i++; i == one || one == n {
				return valueOf(t, event, placeholder, foreign)
			}
			return valueOf(t, event, placeholder, own)
		}))
	}
	return all
}

// Route returns the path of a route about a project, with values for the
// placeholders.
func (e Examples) Route(t testing.TB, route string, values map[string]any) string {
	t.Helper()
	_, pattern, _ := strings.Cut(route, " ")
	path, ok := e.Routes[route]
	if !ok {
		path = strings.NewReplacer(":user", "$owner", ":project", "$name").Replace(pattern)
	}
	// The longest first: $card2 begins with $card.
	for _, placeholder := range slices.Backward(slices.Sorted(maps.Keys(values))) {
		path = strings.ReplaceAll(path, placeholder, fmt.Sprint(values[placeholder]))
	}
	if strings.ContainsAny(path, "$:") {
		t.Fatalf("route %s has no example: add its path to \"routes\" in testdata/examples.json of the module that registers it", route)
	}
	return path
}

func valueOf(t testing.TB, event, placeholder string, values map[string]any) any {
	t.Helper()
	value, ok := values[placeholder]
	if !ok {
		t.Fatalf("the example of event %s has the placeholder %s: there are %s, and $⟨event⟩.id", event, placeholder, strings.Join(Placeholders, ", "))
	}
	return value
}

// fill returns an example with values for the placeholders, which it visits in
// the order of keys.
func fill(example any, value func(placeholder string) any) any {
	switch v := example.(type) {
	case string:
		if strings.HasPrefix(v, "$") {
			return value(v)
		}
	case []any:
		filled := make([]any, len(v))
		for i, element := range v {
			filled[i] = fill(element, value)
		}
		return filled
	case map[string]any:
		filled := make(map[string]any, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			filled[key] = fill(v[key], value)
		}
		return filled
	}
	return example
}
