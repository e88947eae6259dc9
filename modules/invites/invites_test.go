package invites_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/invites"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
)

func invitesOf(w *boardtest.World) *invites.Module { return boardtest.Feature[*invites.Module](w) }

// mail is a mail that waits to be sent.
type mail struct{ Recipient, Subject, TextBody string }

func mails(t *testing.T, w *boardtest.World) []mail {
	t.Helper()
	var all []mail
	if err := w.DB.From(t.Context()).Table("mail_job").Order("id").Find(&all).Error; err != nil {
		t.Fatal(err)
	}
	return all
}

// code returns the code in a mail.
func (m mail) code(t *testing.T) string {
	t.Helper()
	_, rest, ok := strings.Cut(m.TextBody, boardtest.PublicURL+"/invite/")
	if !ok || len(rest) < 22 {
		t.Fatalf("no link in %s", m.TextBody)
	}
	return rest[:22]
}

func send(t *testing.T, w *boardtest.World, by accounts.Actor, emails ...string) int {
	t.Helper()
	n, err := invitesOf(w).Send(t.Context(), projects.By(by, w.Project.ID), emails, projects.RoleAdmin, "en")
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func exec(t *testing.T, w *boardtest.World, query string, args ...any) {
	t.Helper()
	err := w.DB.InTx(t.Context(), func(ctx context.Context) error { return w.DB.From(ctx).Exec(query, args...).Error })
	if err != nil {
		t.Fatal(err)
	}
}

func kind(t *testing.T, what string, err error, want errs.Kind) {
	t.Helper()
	if errs.KindOf(err) != want {
		t.Errorf("%s: %v, want %q", what, err, want)
	}
}

func pending(t *testing.T, w *boardtest.World, by accounts.Actor) (emails []string, ids []int64) {
	t.Helper()
	all, err := invitesOf(w).List(t.Context(), by, w.Project.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		emails, ids = append(emails, p.Email), append(ids, p.ID)
	}
	return emails, ids
}

func TestAMailInvitesOnePerson(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		if n := send(t, w, w.Owner, "New@example.org", "new@EXAMPLE.org", " other@example.org "); n != 2 {
			t.Errorf("%d were invited, want 2", n)
		}
		if n := send(t, w, w.Owner, "NEW@example.org"); n != 0 {
			t.Errorf("an address with an open invitation got another")
		}
		sent := mails(t, w)
		if len(sent) != 2 || sent[0].Recipient != "New@example.org" || !strings.Contains(sent[0].Subject, "olive invites you to board") || !strings.Contains(sent[0].TextBody, "able to edit") {
			t.Fatalf("mails %+v", sent)
		}
		inv, err := w.Projects.Invitation(t.Context(), w.Nobody, sent[0].code(t))
		if err != nil || inv.From.Name != "olive" || inv.Email != "New@example.org" || inv.Role != projects.RoleAdmin {
			t.Errorf("%+v, %v", inv, err)
		}
		if _, role, err := w.Projects.Join(t.Context(), w.Stranger, sent[0].code(t)); err != nil || role != projects.RoleAdmin {
			t.Errorf("joined as %q, %v", role, err)
		}
		late := accounts.MakeUser(t, w.DB, "late")
		_, _, err = w.Projects.Join(t.Context(), late, sent[0].code(t))
		kind(t, "a second person", err, errs.NotFound)
		err = w.DB.InTx(t.Context(), func(ctx context.Context) error { return invitesOf(w).UseInvite(ctx, sent[0].code(t), late.UserID) })
		kind(t, "used behind the back of projects", err, errs.NotFound)
		if inv, err := w.Projects.Invitation(t.Context(), late, sent[0].code(t)); err != nil || inv.End != projects.InviteUsed {
			t.Errorf("used: %+v, %v", inv, err)
		}
		if emails, _ := pending(t, w, w.Owner); !slices.Equal(emails, []string{"other@example.org"}) {
			t.Errorf("pending %v", emails)
		}
	})
}

