package notifications_test

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/auth"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/notifications"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
)

// queued is a row of mail_job.
type queued struct{ Recipient, Subject, TextBody, Unsubscribe string }

// takeMails lets the hours pass until all mails are due, sends them, and returns and
// deletes what is in the queue.
func takeMails(t *testing.T, w *boardtest.World) []queued {
	t.Helper()
	hurry(t, w)
	must(t, newNotifications(w).SendMails(t.Context()))
	return queue(t, w)
}

// hurry makes all mails that wait due.
func hurry(t *testing.T, w *boardtest.World) {
	t.Helper()
	exec(t, w, "UPDATE notification SET mail_at = ? WHERE mail_at IS NOT NULL", time.Now().UTC().Add(-time.Minute))
}

func queue(t *testing.T, w *boardtest.World) (all []queued) {
	t.Helper()
	must(t, w.DB.From(t.Context()).Raw("SELECT recipient, subject, text_body, unsubscribe FROM mail_job ORDER BY recipient, id").Scan(&all).Error)
	exec(t, w, "DELETE FROM mail_job")
	return all
}

func exec(t *testing.T, w *boardtest.World, query string, args ...any) {
	t.Helper()
	must(t, w.DB.InTx(t.Context(), func(ctx context.Context) error { return w.DB.From(ctx).Exec(query, args...).Error }))
}

func subjects(all []queued) []string {
	out := make([]string, len(all))
	for i, m := range all {
		out[i] = m.Recipient + ": " + m.Subject
	}
	return out
}

// choose sets what a person is told, and how; all else as it is by default.
func choose(t *testing.T, w *boardtest.World, by accounts.Actor, change func(in *notifications.Input)) {
	t.Helper()
	in := notifications.Input{Mails: true, Lang: "en", Choices: map[string]notifications.Choice{}}
	change(&in)
	must(t, newNotifications(w).SaveSettings(t.Context(), by, in))
}

func mention(t *testing.T, w *boardtest.World, name string, people ...accounts.Actor) {
	t.Helper()
	id := onCard(t, w, name)
	text := "ask"
	for _, p := range people {
		text += " @" + p.Name
	}
	_, err := w.Cards.Edit(t.Context(), projects.By(w.Owner, w.Project.ID), id, cards.Edit{Name: name, Desc: text})
	must(t, err)
}

func TestMailsTellOfWhatIsUnreadOnce(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		n := newNotifications(w)
		choose(t, w, w.Reader, func(in *notifications.Input) { in.Lang = "de" })
		mention(t, w, "Paint", w.Admin, w.Reader)
		must(t, n.SendMails(t.Context()))
		if early := queue(t, w); len(early) != 0 {
			t.Errorf("within the two minutes: %q", subjects(early))
		}
		got := takeMails(t, w)
		want := []string{
			"adam@example.org: [Taskstack] olive mentioned you on the card “Paint” in “board”",
			"rita@example.org: [Taskstack] olive hat dich auf der Karte „Paint“ in „board“ erwähnt",
		}
		if !slices.Equal(subjects(got), want) {
			t.Fatalf("%q", subjects(got))
		}
		for _, part := range []string{"Hello adam,", "“ask @adam @rita”", boardtest.PublicURL + "/notifications/", got[0].Unsubscribe, boardtest.PublicURL + "/notifications/settings"} {
			if !strings.Contains(got[0].TextBody, part) {
				t.Errorf("%q is missing in\n%s", part, got[0].TextBody)
			}
		}
		if again := takeMails(t, w); len(again) != 0 {
			t.Errorf("a second mail: %q", subjects(again))
		}
		// More of one that was mailed, and what is read meanwhile, is not mailed.
		mention(t, w, "Lawn", w.Admin)
		must(t, n.Mark(t.Context(), w.Admin, []int64{entries(t, w, w.Admin)[0].ID}))
		if read := takeMails(t, w); len(read) != 0 {
			t.Errorf("what was read: %q", subjects(read))
		}
		// Several are one mail, with the newest first.
		for i := range 3 {
			mention(t, w, fmt.Sprint("Card ", i), w.Admin)
		}
		several := takeMails(t, w)
		if len(several) != 1 || several[0].Subject != "[Taskstack] 3 new notifications" || strings.Index(several[0].TextBody, "Card 2") > strings.Index(several[0].TextBody, "Card 0") {
			t.Errorf("%+v", several)
		}
	})
}

