package search

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
	"taskstack.org/platform/ratelimit"
	"taskstack.org/platform/text"
)

// Boards is what search needs of projects.
type Boards interface {
	Readable(ctx context.Context, by accounts.Actor, also int64) ([]projects.Access, error)
}

// Lists is what search needs of lists.
type Lists interface {
	ByIDs(ctx context.Context, ids []int64) (map[int64]lists.List, error)
	Named(ctx context.Context, projectIDs []int64, first int64, limit int) ([]lists.List, error)
}

// Cards is what search needs of cards.
type Cards interface {
	ByIDs(ctx context.Context, ids []int64) (map[int64]cards.Card, error)
	IDsAfter(ctx context.Context, after int64, limit int) ([]int64, error)
	LockTexts(ctx context.Context, ids []int64) ([]cards.Texts, error)
}

// Service searches. It is safe for concurrent use.
type Service struct {
	db      *db.DB
	repo    repository
	boards  Boards
	lists   Lists
	cards   Cards
	sources []module.SearchSource
	texts   []module.TextSource
	limit   *ratelimit.Limiter
}

// AddSource adds a source of results.
func (s *Service) AddSource(source module.SearchSource) {
	s.sources = append(s.sources, source)
	slices.SortStableFunc(s.sources, func(a, b module.SearchSource) int { return cmp.Compare(a.Order, b.Order) })
}

// AddTextSource adds a source of texts.
func (s *Service) AddTextSource(source module.TextSource) {
	s.texts = append(s.texts, source)
	slices.SortStableFunc(s.texts, func(a, b module.TextSource) int { return cmp.Compare(a.Order, b.Order) })
}

// Find searches for a text in all sources, in their order (contract, http.md section
// 7.10). Errors: NotFound for visitors; RateLimited.
func (s *Service) Find(ctx context.Context, by accounts.Actor, typed string) ([]module.Found, error) {
	if !by.SignedIn() {
		return nil, errs.Of(errs.NotFound)
	}
	if err := s.take(strconv.FormatInt(by.UserID, 10)); err != nil {
		return nil, err
	}
	return s.find(ctx, by, typed, func(module.SearchSource) bool { return true })
}

func (s *Service) take(key string) error {
	if wait, ok := s.limit.Take(key); !ok {
		return &errs.Error{Kind: errs.RateLimited, RetryAfter: wait}
	}
	return nil
}

func (s *Service) find(ctx context.Context, by accounts.Actor, typed string, wanted func(module.SearchSource) bool) ([]module.Found, error) {
	found := []module.Found{}
	name := text.Identifier(typed)
	if name == "" || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) || utf8.RuneCountInString(name) > maxText {
		return found, nil
	}
	for _, source := range s.sources {
		if !wanted(source) {
			continue
		}
		more, err := source.Find(ctx, by.UserID, name, maxPerSource)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	return found, nil
}

// Where says who searches and where.
type Where struct {
	By accounts.Actor
	// Here is the project whose cards come first; 0 for none. Visitors search only
	// this one.
	Here int64
	// Key is what the rate limit counts by, for visitors their address.
	Key string
}

// Everything searches for cards, lists, projects, people and what they have written.
//
// Errors: RateLimited, Invalid for a text that is too long, NotFound for visitors if
// they may not read the project where they are.
func (s *Service) Everything(ctx context.Context, in Where, typed string) (Results, error) {
	key := in.Key
	if in.By.SignedIn() {
		key = strconv.FormatInt(in.By.UserID, 10)
	}
	if err := s.take(key); err != nil {
		return Results{}, err
	}
	if utf8.RuneCountInString(typed) > maxTyped {
		return Results{}, errs.Field("q", "search.error.long", "Max", maxTyped)
	}
	boards, err := s.boards.Readable(ctx, in.By, in.Here)
	if err != nil {
		return Results{}, err
	}
	if !in.By.SignedIn() && len(boards) == 0 {
		return Results{}, errs.Of(errs.NotFound)
	}
	q, found := text.NewQuery(typed, maxQueryWords), emptyResults()
	if q.Empty() {
		return found, nil
	}
	if found.Cards, err = s.findCards(ctx, q, boards, in.Here); err != nil {
		return found, err
	}
	if found.Lists, err = s.findLists(ctx, q, boards, in.Here); err != nil || !in.By.SignedIn() {
		return found, err
	}
	found.Projects = projectsNamed(q, boards)
	people, err := s.find(ctx, in.By, typed, func(source module.SearchSource) bool { return source.People })
	for _, p := range people {
		found.People = append(found.People, PersonHit{Name: q.Split(cmp.Or(p.Title, p.Name)), URLPath: p.URLPath, CanBefriend: p.CanBefriend})
	}
	if err != nil {
		return found, err
	}
	found.Texts, err = s.findTexts(ctx, q, in.By.UserID)
	return found, err
}

