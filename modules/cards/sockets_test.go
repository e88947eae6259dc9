package cards_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
)

// fileLink matches the URL of an attachment up to its name.
var fileLink = regexp.MustCompile(`https://boards\.example/files/[0-9a-f]{32}/`)

// fill replaces placeholders by ids: P project, L0, L1 lists, C0, C1… cards of the
// first list, U owner, R reader.
func fill(w *boardtest.World, text string, listIDs []int64, cardIDs []int64) string {
	pairs := []string{"«P»", fmt.Sprint(w.Project.ID), "«U»", fmt.Sprint(w.Owner.UserID), "«R»", fmt.Sprint(w.Reader.UserID), "«S»", fmt.Sprint(w.Stranger.UserID)}
	for i, id := range listIDs {
		pairs = append(pairs, fmt.Sprintf("«L%d»", i), fmt.Sprint(id))
	}
	for i, id := range cardIDs {
		pairs = append(pairs, fmt.Sprintf("«C%d»", i), fmt.Sprint(id))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func sameJSON(t *testing.T, got []byte, want string) bool {
	t.Helper()
	var a, b any
	if err := json.Unmarshal(got, &a); err != nil {
		t.Fatalf("%v: %s", err, got)
	}
	if err := json.Unmarshal([]byte(want), &b); err != nil {
		t.Fatalf("%v: %s", err, want)
	}
	return reflect.DeepEqual(a, b)
}

// TestEventsOfTheContract checks section 5 of the contract: for each event the
// confirmation to the sender and the payload to the room. Ids arrive as strings and
// as numbers.
func TestEventsOfTheContract(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	listIDs, cardIDs := w.Fill(t, w.Project, 2, 2)
	inFirst := slices.Concat(cardIDs...)
	sender, watcher := w.Connect(t, w.Admin), w.Connect(t, w.Reader)
	sender.Join(t, w.Project.ID)
	watcher.Join(t, w.Project.ID)
	outsider := w.Connect(t, w.Stranger)
	if a := outsider.Call(t, "join_project_room", fmt.Sprint(w.Project.ID)); a.OK || a.Error != "notFound" {
		t.Fatalf("a stranger joined: %+v", a)
	}

	for _, c := range []struct {
		event, payload, confirmation string
		attachments                  [][]byte
		name                         string
		want                         []string // payloads without rev; file keys as KEY, new ids as ID
	}{
		{
			"create_list", `{"projectId":«P»,"name":" <b>New</b> ","listDesc":"d","attachedFiles":{"a b.txt":{"_placeholder":true,"num":0}}}`,
			"create_list_successful",
			[][]byte{[]byte("hello")},
			"build_new_list",
			[]string{`{"id":"ID","name":" <b>New</b> ","listDesc":"d","pos":0,"attachedFiles":{"a b.txt":"KEYa%20b.txt"}}`},
		},
		{
			"create_card", `{"projectId":"«P»","listId":"«L0»","name":"n","cardDesc":"","attachedFiles":{},"members":["«U»",«R»,"«R»",«S»,9999]}`,
			"create_card_successful", nil, "build_new_card",
			[]string{`{"id":"ID","listId":«L0»,"name":"n","cardDesc":"","pos":2,"attachedFiles":{},"members":{"«U»":1,"«R»":1}}`},
		},
		{
			"move_list", `{"projectId":«P»,"id":"«L0»","pos":9}`,
			"move_list_successful", nil, "update_list_pos",
			[]string{`{"id":«L0»,"pos":2,"otherListsPosChanges":[[«L1»,-1]]}`},
		},
		{
			"move_list", `{"projectId":«P»,"id":«L0»,"pos":2}`,
			"move_list_successful", nil, "update_list_pos",
			[]string{`{"id":«L0»,"pos":2,"otherListsPosChanges":[]}`},
		},
		{
			"edit_list", `{"projectId":«P»,"id":"«L1»","name":"x","listDesc":"y\nz","newAttachedFiles":{"f":{"_placeholder":true,"num":0}},"replacedAttachedFiles":{},"removedAttachedFiles":["gone"]}`,
			"edit_list_successful",
			[][]byte{{}},
			"update_list",
			[]string{`{"id":«L1»,"name":"x","listDesc":"y\nz","removedAttachedFiles":[],"newAttachedFiles":[["f","KEYf"]]}`},
		},
		{
			"edit_card", `{"projectId":«P»,"id":"«C0»","listId":"«L1»","name":"e","cardDesc":"f","newAttachedFiles":{},"replacedAttachedFiles":{},"removedAttachedFiles":[],"newMembers":["«U»",«R»,«S»],"removedMembers":["«S»"]}`,
			"edit_card_successful", nil, "update_card",
			[]string{`{"id":«C0»,"listId":«L0»,"name":"e","cardDesc":"f","removedAttachedFiles":[],"newAttachedFiles":[],"newMembers":["«U»","«R»"],"removedMembers":[]}`},
		},
		{
			"edit_card", `{"projectId":«P»,"id":«C0»,"name":"e","cardDesc":"f","removedMembers":[«R»,"«S»"]}`,
			"edit_card_successful", nil, "update_card",
			[]string{`{"id":«C0»,"listId":«L0»,"name":"e","cardDesc":"f","removedAttachedFiles":[],"newAttachedFiles":[],"newMembers":[],"removedMembers":["«R»"]}`},
		},
		{
			"move_card", `{"projectId":«P»,"id":"«C0»","listId":"«L1»","pos":1}`,
			"", nil, "update_cards_pos",
			[]string{`{"cards":[{"id":«C0»,"listId":«L1»,"prevListId":«L0»,"pos":1}],"otherCardsPosChanges":[[«C1»,«L0»,-1],["NEW",«L0»,-1],[«C3»,«L1»,1]]}`},
		},
		{
			"move_cards", `{"projectId":«P»,"ids":["«C2»",«C1»],"listId":«L1»,"pos":99}`,
			"move_cards_successful", nil, "update_cards_pos",
			[]string{
				`{"cards":[{"id":«C2»,"listId":«L1»,"prevListId":«L1»,"pos":2}],"otherCardsPosChanges":[[«C0»,«L1»,-1],[«C3»,«L1»,-1]]}`,
				`{"cards":[{"id":«C1»,"listId":«L1»,"prevListId":«L0»,"pos":3}],"otherCardsPosChanges":[["NEW",«L0»,-1]]}`,
			},
		},
		{
			"delete_card", `{"projectId":«P»,"id":"«C0»","listId":"«L0»"}`,
			"delete_card_successful", nil, "remove_card",
			[]string{`{"id":«C0»,"listId":«L1»,"cardsPosChanges":[[«C3»,-1],[«C2»,-1],[«C1»,-1]]}`},
		},
		{
			"delete_list", `{"projectId":«P»,"id":"«L1»"}`,
			"delete_list_successful", nil, "remove_list",
			[]string{`{"id":«L1»,"listsPosChanges":[[«L0»,-1]]}`},
		},
	} {
		payload := fill(w, c.payload, listIDs, inFirst)
		rev := w.Rev(t, w.Project)
		ack := sender.Call(t, c.event, payload, c.attachments...)
		if !ack.OK || ack.Rev != rev+int64(len(c.want)) {
			t.Fatalf("%s %s: %+v after %d", c.event, payload, ack, rev)
		}
		if strings.HasPrefix(c.event, "create_") != (ack.ID != 0) {
			t.Errorf("%s: id %d", c.event, ack.ID)
		}
		if c.confirmation != "" {
			if e := sender.Next(t); e.Name != c.confirmation || len(e.Args) != 0 {
				t.Fatalf("%s: first came %s %s", c.event, e.Name, e.Args)
			}
		}
		for i, want := range c.want {
			got, also := sender.Next(t), watcher.Next(t)
			if got.Name != c.name || also.Name != c.name || string(got.Args[0]) != string(also.Args[0]) || len(got.Args) != 1 {
				t.Fatalf("%s: %s %s and %s %s", c.event, got.Name, got.Args, also.Name, also.Args)
			}
			want = strings.TrimSuffix(want, "}") + fmt.Sprintf(`,"rev":%d,"by":%d}`, rev+1+int64(i), w.Admin.UserID)
			want = strings.NewReplacer(`"ID"`, fmt.Sprint(ack.ID), `"NEW"`, fmt.Sprint(newCard(t, w))).Replace(fill(w, want, listIDs, inFirst))
			if is := fileLink.ReplaceAll(got.Args[0], []byte("KEY")); !sameJSON(t, is, want) {
				t.Errorf("%s %s:\n%s, want\n%s", c.event, payload, is, want)
			}
		}
	}
	sender.None(t)
	watcher.None(t)
	outsider.None(t)
	w.CheckDense(t)
}

// newCard returns the id of the newest card, which create_card made.
func newCard(t *testing.T, w *boardtest.World) (id int64) {
	t.Helper()
	if err := w.DB.From(t.Context()).Raw("SELECT MAX(id) FROM card").Scan(&id).Error; err != nil {
		t.Fatal(err)
	}
	return id
}

// good are the keys of a valid payload for each event.
var good = map[string]map[string]string{
	"create_list": {"projectId": "«P»", "name": `"n"`, "listDesc": `"d"`, "attachedFiles": "{}"},
	"move_list":   {"projectId": "«P»", "id": "«L0»", "pos": "0"},
	"edit_list": {
		"projectId": "«P»", "id": "«L0»", "name": `"n"`, "listDesc": `"d"`, "newAttachedFiles": "{}",
		"replacedAttachedFiles": "{}", "removedAttachedFiles": "[]",
	},
	"delete_list": {"projectId": "«P»", "id": "«L0»"},
	"create_card": {"projectId": "«P»", "listId": "«L0»", "name": `"n"`, "cardDesc": `"d"`, "attachedFiles": "{}", "members": "[]"},
	"move_card":   {"projectId": "«P»", "id": "«C0»", "listId": "«L0»", "pos": "0"},
	"move_cards":  {"projectId": "«P»", "ids": "[«C0»]", "listId": "«L0»", "pos": "0"},
	"edit_card": {
		"projectId": "«P»", "id": "«C0»", "listId": "«L0»", "name": `"n"`, "cardDesc": `"d"`, "newAttachedFiles": "{}",
		"replacedAttachedFiles": "{}", "removedAttachedFiles": "[]", "newMembers": "[]", "removedMembers": "[]",
	},
	"delete_card": {"projectId": "«P»", "id": "«C0»", "listId": "«L0»"},
}

// optional keys may be missing or null. listId of edits and deletions is ignored.
func optional(event, key string) bool {
	switch key {
	case "attachedFiles", "newAttachedFiles", "replacedAttachedFiles", "removedAttachedFiles", "members", "newMembers", "removedMembers":
		return true
	case "listId":
		return event == "edit_card" || event == "delete_card"
	}
	return false
}

// bad are invalid values, by the type of the key.
func bad(event, key string) []string {
	long := `"` + strings.Repeat("x", 1<<20) + `"`
	switch {
	case optional(event, key) && key == "listId":
		return nil
	case key == "name":
		return []string{`""`, `"  "`, `"\n"`, `"a\u0000b"`, `7`, `true`, `{}`, `[]`, `"` + strings.Repeat("ä", 257) + `"`, long}
	case key == "listDesc", key == "cardDesc":
		return []string{`"a\u0000b"`, `7`, `false`, `{}`, `[]`, `"` + strings.Repeat("ä", 2049) + `"`, long}
	case key == "pos":
		return []string{`"0"`, `""`, `1.5`, `1e400`, `true`, `{}`, `[]`, long}
	case key == "ids":
		return []string{`[]`, `7`, `"7"`, `{}`, `[null]`, `[-1]`, `[[7]]`, `["x"]`, `[99999999]`, `[«C0»,99999999]`, `[«F»]`, `[«C0»,«F»]`, long}
	case strings.HasSuffix(key, "embers"):
		return []string{`7`, `"7"`, `{}`, `[null]`, `[0]`, `[1.5]`, `["x"]`, `[{}]`, long}
	case key == "removedAttachedFiles":
		return []string{`7`, `"a"`, `{}`, `[7]`, `[{}]`, long}
	case strings.HasSuffix(key, "ttachedFiles"):
		return []string{`7`, `"a"`, `[]`, `{"a":"text"}`, `{"a":null}`, `{"a":{}}`, `{"a":{"_placeholder":true}}`, `{"a":[1,2]}`, long}
	}
	all := []string{`0`, `-1`, `1.5`, `""`, `"x"`, `" 1"`, `"+1"`, `"01"`, `true`, `{}`, `[]`, `99999999`, `"99999999999999999999"`, long}
	if key != "projectId" {
		all = append(all, `«F»`) // of another project
	}
	return all
}

func payloadOf(event, key, value string) string {
	var parts []string
	for k, v := range good[event] {
		if k == key {
			v = value
		}
		if v != "" {
			parts = append(parts, fmt.Sprintf("%q:%s", k, v))
		}
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// TestBadInput sends every event with every invalid value of every key: the sender
// gets an error, other clients get nothing, and the socket stays open.
func TestBadInput(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	other := w.MakeProject(t, "other", true)
	foreignList := lists.MakeList(t, w.Lists.Service, w.Owner, other.ID, "foreign")
	foreignCard := cards.MakeCard(t, w.Cards.Service, w.Owner, other.ID, foreignList, "foreign")
	listIDs, cardIDs := w.Fill(t, w.Project, 2, 2)
	page, rev, otherRev := w.Page(t, w.Project), w.Rev(t, w.Project), w.Rev(t, other)
	sender, watcher := w.Connect(t, w.Owner), w.Connect(t, w.Admin)
	sender.Join(t, w.Project.ID)
	watcher.Join(t, w.Project.ID)
	refused := func(event, payload string) {
		t.Helper()
		payload = fill(w, payload, listIDs, cardIDs[0])
		a := sender.Call(t, event, payload)
		if a.OK || a.Error != "invalid" && a.Error != "notFound" {
			t.Errorf("%s %.200s: %+v", event, payload, a)
		}
	}
	for event, keys := range good {
		for _, argument := range []string{"", "null", "7", `"x"`, "[]", "{}", "true", `[{}]`} {
			refused(event, argument)
		}
		for key := range keys {
			foreign := foreignCard
			if key == "listId" || strings.HasSuffix(event, "_list") {
				foreign = foreignList
			}
			if !optional(event, key) {
				refused(event, payloadOf(event, key, ""))
				refused(event, payloadOf(event, key, "null"))
			}
			for _, value := range bad(event, key) {
				refused(event, strings.ReplaceAll(payloadOf(event, key, value), "«F»", fmt.Sprint(foreign)))
			}
		}
	}
	if a := sender.Call(t, "no_such_event", "{}"); a.OK || a.Error != "notFound" {
		t.Errorf("an unknown event: %+v", a)
	}
	sender.None(t)
	watcher.None(t)
	if w.Rev(t, w.Project) != rev || w.Rev(t, other) != otherRev || len(w.Objects(t)) != 0 {
		t.Errorf("something changed")
	}
	w.Follow(t, page, w.Project, rev)
	// The socket still works.
	for event := range good {
		if event == "delete_list" || event == "delete_card" {
			continue
		}
		if a := sender.Call(t, event, fill(w, payloadOf(event, "", ""), listIDs, cardIDs[0])); !a.OK {
			t.Errorf("%s: %+v", event, a)
		}
	}
	w.Follow(t, page, w.Project, rev)
}

// TestPermissions checks every event for every role, also without having joined the
// room (defect D02: being in the room is no permission).
func TestPermissions(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		public := w.MakeProject(t, "public", false)
		listIDs, cardIDs := w.Fill(t, w.Project, 2, 2)
		publicLists, publicCards := w.Fill(t, public, 2, 2)
		for _, who := range []struct {
			name            string
			by              accounts.Actor
			private, public string // the error, "" for none
		}{
			{"reader", w.Reader, "forbidden", "forbidden"},
			{"stranger", w.Stranger, "notFound", "forbidden"},
			{"admin", w.Admin, "", ""},
			{"owner", w.Owner, "", ""},
		} {
			c := w.Connect(t, who.by)
			for _, event := range []string{"create_list", "create_card", "move_list", "edit_list", "move_card", "move_cards", "edit_card", "delete_card", "delete_list"} {
				payload := payloadOf(event, "", "")
				rev := w.Rev(t, w.Project)
				private := c.Call(t, event, fill(w, payload, listIDs, cardIDs[0]))
				inPublic := c.Call(t, event, strings.ReplaceAll(fill(w, strings.ReplaceAll(payload, "«P»", "«Q»"), publicLists, publicCards[0]), "«Q»", fmt.Sprint(public.ID)))
				if private.Error != who.private || inPublic.Error != who.public {
					t.Errorf("%s, %s: %q in a private and %q in a public project", who.name, event, private.Error, inPublic.Error)
				}
				if (w.Rev(t, w.Project) != rev) != (who.private == "") {
					t.Errorf("%s, %s: changed %v", who.name, event, who.private != "")
				}
			}
			if who.private != "" {
				continue
			}
			// The next writer needs a list and a card to delete.
			listIDs, cardIDs = w.Fill(t, w.Project, 1, 1)
			publicLists, publicCards = w.Fill(t, public, 1, 1)
		}
		// Visitors have no connection for these events; the services refuse them too.
		for name, err := range map[string]error{
			"create list": second(w.Lists.Create(t.Context(), projects.By(w.Nobody, w.Project.ID), lists.Draft{Name: "n"})),
			"create card": second(w.Cards.Create(t.Context(), projects.By(w.Nobody, w.Project.ID), listIDs[0], cards.Draft{Name: "n"})),
			"move list":   first(w.Lists.Move(t.Context(), projects.By(w.Nobody, w.Project.ID), listIDs[0], 0, nil)),
			"move card":   first(w.Cards.Move(t.Context(), projects.By(w.Nobody, public.ID), publicCards[0][0], publicLists[0], 0)),
			"delete list": first(w.Lists.Delete(t.Context(), projects.By(w.Nobody, public.ID), publicLists[0])),
		} {
			if err == nil {
				t.Errorf("nobody may %s", name)
			}
		}
	})
}

func first(_ int64, err error) error { return err }

func second(_, _ int64, err error) error { return err }