func TestMailsFollowTheSettings(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		assigned := func(c notifications.Choice) func(in *notifications.Input) {
			return func(in *notifications.Input) { in.Choices["cards.assigned"] = c }
		}
		for name, tc := range map[string]struct {
			before, after func(in *notifications.Input)
			mails, shown  int
		}{
			"by default":              {mails: 1, shown: 1},
			"off":                     {before: assigned(notifications.ChoiceOff)},
			"only here":               {before: assigned(notifications.ChoiceApp), shown: 1},
			"at once":                 {before: assigned(notifications.ChoiceAtOnce), mails: 1, shown: 1},
			"changed before the mail": {before: assigned(notifications.ChoiceAtOnce), after: assigned(notifications.ChoiceApp), shown: 1},
			"no mails":                {before: func(in *notifications.Input) { in.Mails = false }, shown: 1},
			"no mails from now on":    {after: func(in *notifications.Input) { in.Mails = false }, shown: 1},
			"quiet project":           {before: func(in *notifications.Input) { in.Muted = []int64{w.Project.ID} }},
			"quiet from now on":       {after: func(in *notifications.Input) { in.Muted = []int64{w.Project.ID} }, shown: 1},
			"in quiet hours": {after: func(in *notifications.Input) {
				now := time.Now().UTC()
				in.Zone, in.QuietFrom, in.QuietTo = "UTC", now.Add(-time.Hour).Format("15:04"), now.Add(2*time.Hour).Format("15:04")
			}, shown: 1},
		} {
			t.Run(name, func(t *testing.T) {
				for _, set := range []func(in *notifications.Input){func(*notifications.Input) {}, tc.before} {
					if set != nil {
						choose(t, w, w.Admin, set)
					}
				}
				onCard(t, w, name, w.Admin)
				if tc.after != nil {
					choose(t, w, w.Admin, tc.after)
				}
				if got := takeMails(t, w); len(got) != tc.mails {
					t.Errorf("mails: %q", subjects(got))
				}
				if got := len(entries(t, w, w.Admin)); got != tc.shown {
					t.Errorf("%d at the bell, want %d", got, tc.shown)
				}
				exec(t, w, "DELETE FROM notification")
			})
		}
	})
}

func TestQuietHoursPutMailsOff(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		now := time.Now().UTC()
		mention(t, w, "Paint", w.Admin)
		choose(t, w, w.Admin, func(in *notifications.Input) {
			in.Zone, in.QuietFrom, in.QuietTo = "UTC", now.Add(-time.Hour).Format("15:04"), now.Add(2*time.Hour).Format("15:04")
		})
		if got := takeMails(t, w); len(got) != 0 {
			t.Fatalf("in quiet hours: %q", subjects(got))
		}
		var at time.Time
		must(t, w.DB.From(t.Context()).Raw("SELECT mail_at FROM notification WHERE user_id = ?", w.Admin.UserID).Scan(&at).Error)
		if want := now.Add(2 * time.Hour).Truncate(time.Minute); !at.Equal(want) {
			t.Errorf("the mail is due at %v, want %v", at, want)
		}
		choose(t, w, w.Admin, func(*notifications.Input) {})
		if got := takeMails(t, w); len(got) != 1 {
			t.Errorf("after quiet hours: %q", subjects(got))
		}
	})
}

