package admin

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
	"taskstack.org/platform/web"
)

// guest is a page of another module.
type guest struct {
	module.AdminPage
	module string
}

func (g guest) path() string { return basePath + "/" + g.Path }

// Connect collects what each module adds.
func (m *Module) Connect(all []module.Module) {
	for _, each := range all {
		if previewer, ok := each.(module.MailPreviewer); ok {
			m.mails.previewers[each.Name()] = previewer
		}
		g, ok := each.(module.AdminGuest)
		if !ok {
			continue
		}
		part := g.AdminPart()
		for _, p := range part.Pages {
			m.guests = append(m.guests, guest{p, each.Name()})
		}
		m.figures.all = append(m.figures.all, part.Figures...)
		if part.Person != nil {
			m.facts = append(m.facts, part.Person)
		}
	}
	slices.SortStableFunc(m.guests, func(a, b guest) int { return cmp.Compare(a.Order, b.Order) })
	slices.SortStableFunc(m.figures.all, func(a, b module.AdminFigure) int { return cmp.Compare(a.Order, b.Order) })
}

// guest returns the page of a path. NotFound if there is none.
func (m *Module) guest(path string) (guest, error) {
	i := slices.IndexFunc(m.guests, func(g guest) bool { return g.Path == path })
	if i < 0 {
		return guest{}, errs.Of(errs.NotFound)
	}
	return m.guests[i], nil
}

// guestPage shows a page of another module.
type guestPage struct {
	page
	refused
	// Title is the key of what the page is called, Module the folder of its piece.
	Title, Module string
	Base          string
	View          any
	// Typed is what a refused form had, without its password.
	Typed map[string]string
}

func (m *Module) showGuest(c *web.Context, by Acting) error {
	return m.guestPage(c, by, http.StatusOK, refused{})
}

func (m *Module) guestPage(c *web.Context, by Acting, status int, r refused) error {
	if err := m.check(c.Ctx(), by.Actor, false); err != nil {
		return err
	}
	g, err := m.guest(c.Param("page"))
	if err != nil {
		return err
	}
	p := &guestPage{page: m.newPage(g.path()), refused: r, Title: g.Title, Module: g.module, Base: g.path(), Typed: typed(c)}
	if p.View, err = g.View(c.Ctx(), c.Request.URL.Query()); err != nil {
		return err
	}
	return c.Page(status, "admin/guest", p)
}

// typed returns the fields of the form that was refused.
func typed(c *web.Context) map[string]string {
	fields := map[string]string{}
	for name, values := range c.Request.PostForm {
		if name != "password" && len(values) > 0 {
			fields[name] = values[0]
		}
	}
	return fields
}

func (m *Module) doGuest(c *web.Context, by Acting) error {
	if err := m.check(c.Ctx(), by.Actor, false); err != nil {
		return err
	}
	g, err := m.guest(c.Param("page"))
	if err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	by.Reason, by.Password = form.Get("reason"), form.Get("password")
	done, err := m.actOf(c.Ctx(), by, g, c.Param("act"), form)
	if status, ok := formStatus(c, err); ok {
		return m.guestPage(c, by, status, refusedBy(c, err))
	}
	if err != nil {
		return err
	}
	if done.Message.Key != "" {
		if err := c.Flash(c.T(done.Message.Key, done.Message.Params...)); err != nil {
			return err
		}
	}
	return c.SeeOther(cmp.Or(done.Path, g.path()))
}

// actOf does an act of another module's page. Errors: NotFound; errUnconfirmed;
// Invalid with the fields reason, password; those of the act.
func (s *Service) actOf(ctx context.Context, by Acting, g guest, name string, form url.Values) (done module.AdminDone, err error) {
	i := slices.IndexFunc(g.Acts, func(a module.AdminAct) bool { return a.Name == name })
	if i < 0 {
		return done, errs.Of(errs.NotFound)
	}
	if by, err = by.cleaned(g.Acts[i].Explained); err != nil {
		return done, err
	}
	run := s.act
	if g.Acts[i].Dangerous {
		run = s.dangerousAct
	}
	err = run(ctx, by, AuditEntry{Act: g.module + ":" + name}, func(ctx context.Context, e *AuditEntry) error {
		done, err = g.Acts[i].Do(ctx, module.AdminInput{Form: form, UserID: by.UserID, Name: by.Name, Lang: by.Lang, Address: by.Address, Reason: by.Reason})
		e.Subject, e.BeforeText, e.AfterText = done.Subject, done.Before, done.After
		return err
	})
	return done, err
}
