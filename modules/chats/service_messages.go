package chats

import (
	"context"
	"slices"
	"strconv"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
)

// Draft is a message that is being sent.
type Draft struct {
	To      Ref
	Content string
	// Key is the client's identifier of the message; with the same one it is stored
	// once. Empty for none.
	Key string
}

// Sent is a stored message in the contract's shape.
type Sent = message

// Send stores a message and sends it to everyone in the chat, to all in the same
// order. A message that its sender has sent with its key before is returned as it
// is, and sent to no one.
//
// Errors: NotFound for a chat that the actor is not in, and for a person who is no
// friend; Invalid with the field content; RateLimited.
func (s *Service) Send(ctx context.Context, by accounts.Actor, d Draft) (Sent, error) {
	if !by.SignedIn() {
		return Sent{}, errs.Of(errs.Unauthenticated)
	}
	content, err := cleanContent(d.Content)
	if err != nil {
		return Sent{}, err
	}
	key, err := checkKey(d.Key)
	if err != nil {
		return Sent{}, err
	}
	if err := d.To.Kind.check(); err != nil {
		return Sent{}, err
	}
	if sent, found, err := s.sentBefore(ctx, by, d.To, key); found || err != nil {
		return sent, err
	}
	in, err := s.writable(ctx, by, d.To)
	if err != nil {
		return Sent{}, err
	}
	if err := s.take(s.sending, by, "chats.error.tooFast"); err != nil {
		return Sent{}, err
	}
	sent, err := s.send(ctx, by, d.To, in.ChatID, Message{Content: content, FromID: by.UserID, ClientKey: key})
	if key != nil && errs.KindOf(err) == errs.Conflict { // another try was faster
		sent, _, err = s.sentBefore(ctx, by, d.To, key)
	}
	return sent, err
}

// sentBefore returns the message that the actor has sent with a key before.
func (s *Service) sentBefore(ctx context.Context, by accounts.Actor, to Ref, key *string) (sent Sent, found bool, err error) {
	if key == nil {
		return Sent{}, false, nil
	}
	m, found, err := s.repo.messageByKey(ctx, to.Kind, by.UserID, *key)
	if !found || err != nil {
		return Sent{}, false, err
	}
	if refOf(to.Kind, m) != to {
		return Sent{}, false, errs.Field("actionId", "chats.error.actionId")
	}
	sent, err = s.shape(ctx, to, m.Message)
	return sent, true, err
}

// writable returns a chat that the actor may write to: of a group, a member; of
// two people, a friend. The chat of friends is made when it is first needed.
func (s *Service) writable(ctx context.Context, by accounts.Actor, ref Ref) (membership, error) {
	if ref.Kind == UserChat {
		if friends, err := s.friends.AreFriends(ctx, by.UserID, ref.ID); err != nil || !friends {
			return membership{}, orNotFound(err)
		}
	}
	in, err := s.repo.membership(ctx, ref, by.UserID)
	if ref.Kind != UserChat || errs.KindOf(err) != errs.NotFound {
		return in, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		if people, err := s.people.Lock(ctx, by.UserID, ref.ID); err != nil || len(people) != 2 {
			return orNotFound(err)
		}
		if in, err = s.repo.membership(ctx, ref, by.UserID); errs.KindOf(err) != errs.NotFound {
			return err // the other one was faster
		}
		if err := s.repo.createPair(ctx, by.UserID, ref.ID); err != nil {
			return err
		}
		in, err = s.repo.membership(ctx, ref, by.UserID)
		return err
	})
	return in, err
}

// send stores a message and notifies everyone in the chat.
func (s *Service) send(ctx context.Context, by accounts.Actor, to Ref, chatID int64, m Message) (sent Sent, err error) {
	defer s.order.lock(to.Kind, chatID)()
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		rev, err := s.repo.nextRev(ctx, to.Kind, chatID)
		if err != nil {
			return err
		}
		people, err := s.repo.people(ctx, to.Kind, chatID)
		if err != nil {
			return err
		}
		if !slices.Contains(people, by.UserID) { // removed meanwhile
			return errs.Of(errs.NotFound)
		}
		m.Num, m.Rev, m.Datetime = rev, rev, s.db.Now(ctx)
		if err := s.repo.insertMessage(ctx, to.Kind, chatID, to.ID, &m); err != nil {
			return err
		}
		if err := s.repo.setRead(ctx, to.Kind, chatID, by.UserID, rev); err != nil {
			return err
		}
		if sent, err = s.shape(ctx, to, m); err != nil {
			return err
		}
		own, err := sendTo([]int64{by.UserID}, "successfully_sent_msg", sent)
		if err != nil {
			return err
		}
		return s.post(ctx, to.Kind, chatID, &own, without(people, by.UserID), "receive_msg", sent)
	})
	return sent, err
}

