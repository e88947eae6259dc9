package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/socketio"
)

// wrongFor returns the values that a field of an event refuses, by its type.
func wrongFor(t *testing.T, f reflect.StructField) []any {
	t.Helper()
	typ := f.Type
	for typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	required := strings.Contains(f.Tag.Get("event"), "required")
	optional := func(all []any) []any {
		if required {
			return all
		}
		return slices.DeleteFunc(slices.Clone(all), func(v any) bool { return v == nil })
	}
	list := func(all []any) []any {
		if required {
			return append(slices.Clone(all), nil, []int{})
		}
		return all
	}
	switch kind := typ.Kind(); {
	case typ == reflect.TypeFor[socketio.ID]():
		return wrongIDs
	case typ == reflect.TypeFor[string]():
		return optional(wrongTexts)
	case kind == reflect.String:
		return wrongWords // a type of its own has few values
	case kind == reflect.Int || kind == reflect.Int64:
		return optional(wrongNumbers)
	case kind == reflect.Bool:
		return optional([]any{nil, "true", 1, []int{}, payload{}})
	case kind == reflect.Map && typ.Elem() == reflect.TypeFor[socketio.Binary]():
		return wrongFiles
	case kind == reflect.Slice && typ.Elem() == reflect.TypeFor[socketio.ID]():
		return list(append(slices.Clone(wrongIDLists), manyIDs()))
	case kind == reflect.Slice && typ.Elem().Kind() == reflect.String:
		return list([]any{"a", 5, true, payload{}, []any{5}, []any{payload{}}})
	case kind == reflect.Slice && typ.Elem().Kind() == reflect.Struct:
		return list([]any{"a", 5, payload{}, []any{nil}, []any{5}, []payload{{"id": 1}}, []payload{{"id": 1.5}}})
	}
	t.Errorf("say in wrongFor which values a field of type %s refuses", f.Type)
	return nil
}

// fieldsOf returns the fields of an input type by their keys.
func fieldsOf(input reflect.Type) map[string]reflect.StructField {
	fields := map[string]reflect.StructField{}
	for _, f := range reflect.VisibleFields(input) {
		if key, _, _ := strings.Cut(f.Tag.Get("json"), ","); key != "" && f.IsExported() {
			fields[key] = f
		}
	}
	return fields
}

var (
	hugeText   = strings.Repeat("x", 1<<16)
	wrongTypes = []any{5.5, true, []any{}, []any{"a"}, payload{}, nested(20)}
	wrongIDs   = append([]any{
		nil, "", 0, -1, 1.5, "1.5", "1e3", " 7", "7 ", "+7", "007", "0x7", "NaN", true,
		[]any{},
		[]any{1},
		payload{},
		1e30,
		strings.Repeat("9", 30), hugeText, "id", "😀", "1\x00", 999_999_999,
	}, nested(20))
	wrongTexts   = append([]any{nil, "a\x00b", hugeText}, wrongTypes...)
	wrongWords   = append([]any{nil, "", "x", "ADMIN", "public\n", "😀", "a\x00b", hugeText}, wrongTypes...)
	wrongNumbers = []any{nil, "1", "", "NaN", 1.5, 1e30, true, []any{}, payload{}, nested(20)}
	wrongIDLists = []any{"a", 5, true, payload{}, []any{nil}, []any{payload{}}, []any{1.5}, []any{"x"}, []any{[]any{1}}, []any{-1}, nested(20)}
	wrongFiles   = []any{"a", 5, true, []any{}, []any{"a"}, payload{"a": "text"}, payload{"a": nil}, payload{"a": payload{}}}
)

func nested(depth int) any {
	var v any = "core"
	for range depth {
		v = payload{"deep": []any{v}}
	}
	return v
}

func manyIDs() []int {
	ids := make([]int, 10_000)
	for i := range ids {
		ids[i] = i + 1
	}
	return ids
}

// wrongArguments returns what an event with an input type refuses: wrong values
// in place of the argument, and in place of each field of its example.
func wrongArguments(t *testing.T, input reflect.Type, example any) []string {
	t.Helper()
	if input == reflect.TypeFor[socketio.ID]() {
		var all []string
		for _, wrong := range wrongIDs {
			all = append(all, jsonOf(t, wrong))
		}
		return all
	}
	if input == reflect.TypeFor[string]() {
		all := []string{"", jsonOf(t, example)} // an example of a text is refused as well: what it would make is not undone
		for _, wrong := range wrongTexts {
			all = append(all, jsonOf(t, wrong))
		}
		return all
	}
	valid, ok := example.(map[string]any)
	if !ok {
		t.Errorf("the example %v is no object, but %s is", example, input)
	}
	return wrongFields(t, fieldsOf(input), payload(valid))
}

func wrongFields(t *testing.T, fields map[string]reflect.StructField, valid payload) []string {
	t.Helper()
	all := []string{"", "null", "true", "5.5", `"text"`, "[]", "{}", "[" + valid.json(t) + "]"}
	for _, v := range []any{hugeText, nested(20), valid.json(t)} {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(raw))
	}
	for _, key := range slices.Sorted(maps.Keys(valid)) {
		field, ok := fields[key]
		if !ok {
			t.Errorf("the example has the key %s, which its event does not have", key)
			continue
		}
		for _, wrong := range wrongFor(t, field) {
			all = append(all, valid.with(key, wrong).json(t))
		}
	}
	return all
}

// TestBadInputIsRefused sends every event with every wrong value, as the owner of
// a board. The reply is an error, nothing changes, no client gets an event, and
// the socket stays connected.
func TestBadInputIsRefused(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		s := newStage(t, uri)
		owner := s.people[projects.Owner]
		b := s.makeBoard(owner.Actor, "mine", projects.Private)
		for _, who := range []projects.Principal{projects.Owner, projects.Admin, projects.AccessOnly} {
			s.people[who].tab.Join(t, b.ID)
		}
		s.heard()
		before := s.dump()
		for event, input := range s.app.realtime.Of(projects.Namespace).Inputs() {
			for _, argument := range wrongArguments(t, input, s.examples.Event(t, event, s.values(projects.Owner, b))) {
				s.refuse(owner.tab, event, argument)
			}
			s.silence(event)
		}
		for event, input := range s.app.realtime.Root().Inputs() {
			if input == reflect.TypeFor[socketio.NoArgs]() {
				continue
			}
			for _, argument := range wrongArguments(t, input, s.examples.Event(t, event, s.values(projects.Owner, b))) {
				s.refuse(owner.root, event, argument)
			}
		}
		s.unchanged(before, "bad input")
		s.silence("bad input")
	})
}

// refuse fails unless the reply to an event is an error of the sender.
func (s *stage) refuse(socket *boardtest.Client, event, argument string) {
	s.t.Helper()
	ack := socket.Call(s.t, event, argument)
	if slices.Contains(s.examples.EmptyForUnknownIDs, event) && ack.OK && strings.Contains(argument, "999999999") {
		return // of what does not exist there are none
	}
	if !slices.Contains([]string{"invalid", "notFound", "conflict", "forbidden", "tooLarge"}, ack.Error) {
		s.t.Errorf("%s %s: %+v", event, brief(argument), ack)
	}
}

func brief(text string) string {
	if len(text) > 200 {
		return fmt.Sprintf("%s… (%d)", text[:200], len(text))
	}
	return text
}
