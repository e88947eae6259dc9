package admin

import (
	"context"
	"slices"
	"sync"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/i18n"
	"taskstack.org/platform/settings"
	"taskstack.org/platform/views"
)

// maxBanner is how long an announcement may be, in characters.
const maxBanner = 300

// on and off are the values of a switch.
const (
	on  = "on"
	off = "off"
)

// eventBanners tells pages what is announced from now on.
const eventBanners = "site_banners"

// announcements is what administrators tell everyone: an announcement with a beginning
// and an end, and that the site is read-only.
type announcements struct {
	// texts are by language.
	texts       map[string]*settings.Value
	from, until *settings.Value
	maintenance *settings.Value
	catalogue   func() *i18n.Catalogue
	now         func() time.Time
	send        func(event string, args ...any)

	mu sync.Mutex
	// sent is what pages were told last.
	sent []wireBanner
}

// languages are those of announcements.
func languages() []string { return []string{"en", "de"} }

func newAnnouncements(s *settings.Store, catalogue func() *i18n.Catalogue, now func() time.Time) *announcements {
	const group = "admin.announcement.group"
	a := &announcements{texts: map[string]*settings.Value{}, catalogue: catalogue, now: now}
	a.maintenance = s.Add(settings.Definition{
		Name: "admin.maintenance", Group: "admin.maintenance.group", Title: "admin.maintenance", Hint: "admin.maintenance.hint", Order: 30, Kind: settings.Choice,
		Options: []settings.Option{{Value: off, Title: "admin.maintenance.off"}, {Value: on, Title: "admin.maintenance.on"}}, Default: off,
	})
	a.texts["en"] = s.Add(settings.Definition{
		Name: "admin.announcement.en", Group: group, Title: "admin.announcement.en", Hint: "admin.announcement.hint", Order: 20, Kind: settings.Text, Most: maxBanner,
	})
	a.texts["de"] = s.Add(settings.Definition{
		Name: "admin.announcement.de", Group: group, Title: "admin.announcement.de", Hint: "admin.announcement.hint", Order: 21, Kind: settings.Text, Most: maxBanner,
	})
	a.from = s.Add(settings.Definition{Name: "admin.announcement.from", Group: group, Title: "admin.announcement.from", Hint: "admin.announcement.fromHint", Order: 22, Kind: settings.Moment})
	a.until = s.Add(settings.Definition{Name: "admin.announcement.until", Group: group, Title: "admin.announcement.until", Hint: "admin.announcement.untilHint", Order: 23, Kind: settings.Moment})
	s.OnChange(a.tell)
	return a
}

// Banners are what pages in a language show at this moment.
func (a *announcements) Banners(lang string) []views.Banner {
	var all []views.Banner
	if a.maintenance.Is(on) {
		all = append(all, views.Banner{Kind: "warning", Text: a.catalogue().T(lang, "admin.maintenance.banner")})
	}
	if text := a.text(lang); text != "" && a.isTime() {
		all = append(all, views.Banner{Text: text})
	}
	return all
}

// text is the announcement in a language, or else in one that it is in.
func (a *announcements) text(lang string) string {
	for _, l := range append([]string{lang}, languages()...) {
		if v := a.texts[l]; v != nil && v.Text() != "" {
			return v.Text()
		}
	}
	return ""
}

// isTime reports whether the announcement has begun and has not ended.
func (a *announcements) isTime() bool {
	now := a.now()
	from, until := a.from.Moment(), a.until.Moment()
	return !now.Before(from) && (until.IsZero() || now.Before(until))
}

// wireBanner is a banner as pages are told: its texts by language.
type wireBanner struct {
	Kind string            `json:"kind"`
	Text map[string]string `json:"text"`
}

// wireBanners is the payload of site_banners.
type wireBanners struct {
	Banners []wireBanner `json:"banners"`
}

// wire returns the banners of this moment in all languages.
func (a *announcements) wire() []wireBanner {
	all := []wireBanner{}
	for i, lang := range languages() {
		for n, b := range a.Banners(lang) {
			if i == 0 {
				all = append(all, wireBanner{Kind: b.Kind, Text: map[string]string{}})
			}
			all[n].Text[lang] = b.Text
		}
	}
	return all
}

// tell sends the banners to the pages of this server if they are others than before.
func (a *announcements) tell() {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.wire()
	same := slices.EqualFunc(a.sent, now, func(x, y wireBanner) bool {
		return x.Kind == y.Kind && x.Text["en"] == y.Text["en"] && x.Text["de"] == y.Text["de"]
	})
	if same {
		return
	}
	a.sent = now
	if a.send != nil {
		a.send(eventBanners, wireBanners{now})
	}
}

// run tells pages when an announcement begins or ends, until ctx ends.
func (a *announcements) run(ctx context.Context) error {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			a.tell()
		}
	}
}

// isReadOnly reports whether a person may change nothing because of the maintenance.
// While there is none it asks no database.
func (m *Module) isReadOnly(ctx context.Context) (bool, error) {
	if !m.announcements.maintenance.Is(on) {
		return false, nil
	}
	err := m.checkAdmin(ctx, accounts.ActorFrom(ctx), false)
	if errs.KindOf(err) == errs.NotFound {
		return true, nil
	}
	return false, err
}

// guardPost refuses forms during the maintenance.
func (m *Module) guardPost(ctx context.Context) error {
	readOnly, err := m.isReadOnly(ctx)
	if readOnly {
		return errs.New(errs.Unavailable, "admin.maintenance.refused")
	}
	return err
}

// guardEvent refuses changes by sockets during the maintenance. They are Forbidden, so
// that a client undoes them and says why, and does not send them again.
func (m *Module) guardEvent(ctx context.Context) error {
	readOnly, err := m.isReadOnly(ctx)
	if readOnly {
		return errs.New(errs.Forbidden, "admin.maintenance.refused")
	}
	return err
}
