package chats

import (
	"context"

	"taskstack.org/modules/friends"
)

// onBlocked hides the messages of a person in groups from the one who has blocked them.
func (s *Service) onBlocked(ctx context.Context, e friends.Blocked) error {
	return s.repo.hide(ctx, e.By, e.UserID)
}

// onUnblocked shows them again.
func (s *Service) onUnblocked(ctx context.Context, e friends.Unblocked) error {
	return s.repo.unhide(ctx, e.By, e.UserID)
}

// hiddenIn returns whose messages in a chat of a kind are hidden from a person.
func (s *Service) hiddenIn(ctx context.Context, kind Kind, userID int64) (hidden, error) {
	if kind == UserChat {
		return nil, nil
	}
	return s.repo.hiddenFrom(ctx, userID)
}

// hidersOf returns the people who do not see the messages of authors in a chat of a kind,
// by author.
func (s *Service) hidersOf(ctx context.Context, kind Kind, fromIDs ...int64) (hiders, error) {
	if kind == UserChat {
		return nil, nil
	}
	return s.repo.hidersOf(ctx, fromIDs...)
}

// mask removes from a part of a chat what is hidden from its reader. Messages keep
// their places, so that the reader's pages know of each change; clients that do not
// ask for pages get none of them, as with deleted ones.
func (h *History) mask(all hidden, keepPlaces bool) {
	if h.hidden = all; len(all) == 0 {
		return
	}
	var shown []Message
	for _, m := range h.Messages {
		if all[m.FromID] {
			m.Content = ""
		}
		if keepPlaces || !all[m.FromID] {
			shown = append(shown, m)
		}
	}
	h.Messages = shown
}

// masked returns a message without what is hidden with its author.
func (sp spoken) masked() spoken {
	sp.Content, sp.Reply, sp.Reactions, sp.File, sp.Edited = "", nil, nil, nil, false
	sp.Deleted, sp.Hidden = true, true
	return sp
}

// masked returns a quote without what is hidden with its author.
func (q quote) masked() *quote {
	q.Content, q.Deleted, q.Hidden = "", true, true
	return &q
}

// authors returns who has written a message, and what it answers.
func (m message) authors() []int64 {
	if m.Reply == nil {
		return []int64{m.FromID}
	}
	return []int64{m.FromID, m.Reply.FromID}
}

// seenBy returns a message as a person gets it: nothing of what is hidden with its
// author, and a quote without text if the author of what it answers is hidden.
func (m message) seenBy(userID int64, of hiders) message {
	switch {
	case of[m.FromID][userID]:
		m.spoken, m.Key = m.spoken.masked(), ""
	case m.Reply != nil && of[m.Reply.FromID][userID]:
		m.Reply = m.Reply.masked()
	}
	return m
}

// sendsOf returns a message as the people of its chat get it. Those who do not
// see it get its number, as a change, which clients 2.x do not know: so their pages miss
// nothing.
func sendsOf(userIDs []int64, event string, m message, of hiders) ([]send, error) {
	var plain, withoutQuote, without []int64
	for _, id := range userIDs {
		switch {
		case of[m.FromID][id]:
			without = append(without, id)
		case m.Reply != nil && of[m.Reply.FromID][id]:
			withoutQuote = append(withoutQuote, id)
		default:
			plain = append(plain, id)
		}
	}
	var sends []send
	for _, each := range []struct {
		to    []int64
		event string
	}{{plain, event}, {withoutQuote, event}, {without, "msg_changed"}} {
		if len(each.to) == 0 {
			continue
		}
		next, err := sendTo(each.to, each.event, m.seenBy(each.to[0], of))
		if err != nil {
			return nil, err
		}
		sends = append(sends, next)
	}
	return sends, nil
}
