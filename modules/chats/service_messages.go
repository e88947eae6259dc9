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
	// ReplyTo is the id of the message in the same chat that this one answers; 0 for
	// none.
	ReplyTo int64
	// Key is the client's identifier of the message; with the same one it is stored
	// once. Empty for none.
	Key string
	// attach attaches a file whose name is Content, in the transaction that stores the
	// message; nil for a message of text.
	attach func(ctx context.Context, messageID int64) error
}

// Sent is a stored message in the contract's shape.
type Sent = message

// Send stores a message and sends it to everyone in the chat, to all in the same
// order. A message that its sender has sent with its key before is returned as it
// is, and sent to no one.
//
// Errors: NotFound for a chat that the actor is not in, and for a person who is no
// friend; Invalid with the field content, or replyTo for a message of another chat;
// RateLimited.
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
	m := Message{Content: content, FromID: by.UserID, ClientKey: key, HasFile: d.attach != nil}
	if m.ReplyNum, err = s.answered(ctx, d, in.ChatID); err != nil {
		return Sent{}, err
	}
	sent, err := s.send(ctx, by, d, in, m)
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
	sent, err = s.shape(ctx, to, m.ChatID, m.Message)
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

// answered returns the number of the message that a draft answers, nil for none and
// for one that has been deleted with its sender meanwhile.
func (s *Service) answered(ctx context.Context, d Draft, chatID int64) (*int64, error) {
	if d.ReplyTo == 0 {
		return nil, nil
	}
	m, err := s.repo.message(ctx, d.To.Kind, d.ReplyTo)
	switch {
	case errs.KindOf(err) == errs.NotFound:
		return nil, nil
	case err != nil:
		return nil, err
	case m.ChatID != chatID:
		return nil, errs.Field("replyTo", "chats.error.replyTo")
	}
	return &m.Num, nil
}

// send stores a message and notifies everyone in the chat.
func (s *Service) send(ctx context.Context, by accounts.Actor, d Draft, in membership, m Message) (sent Sent, err error) {
	to := d.To
	defer s.order.lock(to.Kind, in.ChatID)()
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		rev, err := s.repo.nextRev(ctx, to.Kind, in.ChatID)
		if err != nil {
			return err
		}
		recipients, err := s.repo.recipients(ctx, to.Kind, in.ChatID)
		if err != nil {
			return err
		}
		others := slices.DeleteFunc(slices.Clone(recipients), func(r Recipient) bool { return r.ID == by.UserID })
		if len(others) == len(recipients) { // removed meanwhile
			return errs.Of(errs.NotFound)
		}
		m.Num, m.Rev, m.Datetime = rev, rev, s.db.Now(ctx)
		if err := s.repo.insertMessage(ctx, to.Kind, in.ChatID, to.ID, &m); err != nil {
			return err
		}
		if d.attach != nil {
			if err := d.attach(ctx, m.ID); err != nil {
				return err
			}
		}
		if err := s.repo.insertWords(ctx, to.Kind, in.ChatID, m.ID, wordsOf(m)); err != nil {
			return err
		}
		if err := s.repo.setRead(ctx, to.Kind, in.ChatID, by.UserID, rev); err != nil {
			return err
		}
		if sent, err = s.shape(ctx, to, in.ChatID, m); err != nil {
			return err
		}
		return s.deliver(ctx, to, in, m, sent, others)
	})
	return sent, err
}

// deliver sends a new message to its sender and the others in the chat, and publishes
// it for those who get it.
func (s *Service) deliver(ctx context.Context, to Ref, in membership, m Message, sent Sent, others []Recipient) error {
	own, err := sendTo([]int64{m.FromID}, "successfully_sent_msg", sent)
	if err != nil {
		return err
	}
	of, err := s.hidersOf(ctx, to.Kind, sent.authors()...)
	if err != nil {
		return err
	}
	sends, err := sendsOf(idsOfRecipients(others), "receive_msg", sent, of)
	if err != nil {
		return err
	}
	if err := s.post(ctx, to.Kind, in.ChatID, append([]send{own}, sends...)...); err != nil {
		return err
	}
	others = slices.DeleteFunc(others, func(r Recipient) bool { return of[m.FromID][r.ID] })
	return s.publish(ctx, to, in, m, sent, others)
}

func idsOfRecipients(all []Recipient) []int64 {
	ids := make([]int64, len(all))
	for i, r := range all {
		ids[i] = r.ID
	}
	return ids
}