// findTexts searches in what people have written.
func (s *Service) findTexts(ctx context.Context, q text.Query, userID int64) ([]TextHits, error) {
	all := []TextHits{}
	for _, source := range s.texts {
		found, err := source.Find(ctx, userID, q, maxTexts)
		if err != nil {
			return all, err
		}
		hits := TextHits{Title: source.Title, Icon: source.Icon}
		for _, f := range found {
			hits.Found = append(hits.Found, TextHit{Excerpt: excerpt(q, f.Content), From: f.From, Where: f.Where, At: f.At, URLPath: f.URLPath})
		}
		if len(hits.Found) > 0 {
			all = append(all, hits)
		}
	}
	return all, nil
}

// findLists searches for lists by their names, in boards that the person may read.
func (s *Service) findLists(ctx context.Context, q text.Query, boards []projects.Access, here int64) ([]ListHit, error) {
	byID := make(map[int64]projects.Access, len(boards))
	for _, b := range boards {
		byID[b.ID] = b
	}
	all, err := s.lists.Named(ctx, slices.Sorted(maps.Keys(byID)), here, maxLists)
	found := []ListHit{}
	for _, l := range all {
		if len(found) < maxPerSource && q.Matches(l.Name) {
			in := byID[l.ProjectID]
			found = append(found, ListHit{
				ID: l.ID, Name: q.Split(l.Name), ProjectID: in.ID, Project: in.Called(), URLPath: in.URL() + "?list=" + strconv.FormatInt(l.ID, 10),
			})
		}
	}
	return found, err
}

func projectsNamed(q text.Query, boards []projects.Access) []ProjectHit {
	found := []ProjectHit{}
	for _, b := range boards {
		if len(found) == maxPerSource {
			break
		}
		if q.Matches(b.Called(), b.OwnerName, b.Name) {
			found = append(found, ProjectHit{ID: b.ID, Name: q.Split(b.Called()), Owner: b.OwnerName, URLPath: b.URL()})
		}
	}
	return found
}

// findCards searches in boards that the person may read.
func (s *Service) findCards(ctx context.Context, q text.Query, boards []projects.Access, here int64) ([]CardHit, error) {
	found := []CardHit{}
	byID, w := make(map[int64]projects.Access, len(boards)), wanted{limit: pageSize}
	for _, b := range boards {
		byID[b.ID] = b
		if b.ID == here {
			w.here = here
		} else {
			w.projects = append(w.projects, b.ID)
		}
	}
	if err := s.chooseTerm(ctx, q.Terms(), &w); err != nil {
		return nil, err
	}
	for range maxPages {
		matches, err := s.repo.find(ctx, w)
		if err != nil {
			return nil, err
		}
		more, err := s.visible(ctx, q, byID, matches)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
		if len(found) >= maxPerSource || len(matches) < w.limit {
			break
		}
		w.offset += w.limit
	}
	return found[:min(len(found), maxPerSource)], nil
}

// chooseTerm sets which term the index is asked for: the one that the fewest entries
// begin with. The others are looked for in the words of what it finds.
func (s *Service) chooseTerm(ctx context.Context, terms []text.Term, w *wanted) error {
	terms = terms[:min(len(terms), maxTerms)]
	rarest := 0
	if len(terms) > 1 {
		counts, err := s.repo.counts(ctx, append([]int64{w.here}, w.projects...), terms, entriesCounted)
		if err != nil {
			return err
		}
		rarest = slices.Index(counts, slices.Min(counts))
	}
	w.prefix, w.atMost = terms[rarest].Prefix, entriesOfOne
	for i, t := range terms {
		if (i != rarest || t.Partial) && !slices.Contains(w.parts, t.Part) {
			w.parts, w.atMost = append(w.parts, t.Part), entriesOfSeveral
		}
	}
	return nil
}

// visible returns the matches that are on a board, or in an archive that the person
// may see.
func (s *Service) visible(ctx context.Context, q text.Query, boards map[int64]projects.Access, matches []match) ([]CardHit, error) {
	if len(matches) == 0 {
		return nil, nil
	}
	ids := make([]int64, len(matches))
	for i, m := range matches {
		ids[i] = m.CardID
	}
	cardsByID, err := s.cards.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	listIDs := make([]int64, 0, len(cardsByID))
	for _, c := range cardsByID {
		listIDs = append(listIDs, c.ListID)
	}
	listsByID, err := s.lists.ByIDs(ctx, listIDs)
	var found []CardHit
	for _, m := range matches {
		c := cardsByID[m.CardID]
		list := listsByID[c.ListID]
		// What a match says of its project is asked again where the card is.
		if in, ok := boards[list.ProjectID]; ok && isShown(in, c, list) {
			found = append(found, hitOf(q, in, c, list))
		}
	}
	return found, err
}
