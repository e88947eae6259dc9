package main

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"testing"

	"taskstack.org/internal/testenv"
	"taskstack.org/modules/projects"
)

var serverTime = regexp.MustCompile(`<meta name="server-time" content="[^"]+">`)

// TestBoardsAreNeverStale changes a board in every way there is, by the examples of all
// events and by what people change of themselves: the page and the snapshot that are
// kept in memory are those of the database.
func TestBoardsAreNeverStale(t *testing.T) {
	s := newStage(t, testenv.MigratedSQLite(t))
	owner := s.people[projects.Owner]
	pages := func(b board, forget func()) [3]answer {
		in, err := s.app.modules.Projects.Access(t.Context(), owner.Actor, b.ID)
		if err != nil {
			return [3]answer{} // it was deleted
		}
		forget()
		all := [3]answer{s.snapshot(owner, in.URL())}
		for i, who := range []*person{owner, s.people[projects.AccessOnly]} {
			forget()
			all[i+1] = s.request(who, http.MethodGet, in.URL(), nil)
			all[i+1].body = serverTime.ReplaceAllString(all[i+1].body, "")
		}
		return all
	}
	changed := 0
	check := func(what string, b board, change func()) {
		before := pages(b, func() {})
		change()
		kept := pages(b, func() {})
		read := pages(b, func() { s.app.modules.Projects.ForgetBoards(); parsedPages.Forget() })
		for i := range kept {
			if kept[i] != read[i] {
				t.Errorf("after %s what was kept is shown: %s", what, firstDifference(kept[i].body, read[i].body))
			}
		}
		if kept[0] != before[0] {
			changed++
		}
	}
	rights := s.app.modules.Projects.EventRights()
	for _, event := range slices.Sorted(maps.Keys(rights)) {
		b := s.makeBoard(owner.Actor, "stale-"+event, projects.Private)
		tab := s.dial(owner, projects.Namespace) // one is in a few rooms only
		tab.Join(t, b.ID)
		check("event "+event, b, func() { tab.Call(t, event, s.argument(event, projects.Owner, b)) })
	}
	if changed < len(rights)/2 {
		t.Fatalf("only %d of %d events changed the board", changed, len(rights))
	}

	b := s.makeBoard(owner.Actor, "stale", projects.Private)
	tab := s.dial(owner, projects.Namespace)
	tab.Join(t, b.ID)
	member := s.people[projects.Admin]
	if ack := tab.Call(t, "edit_card", jsonOf(t, map[string]any{
		"projectId": b.ID, "id": b.cards[0], "listId": b.lists[0], "name": "card", "cardDesc": "", "newAttachedFiles": map[string]any{},
		"replacedAttachedFiles": map[string]any{}, "removedAttachedFiles": []any{}, "newMembers": []int64{member.UserID}, "removedMembers": []any{},
	})); !ack.OK {
		t.Fatalf("assign: %+v", ack)
	}
	changed = 0
	check("a display name", b, func() {
		s.request(member, http.MethodPost, "/"+member.Name, url.Values{"submit": {"editProfile"}, "newProfileDesc": {""}, "newDisplayName": {"Ada"}})
	})
	check("leaving", b, func() {
		_, err := s.app.modules.Projects.Remove(t.Context(), projects.By(member.Actor, b.ID), member.UserID)
		s.must(err)
	})
	if changed != 2 {
		t.Errorf("%d of 2 changes were seen", changed)
	}
}

// snapshot asks for a board as scripts do.
func (s *stage) snapshot(p *person, path string) answer {
	s.t.Helper()
	req := httptest.NewRequestWithContext(s.t.Context(), http.MethodGet, path, nil)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Cookie", p.cookie)
	rec := httptest.NewRecorder()
	s.app.handler.ServeHTTP(rec, req)
	return answer{rec.Code, rec.Body.String(), ""}
}

// firstDifference returns what follows in two texts from where they differ.
func firstDifference(kept, read string) string {
	at := 0
	for at < min(len(kept), len(read)) && kept[at] == read[at] {
		at++
	}
	after := func(text string) string { return text[max(0, at-60):min(len(text), at+120)] }
	return fmt.Sprintf("\n…%s\nthe database has\n…%s", after(kept), after(read))
}
