package admin

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"taskstack.org/platform/config"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
	"taskstack.org/platform/settings"
)

// actSet is the name of a change of a setting in the audit log.
const actSet = actPrefix + "set"

// shownChanges is how many changes of a setting its page shows.
const shownChanges = 20

// settingsPage shows and changes settings.
type settingsPage struct {
	store         *settings.Store
	repo          repository
	configuration []config.Line
	// refuse returns an error for a change that would lock out who makes it.
	refuse func(name, typed, address string) error
}

// settingsView is what the page shows: all settings, or one.
type settingsView struct {
	Groups []settingGroup
	// Configuration is what the environment says.
	Configuration []config.Line
	One           *shownSetting
	// History are the changes of One, the newest first.
	History []settingChange
}

// settingGroup is the settings with a heading.
type settingGroup struct {
	Title    string
	Settings []shownSetting
}

// shownSetting is a setting with its value as people read it.
type shownSetting struct {
	*settings.Value
	// ShownKey is the key of the value of a Choice, Shown the value of others.
	ShownKey, Shown string
}

// settingChange is a change of a setting.
type settingChange struct {
	AuditEntry
	// Whole is true if the value before is known in full, so that it can be restored.
	Whole bool
}

func shownOf(v *settings.Value) shownSetting {
	s := shownSetting{Value: v, Shown: v.Text()}
	for _, o := range v.Options {
		if o.Value == s.Shown {
			s.ShownKey = o.Title
		}
	}
	switch {
	case v.Kind == settings.List:
		s.Shown = strings.Join(v.Lines(), ", ")
	case v.Kind == settings.Moment && s.Shown != "":
		s.Shown = strings.Replace(s.Shown, "T", " ", 1) + " UTC"
	}
	return s
}

func (p *settingsPage) page() module.AdminPage {
	return module.AdminPage{
		Path: "settings", Title: "admin.settings.title", Order: 70, View: p.view,
		Acts: []module.AdminAct{{Name: "set", Title: "admin.settings.set", Do: p.set}},
	}
}

func (p *settingsPage) view(ctx context.Context, query url.Values) (any, error) {
	if name := query.Get("name"); name != "" {
		return p.viewOne(ctx, name)
	}
	v := settingsView{Configuration: p.configuration}
	for _, each := range p.store.All() {
		if n := len(v.Groups); n == 0 || v.Groups[n-1].Title != each.Group {
			v.Groups = append(v.Groups, settingGroup{Title: each.Group})
		}
		g := &v.Groups[len(v.Groups)-1]
		g.Settings = append(g.Settings, shownOf(each))
	}
	return ownView{Settings: &v}, nil
}

func (p *settingsPage) viewOne(ctx context.Context, name string) (any, error) {
	value, err := p.store.Find(name)
	if err != nil {
		return nil, err
	}
	one := shownOf(value)
	v := settingsView{One: &one}
	rows, err := p.repo.audit(ctx, AuditQuery{Act: actSet, Name: name, Limit: shownChanges})
	for _, row := range rows {
		v.History = append(v.History, settingChange{row, !strings.HasSuffix(row.BeforeText, "…")})
	}
	return ownView{Settings: &v}, err
}

// set changes a setting. Errors: NotFound; Conflict if the environment sets it; Invalid
// with the field value.
func (p *settingsPage) set(ctx context.Context, in module.AdminInput) (module.AdminDone, error) {
	name := in.Form.Get("name")
	if err := p.refuse(name, in.Form.Get("value"), in.Address); err != nil {
		return module.AdminDone{}, err
	}
	before, after, err := p.store.Set(ctx, name, in.Form.Get("value"))
	var wrong *settings.WrongError
	switch {
	case errors.As(err, &wrong):
		return module.AdminDone{}, errs.Field("value", wrongValue(wrong.Problem), "Least", wrong.Least, "Max", wrong.Most)
	case errs.KindOf(err) == errs.Conflict:
		return module.AdminDone{}, errs.New(errs.Conflict, "admin.settings.locked")
	case err != nil:
		return module.AdminDone{}, err
	}
	return module.AdminDone{Subject: name, Before: before, After: after, Message: errs.Text("admin.settings.saved")}, nil
}

// wrongValue is the key of what is wrong with a value.
func wrongValue(p settings.Problem) string {
	switch p {
	case settings.NoOption:
		return "admin.settings.wrongOption"
	case settings.NoNumber:
		return "admin.settings.wrongNumber"
	case settings.TooLong:
		return "admin.settings.tooLong"
	case settings.TooMany:
		return "admin.settings.tooMany"
	case settings.WrongItem:
		return "admin.settings.wrongItem"
	case settings.NoMoment:
		return "admin.settings.wrongMoment"
	case settings.Characters:
	}
	return "admin.settings.wrongCharacters"
}
