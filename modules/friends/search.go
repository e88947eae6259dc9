package friends

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
	"taskstack.org/platform/text"
)

// SearchSources finds friends, and last a person of exactly the typed name who is
// no friend.
func (s *Service) SearchSources() []module.SearchSource {
	return []module.SearchSource{{Order: 30, People: true, Find: s.findFriends}, {Order: 40, People: true, Find: s.findNonFriend}}
}

// maxQueryWords is how many words of a typed text are looked for in display names.
const maxQueryWords = 8

// findFriends filters in memory: friends are few.
func (s *Service) findFriends(ctx context.Context, userID int64, typed string, limit int) ([]module.Found, error) {
	all, err := s.Of(ctx, userID)
	if err != nil {
		return nil, err
	}
	part, q := strings.ToLower(typed), text.NewQuery(typed, maxQueryWords)
	all = slices.DeleteFunc(all, func(p accounts.Person) bool {
		return !strings.Contains(strings.ToLower(p.Name), part) && !strings.Contains(strings.ToLower(p.DisplayName), part) && !q.Matches(p.DisplayName)
	})
	found := []module.Found{}
	for _, p := range all[:min(len(all), limit)] {
		found = append(found, module.Found{Type: "user", Name: p.Name, Title: p.DisplayName, URLPath: p.GoToURL})
	}
	return found, nil
}

func (s *Service) findNonFriend(ctx context.Context, userID int64, text string, _ int) ([]module.Found, error) {
	p, err := s.people.ByName(ctx, text)
	if errs.KindOf(err) == errs.NotFound || err == nil && p.ID == userID {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if already, err := s.AreFriends(ctx, userID, p.ID); err != nil || already {
		return nil, err
	}
	return []module.Found{{Type: "user", Name: p.Name, Title: p.DisplayName, URLPath: "/new-friend?name=" + url.QueryEscape(p.Name), CanBefriend: true}}, nil
}
