package admin

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/i18n"
	"taskstack.org/platform/mail"
	"taskstack.org/platform/module"
)

// Mails is what admin needs of the queue of mails.
type Mails interface {
	Enqueue(ctx context.Context, m mail.Message) error
	Unsent(ctx context.Context, limit int) ([]mail.Queued, error)
	Counts(ctx context.Context) (waiting, failed int, err error)
	TryNow(ctx context.Context) (int64, error)
}

// mailPage is the page of the queue of mails.
type mailPage struct {
	queue     Mails
	people    People
	catalogue func() *i18n.Catalogue
	publicURL string
	// previewers are the modules that write mails, by name.
	previewers map[string]module.MailPreviewer
}

// mailView is what the page shows.
type mailView struct {
	Waiting, Failed int
	Mails           []mail.Queued
	// Templates are the names of all mails, Preview the one that was chosen, in each
	// language; nil for none.
	Templates []string
	Chosen    string
	Preview   []mailPreview
}

// mailPreview is an example of a mail in a language.
type mailPreview struct {
	Lang string
	mail.Message
}

// previewLangs are the languages of previews.
var previewLangs = []string{i18n.English, i18n.German}

// previews returns the examples of all mails in a language, by the names of module
// and mail: "auth.signUp".
func (p *mailPage) previews(lang string) (map[string]mail.Message, error) {
	all := map[string]mail.Message{}
	for name, each := range p.previewers {
		some, err := each.MailPreviews(lang)
		if err != nil {
			return nil, err
		}
		for _, one := range some {
			all[name+"."+one.Name] = one.Message
		}
	}
	return all, nil
}

// addPreviews adds the list of mails, and the one that was chosen. Errors: NotFound.
func (p *mailPage) addPreviews(v *mailView, chosen string) error {
	v.Chosen = chosen
	for _, lang := range previewLangs {
		all, err := p.previews(lang)
		if err != nil {
			return err
		}
		v.Templates = slices.Sorted(maps.Keys(all))
		if chosen == "" {
			return nil
		}
		message, ok := all[chosen]
		if !ok {
			return errs.Of(errs.NotFound)
		}
		v.Preview = append(v.Preview, mailPreview{lang, message})
	}
	return nil
}

// sendPreview sends the administrator an example of a mail in each language, since mail
// programs show more than a page can. Errors: NotFound.
func (p *mailPage) sendPreview(ctx context.Context, in module.AdminInput) (module.AdminDone, error) {
	var v mailView
	name := in.Form.Get("template")
	err := p.addPreviews(&v, name)
	if err == nil && len(v.Preview) == 0 {
		err = errs.Of(errs.NotFound)
	}
	if err != nil {
		return module.AdminDone{}, err
	}
	found, err := p.people.Directory(ctx, accounts.DirectoryQuery{Among: []int64{in.UserID}, Limit: 1})
	if err != nil || len(found) == 0 {
		return module.AdminDone{}, err
	}
	for _, one := range v.Preview {
		one.To, one.Unsubscribe, one.Expires = found[0].Email, "", time.Time{}
		if err := p.queue.Enqueue(ctx, one.Message); err != nil {
			return module.AdminDone{}, err
		}
	}
	return module.AdminDone{Subject: name, Message: errs.Text("admin.mails.testSent", "Email", found[0].Email)}, nil
}

func (p *mailPage) page() module.AdminPage {
	return module.AdminPage{
		Path: "mails", Title: "admin.mails.title", Order: 80, View: p.view,
		Acts: []module.AdminAct{
			{Name: "tryNow", Title: "admin.mails.tryNow", Do: p.tryNow},
			{Name: "sendTest", Title: "admin.mails.sendTest", Do: p.sendTest},
			{Name: "sendPreview", Title: "admin.mails.sendPreview", Do: p.sendPreview},
		},
	}
}

func (p *mailPage) view(ctx context.Context, query url.Values) (any, error) {
	var v mailView
	err := p.addPreviews(&v, query.Get("preview"))
	if err != nil {
		return nil, err
	}
	if v.Waiting, v.Failed, err = p.queue.Counts(ctx); err != nil {
		return nil, err
	}
	v.Mails, err = p.queue.Unsent(ctx, pageSize)
	return ownView{Mails: &v}, err
}

func (p *mailPage) waiting(ctx context.Context, _ time.Time) (int64, error) {
	n, _, err := p.queue.Counts(ctx)
	return int64(n), err
}

func (p *mailPage) tryNow(ctx context.Context, _ module.AdminInput) (module.AdminDone, error) {
	n, err := p.queue.TryNow(ctx)
	return module.AdminDone{After: strconv.FormatInt(n, 10), Message: errs.Text("admin.mails.tried", "Count", int(n))}, err
}

// sendTest sends a mail to the administrator. It takes the way of all mails.
func (p *mailPage) sendTest(ctx context.Context, in module.AdminInput) (module.AdminDone, error) {
	found, err := p.people.Directory(ctx, accounts.DirectoryQuery{Among: []int64{in.UserID}, Limit: 1})
	if err != nil || len(found) == 0 {
		return module.AdminDone{}, err
	}
	t := func(key string, params ...any) string { return p.catalogue().T(in.Lang, key, params...) }
	m, err := mail.Letter{
		Lang: in.Lang, Product: "Taskstack", Subject: "[Taskstack] " + t("admin.mails.testSubject"), Greeting: t("admin.mails.testGreeting", "Name", found[0].Name),
		Text: []string{t("admin.mails.testText", "URL", p.publicURL)},
	}.To(found[0].Email)
	if err != nil {
		return module.AdminDone{}, err
	}
	return module.AdminDone{Subject: found[0].Email, Message: errs.Text("admin.mails.testSent", "Email", found[0].Email)}, p.queue.Enqueue(ctx, m)
}
