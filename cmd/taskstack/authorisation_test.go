package main

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/socketio"
	"taskstack.org/platform/web"
)

// TestRoutesAndEventsDeclareTheirAudience fails for an event or a route that declares
// no permission or audience, and for an event without an example.
func TestRoutesAndEventsDeclareTheirAudience(t *testing.T) {
	s := newStage(t, testenv.MigratedSQLite(t))
	exists := map[string]bool{}
	rights := s.app.modules.Projects.EventRights()
	for _, event := range s.app.realtime.Of(projects.Namespace).Events() {
		exists[event] = true
		right, ok := rights[event]
		if !ok {
			t.Errorf("event %s of the namespace /project declares no permission: register it with projects.On", event)
		}
		if _, ok := s.examples.Events[event]; !ok {
			t.Errorf("event %s has no example: add its payload to modules/%s/testdata/examples.json", event, right.Module)
		}
	}
	for _, event := range s.app.realtime.Root().Events() {
		exists[event] = true
		if _, ok := s.examples.Events[event]; !ok {
			t.Errorf("event %s of the root namespace has no example: add its payload to testdata/examples.json of the module that registers it", event)
		}
	}
	s.must(s.app.router.CheckAudiences())
	for route := range s.app.router.Audiences() {
		exists[route] = true
	}
	for name := range s.examples.Events {
		if !exists[name] {
			t.Errorf("the example of event %s is of no event: correct its name or remove it", name)
		}
	}
	for name := range s.examples.Routes {
		if !exists[name] {
			t.Errorf("the example of route %s is of no route: correct its name or remove it", name)
		}
	}
}

// eventsOf returns the events that need a permission, in alphabetical order.
func (s *stage) eventsOf(action projects.Action) (events []string) {
	for event, right := range s.app.modules.Projects.EventRights() {
		if right.Action == action {
			events = append(events, event)
		}
	}
	slices.Sort(events)
	return events
}

// routesOf returns the routes with an audience, in alphabetical order.
func (s *stage) routesOf(audience web.Audience) (routes []string) {
	for route, of := range s.app.router.Audiences() {
		if of == audience {
			routes = append(routes, route)
		}
	}
	slices.Sort(routes)
	return routes
}

// may reports whether Rules let a principal do the action of a rule.
func may(rule projects.Rule, who projects.Principal, v projects.Visibility) bool {
	switch rule.Of(who) {
	case projects.Yes:
		return true
	case projects.IfPublic:
		return v == projects.Public
	case projects.UnlessPrivate:
		return v != projects.Private
	case projects.No, projects.IfInviting: // the boards of the tests do not let admins invite
	}
	return false
}

// refusals returns the errors that a principal without a permission may get:
// "not found", unless the principal may read the project.
func refusals(who projects.Principal, v projects.Visibility) []string {
	switch {
	case who == projects.SignedOut || who == projects.Suspended:
		return []string{"unauthenticated", "notFound"}
	case may(projects.RuleOf(projects.Read), who, v):
		return []string{"forbidden"}
	}
	return []string{"notFound"}
}

// TestRightsAreEnforced sends all events and requests all routes about a project
// as every principal: what is refused has no effect and sends no event.
func TestRightsAreEnforced(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		s := newStage(t, uri)
		owner := s.people[projects.Owner]
		for _, v := range []projects.Visibility{projects.Private, projects.FriendsOnly, projects.Public} {
			b := s.makeBoard(owner.Actor, "board-"+string(v), v)
			for who, p := range s.people {
				if may(projects.RuleOf(projects.Follow), who, v) {
					p.tab.Join(t, b.ID)
				}
			}
			s.heard()
			before := s.dump()
			for _, rule := range projects.Rules {
				for _, who := range projects.Principals {
					s.checkRoutes(rule, who, v, b)
					if !may(rule, who, v) {
						s.checkRefused(rule, who, v, b)
					}
				}
			}
			s.unchanged(before, "what was refused")
			s.silence("what was refused")
		}
	})
}

