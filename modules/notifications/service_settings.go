package notifications

import (
	"context"
	"slices"
	"strings"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
)

// Settings are how a person wants to be told of things.
type Settings struct {
	Kinds    []KindSetting
	Projects []ProjectSetting
	// Mails is false for a person who wants no mails of notifications. They go to
	// Address.
	Mails   bool
	Address string
	// Browsers is in how many browsers the person is notified; -1 where the operator has
	// turned that off.
	Browsers int
	// Zone is the name of the time zone, empty if it is not known. QuietFrom and QuietTo
	// are times of the day, empty for no quiet hours.
	Zone, QuietFrom, QuietTo string
}

// KindSetting is what a person has chosen for a kind. Name is the key of its text.
type KindSetting struct {
	Name    string
	Choice  Choice
	Choices []Choice
	// Push is whether browsers tell of it.
	Push bool
}

// ProjectSetting is whether a person wants no notifications of a project.
type ProjectSetting struct {
	ID    int64
	Title string
	Muted bool
}

// maxZone is the width of the column time_zone.
const maxZone = 64

// Settings returns the settings of the actor. Errors: Unauthenticated.
func (s *Service) Settings(ctx context.Context, by accounts.Actor) (Settings, error) {
	if !by.SignedIn() {
		return Settings{}, errs.Of(errs.Unauthenticated)
	}
	all, err := s.repo.persons(ctx, by.UserID)
	if err != nil {
		return Settings{}, err
	}
	p := all[by.UserID]
	out := Settings{Mails: !p.NoMails, Zone: p.TimeZone, QuietFrom: clockText(p.QuietFrom), QuietTo: clockText(p.QuietTo)}
	if out.Kinds, err = s.kindSettings(ctx, by.UserID); err != nil {
		return Settings{}, err
	}
	if out.Projects, err = s.projectSettings(ctx, by); err != nil {
		return Settings{}, err
	}
	if out.Browsers, err = s.countBrowsers(ctx, by.UserID); err != nil {
		return Settings{}, err
	}
	box, err := s.people.MailboxOf(ctx, by.UserID)
	if errs.KindOf(err) == errs.NotFound {
		err = nil
	}
	out.Address = box.Address
	return out, err
}

func (s *Service) kindSettings(ctx context.Context, userID int64) ([]KindSetting, error) {
	choices, err := s.repo.chosenBy(ctx, userID)
	if err != nil {
		return nil, err
	}
	pushes, err := s.repo.pushChoicesOf(ctx, userID)
	if err != nil {
		return nil, err
	}
	var all []KindSetting
	for _, kind := range s.Kinds() {
		wanted, chosen := pushes[kind.Name]
		all = append(all, KindSetting{kind.Name, choiceOf(kind, choices), choicesFor(kind), wanted || !chosen && kind.Push})
	}
	return all, nil
}

// countBrowsers returns in how many browsers a person is notified, -1 without pushes.
func (s *Service) countBrowsers(ctx context.Context, userID int64) (int, error) {
	if s.push == nil {
		return -1, nil
	}
	all, err := s.repo.subscriptions(ctx, userID)
	return len(all), err
}

// choiceOf returns what was chosen for a kind, or its default.
func choiceOf(kind module.NotificationKind, choices map[string]Choice) Choice {
	if c, ok := choices[kind.Name]; ok && slices.Contains(choicesFor(kind), c) {
		return c
	}
	return defaultOf(kind)
}

// projectSettings returns the projects that the actor is a member of, by title.
func (s *Service) projectSettings(ctx context.Context, by accounts.Actor) ([]ProjectSetting, error) {
	home, err := s.boards.Home(ctx, by, nil)
	if err != nil {
		return nil, err
	}
	muted, err := s.repo.mutedBy(ctx, by.UserID)
	if err != nil {
		return nil, err
	}
	var all []ProjectSetting
	for _, tile := range slices.Concat(home.Owned, home.Collab) {
		all = append(all, ProjectSetting{tile.ID, tile.Called(), muted[tile.ID]})
	}
	slices.SortStableFunc(all, func(a, b ProjectSetting) int {
		return strings.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title))
	})
	return all, nil
}

// Input is what a person sets.
type Input struct {
	// Choices are by kind; kinds that are not in it get their default.
	Choices map[string]Choice
	// Pushes are the kinds that browsers tell of; nil leaves that as it is.
	Pushes map[string]bool
	// Muted are the projects of which the person wants no notifications.
	Muted []int64
	Mails bool
	// Zone, QuietFrom and QuietTo are as of Settings.
	Zone, QuietFrom, QuietTo string
	// Lang is the language of the page, and from now on of mails.
	Lang string
}