func TestBadAddressesInviteNobody(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		many := make([]string, 21)
		for n := range many {
			many[n] = fmt.Sprintf("a%d@example.org", n)
		}
		for what, emails := range map[string][]string{
			"none": {}, "empty": {""}, "no address": {"ok@example.org", "ben"}, "two in one": {"a@b.example,c@d.example"},
			"a header": {"a@b.example\r\nBcc: c@d.example"}, "a name": {"Ben <ben@example.org>"}, "too many": many,
			"too long": {strings.Repeat("a", 250) + "@example.org"}, "one's own": {"ok@example.org", "olive@example.org"},
		} {
			_, err := invitesOf(w).Send(t.Context(), projects.By(w.Owner, w.Project.ID), emails, projects.RoleAdmin, "en")
			if e := errs.As(err); e == nil || e.Kind != errs.Invalid || e.Fields["emails"].Key == "" {
				t.Errorf("%s: %v", what, err)
			}
		}
		_, err := invitesOf(w).Send(t.Context(), projects.By(w.Owner, w.Project.ID), many[:20], "owner", "en")
		kind(t, "the role of the owner", err, errs.Invalid)
		if all := mails(t, w); len(all) != 0 {
			t.Errorf("mails to %+v", all)
		}
		for n := range 5 {
			for i := range many[:20] {
				many[i] = fmt.Sprintf("b%d-%d@example.org", n, i)
			}
			send(t, w, w.Owner, many[:20]...)
		}
		_, err = invitesOf(w).Send(t.Context(), projects.By(w.Owner, w.Project.ID), []string{"one@example.org"}, projects.RoleAdmin, "en")
		kind(t, "one beyond a hundred", err, errs.Invalid)
	})
}

// TestWhoInvitesByMail: admins only where the owner lets them, and they see and
// withdraw only what they sent.
func TestWhoInvitesByMail(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, id, m := t.Context(), w.Project.ID, invitesOf(w)
		all := func(by accounts.Actor, invite int64) []error {
			_, sent := m.Send(ctx, projects.By(by, id), []string{"x@example.org"}, projects.RoleAdmin, "en")
			_, listed := m.List(ctx, by, id)
			return []error{sent, listed, m.Withdraw(ctx, projects.By(by, id), invite), m.Resend(ctx, projects.By(by, id), invite, "en")}
		}
		send(t, w, w.Owner, "first@example.org")
		_, ids := pending(t, w, w.Owner)
		for who, by := range map[string]accounts.Actor{"admin": w.Admin, "reader": w.Reader, "stranger": w.Stranger, "signed out": w.Nobody} {
			want := errs.Forbidden
			if by == w.Stranger || by == w.Nobody {
				want = errs.NotFound
			}
			for n, err := range all(by, ids[0]) {
				kind(t, fmt.Sprintf("%s, %d", who, n), err, want)
			}
		}
		if _, err := w.Projects.LetAdminsInvite(ctx, projects.By(w.Owner, id), true); err != nil {
			t.Fatal(err)
		}
		send(t, w, w.Admin, "second@example.org")
		if emails, _ := pending(t, w, w.Admin); !slices.Equal(emails, []string{"second@example.org"}) {
			t.Errorf("the admin sees %v", emails)
		}
		if emails, _ := pending(t, w, w.Owner); !slices.Equal(emails, []string{"second@example.org", "first@example.org"}) {
			t.Errorf("the owner sees %v", emails)
		}
		kind(t, "the admin withdraws the owner's", m.Withdraw(ctx, projects.By(w.Admin, id), ids[0]), errs.NotFound)
		kind(t, "the admin sends the owner's", m.Resend(ctx, projects.By(w.Admin, id), ids[0], "en"), errs.NotFound)
		// What an admin has sent ends when the owner removes the admin.
		code := mails(t, w)[1].code(t)
		if _, err := w.Projects.Remove(ctx, projects.By(w.Owner, id), w.Admin.UserID); err != nil {
			t.Fatal(err)
		}
		_, _, err := w.Projects.Join(ctx, w.Stranger, code)
		kind(t, "by the invitation of someone removed", err, errs.NotFound)
		if _, _, err := w.Projects.Join(ctx, w.Stranger, mails(t, w)[0].code(t)); err != nil {
			t.Errorf("by the owner's: %v", err)
		}
	})
}

