package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/objects"
	"taskstack.org/platform/storage"
)

// PartSize is the size in bytes of each part of an upload but the last: what a broken
// line costs at most.
const PartSize = 4 << 20

// partsFor is how long after they came the rows of parts are deleted. Their objects are
// deleted before, when their reservations end.
const partsFor = 24 * time.Hour

// part is a row of upload_part: an object that holds a part of a file that has not come
// whole. The object is reserved, so that nothing needs to delete it.
type part struct {
	Upload     string
	Number     int
	StorageKey string
	Size       int64
	CreatedAt  time.Time
}

// TableName is for GORM.
func (part) TableName() string { return "upload_part" }

// partsOf returns the number of parts of an upload.
func (l Limits) partsOf(u Upload) int { return int((u.Size + l.Part - 1) / l.Part) }

// sizeOf returns the size of a part of an upload; 0 for a part that it does not have.
func (l Limits) sizeOf(u Upload, number int) int64 {
	if number < 0 || number >= l.partsOf(u) {
		return 0
	}
	return min(l.Part, u.Size-int64(number)*l.Part)
}

// id names the upload of a person: parts that came for another file, card or person
// are never part of it.
func (u Upload) id(by accounts.Actor) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %d %d %q %s", by.UserID, u.Owner.Kind, u.Owner.ID, u.Size, u.Name, u.IdempotencyKey))
	return hex.EncodeToString(sum[:16])
}

// admission is an upload that is going to be stored.
type admission struct {
	Upload
	id string
	// location and request are those of a list or card.
	location Location
	request  projects.Request
	// keeper is that of an item; nil for lists and cards.
	keeper Keeper
	// counted is what the file is counted with.
	counted account
}

// target is what the file is attached to. Of an item it has no id: the item is made with
// the file.
func (a admission) target() Owner {
	if a.keeper == nil {
		return Owner{Kind: a.Owner.Kind, ID: a.Owner.ID, ProjectID: a.location.ProjectID}
	}
	return Owner{Kind: a.Owner.Kind, ProjectID: a.counted.projectID, PlaceID: a.counted.placeID}
}

// admit checks an upload that is going to be stored, all but its content.
//
// Errors: Invalid, TooLarge, NotFound, Forbidden.
func (s *Service) admit(ctx context.Context, by accounts.Actor, u Upload) (admission, error) {
	a := admission{Upload: u, id: u.id(by)}
	if err := u.validate(s.limits); err != nil {
		return a, err
	}
	var err error
	if keeper, ok := s.keepers[u.Owner.Kind]; ok {
		return s.admitItem(ctx, by, a, keeper)
	}
	if a.location, err = s.locate(ctx, u.Owner); err != nil {
		return a, err
	}
	if _, err := s.projects.Require(ctx, by, a.location.ProjectID, projects.Write); err != nil {
		return a, err
	}
	a.counted.projectID = a.location.ProjectID
	if a.request, err = projects.By(by, a.location.ProjectID).WithKey(u.IdempotencyKey); err != nil {
		return a, errs.Because(errs.Invalid, err)
	}
	return a, nil
}

// Parts returns the numbers of the parts of an upload that are there. An upload whose
// parts do not go on for some hours begins again.
//
// Errors: those of Upload before anything is stored.
func (s *Service) Parts(ctx context.Context, by accounts.Actor, u Upload) ([]int, error) {
	a, err := s.admit(ctx, by, u)
	if err != nil {
		return nil, err
	}
	there, err := s.partsOf(ctx, a.id)
	numbers := make([]int, len(there))
	for i, p := range there {
		numbers[i] = p.Number
	}
	return numbers, err
}

// partsOf returns the parts of an upload that are still there, in their order.
func (s *Service) partsOf(ctx context.Context, id string) ([]part, error) {
	rows, err := s.repo.parts(ctx, id)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	held, err := s.objects.Held(ctx, partKeys(rows))
	if err != nil {
		return nil, err
	}
	there := rows[:0]
	for _, p := range rows {
		if held[p.StorageKey] {
			there = append(there, p)
		}
	}
	return there, nil
}

func partKeys(parts []part) []string {
	keys := make([]string, len(parts))
	for i, p := range parts {
		keys[i] = p.StorageKey
	}
	return keys
}