func (s *stage) checkRefused(rule projects.Rule, who projects.Principal, v projects.Visibility, b board) {
	s.t.Helper()
	for _, event := range s.eventsOf(rule.Action) {
		ack := s.people[who].tab.Call(s.t, event, s.argument(event, who, b))
		if !slices.Contains(refusals(who, v), ack.Error) {
			s.t.Errorf("%s: %s of %s on a board for %s: %+v", rule.Action, event, who, v, ack)
		}
	}
}

func (s *stage) checkRoutes(rule projects.Rule, who projects.Principal, v projects.Visibility, b board) {
	s.t.Helper()
	for _, route := range s.routesOf(projects.Audience(rule.Action)) {
		method, _, _ := strings.Cut(route, " ")
		path := s.examples.Route(s.t, route, s.values(who, b))
		if method == http.MethodPost {
			s.checkUpload(rule, who, v, path)
			continue
		}
		if got := s.request(s.people[who], method, path, nil); !slices.Contains(pageStatuses(rule, who, v), got.status) {
			s.t.Errorf("%s: %s of %s on a board for %s: %d, want one of %v", rule.Action, path, who, v, got.status, pageStatuses(rule, who, v))
		}
	}
}

// pageStatuses returns what the page of a rule may answer a principal. That a board
// exists is only said to those who may read it.
func pageStatuses(rule projects.Rule, who projects.Principal, v projects.Visibility) []int {
	switch {
	case may(rule, who, v):
		return []int{http.StatusOK}
	case rule.Action == projects.Read:
		return []int{http.StatusNotFound}
	case who == projects.SignedOut || who == projects.Suspended:
		return []int{http.StatusNotFound, http.StatusFound} // to the log-in, whether the board exists or not
	case may(projects.RuleOf(projects.Read), who, v):
		return []int{http.StatusNotFound, http.StatusForbidden}
	}
	return []int{http.StatusNotFound}
}

// checkUpload checks that an upload without permission is refused; with
// permission it would change the board.
func (s *stage) checkUpload(rule projects.Rule, who projects.Principal, v projects.Visibility, path string) {
	s.t.Helper()
	if may(rule, who, v) {
		return
	}
	got := s.upload(s.people[who], path, "content")
	refused := slices.ContainsFunc(refusals(who, v), func(kind string) bool { return strings.Contains(got.body, `"error":"`+kind+`"`) })
	if !refused || got.status < 400 || got.status >= 500 {
		s.t.Errorf("%s: upload of %s to %s on a board for %s: %d %s", rule.Action, who, path, v, got.status, got.body)
	}
}

// TestRightsAllow checks that every principal with a permission can use it, each
// time on a board of its own.
func TestRightsAllow(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		s := newStage(t, uri)
		n := 0
		for _, rule := range projects.Rules {
			for _, who := range projects.Principals {
				for _, event := range s.eventsOf(rule.Action) {
					if !may(rule, who, projects.Public) {
						continue
					}
					n++
					b := s.makeBoard(s.people[projects.Owner].Actor, fmt.Sprintf("allowed-%d", n), projects.Public)
					tab := s.dial(s.people[who], projects.Namespace) // one connection follows fifty boards at most
					tab.Join(t, b.ID)                                // some events are for those who follow
					if ack := tab.Call(t, event, s.argument(event, who, b)); !ack.OK {
						t.Errorf("%s: %s of %s: %+v", rule.Action, event, who, ack)
					}
					tab.Close()
				}
				for _, route := range s.routesOf(projects.Audience(rule.Action)) {
					if !strings.HasPrefix(route, http.MethodPost) || !may(rule, who, projects.Public) {
						continue
					}
					n++
					b := s.makeBoard(s.people[projects.Owner].Actor, fmt.Sprintf("allowed-%d", n), projects.Public)
					path := s.examples.Route(t, route, s.values(who, b))
					if got := s.upload(s.people[who], path, "content"); got.status != http.StatusOK {
						t.Errorf("upload of %s to %s: %d %s", who, path, got.status, got.body)
					}
				}
			}
		}
		for _, who := range []projects.Principal{projects.Admin, projects.AccessOnly} {
			b := s.makeBoard(s.people[projects.Owner].Actor, "left-by-"+strings.ToLower(string(who)), projects.Private)
			argument := payload{"projectId": b.ID, "userId": s.people[who].UserID}.json(t)
			if ack := s.people[who].tab.Call(t, "remove_user_from_project", argument); !ack.OK {
				t.Errorf("%s may not leave: %+v", who, ack)
			}
		}
	})
}

