package projects_test

import (
	"context"
	"slices"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
)

// TestTheOwnerLetsAdminsInvite: they see the links and add friends of their own,
// but neither renew links nor see the owner's friends; readers gain nothing.
func TestTheOwnerLetsAdminsInvite(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, id := t.Context(), w.Project.ID
		befriend(t, w, w.Admin, w.Stranger)
		let := func(on bool) {
			t.Helper()
			if _, err := w.Projects.LetAdminsInvite(ctx, projects.By(w.Owner, id), on); err != nil {
				t.Fatal(err)
			}
		}
		check := func(what string, err error, want errs.Kind) {
			t.Helper()
			if errs.KindOf(err) != want {
				t.Errorf("%s: %v, want %q", what, err, want)
			}
		}
		_, err := w.Projects.InviteLinks(ctx, w.Admin, id)
		check("an admin at first", err, errs.Forbidden)
		_, err = w.Projects.LetAdminsInvite(ctx, projects.By(w.Admin, id), true)
		check("an admin lets admins invite", err, errs.Forbidden)
		rev := w.Rev(t, w.Project)
		let(true)
		let(true)
		if got := w.Rev(t, w.Project); got != rev+1 {
			t.Errorf("revision %d, want %d: the second time nothing changes", got, rev+1)
		}
		links, err := w.Projects.InviteLinks(ctx, w.Admin, id)
		check("an admin", err, "")
		if len(links) != 2 {
			t.Errorf("links %v", links)
		}
		_, err = w.Projects.RenewInviteLink(ctx, w.Admin, id, projects.RoleAdmin)
		check("an admin renews a link", err, errs.Forbidden)
		_, err = w.Projects.InviteLinks(ctx, w.Reader, id)
		check("a reader", err, errs.Forbidden)
		for by, want := range map[string][]string{"admin": {"steve"}, "owner": {}} {
			actor := w.Admin
			if by == "owner" {
				actor = w.Owner
			}
			people, err := w.Projects.AddableFriends(ctx, actor, id)
			var names []string
			for _, p := range people {
				names = append(names, p.Name)
			}
			if err != nil || !slices.Equal(names, want) {
				t.Errorf("the friends that the %s can add: %v (%v), want %v", by, names, err, want)
			}
		}
		_, err = w.Projects.AddFriend(ctx, projects.By(w.Owner, id), w.Stranger.Name, projects.RoleAccessOnly)
		check("the owner adds a friend of the admin", err, errs.Invalid)
		_, err = w.Projects.AddFriend(ctx, projects.By(w.Admin, id), w.Owner.Name, projects.RoleAccessOnly)
		check("the admin adds the owner", err, errs.Invalid)
		_, err = w.Projects.AddFriend(ctx, projects.By(w.Admin, id), w.Stranger.Name, projects.RoleAccessOnly)
		check("the admin adds a friend", err, "")
		let(false)
		_, err = w.Projects.InviteLinks(ctx, w.Admin, id)
		check("an admin afterwards", err, errs.Forbidden)
	})
}

// TestDemotionRenewsTheLinkForAdmins: who may only read from now on cannot leave
// and come back with the old role.
func TestDemotionRenewsTheLinkForAdmins(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, id := t.Context(), w.Project.ID
		if _, err := w.Projects.SetRole(ctx, projects.By(w.Owner, id), w.Admin.UserID, projects.RoleAccessOnly); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Projects.Invitation(ctx, w.Stranger, w.Project.InviteAsAdminCode); errs.KindOf(err) != errs.NotFound {
			t.Errorf("the link for admins: %v", err)
		}
		if _, err := w.Projects.Invitation(ctx, w.Stranger, w.Project.InviteCode); err != nil {
			t.Errorf("the link for readers: %v", err)
		}
	})
}

