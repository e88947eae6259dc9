package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/auth"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/session"
	"taskstack.org/platform/web"
)

// hostile is a text that people may type anywhere. Inserted as markup anywhere
// it would make an image x, end an attribute or a script, or be an address that
// runs.
const hostile = `javascript:x//"'><img src=x onerror=alert(1)></script><script>alert(1)</script>{{x}}`

// walker goes through the program's pages as one person with a login of its own.
type walker struct {
	*stage
	who    projects.Principal
	by     accounts.Actor
	cookie string
	pages  map[string]*goquery.Document
}

// walk is a person's walk through all pages that links lead to, from some.
func (s *stage) walk(who projects.Principal, from ...string) *walker {
	s.t.Helper()
	w := &walker{stage: s, who: who, by: s.people[who].Actor, pages: map[string]*goquery.Document{}}
	w.enter() // another browser, which can be logged out from this one
	w.enter()
	for todo := slices.Clone(from); len(todo) > 0 && len(w.pages) < 300; todo = todo[1:] {
		if w.pages[todo[0]] != nil {
			continue
		}
		doc, _ := w.open(http.MethodGet, todo[0], "", nil)
		if doc == nil {
			continue
		}
		w.pages[todo[0]] = doc
		doc.Find("a[href]").Each(func(_ int, a *goquery.Selection) {
			if path := a.AttrOr("href", ""); strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "//") && !strings.HasPrefix(path, "/static/") && !strings.HasPrefix(path, "/files/") && !strings.HasPrefix(path, "/dev/") {
				todo = append(todo, strings.SplitN(path, "#", 2)[0])
			}
		})
	}
	return w
}

// enter signs in anew, as most people in this test.
func (w *walker) enter() {
	w.t.Helper()
	if w.who == projects.SignedOut {
		return
	}
	sessions, err := session.New(string(w.app.cfg.SecretKey), false)
	w.must(err)
	_, cookie := auth.MakeLogin(w.t, w.app.db, sessions, w.by)
	w.cookie = cookie.String()
}

// open makes a request; the document is nil for what is no page of ours.
func (w *walker) open(method, path, contentType string, body []byte) (*goquery.Document, int) {
	w.t.Helper()
	req := httptest.NewRequestWithContext(w.t.Context(), method, path, bytes.NewReader(body))
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Accept", "text/html")
	req.Header.Set("User-Agent", "Firefox "+hostile)
	req.Header.Set("Cookie", w.cookie)
	rec := httptest.NewRecorder()
	w.app.handler.ServeHTTP(rec, req)
	if !strings.HasPrefix(rec.Header().Get("Content-Type"), "text/html") || rec.Code >= 300 && rec.Code < 400 {
		return nil, rec.Code
	}
	doc, err := goquery.NewDocumentFromReader(rec.Body)
	w.must(err)
	return doc, rec.Code
}

// fields are what a browser would send of a form, with a text typed where one
// can be typed, if there is one.
func fields(form *goquery.Selection, typed string) (values url.Values, buttons []url.Values) {
	values = url.Values{}
	form.Find("input[name], textarea[name], select[name]").Each(func(_ int, field *goquery.Selection) {
		name, kind := field.AttrOr("name", ""), field.AttrOr("type", "text")
		switch {
		case goquery.NodeName(field) == "select":
			values.Add(name, field.Find("option").First().AttrOr("value", ""))
		case goquery.NodeName(field) == "textarea":
			values.Add(name, field.Text()+typed)
		case kind == "file", kind == "submit", (kind == "checkbox" || kind == "radio") && field.Is(":not([checked])"):
		case kind == "hidden" || kind == "checkbox" || kind == "radio":
			values.Add(name, field.AttrOr("value", "on"))
		default:
			values.Add(name, field.AttrOr("value", "")+typed)
		}
	})
	form.Find("button[name]").Each(func(_ int, button *goquery.Selection) {
		buttons = append(buttons, url.Values{button.AttrOr("name", ""): {button.AttrOr("value", "")}})
	})
	if len(buttons) == 0 {
		buttons = []url.Values{{}}
	}
	return values, buttons
}

