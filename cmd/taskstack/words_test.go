package main

import (
	"html"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/i18n"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// TestEveryInvalidAnswerNamesFieldAndReason: everything that is wrong with an
// event is said in words, with the field, in both languages; never only that we
// could not make sense of it.
func TestEveryInvalidAnswerNamesFieldAndReason(t *testing.T) {
	s := newStage(t, testenv.MigratedSQLite(t))
	owner := s.people[projects.Owner]
	b := s.makeBoard(owner.Actor, "mine", projects.Private)
	german := &person{cookie: owner.cookie + "; lang=de"}
	tabs := map[string]map[string]*boardtest.Client{
		projects.Namespace:     {i18n.English: owner.tab, i18n.German: s.dial(german, projects.Namespace)},
		realtime.RootNamespace: {i18n.English: owner.root, i18n.German: s.dial(german, realtime.RootNamespace)},
	}
	seen := 0
	check := func(namespace, event, argument string) {
		t.Helper()
		said := map[string]boardtest.Ack{}
		for lang, tab := range tabs[namespace] {
			ack := tab.Call(t, event, argument)
			if ack.Error != "invalid" {
				return
			}
			said[lang] = ack
		}
		seen++
		en, de := said[i18n.English], said[i18n.German]
		for lang, ack := range said {
			generic := s.text(lang, "errors.invalid")
			if len(ack.Fields) == 0 || ack.Message == "" || strings.Contains(ack.Message, generic) {
				t.Errorf("%s %s, %s: %q, fields %v", event, brief(argument), lang, ack.Message, ack.Fields)
			}
			for field, text := range ack.Fields {
				if len(text) < 10 || strings.Contains(text, ".error.") || strings.Contains(text, "{{") || text == generic {
					t.Errorf("%s %s, %s, %s: %q", event, brief(argument), lang, field, text)
				}
			}
		}
		if !slices.Equal(slices.Sorted(maps.Keys(en.Fields)), slices.Sorted(maps.Keys(de.Fields))) || en.Message == de.Message {
			t.Errorf("%s %s: %q and %q", event, brief(argument), en.Message, de.Message)
		}
	}
	for event, input := range s.app.realtime.Of(projects.Namespace).Inputs() {
		example := s.examples.Event(t, event, s.values(projects.Owner, b))
		for _, argument := range wrongArguments(t, input, example) {
			check(projects.Namespace, event, argument)
		}
		object, ok := example.(map[string]any)
		if !ok {
			continue
		}
		valid := payload(object)
		for key := range valid {
			less := maps.Clone(valid)
			delete(less, key)
			if event != "edit_card" && event != "delete_project" && len(less) > 0 && (key == "projectId" || key == "id") {
				check(projects.Namespace, event, less.json(t))
			}
		}
		check(projects.Namespace, event, valid.with("actionId", "no").json(t))
		check(projects.Namespace, event, valid.with("actionId", 5).json(t))
	}
	for event, input := range s.app.realtime.Root().Inputs() {
		if input == reflect.TypeFor[socketio.NoArgs]() {
			continue
		}
		for _, argument := range wrongArguments(t, input, s.examples.Event(t, event, nil)) {
			check(realtime.RootNamespace, event, argument)
		}
	}
	if seen < 1000 {
		t.Errorf("%d refusals were looked at", seen)
	}
}

// text is a text of the catalogue.
func (s *stage) text(lang, key string) string {
	texts := map[string]string{
		i18n.English + "errors.invalid": "We couldn’t make sense of that",
		i18n.German + "errors.invalid":  "Damit konnten wir nichts anfangen",
	}
	return texts[lang+key]
}

// forms are the forms that a signed-in or signed-out client can send, with values
// that would do.
func forms(name string) map[string]url.Values {
	settings := "/" + name + "/settings"
	return map[string]url.Values{
		"/login":                             {"username": {"x"}, "password": {"x"}},
		"/signup":                            {"username": {"newcomer"}, "useremail": {"newcomer@example.org"}, "password": {"correct horse"}},
		"/forgot-password":                   {"name": {"x"}},
		"/new":                               {"name": {"board"}, "desc": {""}},
		"/new-friend":                        {"name": {"x"}},
		"/":                                  {"accept": {"1"}},
		"/language":                          {"lang": {"de"}},
		settings + "#name":                   {"submit": {"changeUsername"}, "newUsername": {"other"}, "password": {"wrong"}},
		settings + "#mail":                   {"submit": {"changeEmail"}, "newEmail": {"other@example.org"}, "password": {"wrong"}},
		settings + "#pass":                   {"submit": {"changePassword"}, "old_password": {"wrong"}, "newPassword": {"correct horse"}},
		settings + "#gone":                   {"submit": {"deleteAccount"}, "password": {"wrong"}},
		"/" + name:                           {"submit": {"editProfile"}, "newProfileDesc": {""}},
		settings + "/security/second-factor": {"password": {"wrong"}},
		settings + "/security/second-factor/confirm": {"code": {"000000"}, "setup": {"x"}},
		settings + "/security/second-factor/off":     {"offPassword": {"wrong"}},
		settings + "/security/recovery-codes":        {"password": {"wrong"}},
	}
}

// TestEveryFormSaysWhatIsWrong: any field that is missing or holds nonsense is
// answered by a page with words of its own in both languages, or as if all was
// well; never by a broken page or by the sentence that says nothing.
func TestEveryFormSaysWhatIsWrong(t *testing.T) {
	s := newStage(t, testenv.MigratedSQLite(t))
	visitor, owner := s.people[projects.SignedOut], s.people[projects.Owner]
	for _, lang := range i18n.Languages() {
		for path, valid := range forms(owner.Name) {
			who := owner
			if slices.Contains([]string{"/login", "/signup", "/forgot-password"}, path) {
				who = visitor
			}
			for field := range valid {
				for what, wrong := range map[string][]string{
					"missing": nil, "empty": {""}, "blank": {" "}, "NUL": {"\x00"}, "not UTF-8": {"\xff"}, "long": {strings.Repeat("x", 5000)}, "markup": {"<b>x</b>"},
				} {
					form := maps.Clone(valid)
					if form[field] = wrong; wrong == nil {
						delete(form, field)
					}
					p := &person{Actor: who.Actor, token: who.token, cookie: strings.TrimPrefix(who.cookie+"; lang="+lang, "; ")}
					address, _, _ := strings.Cut(path, "#")
					a := s.request(p, http.MethodPost, address, form)
					if a.status >= 500 || strings.Contains(html.UnescapeString(a.body), s.text(lang, "errors.invalid")) {
						t.Errorf("%s, %s, %s %s: %d", lang, path, field, what, a.status)
					}
				}
			}
		}
	}
}
