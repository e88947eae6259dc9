package main

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"taskstack.org/internal/testenv"
	"taskstack.org/modules/projects"
)

// hebrew runs from right to left, with punctuation that shows it.
const hebrew = "שלום (1)!"

// TestWhatPeopleTypeRunsInItsDirection: on every page, an element that has only
// what someone has typed takes its direction from that.
func TestWhatPeopleTypeRunsInItsDirection(t *testing.T) {
	s := newStage(t, testenv.MigratedSQLite(t))
	owner := s.people[projects.Owner].Actor
	b := s.makeBoard(owner, "board", projects.Public)
	s.fillWith(b, hebrew)
	_, err := s.app.modules.Friends.Send(t.Context(), owner, s.people[projects.Visitor].Name)
	s.must(err)
	shown, wrong := map[string]int{}, map[string]string{}
	for _, who := range []projects.Principal{projects.SignedOut, projects.Friend, projects.Admin, projects.Visitor, projects.Owner} {
		w := s.walk(who, append(s.starts(b, who), "/notifications", "/search?q="+url.QueryEscape("שלום"))...)
		for path, doc := range w.pages {
			route := routeOf(strings.SplitN(path, "?", 2)[0])
			doc.Find("body *").Each(func(_ int, e *goquery.Selection) {
				if !hasOnlyTyped(e) {
					return
				}
				shown[route]++
				if closest := e.Closest("[dir], bdi"); closest.Length() == 0 || closest.Is("html, body") {
					text, err := goquery.OuterHtml(e)
					s.must(err)
					wrong[route+" "+goquery.NodeName(e)+"."+e.AttrOr("class", "")] = text
				}
			})
		}
	}
	for _, at := range slices.Sorted(maps.Keys(wrong)) {
		t.Errorf("%s lacks dir=\"auto\": %.200s", at, wrong[at])
	}
	for _, route := range []string{"/", "/notifications", "/search", "/:user/projects", "/:user/friends", "/:user/board", "/invite/:code"} {
		if shown[route] == 0 && (route != "/" || s.hasStartPage()) {
			t.Errorf("%s shows nothing that was typed; these do: %v", route, shown)
		}
	}
}

// hasOnlyTyped says that the text of the element itself, not of those in it, is
// a typed one. What scripts read, and the choices of a list, are no such text.
func hasOnlyTyped(e *goquery.Selection) bool {
	if e.Is("script, style, template, textarea, option, title") {
		return false
	}
	var own strings.Builder
	for child := e.Get(0).FirstChild; child != nil; child = child.NextSibling {
		if child.Type == html.TextNode {
			own.WriteString(child.Data)
		}
	}
	return strings.TrimSpace(own.String()) == hebrew
}