// TestAnInvitationShowsTheShapeOfTheBoard, and of one that has ended nothing but
// why.
func TestAnInvitationShowsTheShapeOfTheBoard(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, id := t.Context(), w.Project.ID
		full := lists.MakeList(t, w.Lists.Service, w.Owner, id, "full")
		lists.MakeList(t, w.Lists.Service, w.Owner, id, "empty")
		for _, name := range []string{"one", "two"} {
			cards.MakeCard(t, w.Cards.Service, w.Owner, id, full, name)
		}
		inv, err := w.Projects.Invitation(ctx, w.Nobody, w.Project.InviteCode)
		if err != nil || inv.From.Name != "olive" || inv.Members != 3 || inv.Role != projects.RoleAccessOnly || inv.Already {
			t.Errorf("%+v, %v", inv, err)
		}
		got := slices.Clone(inv.Outline)
		slices.Sort(got)
		if !slices.Equal(got, []int{0, 2}) || inv.Cards() != 2 {
			t.Errorf("outline %v, %d cards", inv.Outline, inv.Cards())
		}
		if err := w.Projects.SwitchInviteLink(ctx, w.Owner, id, projects.RoleAccessOnly, false); err != nil {
			t.Fatal(err)
		}
		inv, err = w.Projects.Invitation(ctx, w.Stranger, w.Project.InviteCode)
		if err != nil || inv.End != projects.InviteSwitchedOff || inv.Project != (projects.Project{}) || inv.ProjectID != 0 || inv.Outline != nil || inv.Members != 0 {
			t.Errorf("switched off: %+v, %v", inv, err)
		}
		inv, err = w.Projects.Invitation(ctx, w.Reader, w.Project.InviteCode)
		if err != nil || !inv.Already || inv.Project.ID != id {
			t.Errorf("a member by a link that is off: %+v, %v", inv, err)
		}
	})
}

// oneInvite is a source with one invitation.
type oneInvite struct {
	code   string
	invite projects.Invite
}

func (o *oneInvite) FindInvite(_ context.Context, code string) (projects.Invite, error) {
	if code != o.code {
		return projects.Invite{}, errs.Of(errs.NotFound)
	}
	return o.invite, nil
}

func (o *oneInvite) UseInvite(_ context.Context, _ string, userID int64) error {
	if o.invite.End != "" {
		return errs.Of(errs.NotFound)
	}
	o.invite.End, o.invite.UsedBy = projects.InviteUsed, userID
	return nil
}

// TestAnInvitationOfAnotherSourceLetsInOnePerson, shows who invites, and is not
// used by people who are members.
func TestAnInvitationOfAnotherSourceLetsInOnePerson(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx := t.Context()
		source := &oneInvite{code: "by-mail", invite: projects.Invite{
			ProjectID: w.Project.ID, Role: projects.RoleAdmin, From: w.Admin.UserID, Email: "new@example.org",
		}}
		w.Projects.AddInviteSource(source)
		inv, err := w.Projects.Invitation(ctx, w.Nobody, "by-mail")
		if err != nil || inv.From.Name != "adam" || inv.Email != "new@example.org" || inv.Project.ID != w.Project.ID {
			t.Errorf("%+v, %v", inv, err)
		}
		if _, role, err := w.Projects.Join(ctx, w.Reader, "by-mail"); err != nil || role != projects.RoleAccessOnly || source.invite.End != "" {
			t.Errorf("a member joins: %s, %v, %+v", role, err, source.invite)
		}
		if _, _, err := w.Projects.Join(ctx, w.Nobody, "by-mail"); errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("signed out: %v", err)
		}
		if _, role, err := w.Projects.Join(ctx, w.Stranger, "by-mail"); err != nil || role != projects.RoleAdmin || source.invite.UsedBy != w.Stranger.UserID {
			t.Errorf("a stranger joins: %s, %v, %+v", role, err, source.invite)
		}
		inv, err = w.Projects.Invitation(ctx, w.Nobody, "by-mail")
		if err != nil || inv.End != projects.InviteUsed || inv.Email != "" || inv.Project.ID != 0 {
			t.Errorf("used: %+v, %v", inv, err)
		}
		if got, want := members(t, w, w.Project), []string{"olive:owner", "adam:admin", "rita:access-only", "steve:admin"}; !slices.Equal(got, want) {
			t.Errorf("members %v, want %v", got, want)
		}
	})
}