// A digest is for those who were away: who was here since has seen it at the bell.
func TestDigestIsForWhoWasAway(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		here, _ := auth.MakeLogin(t, w.DB, w.Deps.Sessions, w.Reader)
		onCard(t, w, "Paint", w.Admin, w.Reader)
		exec(t, w, "UPDATE login SET last_seen_at = ? WHERE user_id = ?", time.Now().UTC().Add(time.Hour), here.UserID)
		if got := takeMails(t, w); !slices.Equal(subjects(got), []string{"adam@example.org: [Taskstack] olive added you to the card “Paint” in “board”"}) {
			t.Errorf("%q", subjects(got))
		}
		// At once is at once, also for those who are here.
		mention(t, w, "Lawn", w.Reader)
		exec(t, w, "UPDATE login SET last_seen_at = ?", time.Now().UTC().Add(time.Hour))
		if got := takeMails(t, w); len(got) != 1 {
			t.Errorf("at once: %q", subjects(got))
		}
	})
}

func TestNoMailTellsWhatAPersonMayNotSee(t *testing.T) {
	for name, lose := range map[string]func(t *testing.T, w *boardtest.World){
		"removed from the project": func(t *testing.T, w *boardtest.World) {
			_, err := w.Projects.Remove(t.Context(), projects.By(w.Owner, w.Project.ID), w.Admin.UserID)
			must(t, err)
		},
		"no member any more, while the row is still there": func(t *testing.T, w *boardtest.World) {
			exec(t, w, "DELETE FROM project_collaborator_link WHERE user_id = ?", w.Admin.UserID)
		},
		"the project is deleted": func(t *testing.T, w *boardtest.World) {
			must(t, w.Projects.Delete(t.Context(), w.Owner, w.Project.ID, nil))
		},
		"suspended": func(t *testing.T, w *boardtest.World) {
			must(t, w.Auth.Logins.Suspend(t.Context(), w.Admin.UserID))
		},
	} {
		t.Run(name, func(t *testing.T) {
			testenv.EachMigrated(t, func(t *testing.T, uri string) {
				w := boardtest.New(t, uri)
				mention(t, w, "Secret", w.Admin)
				lose(t, w)
				for _, m := range takeMails(t, w) {
					if strings.Contains(m.TextBody+m.Subject, "Secret") || m.Recipient == "adam@example.org" && name == "suspended" {
						t.Errorf("%+v", m)
					}
				}
			})
		})
	}
}

// Two servers that both believe to hold the lease write one mail, and a crash before
// the commit leaves all as it was.
func TestMailsAreWrittenOnce(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		other := w.Another(t)
		for i := range 5 {
			mention(t, w, fmt.Sprint("Card ", i), w.Admin, w.Reader)
		}
		hurry(t, w)
		ended := make(chan error)
		for _, each := range []*boardtest.World{w, other} {
			go func() { ended <- newNotifications(each).SendMails(t.Context()) }()
		}
		must(t, <-ended)
		must(t, <-ended)
		if got := queue(t, w); len(got) != 2 {
			t.Errorf("%q", subjects(got))
		}
		mention(t, w, "Late", w.Admin)
		hurry(t, w)
		exec(t, w, "DROP TABLE mail_job")
		if err := newNotifications(w).SendMails(t.Context()); err == nil {
			t.Error("a mail that could not be queued is no error")
		}
		var waiting int
		must(t, w.DB.From(t.Context()).Raw("SELECT COUNT(*) FROM notification WHERE mail_at IS NOT NULL AND mailed_at IS NULL").Scan(&waiting).Error)
		if waiting != 1 {
			t.Errorf("%d wait after the failure, want 1", waiting)
		}
	})
}

