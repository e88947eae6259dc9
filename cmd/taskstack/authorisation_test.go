package main

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/web"
)

// audience says who may use a route or an event of the root namespace that is
// about no project. What is about one stands in projects.Rules.
type audience string

const (
	everybody audience = "everybody"
	// signedIn: everybody else is sent to log in, or home, or told that there
	// is nothing.
	signedIn audience = "signed in"
	// aboutOneself: an event of people who are signed in that names nothing.
	aboutOneself audience = "about oneself"
	// themselves: what is below a person's own profile.
	themselves audience = "themselves"
)

// elsewhere is the audience of every route and root event that is about no
// project. Adding one means adding a line here, or to projects.Rules.
var elsewhere = map[string]audience{
	"GET /": everybody, "GET /login": everybody, "GET /signup": everybody,
	"POST /login": everybody, "POST /signup": everybody, "POST /language": everybody,
	"GET /verify-email/:case": everybody, "POST /verify-email/:case": everybody, "POST /verify-email/:case/resend": everybody,
	// These two exist only so that a wrong method is "not found".
	"GET /logout": everybody, "GET /language": everybody,
	"POST /logout": signedIn,

	// The pages themselves ask for the profile's privacy (http.md section 7.13).
	"GET /:user": everybody, "GET /:user/projects": everybody, "GET /:user/friends": everybody, "GET /avatars/:key": everybody,
	"POST /:user":         signedIn,
	"GET /:user/settings": themselves, "POST /:user/settings": themselves, "POST /:user/settings/export": themselves,

	"GET /:user/settings/security": themselves, "GET /:user/settings/security/second-factor": themselves,
	"POST /:user/settings/security/second-factor": themselves, "POST /:user/settings/security/second-factor/confirm": themselves,
	"POST /:user/settings/security/second-factor/off": themselves, "POST /:user/settings/security/recovery-codes": themselves,
	"POST /:user/settings/security/logins/end": themselves, "POST /:user/settings/security/logins/end-all": themselves,
	"POST /:user/settings/security/logins/end-others": themselves, "GET /:user/settings/security/second-factor/confirm": themselves,
	"GET /:user/settings/security/second-factor/off": themselves, "GET /:user/settings/security/recovery-codes": themselves,
	"GET /:user/settings/security/logins/end": themselves, "GET /:user/settings/security/logins/end-all": themselves,
	"GET /:user/settings/security/logins/end-others": themselves,

	"GET /.well-known/change-password": everybody, "GET /forgot-password": everybody, "POST /forgot-password": everybody, "GET /signup/name": everybody,
	"GET /reset-password/:case": everybody, "POST /reset-password/:case": everybody, "POST /verify-email/:case/address": everybody,
	"GET /login/second-step": everybody, "POST /login/second-step": everybody,

	"GET /new": signedIn, "POST /new": signedIn, "GET /invite/:code": signedIn, "POST /invite/:code": signedIn,
	"GET /new-friend": signedIn, "POST /new-friend": signedIn, "POST /friend-requests": signedIn,
	"GET /search": signedIn, "accept_freq": signedIn, "dont_accept_freq": signedIn, "count_notifications": aboutOneself,

	"GET /privacy": everybody, "GET /datenschutz": everybody, "GET /imprint": everybody, "GET /impressum": everybody,
	"GET /help": everybody, "GET /hilfe": everybody, "GET /contact": everybody, "GET /kontakt": everybody,
	"GET /guide": everybody, "GET /anleitung": everybody,

	"GET /healthz": everybody, "GET /readyz": everybody, "GET /metrics": everybody, "GET /static/*file": everybody,
	// Only on development machines.
	"GET /dev/components": everybody, "GET /dev/outbox": everybody, "GET /dev/outbox/:id": everybody, "GET /dev/outbox/:id/html": everybody,
}

