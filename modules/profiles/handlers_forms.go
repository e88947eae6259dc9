package profiles

import (
	"net/url"
	"strconv"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
	"taskstack.org/platform/web"
)

// Fields of the form for deletion: one per project, heir-⟨id⟩, whose value is a
// collaborator's name, or "-", which is no valid name, to delete it too. Empty:
// no choice was made yet.
const (
	newOwnerPrefix = "heir-"
	deleteToo      = "-"
)

type nameForm struct {
	Name     string `form:"newUsername,required"`
	Password string `form:"password,required"`
}

func (m *Module) changeName(c *web.Context, _ url.Values) error {
	in, err := web.DecodeForm[nameForm](c)
	if err != nil {
		return err
	}
	name := text.Identifier(in.Name)
	if err := m.ChangeName(c.Ctx(), accounts.ActorFrom(c.Ctx()), name, in.Password, requestInfo(c)); err != nil {
		return err
	}
	return m.saved(c, name, "profiles.settings.nameChanged", "Name", name)
}

type emailForm struct {
	Email    string `form:"newEmail,required"`
	Password string `form:"password,required"`
}

func (m *Module) changeEmail(c *web.Context, _ url.Values) error {
	in, err := web.DecodeForm[emailForm](c)
	if err != nil {
		return err
	}
	by := accounts.ActorFrom(c.Ctx())
	back := settingsPath(by.Name)
	token, err := m.auth.Verifications.ChangeEmail(c.Ctx(), by, in.Email, in.Password, back, requestInfo(c))
	if err != nil {
		return err
	}
	return c.SeeOther(web.WithContinue("/verify-email/"+token, back))
}

func (m *Module) cancelEmailChange(c *web.Context, _ url.Values) error {
	by := accounts.ActorFrom(c.Ctx())
	if err := m.auth.Verifications.CancelEmailChange(c.Ctx(), by); err != nil {
		return err
	}
	return m.saved(c, by.Name, "profiles.settings.emailKept")
}

type passwordForm struct {
	Old string `form:"old_password,required"`
	New string `form:"newPassword,required"`
}

func (m *Module) changePassword(c *web.Context, _ url.Values) error {
	in, err := web.DecodeForm[passwordForm](c)
	if err != nil {
		return err
	}
	by := accounts.ActorFrom(c.Ctx())
	if err := m.auth.Passwords.ChangePassword(c.Ctx(), by, in.Old, in.New, requestInfo(c)); err != nil {
		return err
	}
	return m.saved(c, by.Name, "profiles.settings.passwordChanged")
}

// deletionForm is the form for deletion. In the contract's shape it contains only
// the password; ours also the typed name and the choices for the projects with
// collaborators, which newOwnersOf reads.
type deletionForm struct {
	Password string  `form:"password,required"`
	Name     *string `form:"confirmName"`
}

func (m *Module) deleteAccount(c *web.Context, form url.Values) error {
	in, err := web.DecodeForm[deletionForm](c)
	if err != nil {
		return err
	}
	d := Deletion{Password: in.Password, Name: in.Name, Complete: in.Name != nil}
	d.NewOwners, err = newOwnersOf(form)
	if err != nil {
		return err
	}
	if err := m.DeleteAccount(c.Ctx(), accounts.ActorFrom(c.Ctx()), d); err != nil {
		return err
	}
	if err := m.deps.Sessions.Logout(c.Context); err != nil {
		return err
	}
	if err := c.Flash(c.T("profiles.delete.done")); err != nil {
		return err
	}
	return c.SeeOther("/")
}

func newOwnersOf(form url.Values) ([]NewOwner, error) {
	var owners []NewOwner
	for field, values := range form {
		id, ok := strings.CutPrefix(field, newOwnerPrefix)
		if !ok || values[0] == "" {
			continue
		}
		projectID, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return nil, errs.Field("heirs", "profiles.delete.cannotTransfer", "Name", values[0])
		}
		owners = append(owners, NewOwner{ProjectID: projectID, Name: strings.TrimPrefix(values[0], deleteToo)})
	}
	return owners, nil
}
