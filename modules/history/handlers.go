package history

import (
	"bytes"
	"encoding/json"
	"net/http"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/web"
)

// show answers the history as a JSON array.
func (m *Module) show(c *web.Context) error {
	all, err := m.Of(c.Ctx(), accounts.ActorFrom(c.Ctx()), c.Param("user"), c.Param("project"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, all)
}

// MarshalJSON puts the contract's common keys in front of the row's own. The
// date is an HTTP date, as the Flask application writes it.
func (e Entry) MarshalJSON() ([]byte, error) {
	head, err := json.Marshal(struct {
		Type     string `json:"type"`
		Datetime string `json:"datetime"`
	}{e.Type, e.At.UTC().Format(http.TimeFormat)})
	if err != nil {
		return nil, err
	}
	row, err := json.Marshal(e.Row)
	if err != nil {
		return nil, err
	}
	return bytes.Join([][]byte{head[:len(head)-1], row[1:]}, []byte(",")), nil
}