// UploadPart stores a part of an upload, which is u.Body. Upload attaches the file when
// all parts have come. A part that comes again replaces the earlier one.
//
// Errors: those of Upload; the quotas count the whole file with its first part.
func (s *Service) UploadPart(ctx context.Context, by accounts.Actor, u Upload, number int) error {
	size := s.limits.sizeOf(u, number)
	if size == 0 {
		return errs.Of(errs.Invalid)
	}
	a, err := s.admit(ctx, by, u)
	if err != nil {
		return err
	}
	if a.location.Removed {
		return errs.Of(errs.NotFound)
	}
	leave, err := s.uploads.enter(ctx, by.UserID)
	if err != nil {
		return err
	}
	defer leave()
	p := part{Upload: a.id, Number: number, StorageKey: storage.NewKey(), Size: size, CreatedAt: s.db.Now(ctx)}
	err = s.storePart(ctx, a, p)
	if err != nil {
		s.objects.Discard(ctx, p.StorageKey)
	}
	return err
}

func (s *Service) storePart(ctx context.Context, a admission, p part) error {
	planned, err := s.batchOf(a).plan(ctx, a.target())
	if err != nil {
		return err
	}
	there, err := s.partsOf(ctx, p.Upload)
	if err != nil {
		return err
	}
	missing := a.Size - p.Size
	for _, other := range there {
		if other.Number != p.Number {
			missing -= other.Size
		}
	}
	if err := s.objects.Reserve(ctx, a.counted.scope(), objects.Reservation{Key: p.StorageKey, Size: p.Size}); err != nil {
		return err
	}
	if err := s.checkReserved(ctx, a.counted, planned.freed()-missing); err != nil {
		return err
	}
	if err := s.objects.Put(ctx, p.StorageKey, a.Body, p.Size, binaryType); err != nil {
		return fmt.Errorf("store a part of an upload: %w", err)
	}
	return s.keepPart(ctx, p)
}

// keepPart makes a part that is stored one of its upload.
func (s *Service) keepPart(ctx context.Context, p part) error {
	var old []string
	err := s.db.InTx(ctx, func(ctx context.Context) (err error) {
		old, err = s.repo.replacePart(ctx, p)
		return err
	})
	if err == nil {
		s.objects.Discard(ctx, old...)
	}
	return err
}

// joinParts makes the parts of an upload its body, and returns what forgets them.
// Errors: Unavailable unless all are there.
func (s *Service) joinParts(ctx context.Context, a *admission) (forget func(ctx context.Context), err error) {
	there, err := s.partsOf(ctx, a.id)
	if err != nil {
		return nil, err
	}
	if len(there) != s.limits.partsOf(a.Upload) {
		return nil, errs.Because(errs.Unavailable, fmt.Errorf("%d of %d parts of an upload are there", len(there), s.limits.partsOf(a.Upload)))
	}
	keys := partKeys(there)
	a.Body = &joined{keys: keys, open: func(key string) (storage.Object, error) { return s.objects.Open(ctx, key) }}
	return func(ctx context.Context) {
		if err := s.dropParts(ctx, a.id, keys); err != nil {
			s.log.WarnContext(ctx, "the parts of an upload are deleted in some hours", "error", err)
		}
	}, nil
}

// ForgetParts deletes the parts of an upload that is not going to be completed.
//
// Errors: those of Upload before anything is stored.
func (s *Service) ForgetParts(ctx context.Context, by accounts.Actor, u Upload) error {
	a, err := s.admit(ctx, by, u)
	if err != nil {
		return err
	}
	there, err := s.partsOf(ctx, a.id)
	if err != nil || len(there) == 0 {
		return err
	}
	return s.dropParts(ctx, a.id, partKeys(there))
}

// dropParts deletes the rows of the parts of an upload, and their objects.
func (s *Service) dropParts(ctx context.Context, id string, keys []string) error {
	err := s.db.InTx(ctx, func(ctx context.Context) error { return s.repo.deleteParts(ctx, id) })
	if err == nil {
		s.objects.Discard(ctx, keys...)
	}
	return err
}

// joined reads objects one after the other, each open only while it is read.
type joined struct {
	keys []string
	open func(key string) (storage.Object, error)
	now  storage.Object
}

// Read implements io.Reader.
func (j *joined) Read(p []byte) (int, error) {
	for {
		if j.now == nil {
			if len(j.keys) == 0 {
				return 0, io.EOF
			}
			o, err := j.open(j.keys[0])
			if errors.Is(err, storage.ErrNotFound) {
				err = errs.Because(errs.Unavailable, err) // it has ended meanwhile: send it again
			}
			if err != nil {
				return 0, err
			}
			j.now, j.keys = o, j.keys[1:]
		}
		n, err := j.now.Read(p)
		if !errors.Is(err, io.EOF) {
			return n, err
		}
		err = j.now.Close()
		j.now = nil
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// Close closes the object that is being read.
func (j *joined) Close() error {
	if j.now == nil {
		return nil
	}
	return j.now.Close()
}
