package chats

import (
	"context"
	"maps"
	"slices"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/files"
	"taskstack.org/platform/errs"
)

// MarkRead marks what others have written into a chat as read by the actor. Other
// chats stay as they are (defect D07).
//
// Errors: NotFound for a chat that the actor is not in.
func (s *Service) MarkRead(ctx context.Context, by accounts.Actor, ref Ref) error {
	if err := ref.Kind.check(); err != nil {
		return err
	}
	in, err := s.repo.membership(ctx, ref, by.UserID)
	if err != nil {
		if ref.Kind == UserChat && errs.KindOf(err) == errs.NotFound {
			// Friends who have never written have nothing unread.
			_, err = s.friendOnly(ctx, by, ref)
		}
		return err
	}
	return s.readUpTo(ctx, by, ref, in, in.Rev)
}

// friendOnly returns NotFound unless the other one is a friend of the actor.
func (s *Service) friendOnly(ctx context.Context, by accounts.Actor, ref Ref) (bool, error) {
	friends, err := s.friends.AreFriends(ctx, by.UserID, ref.ID)
	if err != nil || !friends {
		return false, orNotFound(err)
	}
	return true, nil
}

// MarkMessageRead marks a message that the actor has received as read, and with it
// those before it in the same chat.
//
// Errors: NotFound.
func (s *Service) MarkMessageRead(ctx context.Context, by accounts.Actor, kind Kind, id int64) error {
	if err := kind.check(); err != nil {
		return err
	}
	m, err := s.repo.message(ctx, kind, id)
	if err != nil {
		return err
	}
	ref := Ref{kind, m.ChatID}
	if kind == UserChat {
		if ref.ID = m.FromID; m.ToID != by.UserID {
			return errs.Of(errs.NotFound)
		}
	}
	in, err := s.repo.membership(ctx, ref, by.UserID)
	if err != nil {
		return err
	}
	return s.readUpTo(ctx, by, ref, in, m.Num)
}

// readUpTo stores what the actor has read. The actor's other pages follow, and in a
// chat of two the other person sees it.
func (s *Service) readUpTo(ctx context.Context, by accounts.Actor, ref Ref, in membership, rev int64) error {
	if rev <= in.ReadRev {
		return nil
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		if err := s.repo.setRead(ctx, ref.Kind, in.ChatID, by.UserID, rev); err != nil {
			return err
		}
		if ref.Kind == UserChat {
			if err := s.people.Deliver(ctx, "chat_seen", readMark{ref.Kind, by.UserID, rev}, ref.ID); err != nil {
				return err
			}
		}
		if err := s.endIfRead(ctx, by, ref); err != nil {
			return err
		}
		return s.people.Deliver(ctx, "chat_read", readMark{ref.Kind, ref.ID, rev}, by.UserID)
	})
}

// endIfRead ends the actor's notifications of a chat in which nothing is unread.
func (s *Service) endIfRead(ctx context.Context, by accounts.Actor, ref Ref) error {
	in, err := s.repo.membership(ctx, ref, by.UserID)
	if err != nil || in.ReadRev < in.Rev {
		return err
	}
	return s.withdraw(ctx, by.UserID, ref)
}

// Mute stores whether the actor is notified of a chat. It stays in the list, and
// its messages are not counted.
//
// Errors: NotFound.
func (s *Service) Mute(ctx context.Context, by accounts.Actor, ref Ref, muted bool) error {
	if err := ref.Kind.check(); err != nil {
		return err
	}
	in, err := s.writable(ctx, by, ref)
	if err != nil || in.Muted == muted {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		if err := s.repo.setMuted(ctx, ref.Kind, in.ChatID, by.UserID, muted); err != nil {
			return err
		}
		if muted {
			if err := s.withdraw(ctx, by.UserID, ref); err != nil {
				return err
			}
		}
		return s.people.Deliver(ctx, "chat_muted", muteMark{ref.Kind, ref.ID, muted}, by.UserID)
	})
}

// Typing tells the others in a chat that the actor is writing.
//
// Errors: NotFound.
func (s *Service) Typing(ctx context.Context, by accounts.Actor, ref Ref) error {
	if err := ref.Kind.check(); err != nil {
		return err
	}
	in, err := s.repo.membership(ctx, ref, by.UserID)
	if err != nil {
		return err
	}
	if ref.Kind == UserChat {
		if _, err := s.friendOnly(ctx, by, ref); err != nil {
			return err
		}
	}
	people, err := s.repo.people(ctx, ref.Kind, in.ChatID)
	if err != nil {
		return err
	}
	seen := Ref{ref.Kind, ref.ID}
	if ref.Kind == UserChat {
		seen.ID = by.UserID
	}
	of, err := s.hidersOf(ctx, ref.Kind, by.UserID)
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(people, func(id int64) bool { return id == by.UserID || of[by.UserID][id] })
	s.users.Everywhere(others, "chat_typing", typing{seen.Kind, seen.ID, by.UserID})
	return nil
}

