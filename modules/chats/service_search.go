package chats

import (
	"context"
	"net/url"
	"slices"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/module"
	"taskstack.org/platform/text"
)

const (
	// maxTerms is how many terms of the index a search uses.
	maxTerms = 12
	// maxEntries is how many entries of the index a search reads of each kind of
	// chats, maxCompared how many messages it compares with the words.
	maxEntries  = 5_000
	maxCompared = 2_000
	// readAtOnce is how many messages are read together.
	readAtOnce = 200
	// fillEvery is how often messages are looked for that are not indexed.
	fillEvery = time.Hour
)

// TextSources are the messages.
func (m *Module) TextSources() []module.TextSource {
	return []module.TextSource{{Order: 10, Title: "chats.search.title", Icon: "chat", Find: m.FindMessages}}
}

// hit is a message that was found.
type hit struct {
	Kind Kind
	placed
}

// FindMessages returns the newest messages that have all words of a query, of the
// chats that the person has on the page of chats. Of a word that very many messages
// have, some are found.
func (s *Service) FindMessages(ctx context.Context, userID int64, q text.Query, limit int) ([]module.FoundText, error) {
	if q.Empty() {
		return nil, nil
	}
	friends, err := s.friends.Of(ctx, userID)
	if err != nil {
		return nil, err
	}
	isFriend := make(map[int64]bool, len(friends))
	for _, p := range friends {
		isFriend[p.ID] = true
	}
	ids, err := s.candidates(ctx, userID, q)
	if err != nil {
		return nil, err
	}
	blocked, err := s.repo.hiddenFrom(ctx, userID)
	if err != nil {
		return nil, err
	}
	var hits []hit
	for _, kind := range kinds {
		shown := func(m placed) bool {
			if kind == UserChat { // the page has no chats with former friends
				return isFriend[m.FromID] || isFriend[m.ToID]
			}
			return !blocked[m.FromID]
		}
		found, err := s.matching(ctx, kind, ids[kind], q, limit, shown)
		if err != nil {
			return nil, err
		}
		hits = append(hits, found...)
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return b.Datetime.Compare(a.Datetime) })
	return s.describe(ctx, userID, hits[:min(len(hits), limit)])
}

// candidates returns messages with the rarest word of a query, the newest of each kind
// first.
func (s *Service) candidates(ctx context.Context, userID int64, q text.Query) (map[Kind][]int64, error) {
	terms := q.Terms()
	terms = terms[:min(len(terms), maxTerms)]
	prefixes := map[Kind]string{}
	for _, kind := range kinds {
		prefixes[kind] = terms[0].Prefix
	}
	if len(terms) > 1 {
		counts, err := s.repo.countEntries(ctx, userID, terms, maxEntries)
		if err != nil {
			return nil, err
		}
		for kind, of := range counts {
			prefixes[kind] = terms[slices.Index(of, slices.Min(of))].Prefix
		}
	}
	return s.repo.withWord(ctx, userID, prefixes, maxEntries)
}

// matching returns the newest of some messages that a query matches.
func (s *Service) matching(ctx context.Context, kind Kind, ids []int64, q text.Query, limit int, shown func(placed) bool) ([]hit, error) {
	var hits []hit
	for some := range slices.Chunk(ids[:min(len(ids), maxCompared)], readAtOnce) {
		messages, err := s.repo.messagesByIDs(ctx, kind, some)
		if err != nil {
			return nil, err
		}
		for _, m := range messages {
			if shown(m) && q.Matches(m.Content) {
				hits = append(hits, hit{kind, m})
			}
			if len(hits) == limit {
				return hits, nil
			}
		}
	}
	return hits, nil
}

// describe says of messages who has written them and where.
func (s *Service) describe(ctx context.Context, userID int64, hits []hit) ([]module.FoundText, error) {
	var people []int64
	groups := map[Kind][]int64{}
	for _, h := range hits {
		people = append(people, h.FromID, h.ToID)
		groups[h.Kind] = append(groups[h.Kind], h.ChatID)
	}
	named, err := s.people.ByIDs(ctx, unique(people))
	if err != nil {
		return nil, err
	}
	chats := map[Kind]map[int64]projectGroup{}
	for _, kind := range []Kind{Group, ProjectGroup} {
		if ids := unique(groups[kind]); len(ids) > 0 {
			if chats[kind], err = s.repo.groupNames(ctx, kind, ids); err != nil {
				return nil, err
			}
		}
	}
	if err := s.nameByBoards(ctx, chats[ProjectGroup]); err != nil {
		return nil, err
	}
	found := make([]module.FoundText, len(hits))
	for i, h := range hits {
		where, address := chats[h.Kind][h.ChatID].Name, addressOf(h.Kind, idText(h.ChatID))
		if h.Kind == UserChat {
			other := named[refFor(accounts.Actor{UserID: userID}, h.Kind, h.placed).ID]
			where, address = other.Called(), addressOf(h.Kind, other.Name)
		}
		found[i] = module.FoundText{
			Content: h.Content, From: named[h.FromID].Called(), Where: where, At: h.Datetime, URLPath: address + "&message=" + idText(h.Num),
		}
	}
	return found, nil
}

// nameByBoards names the groups of projects as their boards are called.
func (s *Service) nameByBoards(ctx context.Context, groups map[int64]projectGroup) error {
	var ids []int64
	for _, g := range groups {
		ids = append(ids, g.ProjectID)
	}
	if len(ids) == 0 {
		return nil
	}
	boards, err := s.boards.ByIDs(ctx, ids)
	for id, g := range groups {
		if board, ok := boards[g.ProjectID]; ok {
			g.Name = board.Called()
			groups[id] = g
		}
	}
	return err
}

// addressOf returns where the page of chats shows a chat: of a friend by the user
// name, of a group by its id.
func addressOf(kind Kind, name string) string {
	key := map[Kind]string{UserChat: "with", Group: "group", ProjectGroup: "project"}[kind]
	return "/chat?" + key + "=" + url.QueryEscape(name)
}

// wordsOf returns what the index has of a message.
func wordsOf(m Message) []string { return text.Terms(text.Searchable(m.Content)) }

// fill indexes the messages that are not indexed.
func (s *Service) fill(ctx context.Context) error {
	for _, kind := range kinds {
		for after := int64(0); ; {
			ids, err := s.repo.unindexed(ctx, kind, after, readAtOnce)
			if err != nil {
				return err
			}
			if len(ids) == 0 {
				break
			}
			if err := s.fillSome(ctx, kind, ids); err != nil {
				return err
			}
			after = ids[len(ids)-1]
		}
	}
	return nil
}

func (s *Service) fillSome(ctx context.Context, kind Kind, ids []int64) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		messages, err := s.repo.lockUnindexed(ctx, kind, ids)
		if err != nil {
			return err
		}
		for _, m := range messages {
			if err := s.repo.insertWords(ctx, kind, m.ChatID, m.ID, wordsOf(m.Message)); err != nil {
				return err
			}
		}
		return nil
	})
}