func TestOneClickEndsMails(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		n := newNotifications(w)
		choose(t, w, w.Admin, func(in *notifications.Input) { in.Choices["cards.assigned"] = notifications.ChoiceAtOnce })
		mention(t, w, "Paint", w.Admin)
		address, err := url.Parse(takeMails(t, w)[0].Unsubscribe)
		must(t, err)
		signature := address.Query().Get("signature")
		for _, wrong := range []string{"", "x", signature[1:], strings.ToUpper(signature), signature + "A"} {
			if err := n.Unsubscribe(t.Context(), w.Admin.UserID, wrong); errs.KindOf(err) != errs.NotFound {
				t.Errorf("signature %q: %v", wrong, err)
			}
		}
		if err := n.Unsubscribe(t.Context(), w.Reader.UserID, signature); errs.KindOf(err) != errs.NotFound {
			t.Errorf("for another person: %v", err)
		}
		mention(t, w, "Lawn", w.Admin) // its mail waits
		for range 2 {
			must(t, n.Unsubscribe(t.Context(), w.Admin.UserID, signature))
		}
		mention(t, w, "Hedge", w.Admin)
		if got := takeMails(t, w); len(got) != 0 {
			t.Errorf("%q", subjects(got))
		}
		// What was chosen before holds again when mails are turned on.
		s, err := n.Settings(t.Context(), w.Admin)
		must(t, err)
		if s.Mails || s.Kinds[slices.IndexFunc(s.Kinds, func(k notifications.KindSetting) bool { return k.Name == "cards.assigned" })].Choice != notifications.ChoiceAtOnce {
			t.Errorf("%+v", s)
		}
	})
}

func TestSettings(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		n := newNotifications(w)
		if _, err := n.Settings(t.Context(), w.Nobody); errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("signed out: %v", err)
		}
		for name, tc := range map[string]struct {
			by   accounts.Actor
			in   notifications.Input
			want errs.Kind
		}{
			"signed out":                {by: w.Nobody, want: errs.Unauthenticated},
			"unknown kind":              {by: w.Admin, in: notifications.Input{Choices: map[string]notifications.Choice{"x": "app"}}, want: errs.Invalid},
			"unknown choice":            {by: w.Admin, in: notifications.Input{Choices: map[string]notifications.Choice{"cards.assigned": "x"}}, want: errs.Invalid},
			"requests are always shown": {by: w.Admin, in: notifications.Input{Choices: map[string]notifications.Choice{"friends.requested": "off"}}, want: errs.Invalid},
			"unknown zone":              {by: w.Admin, in: notifications.Input{Zone: "Europe/Atlantis"}, want: errs.Invalid},
			"zone of the server":        {by: w.Admin, in: notifications.Input{Zone: "Local"}, want: errs.Invalid},
			"a file":                    {by: w.Admin, in: notifications.Input{Zone: "../../etc/passwd"}, want: errs.Invalid},
			"half of quiet hours":       {by: w.Admin, in: notifications.Input{QuietFrom: "22:00"}, want: errs.Invalid},
			"no time of the day":        {by: w.Admin, in: notifications.Input{QuietFrom: "22:00", QuietTo: "25:00"}, want: errs.Invalid},
			"project of others":         {by: w.Stranger, in: notifications.Input{Muted: []int64{w.Project.ID}}, want: errs.NotFound},
		} {
			if err := n.SaveSettings(t.Context(), tc.by, tc.in); errs.KindOf(err) != tc.want {
				t.Errorf("%s: %v, want %s", name, err, tc.want)
			}
		}
		choose(t, w, w.Reader, func(in *notifications.Input) {
			in.Choices["cards.mentioned"], in.Muted, in.Zone, in.QuietFrom, in.QuietTo = notifications.ChoiceOff, []int64{w.Project.ID}, "Europe/Berlin", "22:30", "07:00"
		})
		s, err := n.Settings(t.Context(), w.Reader)
		must(t, err)
		if s.Zone != "Europe/Berlin" || s.QuietFrom != "22:30" || s.QuietTo != "07:00" || !s.Mails || s.Address != "rita@example.org" ||
			!slices.Equal(s.Projects, []notifications.ProjectSetting{{ID: w.Project.ID, Title: w.Project.Called(), Muted: true}}) {
			t.Errorf("%+v", s)
		}
		for _, k := range s.Kinds {
			if k.Name == "cards.mentioned" && k.Choice != notifications.ChoiceOff || k.Name == "cards.assigned" && k.Choice != notifications.ChoiceDigest {
				t.Errorf("%+v", k)
			}
		}
	})
}
