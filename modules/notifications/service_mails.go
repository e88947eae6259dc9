package notifications

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/mail"
	"taskstack.org/platform/module"
)

const (
	// mailInterval is how often mails that are due are written, mailBatch for how many
	// people at once.
	mailInterval = 30 * time.Second
	mailBatch    = 200
	// signaturePurpose and signatureBytes are of the addresses that end mails.
	signaturePurpose = "unsubscribe from notifications"
	signatureBytes   = 16
)

// mailQueue takes mails, in the transaction of ctx.
type mailQueue interface {
	Enqueue(ctx context.Context, m mail.Message) error
}

// SendMails writes the mails that are due: one for each person, of all that is due for
// them. What fails for one person is tried again in the next round, and does not keep
// the others from theirs.
func (s *Service) SendMails(ctx context.Context) error {
	ids, err := s.repo.dueUsers(ctx, s.db.Now(ctx), mailBatch)
	if err != nil {
		return err
	}
	var failed []error
	for _, id := range ids {
		err := s.db.InTx(ctx, func(ctx context.Context) error { return s.mailTo(ctx, id) })
		switch {
		case errs.KindOf(err) == errs.Conflict: // read at this moment, or by another server
		case err != nil:
			failed = append(failed, fmt.Errorf("mail to person %d: %w", id, err))
		}
	}
	return errors.Join(failed...)
}

// mailTo takes what is due for a person, and writes the mail. Both are one
// transaction: after a crash, either nothing was taken or the mail waits in the queue.
func (s *Service) mailTo(ctx context.Context, userID int64) error {
	now := s.db.Now(ctx)
	rows, err := s.repo.due(ctx, userID, now)
	if err != nil || len(rows) == 0 { // read meanwhile
		return err
	}
	if err := s.repo.claimMail(ctx, rowIDs(rows)); err != nil {
		return err
	}
	to, err := s.addressee(ctx, userID)
	if err != nil || to.Address == "" {
		return err
	}
	if at := to.afterQuiet(now); at.After(now) {
		return s.repo.postpone(ctx, rowIDs(rows), at)
	}
	if rows, err = s.wanted(ctx, to, rows); err != nil || len(rows) == 0 {
		return err
	}
	if rows, err = s.visible(ctx, userID, rows); err != nil || len(rows) == 0 {
		return err
	}
	entries, err := s.entries(ctx, rows)
	if err != nil || len(entries) == 0 {
		return err
	}
	m, err := s.writer.write(to.letterTo, entries)
	if err != nil {
		return err
	}
	if err := s.mails.Enqueue(ctx, m); err != nil {
		return err
	}
	return s.repo.setMailed(ctx, rowIDs(rows), now)
}

func rowIDs(rows []notification) []int64 {
	ids := make([]int64, len(rows))
	for i, n := range rows {
		ids[i] = n.ID
	}
	return ids
}

// addressee is a person to whom a mail is written.
type addressee struct {
	person
	letterTo
	lastSeen time.Time
}

// addressee reads what a mail to a person needs. Address is empty if none may be sent.
func (s *Service) addressee(ctx context.Context, userID int64) (to addressee, err error) {
	all, err := s.repo.persons(ctx, userID)
	if err != nil {
		return to, err
	}
	lastSeen, reachable, err := s.logins.Reachable(ctx, userID)
	if err != nil {
		return to, err
	}
	box, err := s.people.MailboxOf(ctx, userID)
	if errs.KindOf(err) == errs.NotFound || err == nil && (!reachable || all[userID].NoMails) {
		return addressee{}, nil
	}
	if err != nil {
		return to, err
	}
	people, err := s.people.ByIDs(ctx, []int64{userID})
	return addressee{
		person: all[userID], lastSeen: lastSeen,
		letterTo: letterTo{Address: box.Address, Lang: box.Lang, Name: called(people[userID]), Unsubscribe: s.unsubscribeURL(userID)},
	}, err
}

func called(p accounts.Person) string { return p.Called() }

