package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"taskstack.org/internal/testenv"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/socketio"
)

// arrayPaths returns all arrays and objects of any size in an input, as the JSON
// around "%s", and which of them have no maximum.
func arrayPaths(t reflect.Type) (paths map[string]string, unlimited []string) {
	paths = map[string]string{}
	var walk func(t reflect.Type, path, before, after string)
	walk = func(t reflect.Type, path, before, after string) {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct {
			return
		}
		for i := range t.NumField() {
			f := t.Field(i)
			if f.Anonymous {
				walk(f.Type, path, before, after) // its fields are those of t
				continue
			}
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			in := before + `{"` + name + `":`
			inner := f.Type
			for inner.Kind() == reflect.Pointer {
				inner = inner.Elem()
			}
			switch {
			case inner == reflect.TypeFor[socketio.Binary]():
			case inner.Kind() == reflect.Slice || inner.Kind() == reflect.Map:
				paths[path+name] = in + "%s}" + after
				if !strings.Contains(f.Tag.Get("event"), "max=") {
					unlimited = append(unlimited, path+name)
				}
				walk(inner.Elem(), path+name+".", in+"[", "]}"+after)
			case inner.Kind() == reflect.Interface:
				unlimited = append(unlimited, path+name)
			default:
				walk(inner, path+name+".", in, "}"+after)
			}
		}
	}
	walk(t, "", "", "")
	return paths, unlimited
}

// TestArrayLimitsRefuse checks that every array of every event has a maximum, and
// that more elements are refused by a text that names the field. The payloads name
// no project: a service would answer "not found".
func TestArrayLimitsRefuse(t *testing.T) {
	s := newStage(t, testenv.MigratedSQLite(t))
	owner := s.people[projects.Owner]
	arrays := 0
	for _, ns := range []*socketio.Namespace{s.app.realtime.Of(projects.Namespace), s.app.realtime.Root()} {
		client := owner.tab
		if ns == s.app.realtime.Root() {
			client = owner.root
		}
		for event, input := range ns.Inputs() {
			paths, unlimited := arrayPaths(input)
			for _, path := range unlimited {
				t.Errorf("%s: give %s a maximum: `event:\"max=…\"`", event, path)
			}
			for path, around := range paths {
				arrays++
				for _, many := range []string{
					"[" + strings.Repeat("1,", 20_000) + "1]", "[" + strings.Repeat(`"",`, 20_000) + `""]`,
					"[" + strings.Repeat("{},", 20_000) + "{}]", "{" + strings.Repeat(`"a":1,`, 20_000) + `"b":1}`,
				} {
					ack := client.Call(t, event, fmt.Sprintf(around, many))
					if ack.Error != "invalid" || !strings.Contains(ack.Fields[path], "at most") {
						t.Errorf("%s, %d elements in %s: %+v", event, 20_001, path, ack)
					}
				}
			}
		}
	}
	if arrays < 13 {
		t.Errorf("%d arrays found: events have more", arrays)
	}
}

// TestArrayLimitsAllow checks that the maximum itself passes.
func TestArrayLimitsAllow(t *testing.T) {
	s := newStage(t, testenv.MigratedSQLite(t))
	owner := s.people[projects.Owner]
	b := s.makeBoard(owner.Actor, "mine", projects.Private)
	owner.tab.Join(t, b.ID)
	ids := func(n int) string {
		all := make([]int64, n)
		for i := range all {
			all[i] = owner.UserID
		}
		raw, err := json.Marshal(all)
		s.must(err)
		return string(raw)
	}
	for _, key := range []string{"newMembers", "removedMembers"} {
		edit := fmt.Sprintf(`{"projectId":%d,"id":%d,"name":"n","cardDesc":"","%s":%%s}`, b.ID, b.cards[0], key)
		if ack := owner.tab.Call(t, "edit_card", fmt.Sprintf(edit, ids(500))); !ack.OK {
			t.Errorf("500 %s: %+v", key, ack)
		}
		if ack := owner.tab.Call(t, "edit_card", fmt.Sprintf(edit, ids(501))); ack.Error != "invalid" || !strings.Contains(ack.Fields[key], "500") {
			t.Errorf("501 %s: %+v", key, ack)
		}
	}
}
