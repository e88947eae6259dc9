package accounts

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/storage"
)

// AddExport adds a module's share to what people can export of their data.
// Only while wiring.
func (s *Service) AddExport(part ExportPart) { s.exports = append(s.exports, part) }

// MayExport says whether the actor may export now, and counts it. Errors:
// Unauthenticated, RateLimited.
func (s *Service) MayExport(by Actor) error {
	if !by.SignedIn() {
		return errs.Of(errs.Unauthenticated)
	}
	return take(s.limits.exportsByUser, userKey(by.UserID))
}

// WriteExport writes a zip archive with everything the modules keep about the
// actor, a file of JSON for each of them, and the actor's files. An error in
// the middle leaves an archive that no program opens.
func (s *Service) WriteExport(ctx context.Context, by Actor, w io.Writer) error {
	z := &zipExport{zip: zip.NewWriter(w), now: s.db.Now(ctx)}
	for _, part := range s.exports {
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

// File stores as it is: most attachments are compressed already.
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

// exportedEvents is how many of the last events are part of an export.
const exportedEvents = 10_000

// exportedAccount is account.json.
type exportedAccount struct {
	ID             int64           `json:"id"`
	Name           string          `json:"name"`
	Email          string          `json:"email"`
	NewEmail       string          `json:"newEmail,omitempty"`
	Description    string          `json:"description"`
	Picture        string          `json:"picture"`
	PrivateProfile bool            `json:"privateProfile"`
	HideEmail      bool            `json:"hideEmail"`
	StayLoggedIn   bool            `json:"stayLoggedIn"`
	BlockRequests  bool            `json:"blockRequests"`
	CreatedAt      time.Time       `json:"createdAt"`
	Logins         []exportedLogin `json:"logins"`
	TwoSteps       bool            `json:"twoSteps"`
	Events         []exportedEvent `json:"events"`
}

type exportedLogin struct {
	Device     string    `json:"device"`
	Address    string    `json:"address"`
	CreatedAt  time.Time `json:"createdAt"`
	LastSeenAt time.Time `json:"lastSeenAt"`
}

type exportedEvent struct {
	Kind    EventKind `json:"kind"`
	Device  string    `json:"device"`
	Address string    `json:"address"`
	At      time.Time `json:"at"`
}

// Export writes account.json and the uploaded picture. Hashes and codes are not
// part of it: they prove who somebody is, and an archive gets about.
func (s *Service) Export(ctx context.Context, by Actor, to Exporter) error {
	u, err := s.own(ctx, by)
	if err != nil {
		return err
	}
	logins, err := s.repo.logins(ctx, u.ID, s.db.Now(ctx))
	if err != nil {
		return err
	}
	factor, err := s.SecondFactor(ctx, by)
	if err != nil {
		return err
	}
	events, err := s.repo.events(ctx, u.ID, exportedEvents)
	if err != nil {
		return err
	}
	p := u.profile()
	out := exportedAccount{
		ID: u.ID, Name: u.Name, Email: p.Email, NewEmail: verificationOf(u).Email, Description: u.ProfileDesc, Picture: p.LargePicURL,
		PrivateProfile: u.Private, HideEmail: u.EmailPrivate, StayLoggedIn: u.StayLoggedIn,
		BlockRequests: u.BlockAllFriendshipRequests, CreatedAt: u.CreatedAt, Logins: make([]exportedLogin, len(logins)),
		TwoSteps: factor.On, Events: make([]exportedEvent, len(events)),
	}
	for i, l := range logins {
		out.Logins[i] = exportedLogin{Device: l.Device, Address: l.Address, CreatedAt: l.CreatedAt, LastSeenAt: l.LastSeenAt}
	}
	for i, e := range events {
		out.Events[i] = exportedEvent{Kind: e.Kind, Device: e.Device, Address: e.Address, At: e.CreatedAt}
	}
	if err := to.JSON("account", out); err != nil {
		return err
	}
	return s.exportPicture(ctx, u.AvatarURL, to)
}

func (s *Service) exportPicture(ctx context.Context, url string, to Exporter) (err error) {
	key, ok := strings.CutPrefix(url, picturePath)
	if !ok {
		return nil
	}
	o, err := s.storage.Open(ctx, key)
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	return to.File("picture.png", o)
}