// payloads make an argument of each event about a project that would be
// carried out. Keys in `ids` are what another board's ids are put into.
var payloads = map[string]func(s *stage, by projects.Who, b board) payload{
	"sync_project": func(_ *stage, _ projects.Who, b board) payload { return payload{"projectId": b.ID, "sinceRev": 0} },
	"presence":     func(_ *stage, _ projects.Who, b board) payload { return payload{"projectId": b.ID, "state": "here"} },

	"create_list": func(_ *stage, _ projects.Who, b board) payload {
		return payload{"projectId": b.ID, "name": "n", "listDesc": "", "attachedFiles": payload{}}
	},
	"move_list": func(_ *stage, _ projects.Who, b board) payload {
		return payload{"projectId": b.ID, "id": b.lists[0], "pos": 0}
	},
	"delete_list": func(_ *stage, _ projects.Who, b board) payload { return payload{"projectId": b.ID, "id": b.lists[0]} },
	"edit_list": func(_ *stage, _ projects.Who, b board) payload {
		return merged(payload{"projectId": b.ID, "id": b.lists[0], "name": "n", "listDesc": ""}, fileless())
	},
	"create_card": func(_ *stage, _ projects.Who, b board) payload {
		return payload{"projectId": b.ID, "listId": b.lists[0], "name": "n", "cardDesc": "", "attachedFiles": payload{}, "members": []int64{}}
	},
	"move_card": func(_ *stage, _ projects.Who, b board) payload {
		return payload{"projectId": b.ID, "id": b.cards[0], "listId": b.lists[1], "pos": 0}
	},
	"move_cards": func(_ *stage, _ projects.Who, b board) payload {
		return payload{"projectId": b.ID, "ids": b.cards, "listId": b.lists[1], "pos": 0}
	},
	"edit_card": func(_ *stage, _ projects.Who, b board) payload {
		return merged(payload{
			"projectId": b.ID, "id": b.cards[0], "name": "n", "cardDesc": "", "newMembers": []int64{}, "removedMembers": []int64{},
		}, fileless())
	},
	"delete_card": func(_ *stage, _ projects.Who, b board) payload { return payload{"projectId": b.ID, "id": b.cards[0]} },
	"read_versions": func(_ *stage, _ projects.Who, b board) payload {
		return payload{"projectId": b.ID, "kind": "card", "id": b.cards[0]}
	},
	"put_cards_back": func(_ *stage, _ projects.Who, b board) payload {
		return payload{"projectId": b.ID, "cards": []payload{{"id": b.cards[0], "listId": b.lists[0], "pos": 1}}, "undoes": 1000}
	},
	"archive_list": func(_ *stage, _ projects.Who, b board) payload { return payload{"projectId": b.ID, "id": b.lists[0]} },
	"archive_card": func(_ *stage, _ projects.Who, b board) payload { return payload{"projectId": b.ID, "id": b.cards[0]} },
	"read_bin":     func(_ *stage, _ projects.Who, b board) payload { return payload{"projectId": b.ID} },
	"read_archive": func(_ *stage, _ projects.Who, b board) payload { return payload{"projectId": b.ID} },
	"restore_from_bin": func(_ *stage, _ projects.Who, b board) payload {
		return payload{"projectId": b.ID, "kind": "card", "id": b.binned, "listId": b.lists[0]}
	},
	"empty_from_bin": func(_ *stage, _ projects.Who, b board) payload {
		return payload{"projectId": b.ID, "kind": "card", "id": b.binned}
	},
	"restore_from_archive": func(_ *stage, _ projects.Who, b board) payload {
		return payload{"projectId": b.ID, "kind": "card", "id": b.archived, "listId": b.lists[0]}
	},
	"bin_from_archive": func(_ *stage, _ projects.Who, b board) payload {
		return payload{"projectId": b.ID, "kind": "card", "id": b.archived}
	},

	"edit_project_name_and_desc": func(_ *stage, _ projects.Who, b board) payload {
		return payload{"id": b.ID, "name": b.Name + "2", "projectDesc": "new"}
	},
	"change_project_visibility": func(_ *stage, _ projects.Who, b board) payload { return payload{"projectId": b.ID, "value": "friends"} },
	"change_project_owner": func(s *stage, _ projects.Who, b board) payload {
		return payload{"projectId": b.ID, "nameOrEmail": s.people[projects.Admin].Name}
	},
	"delete_project": func(_ *stage, _ projects.Who, b board) payload { return payload{"id": b.ID} },
	"add_friend_to_project": func(s *stage, _ projects.Who, b board) payload {
		return payload{"projectId": b.ID, "friendNameOrEmail": s.people[projects.Friend].Name, "role": "admin"}
	},
	"change_user_role": func(s *stage, _ projects.Who, b board) payload {
		return payload{"projectId": b.ID, "userId": s.people[projects.AccessOnly].UserID, "newRole": "admin"}
	},
	"remove_user_from_project": func(s *stage, by projects.Who, b board) payload {
		gone := projects.AccessOnly
		if by == gone {
			gone = projects.Admin // else it would be leaving
		}
		return payload{"projectId": b.ID, "userId": s.people[gone].UserID}
	},
	"list_addable_friends": func(_ *stage, _ projects.Who, b board) payload { return payload{"projectId": b.ID} },
	"list_invite_links":    func(_ *stage, _ projects.Who, b board) payload { return payload{"projectId": b.ID} },
	"renew_invite_link":    func(_ *stage, _ projects.Who, b board) payload { return payload{"projectId": b.ID, "role": "admin"} },
	"switch_invite_link": func(_ *stage, _ projects.Who, b board) payload {
		return payload{"projectId": b.ID, "role": "admin", "on": false}
	},
	"create_project_chat_group": func(_ *stage, _ projects.Who, b board) payload { return payload{"projectId": b.ID} },
	"delete_project_chat_group": func(_ *stage, _ projects.Who, b board) payload { return payload{"projectId": b.ID} },
}