// postForms posts every form of every page, as it is rendered for a new login,
// and what the answers show in turn. It returns the paths by their routes.
func (w *walker) postForms(typed string) map[string]bool {
	w.t.Helper()
	posted := map[string]bool{}
	for _, path := range slices.Sorted(maps.Keys(w.pages)) {
		for _, key := range slices.SortedFunc(maps.Keys(formsOf(w.pages[path])), compareForms) {
			w.enter()
			doc, _ := w.open(http.MethodGet, path, "", nil)
			if doc == nil { // what a form before has taken away
				continue
			}
			form, ok := formsOf(doc)[key]
			if !ok {
				continue
			}
			answer := w.postForm(path, form, key, typed, posted)
			if answer == nil {
				continue
			}
			checkHarmless(w.t, fmt.Sprintf("%s after the post of %v of %s", w.who, key, path), answer)
			// What the answer asks for, by the login it was answered to.
			for next, form := range formsOf(answer) {
				if next.action != "/logout" && !strings.Contains(next.action, "/logins/") {
					w.postForm(path, form, next, typed, posted)
				}
			}
		}
	}
	return posted
}

// formKey names a form of a page and one of its buttons.
type formKey struct{ action, button string }

// compareForms orders the forms of a page so that none takes away another: to log
// out at an invitation is only offered until it is accepted, and to end the
// other logins while there are any.
func compareForms(a, b formKey) int {
	rank := func(k formKey) int {
		switch {
		case strings.HasPrefix(k.action, "/logout?"):
			return 0
		case strings.HasSuffix(k.action, "/end-all"):
			return 2
		}
		return 1
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), strings.Compare(a.action, b.action), strings.Compare(a.button, b.button))
}

// formsOf are the forms of a page that post, one for each of their buttons.
func formsOf(doc *goquery.Document) map[formKey]*goquery.Selection {
	all := map[formKey]*goquery.Selection{}
	doc.Find(`form[method="post"]`).Each(func(_ int, form *goquery.Selection) {
		_, buttons := fields(form, "")
		for _, button := range buttons {
			all[formKey{form.AttrOr("action", ""), button.Encode()}] = form
		}
	})
	return all
}

// postForm posts a form by one of its buttons.
func (w *walker) postForm(path string, form *goquery.Selection, key formKey, typed string, posted map[string]bool) *goquery.Document {
	w.t.Helper()
	values, buttons := fields(form, typed)
	for _, button := range buttons {
		if button.Encode() == key.button {
			maps.Copy(values, button)
		}
	}
	body, contentType := []byte(values.Encode()), "application/x-www-form-urlencoded"
	if form.AttrOr("enctype", "") == "multipart/form-data" {
		var buf bytes.Buffer
		m := multipart.NewWriter(&buf)
		for name, all := range values {
			for _, value := range all {
				w.must(m.WriteField(name, value))
			}
		}
		w.must(m.Close())
		body, contentType = buf.Bytes(), m.FormDataContentType()
	}
	action := form.AttrOr("action", path)
	answer, status := w.open(http.MethodPost, action, contentType, body)
	posted[strings.SplitN(action, "?", 2)[0]] = true
	if status == web.StatusStaleToken || status >= 500 || status == http.StatusNotFound || status == http.StatusMethodNotAllowed {
		w.t.Errorf("%s: a form of %s posts %v to %s and is answered %d", w.who, path, slices.Sorted(maps.Keys(values)), action, status)
	}
	return answer
}

// checkHarmless fails if a page has made markup of what people typed.
func checkHarmless(t *testing.T, what string, doc *goquery.Document) {
	t.Helper()
	for _, selector := range []string{`img[src="x"]`, "[onerror]", `script:contains("alert(1)"):not([type="application/json"])`} {
		if n := doc.Find(selector).Length(); n > 0 {
			t.Errorf("%s: %d of %s", what, n, selector)
		}
	}
	for _, attribute := range []string{"href", "src", "action", "formaction"} {
		doc.Find("[" + attribute + "]").Each(func(_ int, s *goquery.Selection) {
			if value := strings.ToLower(strings.TrimSpace(s.AttrOr(attribute, ""))); strings.HasPrefix(value, "javascript:") || strings.HasPrefix(value, "data:text") {
				t.Errorf("%s: %s=%q runs", what, attribute, value)
			}
		})
	}
	// JSON in a page ends where its element ends, whatever is in it.
	doc.Find(`script[type="application/json"]`).Each(func(_ int, s *goquery.Selection) {
		if text := strings.TrimSpace(s.Text()); !strings.HasSuffix(text, "}") && !strings.HasSuffix(text, "]") {
			t.Errorf("%s: JSON ends with %q", what, text[max(0, len(text)-60):])
		}
	})
}

