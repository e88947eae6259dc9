package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/projects"
)

// hold says what each key of an event's argument holds, so that every event is
// fed with what is wrong for its keys. A key that is not here fails the test.
var hold = map[string][]any{
	"projectId": wrongIDs, "id": wrongIDs, "listId": wrongIDs, "userId": wrongIDs,
	"name": wrongTexts, "listDesc": wrongTexts, "cardDesc": wrongTexts, "projectDesc": wrongTexts,
	"nameOrEmail": wrongTexts, "friendNameOrEmail": wrongTexts,
	"role": wrongWords, "newRole": wrongWords, "value": wrongWords, "kind": wrongWords, "state": wrongWords,
	"pos": wrongNumbers, "sinceRev": wrongNumbers, "undoes": wrongNumbers, "on": {nil, "true", 1, []int{}, payload{}},
	"ids": append(slices.Clone(wrongIDLists), nil, []int{}, manyIDs()), "members": wrongIDLists,
	"newMembers": wrongIDLists, "removedMembers": wrongIDLists,
	"cards":         {nil, "a", 5, payload{}, []int{}, []any{nil}, []any{5}, []payload{{"id": 1}}, []payload{{"id": 1, "listId": 1.5}}},
	"attachedFiles": wrongFiles, "newAttachedFiles": wrongFiles, "replacedAttachedFiles": wrongFiles,
	"removedAttachedFiles": {"a", 5, true, payload{}, []any{5}, []any{payload{}}},
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

// rootPayloads are arguments of events of the root namespace, as payloads.
var rootPayloads = map[string]payload{"accept_freq": {"id": 999_999_999}, "dont_accept_freq": {"id": 999_999_999}}

// wrongArguments are what an event gets in place of its argument.
func wrongArguments(t *testing.T, valid payload) []string {
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
		if hold[key] == nil {
			t.Errorf("say in this test what the key %s holds", key)
		}
		for _, wrong := range hold[key] {
			all = append(all, valid.with(key, wrong).json(t))
		}
	}
	return all
}

// TestBadInputOfAnyKindHasNoEffect: the owner of a board sends every event
// with everything that may be wrong with it. There is an answer that says so;
// nothing changes, nobody hears anything, and the same socket goes on.
func TestBadInputOfAnyKindHasNoEffect(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		s := newStage(t, uri)
		owner := s.people[projects.Owner]
		b := s.makeBoard(owner.Actor, "mine", projects.Private)
		for _, who := range []projects.Who{projects.Owner, projects.Admin, projects.AccessOnly} {
			s.people[who].tab.Join(t, b.ID)
		}
		s.heard()
		before := s.dump()
		for _, event := range s.app.realtime.Project().Events() {
			if event == "join_project_room" {
				for _, wrong := range wrongIDs {
					s.refuse(owner.tab, event, payload{"id": wrong}.json(t)[len(`{"id":`):len(payload{"id": wrong}.json(t))-1])
				}
				continue
			}
			for _, argument := range wrongArguments(t, payloads[event](s, projects.Owner, b)) {
				s.refuse(owner.tab, event, argument)
			}
			s.silence(event)
		}
		for _, event := range s.app.realtime.Root().Events() {
			if elsewhere[event] == aboutOneself {
				continue
			}
			for _, argument := range wrongArguments(t, rootPayloads[event]) {
				s.refuse(owner.root, event, argument)
			}
		}
		s.unchanged(before, "bad input")
		s.silence("bad input")
	})
}

// refuse fails unless an event is answered by an error that is the sender's.
func (s *stage) refuse(socket *boardtest.Client, event, argument string) {
	s.t.Helper()
	ack := socket.Call(s.t, event, argument)
	if event == "read_versions" && ack.OK && strings.Contains(argument, "999999999") {
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