// argument is the JSON of an event's argument; one is no object.
func (s *stage) argument(event string, by projects.Who, b board) string {
	if event == "join_project_room" {
		return fmt.Sprint(b.ID)
	}
	if payloads[event] == nil {
		s.t.Fatalf("event %s has no payload in this test", event)
	}
	return payloads[event](s, by, b).json(s.t)
}

// TestEverythingHasItsPlaceInTheTables: nobody can add a way in and forget to
// say for whom.
func TestEverythingHasItsPlaceInTheTables(t *testing.T) {
	s := newStage(t, testenv.MigratedSQLite(t))
	places := map[string]int{}
	for name := range elsewhere {
		places[name]++
	}
	for _, rule := range projects.Rules {
		for _, name := range slices.Concat(rule.Events, rule.Routes) {
			places[name]++
		}
		for _, event := range rule.Events {
			if payloads[event] == nil && event != "join_project_room" {
				t.Errorf("event %s has no payload in this test", event)
			}
		}
	}
	exists := map[string]bool{}
	for _, name := range slices.Concat(s.app.router.Routes(), s.app.realtime.Root().Events(), s.app.realtime.Project().Events()) {
		exists[name] = true
		if places[name] != 1 {
			t.Errorf("%s stands in %d tables: it belongs to projects.Rules or to elsewhere of this test", name, places[name])
		}
	}
	for name := range places {
		if !exists[name] {
			t.Errorf("%s stands in a table and does not exist", name)
		}
	}
}

// may tells whether the table lets somebody do something with a board.
func may(rule projects.Rule, who projects.Who, v projects.Visibility) bool {
	switch rule.Of(who) {
	case projects.Yes:
		return true
	case projects.IfPublic:
		return v == projects.Public
	case projects.UnlessPrivate:
		return v != projects.Private
	case projects.No:
	}
	return false
}

// refusals are what somebody may be told who may not do something: that there
// is no such project, unless they can see it.
func refusals(who projects.Who, v projects.Visibility) []string {
	switch {
	case who == projects.SignedOut || who == projects.Suspended:
		return []string{"unauthenticated", "notFound"}
	case may(projects.RuleOf(projects.Read), who, v):
		return []string{"forbidden"}
	}
	return []string{"notFound"}
}

