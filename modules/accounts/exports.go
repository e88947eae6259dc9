package accounts

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/ratelimit"
)

// Exporter receives the parts of one person's export. Names are paths in the
// archive, made by ExportPath.
type Exporter interface {
	// JSON writes a value to a file of this name and the suffix ".json".
	JSON(name string, v any) error
	File(name string, r io.Reader) error
}

// exportPart writes what one module stores about the actor.
type exportPart func(ctx context.Context, by Actor, to Exporter) error

// Exporting is a module that stores something about people. Connect adds its
// part to the exports.
type Exporting interface {
	Export(ctx context.Context, by Actor, to Exporter) error
}

// ExportPath joins the parts of a path in the archive. Parts may be user input:
// the path never leaves the folder of the part before it.
func ExportPath(parts ...string) string {
	clean := make([]string, len(parts))
	for i, part := range parts {
		clean[i] = strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f || strings.ContainsRune(`/\:*?"<>|`, r) {
				return '_'
			}
			return r
		}, part)
		if strings.Trim(clean[i], ". ") == "" {
			clean[i] = "_" + clean[i]
		}
	}
	return strings.Join(clean, "/")
}

// Exports writes archives with everything that the modules store about a person.
type Exports struct {
	db    *db.DB
	limit *ratelimit.Limiter
	parts []exportPart
}

// AddExport adds a module's part to the exports.
func (s *Exports) AddExport(part exportPart) { s.parts = append(s.parts, part) }

// MayExport counts an export of the actor. Errors: Unauthenticated, RateLimited.
func (s *Exports) MayExport(by Actor) error {
	if !by.SignedIn() {
		return errs.Of(errs.Unauthenticated)
	}
	return take(s.limit, by.UserID)
}

// WriteExport writes a zip archive with a JSON file of every module and the
// actor's files. After an error in the middle no program opens the archive.
func (s *Exports) WriteExport(ctx context.Context, by Actor, w io.Writer) error {
	z := &zipExport{zip: zip.NewWriter(w), now: s.db.Now(ctx)}
	for _, part := range s.parts {
		if err := part(ctx, by, z); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	return z.zip.Close()
}

// zipExport writes an archive.
type zipExport struct {
	zip *zip.Writer
	now time.Time
}

func (z *zipExport) JSON(name string, v any) error {
	w, err := z.create(name+".json", zip.Deflate)
	if err != nil {
		return err
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// File stores without compression: most attachments are compressed already.
func (z *zipExport) File(name string, r io.Reader) error {
	w, err := z.create(name, zip.Store)
	if err == nil {
		_, err = io.Copy(w, r)
	}
	return err
}

func (z *zipExport) create(name string, method uint16) (io.Writer, error) {
	return z.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: z.now})
}

// ExportedAccount is the part of account.json that accounts stores; auth adds
// logins and security events and writes the file.
type ExportedAccount struct {
	ID             int64     `json:"id"`
	Name           string    `json:"name"`
	DisplayName    string    `json:"displayName,omitempty"`
	Email          string    `json:"email"`
	NewEmail       string    `json:"newEmail,omitempty"`
	Description    string    `json:"description"`
	Picture        string    `json:"picture"`
	PrivateProfile bool      `json:"privateProfile"`
	HideEmail      bool      `json:"hideEmail"`
	StayLoggedIn   bool      `json:"stayLoggedIn"`
	BlockRequests  bool      `json:"blockRequests"`
	Language       string    `json:"language,omitempty"`
	CreatedAt      time.Time `json:"createdAt"`
}

// ExportedAccount returns the actor's part of account.json. Errors:
// Unauthenticated.
func (s *Service) ExportedAccount(ctx context.Context, by Actor) (ExportedAccount, error) {
	u, err := s.own(ctx, by)
	if err != nil {
		return ExportedAccount{}, err
	}
	p := u.profile()
	newEmail, _ := u.PendingEmail()
	return ExportedAccount{
		ID: u.ID, Name: u.Name, DisplayName: u.DisplayName, Email: p.Email, NewEmail: newEmail, Description: u.ProfileDesc, Picture: p.LargePicURL,
		PrivateProfile: u.Private, HideEmail: u.EmailPrivate, StayLoggedIn: u.StayLoggedIn,
		BlockRequests: u.BlockAllFriendshipRequests, Language: u.Lang, CreatedAt: u.CreatedAt,
	}, nil
}

// Export writes the uploaded picture. account.json is written by auth.
func (s *Service) Export(ctx context.Context, by Actor, to Exporter) error {
	u, err := s.own(ctx, by)
	if err != nil {
		return err
	}
	return s.pictures.export(ctx, u.AvatarURL, to)
}