// Edit replaces the text of a message of the actor's own.
//
// Errors: NotFound; Invalid with the field content.
func (s *Service) Edit(ctx context.Context, by accounts.Actor, kind Kind, id int64, typed string) (Sent, error) {
	content, err := cleanContent(typed)
	if err != nil {
		return Sent{}, err
	}
	return s.change(ctx, by, kind, id, func(ctx context.Context, m *Message) bool {
		now := s.db.Now(ctx)
		changed := m.Content != content
		m.Content, m.EditedAt = content, &now
		return changed
	})
}

// Delete removes the text of a message of the actor's own. Its place stays, so that
// everyone sees that something was there.
//
// Errors: NotFound.
func (s *Service) Delete(ctx context.Context, by accounts.Actor, kind Kind, id int64) (Sent, error) {
	return s.change(ctx, by, kind, id, func(ctx context.Context, m *Message) bool {
		now := s.db.Now(ctx)
		m.Content, m.DeletedAt = "", &now
		return true
	})
}

// change changes a message of the actor's own, which is not deleted, and notifies
// everyone in the chat. apply reports whether there is anything to change.
func (s *Service) change(ctx context.Context, by accounts.Actor, kind Kind, id int64, apply func(ctx context.Context, m *Message) bool) (sent Sent, err error) {
	if err := kind.check(); err != nil {
		return Sent{}, err
	}
	before, err := s.repo.message(ctx, kind, id)
	if err != nil {
		return Sent{}, err
	}
	defer s.order.lock(kind, before.ChatID)()
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		rev, err := s.repo.nextRev(ctx, kind, before.ChatID)
		if err != nil {
			return err
		}
		m, err := s.repo.message(ctx, kind, id)
		if err != nil {
			return err
		}
		people, err := s.repo.people(ctx, kind, m.ChatID)
		if err != nil {
			return err
		}
		if m.FromID != by.UserID || m.DeletedAt != nil || !slices.Contains(people, by.UserID) {
			return errs.Of(errs.NotFound)
		}
		if !apply(ctx, &m.Message) {
			sent, err = s.shape(ctx, refOf(kind, m), m.Message)
			return err
		}
		m.Rev = rev
		if err := s.repo.updateMessage(ctx, kind, m.Message); err != nil {
			return err
		}
		if sent, err = s.shape(ctx, refOf(kind, m), m.Message); err != nil {
			return err
		}
		return s.post(ctx, kind, m.ChatID, nil, people, "msg_changed", sent)
	})
	return sent, err
}

// refOf names the chat of a message as its sender does.
func refOf(kind Kind, m placed) Ref {
	if kind == UserChat {
		return Ref{kind, m.ToID}
	}
	return Ref{kind, m.ChatID}
}

// shape returns a message in the contract's shape; to is the chat as its sender
// names it.
func (s *Service) shape(ctx context.Context, to Ref, m Message) (Sent, error) {
	people, err := s.people.ByIDs(ctx, []int64{m.FromID})
	if err != nil {
		return Sent{}, err
	}
	return messageOf(to, m, people[m.FromID]), nil
}

func without(ids []int64, id int64) []int64 {
	return slices.DeleteFunc(slices.Clone(ids), func(each int64) bool { return each == id })
}

// orNotFound returns err, or NotFound if there is none.
func orNotFound(err error) error {
	if err != nil {
		return err
	}
	return errs.Of(errs.NotFound)
}

// keyOf is the key by which limits count a person.
func keyOf(by accounts.Actor) string { return strconv.FormatInt(by.UserID, 10) }