func TestWithdrawResendAndExpiry(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, r, m := t.Context(), projects.By(w.Owner, w.Project.ID), invitesOf(w)
		send(t, w, w.Owner, "one@example.org")
		_, ids := pending(t, w, w.Owner)
		if err := m.Resend(ctx, r, ids[0], "de"); err != nil {
			t.Fatal(err)
		}
		sent := mails(t, w)
		if len(sent) != 2 || sent[1].code(t) != sent[0].code(t) || !strings.Contains(sent[1].Subject, "lädt dich") {
			t.Errorf("mails %+v", sent)
		}
		code := sent[0].code(t)
		end := func() projects.InviteEnd {
			inv, err := w.Projects.Invitation(ctx, w.Stranger, code)
			if err != nil {
				t.Fatal(err)
			}
			return inv.End
		}
		now := time.Now().UTC()
		exec(t, w, "UPDATE invite SET expires_at = ?", now.Add(time.Minute))
		if got := end(); got != "" {
			t.Errorf("a minute before its end: %q", got)
		}
		exec(t, w, "UPDATE invite SET expires_at = ?", now.Add(-time.Minute))
		_, _, err := w.Projects.Join(ctx, w.Stranger, code)
		kind(t, "after its end", err, errs.NotFound)
		if got := end(); got != projects.InviteExpired {
			t.Errorf("after its end: %q", got)
		}
		if err := m.Resend(ctx, r, ids[0], "en"); err != nil || end() != "" {
			t.Errorf("sent again: %v, %q", err, end())
		}
		if err := m.Withdraw(ctx, r, ids[0]); err != nil || end() != projects.InviteWithdrawn {
			t.Errorf("withdrawn: %v, %q", err, end())
		}
		kind(t, "withdrawn twice", m.Withdraw(ctx, r, ids[0]), errs.NotFound)
		kind(t, "sent after it was withdrawn", m.Resend(ctx, r, ids[0], "en"), errs.NotFound)
		other := w.MakeProject(t, "other", true)
		send(t, w, w.Owner, "two@example.org")
		_, ids = pending(t, w, w.Owner)
		kind(t, "withdrawn from another project", m.Withdraw(ctx, projects.By(w.Owner, other.ID), ids[0]), errs.NotFound)

		count := func() (n int64) {
			if err := w.DB.From(ctx).Table("invite").Count(&n).Error; err != nil {
				t.Fatal(err)
			}
			return n
		}
		exec(t, w, "UPDATE invite SET ended_at = ? WHERE ended_at IS NOT NULL", now.Add(-29*24*time.Hour))
		if err := m.Sweep(ctx); err != nil || count() != 2 {
			t.Errorf("29 days after the end: %v, %d rows", err, count())
		}
		exec(t, w, "UPDATE invite SET ended_at = ? WHERE ended_at IS NOT NULL", now.Add(-31*24*time.Hour))
		if err := m.Sweep(ctx); err != nil || count() != 1 {
			t.Errorf("31 days after the end: %v, %d rows", err, count())
		}
		if err := w.Projects.Delete(ctx, w.Owner, w.Project.ID, nil); err != nil || count() != 0 {
			t.Errorf("with the project: %v, %d rows", err, count())
		}
	})
}

// TestAnAccountIsToldOnItsStartPage, and the sender cannot tell it from an address
// without one.
func TestAnAccountIsToldOnItsStartPage(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, m := t.Context(), invitesOf(w)
		waiting := func(by accounts.Actor) int {
			t.Helper()
			part, err := m.HomePart(ctx, by.UserID)
			n, badgeErr := m.BadgeCount(ctx, by.UserID, time.Time{}, module.Unwanted{})
			if err != nil || badgeErr != nil || n != len(part.Feed) {
				t.Fatalf("%v, %v, badge %d of %d entries", err, badgeErr, n, len(part.Feed))
			}
			return n
		}
		blocking := accounts.MakeUser(t, w.DB, "blocking")
		exec(t, w, "UPDATE user SET block_all_friendship_requests = ? WHERE id = ?", true, blocking.UserID)
		for _, by := range []accounts.Actor{w.Stranger, w.Reader, blocking} {
			send(t, w, w.Owner, by.Name+"@example.org")
		}
		send(t, w, w.Owner, "nobody@example.org")
		if waiting(w.Stranger) != 1 || waiting(w.Reader) != 0 || waiting(blocking) != 0 {
			t.Errorf("entries: %d of a stranger, %d of a member, %d of one who blocks requests", waiting(w.Stranger), waiting(w.Reader), waiting(blocking))
		}
		all, err := m.List(ctx, w.Owner, w.Project.ID)
		if err != nil || len(all) != 4 || len(mails(t, w)) != 4 {
			t.Fatalf("%+v, %v, %d mails", all, err, len(mails(t, w)))
		}
		for _, p := range all {
			p.Email, p.ID = "", 0
			if want := (invites.Pending{Role: projects.RoleAdmin, From: "olive", SentAt: p.SentAt, ExpiresAt: p.ExpiresAt}); p != want {
				t.Errorf("%+v, want %+v", p, want)
			}
		}
		code := mails(t, w)[0].code(t)
		kind(t, "another dismisses it", m.Dismiss(ctx, w.Reader, code), errs.NotFound)
		if err := m.Dismiss(ctx, w.Stranger, code); err != nil || waiting(w.Stranger) != 0 {
			t.Errorf("dismissed: %v, %d entries", err, waiting(w.Stranger))
		}
		if _, _, err := w.Projects.Join(ctx, w.Stranger, code); err != nil {
			t.Errorf("joining by the mail after that: %v", err)
		}
	})
}