// starts are pages that no link leads to.
func (s *stage) starts(b board, who projects.Principal) []string {
	owner := s.people[projects.Owner].Name
	all := []string{
		"/", "/login", "/signup", "/forgot-password", "/new", "/new-friend", "/privacy", "/login?continue=/new", "/no-such-page",
		"/" + owner, "/" + owner + "/projects", "/" + owner + "/friends", b.URL(), "/invite/" + b.InviteCode,
		"/search?q=" + url.QueryEscape(hostile), "/login?continue=" + url.QueryEscape(hostile), "/signup/name?name=" + url.QueryEscape(hostile),
	}
	if p := s.people[who]; p.Name != "" {
		at := "/" + p.Name
		all = append(all, at+"/projects", at+"/friends", at+"/settings", at+"/settings/security", at+"/settings/security/second-factor")
	}
	return all
}

// fillWith writes a text wherever a board's people can write one.
func (s *stage) fillWith(b board, text string) {
	s.t.Helper()
	ctx, d, by := s.t.Context(), s.app.modules, s.people[projects.Owner].Actor
	short := text[:min(len(text), 64)]
	file := strings.ReplaceAll(text, "/", "")
	attached := files.Changes{New: map[string][]byte{file: []byte("x")}}
	_, err := d.Projects.Edit(ctx, projects.By(by, b.ID), projects.Edit{Title: &short, Name: b.Name, Desc: text})
	s.must(err)
	_, err = d.Lists.Edit(ctx, projects.By(by, b.ID), b.lists[1], lists.Edit{Name: short, Desc: text, Files: attached})
	s.must(err)
	for i, card := range b.cards {
		_, err = d.Cards.Edit(ctx, projects.By(by, b.ID), card, cards.Edit{Name: short, Desc: text, Files: attached, NewMembers: []int64{by.UserID}})
		s.must(err)
		if i == 0 {
			_, err = d.Cards.Move(ctx, projects.By(by, b.ID), card, b.lists[1], 0)
			s.must(err)
		}
	}
	_, err = d.Accounts.EditProfile(ctx, by, accounts.ProfileEdit{DisplayName: &short, Desc: &text})
	s.must(err)
}

// TestEveryFormIsAnsweredAsItIsRendered: each form of each page, with its own
// fields and nothing else, for everyone who sees it. A form without the token
// of the login would be answered 419; one that types hostile texts gets a page
// in which they are texts.
func TestEveryFormIsAnsweredAsItIsRendered(t *testing.T) {
	for _, typed := range []string{"", hostile} {
		posted, exist, hasStartPage := map[string]bool{}, []string{}, false
		for _, who := range []projects.Principal{projects.SignedOut, projects.Visitor, projects.AccessOnly, projects.Owner} {
			s := newStage(t, testenv.MigratedSQLite(t))
			b := s.makeBoard(s.people[projects.Owner].Actor, "board", projects.Public)
			s.fillWith(b, hostile)
			// A friend request is waiting, so that there is one to answer.
			_, err := s.app.modules.Friends.Send(t.Context(), s.people[projects.Admin].Actor, s.people[projects.Owner].Name)
			s.must(err)
			w := s.walk(who, s.starts(b, who)...)
			maps.Copy(posted, w.postForms(typed))
			exist, hasStartPage = s.app.router.Routes(), s.hasStartPage()
		}
		routes := map[string]bool{}
		for path := range posted {
			routes[routeOf(path)] = true
		}
		for _, route := range []string{
			"/login", "/signup", "/forgot-password", "/language", "/logout", "/new", "/new-friend", "/friend-requests", "/notifications", "/stars", "/invite/:code", "/:user", "/:user/settings",
			"/:user/settings/export", "/:user/settings/security/second-factor", "/:user/settings/security/logins/end",
			"/:user/settings/security/logins/end-others", "/:user/settings/security/logins/end-all",
		} {
			// Requests of friends are answered on the start page.
			noStartPage := route == "/friend-requests" && !hasStartPage
			if noStartPage || !slices.Contains(exist, "POST "+route) {
				continue
			}
			if !routes[route] {
				t.Errorf("no page has a form for %s; there are forms for %v", route, slices.Sorted(maps.Keys(routes)))
			}
		}
	}
}

// hasStartPage says that the start page, a feature like others, is there.
func (s *stage) hasStartPage() bool {
	return slices.Contains(s.app.router.Routes(), "POST /notifications")
}

var personsPath = regexp.MustCompile(`^/(the-[a-z]+)(/|$)`)

// routeOf is the route of a path of this test.
func routeOf(path string) string {
	if rest, ok := strings.CutPrefix(path, "/invite/"); ok && rest != "" {
		return "/invite/:code"
	}
	return personsPath.ReplaceAllString(path, "/:user$2")
}