// TestTheTableOfRightsIsTrue goes through all events and routes with
// everybody: what is refused has no effect and is heard by nobody, what is
// allowed works.
func TestTheTableOfRightsIsTrue(t *testing.T) {
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
				for _, who := range projects.Everybody {
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

func (s *stage) checkRefused(rule projects.Rule, who projects.Who, v projects.Visibility, b board) {
	s.t.Helper()
	for _, event := range rule.Events {
		ack := s.people[who].tab.Call(s.t, event, s.argument(event, who, b))
		if !slices.Contains(refusals(who, v), ack.Error) {
			s.t.Errorf("%s: %s of %s on a board for %s: %+v", rule.Action, event, who, v, ack)
		}
	}
}

func (s *stage) checkRoutes(rule projects.Rule, who projects.Who, v projects.Visibility, b board) {
	s.t.Helper()
	for _, route := range rule.Routes {
		method, pattern, _ := strings.Cut(route, " ")
		if method == http.MethodPost {
			s.checkUpload(rule, who, v, b)
			continue
		}
		path := strings.NewReplacer(":user", b.OwnerName, ":project", b.Name, "/files/:key/:name", b.file).Replace(pattern)
		want := http.StatusNotFound
		if may(rule, who, v) {
			want = http.StatusOK
		}
		if got := s.request(s.people[who], method, path, nil); got.status != want {
			s.t.Errorf("%s: %s of %s on a board for %s: %d, want %d", rule.Action, path, who, v, got.status, want)
		}
	}
}

// checkUpload is about the one route that changes a board; what is allowed is
// tried elsewhere.
func (s *stage) checkUpload(rule projects.Rule, who projects.Who, v projects.Visibility, b board) {
	s.t.Helper()
	if may(rule, who, v) {
		return
	}
	for _, path := range []string{fmt.Sprintf("/files/cards/%d", b.cards[0]), fmt.Sprintf("/files/lists/%d", b.lists[0])} {
		got := s.upload(s.people[who], path+"?name=x", "content")
		refused := slices.ContainsFunc(refusals(who, v), func(kind string) bool { return strings.Contains(got.body, `"error":"`+kind+`"`) })
		if !refused || got.status < 400 || got.status >= 500 {
			s.t.Errorf("%s: upload of %s on a board for %s: %d %s", rule.Action, who, v, got.status, got.body)
		}
	}
}

// TestWhatTheTableAllowsWorks, each event on a board of its own.
func TestWhatTheTableAllowsWorks(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		s := newStage(t, uri)
		n := 0
		for _, rule := range projects.Rules {
			for _, who := range projects.Everybody {
				for _, event := range rule.Events {
					if !may(rule, who, projects.Public) {
						continue
					}
					n++
					b := s.makeBoard(s.people[projects.Owner].Actor, fmt.Sprintf("allowed-%d", n), projects.Public)
					s.people[who].tab.Join(t, b.ID) // some events are for those who follow
					if ack := s.people[who].tab.Call(t, event, s.argument(event, who, b)); !ack.OK {
						t.Errorf("%s: %s of %s: %+v", rule.Action, event, who, ack)
					}
				}
				if slices.Contains(rule.Routes, "POST /files/:kind/:id") && may(rule, who, projects.Public) {
					n++
					b := s.makeBoard(s.people[projects.Owner].Actor, fmt.Sprintf("allowed-%d", n), projects.Public)
					if got := s.upload(s.people[who], fmt.Sprintf("/files/cards/%d?name=x", b.cards[0]), "content"); got.status != http.StatusOK {
						t.Errorf("upload of %s: %d %s", who, got.status, got.body)
					}
				}
			}
		}
		for _, who := range []projects.Who{projects.Admin, projects.AccessOnly} {
			b := s.makeBoard(s.people[projects.Owner].Actor, "left-by-"+strings.ToLower(string(who)), projects.Private)
			argument := payload{"projectId": b.ID, "userId": s.people[who].UserID}.json(t)
			if ack := s.people[who].tab.Call(t, "remove_user_from_project", argument); !ack.OK {
				t.Errorf("%s may not leave: %+v", who, ack)
			}
		}
	})
}

