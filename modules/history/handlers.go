package history

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/web"
)

// show writes the history as a JSON array.
func (m *Module) show(c *web.Context) error {
	f, err := FilterFrom(c.Request.URL.Query())
	if err != nil {
		return err
	}
	all, err := m.Of(c.Ctx(), accounts.ActorFrom(c.Ctx()), c.Param("user"), c.Param("project"), f)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, all)
}

// FilterFrom parses types=all, kind=a,b, person=⟨user id⟩, card=⟨id⟩ or
// list=⟨id⟩, limit=⟨n⟩ and before=⟨an entry's cursor⟩. Errors: Invalid.
func FilterFrom(q url.Values) (f Filter, err error) {
	switch q.Get("types") {
	case "":
	case "all":
		f.All = true
	default:
		return f, errs.Malformed("types", "history.error.types")
	}
	if text := q.Get("kind"); text != "" {
		for kind := range strings.SplitSeq(text, ",") {
			if slices.Contains(f.Kinds, Kind(kind)) {
				continue
			}
			if f.Kinds = append(f.Kinds, Kind(kind)); !Kind(kind).valid() || len(f.Kinds) > maxKinds {
				return f, errs.Malformed("kind", "history.error.kind")
			}
		}
	}
	if text := q.Get("person"); text != "" {
		if f.UserID, err = strconv.ParseInt(text, 10, 64); err != nil || f.UserID <= 0 {
			return f, errs.Malformed("person", "history.error.person")
		}
	}
	for _, subject := range []projects.Subject{projects.CardSubject, projects.ListSubject} {
		text := q.Get(string(subject))
		if text == "" {
			continue
		}
		if f.SubjectID, err = strconv.ParseInt(text, 10, 64); err != nil || f.SubjectID <= 0 || f.Subject != "" {
			return f, errs.Malformed(string(subject), "history.error.subject")
		}
		f.Subject = subject
	}
	if text := q.Get("limit"); text != "" {
		if f.Limit, err = strconv.Atoi(text); err != nil || f.Limit < 1 || f.Limit > MaxLimit {
			return f, errs.Malformed("limit", "history.error.limit", "Max", MaxLimit)
		}
	}
	if text := q.Get("before"); text != "" {
		if f.Before, err = ParseCursor(text); err != nil {
			return f, err
		}
	}
	return f, nil
}

// MarshalJSON puts the contract's common keys in front of the row's own. The
// date is an HTTP date, as the Flask application writes it.
func (e Entry) MarshalJSON() ([]byte, error) {
	head, err := json.Marshal(struct {
		Type     string `json:"type"`
		Datetime string `json:"datetime"`
		Cursor   string `json:"cursor"`
	}{e.Kind.eventType(), e.At.UTC().Format(http.TimeFormat), e.cursor()})
	if err != nil {
		return nil, err
	}
	row, err := json.Marshal(e.Row)
	if err != nil {
		return nil, err
	}
	parts := [][]byte{head[:len(head)-1], row[1 : len(row)-1]}
	if e.Details != "" && e.Details != "{}" {
		parts = append(parts, []byte(e.Details[1:len(e.Details)-1]))
	}
	return append(bytes.Join(parts, []byte(",")), '}'), nil
}
