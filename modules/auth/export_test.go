package auth

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"

	"taskstack.org/modules/accounts"
)

// jsonFiles collects the JSON files of an export.
type jsonFiles map[string][]byte

func (f jsonFiles) JSON(name string, v any) (err error) {
	f[name], err = json.Marshal(v)
	return err
}

func (f jsonFiles) File(string, io.Reader) error { return nil }

func TestExport(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.member(t, "anna")
		_, codes := f.withFactor(t, by)
		files := jsonFiles{}
		if err := f.module.Export(t.Context(), by, files); err != nil {
			t.Fatal(err)
		}
		var account struct {
			Name, Email    string
			TwoSteps       bool
			Logins, Events []any
		}
		err := json.Unmarshal(files["account"], &account)
		if err != nil || account.Name != "anna" || account.Email != "anna@example.org" || !account.TwoSteps || len(account.Logins) != 1 || len(account.Events) != 1 {
			t.Errorf("%v\n%s", err, files["account"])
		}
		u, err := f.credentials.ByID(t.Context(), by.UserID)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{u.PasswordHash, codes[0], by.LoginID} {
			if bytes.Contains(files["account"], []byte(secret)) {
				t.Errorf("the export contains %q", secret)
			}
		}
		if err := f.module.Export(t.Context(), accounts.Actor{}, files); err == nil {
			t.Error("a visitor has an export")
		}
	})
}