// TestForeignIDsLeadNowhere: the owner of one board puts ids of another one,
// which they may not see, into every event in every place.
func TestForeignIDsLeadNowhere(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		s := newStage(t, uri)
		owner := s.people[projects.Owner]
		b := s.makeBoard(owner.Actor, "mine", projects.Private)
		owner.tab.Join(t, b.ID)
		s.heard()
		before := s.dump()
		for _, rule := range projects.Rules {
			for _, event := range rule.Events {
				if event == "join_project_room" {
					continue
				}
				if payloads[event] == nil {
					t.Fatalf("event %s has no payload in this test", event)
				}
				for _, bad := range s.foreignVariants(event, payloads[event](s, projects.Owner, b), b) {
					ack := owner.tab.Call(t, event, bad.json(t))
					if event == "read_versions" && ack.OK {
						continue // of what is not on this board there are none
					}
					if !slices.Contains([]string{"notFound", "invalid", "conflict"}, ack.Error) {
						t.Errorf("%s %v: %+v", event, bad, ack)
					}
				}
			}
		}
		for _, path := range []string{fmt.Sprintf("/files/cards/%d", s.foreign.cards[0]), fmt.Sprintf("/files/lists/%d", s.foreign.lists[0])} {
			if got := s.upload(owner, path+"?name=x", "content"); got.status != http.StatusNotFound {
				t.Errorf("upload to %s: %d", path, got.status)
			}
		}
		stale := &somebody{Actor: owner.Actor, cookie: owner.cookie, token: "another"}
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

// foreignVariants are a payload about a board with another one's ids in each
// place, and in all of them.
func (s *stage) foreignVariants(event string, valid payload, b board) []payload {
	f := s.foreign
	foreign := payload{
		"projectId": f.ID, "listId": f.lists[0], "ids": f.cards, "userId": s.foreigner.UserID,
		"nameOrEmail": s.foreigner.Name, "friendNameOrEmail": s.foreigner.Name,
		"cards": []payload{{"id": f.cards[0], "listId": b.lists[0], "pos": 0}},
	}
	switch {
	case valid["projectId"] == nil:
		foreign["id"] = f.ID
	case strings.HasSuffix(event, "_list"):
		foreign["id"] = f.lists[0]
	case valid["id"] == b.binned:
		foreign["id"] = f.binned
	case valid["id"] == b.archived:
		foreign["id"] = f.archived
	default:
		foreign["id"] = f.cards[0]
	}
	all := []payload{}
	every := valid
	for key, value := range foreign {
		if _, ok := valid[key]; ok {
			all = append(all, valid.with(key, value))
			every = every.with(key, value)
		}
	}
	return append(all, every)
}

// TestWhatIsNotAboutProjectsIsGuardedToo: routes and events for people who are
// signed in do nothing for those who are not, nor with the ids of others.
func TestWhatIsNotAboutProjectsIsGuardedToo(t *testing.T) {
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
		for name, who := range elsewhere {
			method, pattern, isRoute := strings.Cut(name, " ")
			if !isRoute || who == everybody {
				continue
			}
			for _, by := range []projects.Who{projects.SignedOut, projects.Suspended, projects.Friend} {
				if by == projects.Friend && who == signedIn {
					continue
				}
				got := s.request(s.people[by], method, path.Replace(pattern), form)
				if got.status < 300 || got.status >= 500 {
					t.Errorf("%s of %s: %d", name, by, got.status)
				}
			}
		}
		for _, event := range s.app.realtime.Root().Events() {
			if elsewhere[event] == aboutOneself {
				continue
			}
			if ack := s.people[projects.Friend].root.Call(t, event, `{"id":1}`); ack.OK {
				t.Errorf("%s of what is not theirs: %+v", event, ack)
			}
		}
		s.unchanged(before, "what was refused")
		s.silence("what was refused")
	})
}