// wanted returns the rows that a person wants mails of at this moment. A digest is for
// those who were away: it leaves out what was at the bell when they were last here.
func (s *Service) wanted(ctx context.Context, to addressee, rows []notification) ([]notification, error) {
	userID := rows[0].UserID
	choices, err := s.repo.chosenBy(ctx, userID)
	if err != nil {
		return nil, err
	}
	muted, err := s.repo.mutedBy(ctx, userID)
	if err != nil {
		return nil, err
	}
	var all []notification
	for _, n := range rows {
		kind, known := s.kinds[n.Kind]
		choice := choiceOf(kind, choices)
		if !known || !choice.byMail() || kind.OfProject && muted[valueOf(n.ProjectID)] || choice == ChoiceDigest && to.lastSeen.After(n.At) {
			continue
		}
		all = append(all, n)
	}
	return all, nil
}

// visible returns the rows of what a person may see at this moment, as it is now.
func (s *Service) visible(ctx context.Context, userID int64, rows []notification) ([]notification, error) {
	isMember, err := s.memberships(ctx, userID, rows)
	if err != nil {
		return nil, err
	}
	current, err := s.current(ctx, userID, rows)
	if err != nil {
		return nil, err
	}
	var all []notification
	for _, n := range rows {
		if n.ProjectID != nil && !isMember[*n.ProjectID] {
			continue
		}
		if s.kinds[n.Kind].Current != nil {
			content, ok := current[n.Kind][n.Subject]
			if !ok {
				continue
			}
			n = n.with(content)
		}
		all = append(all, n)
	}
	return all, nil
}

// with returns a row as it is now.
func (n notification) with(c module.NotificationContent) notification {
	if c.By != 0 {
		n.ByID = &c.By
	}
	if !c.At.IsZero() {
		n.At = c.At
	}
	n.Name, n.Excerpt, n.Count = cmp.Or(c.Name, n.Name), cmp.Or(c.Excerpt, n.Excerpt), cmp.Or(c.Count, n.Count)
	return n
}

// memberships returns which of the projects of rows a person is a member of.
func (s *Service) memberships(ctx context.Context, userID int64, rows []notification) (map[int64]bool, error) {
	var ids []int64
	for _, n := range rows {
		if n.ProjectID != nil {
			ids = append(ids, *n.ProjectID)
		}
	}
	boards, err := s.boardsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	isMember := map[int64]bool{}
	for id, board := range boards {
		members, err := s.boards.MemberIDs(ctx, board)
		if err != nil {
			return nil, err
		}
		isMember[id] = members[userID]
	}
	return isMember, nil
}

// current asks the modules of the rows' kinds what they say now: by kind and subject.
func (s *Service) current(ctx context.Context, userID int64, rows []notification) (map[string]map[string]module.NotificationContent, error) {
	subjects := map[string][]string{}
	for _, n := range rows {
		if s.kinds[n.Kind].Current != nil {
			subjects[n.Kind] = append(subjects[n.Kind], n.Subject)
		}
	}
	all := map[string]map[string]module.NotificationContent{}
	for kind, each := range subjects {
		content, err := s.kinds[kind].Current(ctx, userID, each)
		if err != nil {
			return nil, err
		}
		all[kind] = content
	}
	return all, nil
}

// unsubscribeURL returns the address that ends mails to a person. It needs no login,
// so it is signed; it does not expire, since a mail does not either.
func (s *Service) unsubscribeURL(userID int64) string {
	id := strconv.FormatInt(userID, 10)
	signature := base64.RawURLEncoding.EncodeToString(s.seal.Sign(signaturePurpose, []byte(id), signatureBytes))
	return s.writer.publicURL + unsubscribePath + "?person=" + id + "&signature=" + signature
}

func (s *Service) isSigned(userID int64, signature string) bool {
	sent, err := base64.RawURLEncoding.DecodeString(signature)
	return err == nil && s.seal.Verify(signaturePurpose, []byte(strconv.FormatInt(userID, 10)), sent, signatureBytes)
}
