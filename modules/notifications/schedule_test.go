package notifications

import (
	"testing"
	"time"
)

func TestWhenAMailTells(t *testing.T) {
	at := func(clock string) time.Time {
		t.Helper()
		parsed, err := time.Parse("2006-01-02 15:04", clock)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	quiet := func(zone string, from, to int) person { return person{TimeZone: zone, QuietFrom: &from, QuietTo: &to} }
	for name, tc := range map[string]struct {
		who    person
		choice Choice
		now    string
		want   string // in UTC; empty for never
	}{
		"off":                                  {person{}, ChoiceOff, "2026-11-30 12:00", ""},
		"only here":                            {person{}, ChoiceApp, "2026-11-30 12:00", ""},
		"no mails at all":                      {person{NoMails: true}, ChoiceAtOnce, "2026-11-30 12:00", ""},
		"at once":                              {person{}, ChoiceAtOnce, "2026-11-30 12:00", "2026-11-30 12:02"},
		"at once, in quiet hours of the night": {quiet("Europe/Berlin", 22*60, 7*60), ChoiceAtOnce, "2026-11-30 23:30", "2026-12-01 06:00"},
		"at once, before midnight":             {quiet("Europe/Berlin", 22*60, 7*60), ChoiceAtOnce, "2026-11-30 21:30", "2026-12-01 06:00"},
		"at once, when quiet hours have ended": {quiet("Europe/Berlin", 22*60, 7*60), ChoiceAtOnce, "2026-12-01 06:00", "2026-12-01 06:02"},
		"at once, in quiet hours by day":       {quiet("UTC", 12*60, 14*60+15), ChoiceAtOnce, "2026-11-30 11:58", "2026-11-30 14:15"},
		"at once, just before they begin":      {quiet("UTC", 12*60, 14*60+15), ChoiceAtOnce, "2026-11-30 11:57", "2026-11-30 11:59"},
		"hours of no length are none":          {quiet("UTC", 12*60, 12*60), ChoiceAtOnce, "2026-11-30 12:00", "2026-11-30 12:02"},
		"digest, of this day":                  {person{}, ChoiceDigest, "2026-11-30 07:59", "2026-11-30 08:00"},
		"digest, of the next one":              {person{}, ChoiceDigest, "2026-11-30 08:00", "2026-12-01 08:00"},
		"digest in another zone":               {person{TimeZone: "America/New_York"}, ChoiceDigest, "2026-11-30 12:00", "2026-11-30 13:00"},
		"digest after the clock was put back":  {person{TimeZone: "Europe/Berlin"}, ChoiceDigest, "2026-10-24 12:00", "2026-10-25 07:00"},
		"digest of those who sleep in":         {quiet("UTC", 22*60, 10*60), ChoiceDigest, "2026-11-30 07:00", "2026-11-30 10:00"},
		"an unknown zone counts as UTC":        {person{TimeZone: "Europe/Atlantis"}, ChoiceDigest, "2026-11-30 07:00", "2026-11-30 08:00"},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			if mail := tc.who.mailAt(tc.choice, at(tc.now)); mail != nil {
				got = mail.UTC().Format("2006-01-02 15:04")
			}
			if got != tc.want {
				t.Errorf("%q, want %q", got, tc.want)
			}
		})
	}
}

func TestClocksAreReadAsTheyAreShown(t *testing.T) {
	for _, typed := range []string{"00:00", "07:05", "23:59"} {
		if got := clockText(parseClock(typed)); got != typed {
			t.Errorf("%q, want %q", got, typed)
		}
	}
	for _, typed := range []string{"", "24:00", "7", "07:60", "a", "07:00:00", "-1:00"} {
		if got := parseClock(typed); got != nil {
			t.Errorf("%q is %d", typed, *got)
		}
	}
}
