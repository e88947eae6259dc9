package config

import (
	"fmt"
	"net/url"
	"strings"
	"text/tabwriter"
)

const masked = "********"

// Line is a variable as people may see it.
type Line struct{ Name, Value, Source string }

// Dump lists every variable with its value and where that comes from, for
// people. Secrets, and passwords inside addresses, are masked.
func (c *Config) Dump() string {
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	for _, l := range c.Lines() {
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\n", l.Name, l.Value, l.Source) // Into memory.
	}
	_ = w.Flush()
	return out.String()
}

// Lines are what Dump lists.
func (c *Config) Lines() []Line {
	lines := make([]Line, len(variables))
	for i, v := range variables {
		s := c.values[v.name]
		shown := s.value
		switch {
		case shown == "" && v.name == "TASKSTACK_DB_URI":
			shown = "sqlite:///" + c.Database.DSN
		case v.secret && shown != "":
			shown = masked
		case v.isURL:
			shown = maskPassword(shown)
		}
		lines[i] = Line{v.name, shown, s.source}
	}
	return lines
}

// maskPassword hides the password of a URL, or of a Go MySQL DSN
// (user:password@tcp(host)/database).
func maskPassword(address string) string {
	if u, err := url.Parse(address); err == nil && u.Scheme != "" && u.Host != "" {
		if query := u.Query(); query.Get("password") != "" { // of the server behind Redis' Sentinels
			query.Set("password", masked)
			u.RawQuery = strings.ReplaceAll(query.Encode(), url.QueryEscape(masked), masked)
			address = u.String()
		}
		if u.User != nil {
			if _, has := u.User.Password(); has {
				// User.String would encode the asterisks.
				user := u.User.Username()
				u.User = nil
				return strings.Replace(u.String(), "://", "://"+url.PathEscape(user)+":"+masked+"@", 1)
			}
		}
		return address
	}
	login, rest, ok := cutLast(address, "@")
	if !ok {
		return address
	}
	user, _, _ := strings.Cut(login, ":")
	return user + ":" + masked + "@" + rest
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