// SaveSettings stores the settings of the actor. Mails that wait follow them.
//
// Errors: Unauthenticated; Invalid with the field zone or quiet, and for a choice
// that does not exist; NotFound for a project that the actor is not a member of.
func (s *Service) SaveSettings(ctx context.Context, by accounts.Actor, in Input) error {
	if !by.SignedIn() {
		return errs.Of(errs.Unauthenticated)
	}
	p, err := personOf(by.UserID, in)
	if err != nil {
		return err
	}
	choices, err := s.changedChoices(in.Choices)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		if err := s.checkMuted(ctx, by, in.Muted); err != nil {
			return err
		}
		if err := s.repo.savePerson(ctx, p); err != nil {
			return err
		}
		if err := s.repo.replaceChosen(ctx, by.UserID, choices); err != nil {
			return err
		}
		if err := s.repo.replaceMuted(ctx, by.UserID, in.Muted); err != nil {
			return err
		}
		if in.Pushes != nil {
			if err := s.repo.replacePushChoices(ctx, by.UserID, s.changedPushes(in.Pushes)); err != nil {
				return err
			}
		}
		if !in.Mails {
			if err := s.repo.cancelMails(ctx, by.UserID); err != nil {
				return err
			}
		}
		return s.people.SetLang(ctx, by, in.Lang)
	})
}

// personOf returns the row of a person's settings.
func personOf(userID int64, in Input) (person, error) {
	p := person{UserID: userID, TimeZone: in.Zone, NoMails: !in.Mails}
	if _, err := time.LoadLocation(in.Zone); err != nil || len(in.Zone) > maxZone || in.Zone == "Local" {
		return person{}, errs.Field("zone", "notifications.error.zone")
	}
	if in.QuietFrom == "" && in.QuietTo == "" {
		return p, nil
	}
	p.QuietFrom, p.QuietTo = parseClock(in.QuietFrom), parseClock(in.QuietTo)
	if p.QuietFrom == nil || p.QuietTo == nil {
		return person{}, errs.Field("quiet", "notifications.error.quiet")
	}
	return p, nil
}

// changedChoices returns those choices that are not the defaults of their kinds.
func (s *Service) changedChoices(in map[string]Choice) (map[string]Choice, error) {
	changed := map[string]Choice{}
	for name, choice := range in {
		kind, known := s.kinds[name]
		if !known {
			return nil, errs.Malformed(kindField+name, "notifications.error.choice")
		}
		if err := checkChoice(kind, choice); err != nil {
			return nil, err
		}
		if choice != defaultOf(kind) {
			changed[name] = choice
		}
	}
	return changed, nil
}

// changedPushes returns the choices that are not the defaults of their kinds.
func (s *Service) changedPushes(in map[string]bool) map[string]bool {
	changed := map[string]bool{}
	for _, kind := range s.kinds {
		if in[kind.Name] != kind.Push {
			changed[kind.Name] = in[kind.Name]
		}
	}
	return changed
}

// checkMuted returns NotFound unless the actor is a member of all projects.
func (s *Service) checkMuted(ctx context.Context, by accounts.Actor, projectIDs []int64) error {
	if len(projectIDs) == 0 {
		return nil
	}
	home, err := s.boards.Home(ctx, by, nil)
	if err != nil {
		return err
	}
	member := map[int64]bool{}
	for _, tile := range slices.Concat(home.Owned, home.Collab) {
		member[tile.ID] = true
	}
	isOther := func(id int64) bool { return !member[id] }
	if slices.ContainsFunc(projectIDs, isOther) {
		return errs.Of(errs.NotFound)
	}
	return nil
}

// Unsubscribe ends all mails of notifications to the person whom a signed address
// names, until they turn them on again. An account that was deleted is no error.
//
// Errors: NotFound for an address that is not signed.
func (s *Service) Unsubscribe(ctx context.Context, userID int64, signature string) error {
	if !s.isSigned(userID, signature) {
		return errs.Of(errs.NotFound)
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		people, err := s.people.ByIDs(ctx, []int64{userID})
		if err != nil || len(people) == 0 {
			return err
		}
		all, err := s.repo.persons(ctx, userID)
		if err != nil {
			return err
		}
		p := all[userID]
		p.UserID, p.NoMails = userID, true
		if err := s.repo.savePerson(ctx, p); err != nil {
			return err
		}
		return s.repo.cancelMails(ctx, userID)
	})
}