// Page says which messages of a chat to read.
type Page struct {
	// Limit is 0 for clients that do not ask for pages: they get the newest
	// maxHistory, without deleted ones.
	Limit int
	// Before is the number below which to read; 0 for the newest. After, if it is not
	// 0, is the number above which to read instead, from there on.
	Before, After int64
	// Since, if Changes is set, is the revision after which to read what has changed,
	// in that order.
	Since   int64
	Changes bool
}

// History is a part of a chat.
type History struct {
	Messages []Message
	People   map[int64]accounts.Person
	// quoted are the messages that some of them answer, by number.
	quoted map[int64]Message
	// reactions are those on the messages, by the message's id.
	reactions map[int64][]reactionRow
	// files are those of the messages that have one, by the message's id.
	files map[int64][]files.View
	// hidden are the people whose messages the reader does not get.
	hidden hidden
}

// Read returns messages of a chat, the oldest first. One's own conversation with a
// former friend can be read, too.
//
// Errors: NotFound for a chat that the actor is not in (defect H06).
func (s *Service) Read(ctx context.Context, by accounts.Actor, ref Ref, p Page) (History, error) {
	in, err := s.repo.membership(ctx, ref, by.UserID)
	if ref.Kind == UserChat && errs.KindOf(err) == errs.NotFound {
		_, err = s.friendOnly(ctx, by, ref)
		return History{}, err
	}
	if err != nil {
		return History{}, err
	}
	var h History
	switch {
	case p.Changes:
		h.Messages, err = s.repo.changedAfter(ctx, ref.Kind, in.ChatID, p.Since, maxMissed)
	case p.After > 0:
		h.Messages, err = s.repo.pageAfter(ctx, ref.Kind, in.ChatID, p.After, min(max(p.Limit, 1), maxPage))
	case p.Limit == 0:
		h.Messages, err = s.repo.pageBefore(ctx, ref.Kind, in.ChatID, p.Before, maxHistory, false)
	default:
		h.Messages, err = s.repo.pageBefore(ctx, ref.Kind, in.ChatID, p.Before, min(p.Limit, maxPage), true)
	}
	if err != nil {
		return History{}, err
	}
	if !p.Changes && p.After == 0 {
		slices.Reverse(h.Messages)
	}
	all, err := s.hiddenIn(ctx, ref.Kind, by.UserID)
	if err != nil {
		return History{}, err
	}
	h.mask(all, p.Changes || p.After > 0 || p.Limit > 0)
	return h, s.complete(ctx, ref.Kind, in.ChatID, &h)
}

// complete reads what messages show beside their texts, in as many statements for
// many as for one.
func (s *Service) complete(ctx context.Context, kind Kind, chatID int64, h *History) (err error) {
	var ids, nums, withFile []int64
	h.reactions = map[int64][]reactionRow{}
	for _, m := range h.Messages {
		ids = append(ids, m.ID)
		if m.HasFile {
			withFile = append(withFile, m.ID)
		}
		if m.ReplyNum != nil {
			nums = append(nums, *m.ReplyNum)
		}
	}
	if len(ids) > 0 {
		rows, err := s.repo.reactions(ctx, kind, ids)
		if err != nil {
			return err
		}
		for _, row := range rows {
			h.reactions[row.MsgID] = append(h.reactions[row.MsgID], row)
		}
	}
	if len(withFile) > 0 {
		if h.files, err = s.files.Of(ctx, fileKind(kind), withFile); err != nil {
			return err
		}
	}
	senders := sendersOf(h.Messages)
	if len(nums) > 0 {
		if h.quoted, err = s.repo.numbered(ctx, kind, chatID, unique(nums)); err != nil {
			return err
		}
		senders = unique(append(senders, sendersOf(slices.Collect(maps.Values(h.quoted)))...))
	}
	h.People, err = s.people.ByIDs(ctx, senders)
	return err
}

func sendersOf(messages []Message) []int64 {
	var ids []int64
	for _, m := range messages {
		if !slices.Contains(ids, m.FromID) {
			ids = append(ids, m.FromID)
		}
	}
	return ids
}

// CountUnread returns how many messages the actor has not read in chats that are
// not muted.
func (s *Service) CountUnread(ctx context.Context, by accounts.Actor) (int, error) {
	return s.repo.countUnread(ctx, by.UserID)
}
