package profiles_test

import (
	"context"
	"errors"
	"maps"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/auth"
	"taskstack.org/modules/profiles"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
)

func wantFields(t *testing.T, err error, want map[string]string) {
	t.Helper()
	got := map[string]string{}
	var e *errs.Error
	if errors.As(err, &e) {
		for field, m := range e.Fields {
			got[field] = m.Key
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("fields %v (%v), want %v", got, err, want)
	}
}

func TestChangeName(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		p := boardtest.Feature[*profiles.Module](w)
		change := func(by accounts.Actor, name, password string) error {
			return p.ChangeName(t.Context(), by, name, password, auth.RequestInfo{})
		}
		wantFields(t, change(w.Owner, "adam", "wrong horse"), map[string]string{"newUsername": "accounts.name.taken", "password": "auth.wrongPassword"})
		wantFields(t, change(w.Owner, "dora", "wrong horse"), map[string]string{"password": "auth.wrongPassword"})
		wantFields(t, change(w.Owner, "ab", accounts.TestPassword), map[string]string{"newUsername": "accounts.name.malformed"})
		if err := change(w.Nobody, "dora", accounts.TestPassword); errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("a visitor: %v", err)
		}
		if _, err := w.Accounts.ByName(t.Context(), "olive"); err != nil {
			t.Errorf("after refusals: %v", err)
		}
		for range 2 { // the second time there is nothing to change
			if err := change(w.Owner, "dora", accounts.TestPassword); err != nil {
				t.Fatal(err)
			}
		}
		events, err := w.Auth.Audit.Events(t.Context(), w.Owner)
		if err != nil || len(events) != 1 || events[0].Kind != "renamed" {
			t.Errorf("security events %+v, %v", events, err)
		}
	})
}

func TestDeleteAccount(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		p := boardtest.Feature[*profiles.Module](w)
		by, _ := auth.MakeLogin(t, w.DB, w.Deps.Sessions, w.Stranger)
		wrong, right := "bobby", "Steve "
		wantFields(t, p.DeleteAccount(t.Context(), by, profiles.Deletion{Password: "wrong horse", Name: &wrong}),
			map[string]string{"password": "auth.wrongPassword", "confirmName": "profiles.delete.wrongName"})
		if err := p.DeleteAccount(t.Context(), w.Nobody, profiles.Deletion{Password: accounts.TestPassword}); errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("a visitor: %v", err)
		}
		if all, err := w.Auth.Logins.List(t.Context(), by); err != nil || len(all) != 1 {
			t.Fatalf("logins after refusals: %v, %v", all, err)
		}
		if err := p.DeleteAccount(t.Context(), by, profiles.Deletion{Password: accounts.TestPassword, Name: &right}); err != nil {
			t.Fatal(err)
		}
		if all, err := w.Auth.Logins.List(t.Context(), by); err != nil || len(all) != 0 {
			t.Errorf("logins afterwards: %v, %v", all, err)
		}
		if err := p.DeleteAccount(t.Context(), by, profiles.Deletion{Password: accounts.TestPassword}); errs.KindOf(err) != errs.NotFound {
			t.Errorf("twice: %v", err)
		}
	})
}

// TestDeleteAccountWithProjects: what others work in is deleted only after a
// decision, and decisions are about one's own projects.
func TestDeleteAccountWithProjects(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		p := boardtest.Feature[*profiles.Module](w)
		refused := func(what string, by accounts.Actor, newOwners []profiles.NewOwner, key string) {
			t.Helper()
			before := w.Dump(t)
			t.Log(what)
			wantFields(t, p.DeleteAccount(t.Context(), by, profiles.Deletion{
				Password: accounts.TestPassword, Complete: true, NewOwners: newOwners,
			}), map[string]string{"heirs": key})
			w.SameDump(t, before)
		}
		refused("undecided", w.Owner, nil, "profiles.delete.undecided")
		for what, by := range map[string]accounts.Actor{"of someone else, by a member": w.Admin, "by a stranger": w.Stranger} {
			for _, name := range []string{"adam", "steve", ""} {
				choice := []profiles.NewOwner{{ProjectID: w.Project.ID, Name: name}}
				refused(what+", for "+name, by, choice, "profiles.delete.cannotTransfer")
				// Before the password is looked at, which would count a wrong one.
				wantFields(t, p.DeleteAccount(t.Context(), by, profiles.Deletion{Password: "wrong horse", NewOwners: choice}),
					map[string]string{"heirs": "profiles.delete.cannotTransfer"})
			}
		}
		refused("to a stranger", w.Owner, []profiles.NewOwner{{ProjectID: w.Project.ID, Name: "steve"}}, "profiles.delete.cannotTransfer")
		if err := p.DeleteAccount(t.Context(), w.Owner, profiles.Deletion{
			Password: accounts.TestPassword, Complete: true, NewOwners: []profiles.NewOwner{{ProjectID: w.Project.ID, Name: "adam"}},
		}); err != nil {
			t.Fatal(err)
		}
		owned, err := w.Projects.Owned(t.Context(), w.Admin)
		if err != nil || len(owned) != 1 || owned[0].ID != w.Project.ID {
			t.Errorf("the new owner has %+v, %v", owned, err)
		}
	})
}

// TestDeleteAccountAfterRename: the typed name is compared with the name at the
// time of the deletion.
func TestDeleteAccountAfterRename(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	p := boardtest.Feature[*profiles.Module](w)
	name := "steve"
	ctx := db.BeforeTx(t.Context(), func() {
		if _, err := w.Accounts.Rename(t.Context(), w.Stranger, "stefan"); err != nil {
			t.Error(err)
		}
	})
	err := p.DeleteAccount(ctx, w.Stranger, profiles.Deletion{Password: accounts.TestPassword, Name: &name})
	wantFields(t, err, map[string]string{"confirmName": "profiles.delete.wrongName"})
	if _, err := w.Accounts.ByName(context.Background(), "stefan"); err != nil {
		t.Errorf("deleted all the same: %v", err)
	}
}
