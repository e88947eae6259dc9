package search

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/ratelimit"
	"taskstack.org/platform/text"
)

const (
	// MaxPerKind is how many hits of a kind are shown.
	MaxPerKind = 20
	// MaxText is how long a text may be that is looked for, in characters: no
	// name is longer.
	MaxText = 32
)

// searchEvery and searchBurst are how often somebody may search: faster than
// anybody types.
const (
	searchEvery = 200 * time.Millisecond
	searchBurst = 30
)

// People is what search needs of accounts.
type People interface {
	ByName(ctx context.Context, name string) (accounts.Person, error)
}

// Projects is what search needs of projects.
type Projects interface {
	Search(ctx context.Context, by accounts.Actor, text string, limit int) (owned, collab []projects.Project, err error)
}

// Friends is what search needs of friends.
type Friends interface {
	Search(ctx context.Context, by accounts.Actor, text string, limit int) ([]accounts.Person, error)
	AreFriends(ctx context.Context, a, b int64) (bool, error)
}

// Hit is one thing found, in the contract's shape (http.md section 7.10).
type Hit struct {
	// Type is project or user.
	Type    string `json:"type"`
	Name    string `json:"name"`
	URLPath string `json:"urlPath"`
	// CanBefriend marks somebody who is no friend: the path leads to the form
	// for a request. Old clients show it like any other link.
	CanBefriend bool `json:"canBefriend,omitempty"`
}

// Service finds things. It is safe for concurrent use.
type Service struct {
	people   People
	projects Projects
	friends  Friends
	limit    *ratelimit.Limiter
}

// Find looks for a text in the names of what somebody has to do with: own
// projects first, then those they work in, then friends, each by name; and last,
// a person who has exactly this name. Errors: NotFound for whoever is not signed
// in, as the contract has it; RateLimited.
func (s *Service) Find(ctx context.Context, by accounts.Actor, typed string) ([]Hit, error) {
	if !by.SignedIn() {
		return nil, errs.Of(errs.NotFound)
	}
	if wait, ok := s.limit.Take(strconv.FormatInt(by.UserID, 10)); !ok {
		return nil, &errs.Error{Kind: errs.RateLimited, RetryAfter: wait}
	}
	hits := []Hit{}
	wanted := text.Identifier(typed)
	if wanted == "" || !utf8.ValidString(wanted) || strings.ContainsFunc(wanted, unicode.IsControl) || utf8.RuneCountInString(wanted) > MaxText {
		return hits, nil
	}
	owned, collab, err := s.projects.Search(ctx, by, wanted, MaxPerKind)
	if err != nil {
		return nil, err
	}
	for _, p := range append(owned, collab...) {
		hits = append(hits, Hit{Type: "project", Name: p.OwnerName + "/" + p.Name, URLPath: p.URL()})
	}
	friends, err := s.friends.Search(ctx, by, wanted, MaxPerKind)
	if err != nil {
		return nil, err
	}
	for _, p := range friends {
		hits = append(hits, Hit{Type: "user", Name: p.Name, URLPath: p.GoToURL})
	}
	stranger, err := s.stranger(ctx, by, wanted)
	return append(hits, stranger...), err
}

// stranger is somebody of exactly this name who is no friend yet.
func (s *Service) stranger(ctx context.Context, by accounts.Actor, name string) ([]Hit, error) {
	p, err := s.people.ByName(ctx, name)
	if errs.KindOf(err) == errs.NotFound || err == nil && p.ID == by.UserID {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if already, err := s.friends.AreFriends(ctx, by.UserID, p.ID); err != nil || already {
		return nil, err
	}
	return []Hit{{Type: "user", Name: p.Name, URLPath: "/new-friend?name=" + url.QueryEscape(p.Name), CanBefriend: true}}, nil
}