// Edit replaces the text of a message of the actor's own.
//
// Errors: NotFound; Invalid with the field content, also for a message that is a file.
func (s *Service) Edit(ctx context.Context, by accounts.Actor, kind Kind, id int64, typed string) (Sent, error) {
	content, err := cleanContent(typed)
	if err != nil {
		return Sent{}, err
	}
	return s.changeOwn(ctx, by, kind, id, func(ctx context.Context, m *Message) (bool, error) {
		if m.HasFile {
			return false, errs.Field("content", "chats.error.editFile")
		}
		now := s.db.Now(ctx)
		changed := m.Content != content
		m.Content, m.EditedAt = content, &now
		return changed, nil
	})
}

// Delete removes the text or file of a message of the actor's own. Its place stays, so that
// everyone sees that something was there.
//
// Errors: NotFound.
func (s *Service) Delete(ctx context.Context, by accounts.Actor, kind Kind, id int64) (Sent, error) {
	return s.changeOwn(ctx, by, kind, id, func(ctx context.Context, m *Message) (bool, error) {
		now := s.db.Now(ctx)
		if m.HasFile {
			if _, err := s.files.DeleteAll(ctx, fileKind(kind), id); err != nil {
				return false, err
			}
		}
		m.Content, m.DeletedAt, m.HasFile = "", &now, false
		return true, s.repo.removeReactions(ctx, kind, id)
	})
}

// apply changes a message that nothing else changes meanwhile. It reports whether
// there is anything to change.
type apply func(ctx context.Context, m *Message) (bool, error)

// changeOwn changes a message of the actor's own.
func (s *Service) changeOwn(ctx context.Context, by accounts.Actor, kind Kind, id int64, apply apply) (Sent, error) {
	if err := kind.check(); err != nil {
		return Sent{}, err
	}
	before, err := s.repo.message(ctx, kind, id)
	if err != nil {
		return Sent{}, err
	}
	return s.change(ctx, by, kind, before, func(ctx context.Context, m *Message) (bool, error) {
		if m.FromID != by.UserID {
			return false, errs.Of(errs.NotFound)
		}
		return apply(ctx, m)
	})
}

// change changes a message that is not deleted, in a chat that the actor is in, and
// notifies everyone in it.
func (s *Service) change(ctx context.Context, by accounts.Actor, kind Kind, before placed, apply apply) (sent Sent, err error) {
	defer s.order.lock(kind, before.ChatID)()
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		rev, err := s.repo.nextRev(ctx, kind, before.ChatID)
		if err != nil {
			return err
		}
		m, err := s.repo.message(ctx, kind, before.ID)
		if err != nil {
			return err
		}
		people, err := s.repo.people(ctx, kind, m.ChatID)
		if err != nil {
			return err
		}
		if m.DeletedAt != nil || !slices.Contains(people, by.UserID) {
			return errs.Of(errs.NotFound)
		}
		before := m.Message
		changed, err := apply(ctx, &m.Message)
		if err != nil {
			return err
		}
		if changed {
			m.Rev = rev
			if err := s.update(ctx, kind, before, m); err != nil {
				return err
			}
		}
		shaped, err := s.shape(ctx, refOf(kind, m), m.ChatID, m.Message)
		if err != nil {
			return err
		}
		of, err := s.hidersOf(ctx, kind, shaped.authors()...)
		if err != nil {
			return err
		}
		sent = shaped.seenBy(by.UserID, of)
		if !changed {
			return nil
		}
		sends, err := sendsOf(people, "msg_changed", shaped, of)
		if err != nil {
			return err
		}
		return s.post(ctx, kind, m.ChatID, sends...)
	})
	return sent, err
}

// update stores a changed message, and what the index has of it.
func (s *Service) update(ctx context.Context, kind Kind, before Message, m placed) error {
	if err := s.repo.updateMessage(ctx, kind, m.Message); err != nil || m.Content == before.Content {
		return err
	}
	if err := s.repo.deleteWords(ctx, kind, m.ID); err != nil {
		return err
	}
	return s.repo.insertWords(ctx, kind, m.ChatID, m.ID, wordsOf(m.Message))
}

// refOf names the chat of a message as its sender does.
func refOf(kind Kind, m placed) Ref {
	if kind == UserChat {
		return Ref{kind, m.ToID}
	}
	return Ref{kind, m.ChatID}
}

// refFor names the chat of a message as one of its people does.
func refFor(by accounts.Actor, kind Kind, m placed) Ref {
	if kind == UserChat && m.ToID == by.UserID {
		return Ref{kind, m.FromID}
	}
	return refOf(kind, m)
}

// shape returns a message in the contract's shape; to is the chat as its sender
// names it.
func (s *Service) shape(ctx context.Context, to Ref, chatID int64, m Message) (Sent, error) {
	h := History{Messages: []Message{m}}
	if err := s.complete(ctx, to.Kind, chatID, &h); err != nil {
		return Sent{}, err
	}
	return messageOf(to, m, h), nil
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