// TestForeignIDsAreRefused sends every event as the owner of a board, with ids of
// another board, which the owner may not see, in each place of the payload.
func TestForeignIDsAreRefused(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		s := newStage(t, uri)
		owner := s.people[projects.Owner]
		b := s.makeBoard(owner.Actor, "mine", projects.Private)
		owner.tab.Join(t, b.ID)
		s.heard()
		before := s.dump()
		own, foreign := s.values(projects.Owner, b), s.foreignValues()
		for _, event := range s.app.realtime.Of(projects.Namespace).Events() {
			for _, bad := range s.examples.EventVariants(t, event, own, foreign) {
				ack := owner.tab.Call(t, event, jsonOf(t, bad))
				if slices.Contains(s.examples.EmptyForUnknownIDs, event) && ack.OK {
					continue
				}
				if !slices.Contains([]string{"notFound", "invalid", "conflict"}, ack.Error) {
					t.Errorf("%s %v: %+v", event, bad, ack)
				}
			}
		}
		for _, path := range []string{fmt.Sprintf("/files/cards/%d", s.foreign.cards[0]), fmt.Sprintf("/files/lists/%d", s.foreign.lists[0])} {
			if got := s.upload(owner, path+"?name=x", "content"); got.status != http.StatusNotFound {
				t.Errorf("upload to %s: %d", path, got.status)
			}
		}
		stale := &person{Actor: owner.Actor, cookie: owner.cookie, token: "another"}
		if got := s.upload(stale, fmt.Sprintf("/files/cards/%d?name=x", b.cards[0]), "content"); got.status != web.StatusStaleToken {
			t.Errorf("upload without the login's token: %d", got.status)
		}
		s.unchanged(before, "foreign ids")
		s.silence("foreign ids")
		for _, path := range []string{s.foreign.URL(), s.foreign.URL() + "/history", s.foreign.file} {
			if got := s.request(owner, http.MethodGet, path, nil); got.status != http.StatusNotFound {
				t.Errorf("GET %s: %d", path, got.status)
			}
		}
	})
}

// TestAudiencesAreEnforced checks that routes and events for people who are signed
// in do nothing for others, and nothing with the ids of others.
func TestAudiencesAreEnforced(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		s := newStage(t, uri)
		owner := s.people[projects.Owner]
		b := s.makeBoard(owner.Actor, "mine", projects.Private)
		s.heard()
		before := s.dump()
		path := strings.NewReplacer(":user", owner.Name, ":code", b.InviteCode, ":case", strings.Repeat("0", 32))
		form := url.Values{
			"name": {owner.Name}, "id": {"1"}, "submit": {"deleteAccount"}, "password": {accounts.TestPassword}, "newUsername": {"taken-over"},
		}
		for name, audience := range s.app.router.Audiences() {
			if audience != web.SignedIn && audience != web.OwnProfile {
				continue
			}
			method, pattern, _ := strings.Cut(name, " ")
			for _, by := range []projects.Principal{projects.SignedOut, projects.Suspended, projects.Friend} {
				if by == projects.Friend && audience == web.SignedIn {
					continue
				}
				got := s.request(s.people[by], method, path.Replace(pattern), form)
				if got.status < 300 || got.status >= 500 {
					t.Errorf("%s of %s: %d", name, by, got.status)
				}
			}
		}
		for _, event := range s.app.realtime.Root().Events() {
			if s.app.realtime.Root().Inputs()[event] == reflect.TypeFor[socketio.NoArgs]() {
				continue // it names nothing of others
			}
			if ack := s.people[projects.Friend].root.Call(t, event, `{"id":1}`); ack.OK {
				t.Errorf("%s of what is not theirs: %+v", event, ack)
			}
		}
		s.unchanged(before, "what was refused")
		s.silence("what was refused")
	})
}