// TestWhatPeopleTypeStaysText on every page, in both languages, and in every
// mail.
func TestWhatPeopleTypeStaysText(t *testing.T) {
	s := newStage(t, testenv.MigratedSQLite(t))
	b := s.makeBoard(s.people[projects.Owner].Actor, "board", projects.Public)
	s.fillWith(b, hostile)
	shown := map[string]bool{}
	for _, who := range []projects.Principal{projects.SignedOut, projects.Friend, projects.AccessOnly, projects.Owner} {
		w := s.walk(who, s.starts(b, who)...)
		if len(w.pages) < 10 {
			t.Errorf("%s has seen %d pages only", who, len(w.pages))
		}
		for path, doc := range w.pages {
			what := fmt.Sprintf("%s at %s", who, path)
			checkHarmless(t, what, doc)
			if strings.Contains(doc.Find("body").Text(), "<img src=x") {
				shown[routeOf(strings.SplitN(path, "?", 2)[0])] = true
			}
		}
	}
	for _, path := range []string{"/:user/projects", "/:user/friends", "/:user/settings", "/:user/board"} {
		if !shown[path] {
			t.Errorf("%s does not show what was typed at all; these do: %v", path, slices.Sorted(maps.Keys(shown)))
		}
	}
	s.mailsAreHarmless(b)
}

// mailsAreHarmless lets everything be mailed that names a device, an address or
// a person, and reads the mails as a browser would.
func (s *stage) mailsAreHarmless(b board) {
	s.t.Helper()
	ctx, d := context.WithoutCancel(s.t.Context()), s.app.modules
	by, visit := s.people[projects.Owner].Actor, auth.RequestInfo{UserAgent: "Firefox " + hostile, Address: "192.0.2.1", Lang: "en"}
	_, err := d.Auth.Resets.ForgotPassword(ctx, by.Name, hostile, visit)
	s.must(err)
	_, err = d.Auth.Verifications.ChangeEmail(ctx, by, "new@example.org", accounts.TestPassword, hostile, visit)
	s.must(err)
	s.must(d.Auth.Passwords.ChangePassword(ctx, by, accounts.TestPassword, "another password", visit))
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- d.Accounts.Run(running) }()
	stop() // it looks into what was asked for before it ends
	s.must(<-ended)
	var rows []struct{ HTMLBody, TextBody, Subject string }
	s.must(s.app.db.From(ctx).Raw("SELECT html_body, text_body, subject FROM mail_job").Scan(&rows).Error)
	if len(rows) < 3 {
		s.t.Fatalf("%d mails", len(rows))
	}
	for _, row := range rows {
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(row.HTMLBody))
		s.must(err)
		checkHarmless(s.t, "the mail "+row.Subject, doc)
		doc.Find("a[href]").Each(func(_ int, a *goquery.Selection) {
			if href := a.AttrOr("href", ""); !strings.HasPrefix(href, s.app.cfg.PublicURL+"/") {
				s.t.Errorf("the mail %s leads to %s", row.Subject, href)
			}
		})
	}
}

// get asks a handler for a page in a language.
func get(t *testing.T, h http.Handler, path, lang string) (*httptest.ResponseRecorder, *goquery.Document) {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	req.Header.Set("Accept-Language", lang)
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	text := rec.Body.String()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"documents.", "accounts.", "auth.", "errors.", "<no value>", "{{"} {
		if strings.Contains(doc.Find("body").Clone().Find("script").Remove().End().Text(), key) {
			t.Errorf("%s in %s: %q is not expanded", path, lang, key)
		}
	}
	return rec, doc
}

// TestPasswordManagersFindTheForm: the address they open by convention leads
// to the form that changes the password, also by way of the log-in.
func TestPasswordManagersFindTheForm(t *testing.T) {
	s := newStage(t, testenv.MigratedSQLite(t))
	const address = "/.well-known/change-password"
	for who, want := range map[projects.Principal]string{
		projects.SignedOut: "/login?continue=%2F.well-known%2Fchange-password",
		projects.Owner:     "/" + s.people[projects.Owner].Name + "/settings?dialog=changePassword",
	} {
		w := s.walk(who)
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		req.Header.Set("Cookie", w.cookie)
		rec := httptest.NewRecorder()
		s.app.handler.ServeHTTP(rec, req)
		if got := rec.Header().Get("Location"); rec.Code != http.StatusSeeOther && rec.Code != http.StatusFound || got != want {
			t.Errorf("%s: %d to %q, want %q", who, rec.Code, got, want)
		}
		if doc, status := w.open(http.MethodGet, want, "", nil); status != http.StatusOK || doc.Find(`input[type="password"]`).Length() == 0 {
			t.Errorf("%s: %s is %d and has no password to type", who, want, status)
		}
	}
}
