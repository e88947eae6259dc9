package files

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/refused"
	"taskstack.org/platform/storage"
)

// uploadsAtOnce is the maximum number of concurrent uploads of one person.
const uploadsAtOnce = 4

// Upload is one file that arrives as a stream.
type Upload struct {
	Owner Owner
	Name  string
	// Size is the length of Body in bytes.
	Size int64
	// Replaces replaces the content of an existing file; without it an existing name
	// is a Conflict.
	Replaces bool
	Body     io.Reader
	// InParts says that the content is what UploadPart has stored before; Body is not
	// read.
	InParts bool
	// IdempotencyKey identifies the upload, so that a repeated one is carried out
	// once; "" for none.
	IdempotencyKey string
}

// changes returns the upload as Changes without content.
func (u Upload) changes() Changes {
	content := map[string][]byte{u.Name: nil}
	if u.Replaces {
		return Changes{Replaced: content}
	}
	return Changes{New: content}
}

func (u Upload) validate(l Limits) error {
	if u.Size > l.Size {
		return tooLarge(u.Name, l)
	}
	return u.changes().validate(l)
}

// Upload attaches a file whose content is read from a stream, and returns the
// response. It reads nothing before it has checked the permission and the limits,
// and writes the content to the storage as it arrives, so that a slow connection
// holds neither memory nor a lock.
//
// Errors: NotFound for an owner that is not on a board the actor may read,
// Forbidden, Invalid, Conflict and TooLarge as Stage has them, RateLimited for
// too many at a time, storage.ErrSize if Body has another size, those of Body.
func (s *Service) Upload(ctx context.Context, by accounts.Actor, u Upload) (projects.Reply, error) {
	a, err := s.admit(ctx, by, u)
	if err != nil {
		return nil, err
	}
	leave, err := s.uploads.enter(ctx, by.UserID)
	if err != nil {
		return nil, err
	}
	defer leave()
	if a.keeper != nil {
		return s.uploadItem(ctx, by, a)
	}
	return s.projects.Once(ctx, a.request, func() (projects.Reply, error) {
		return s.withContent(ctx, a, func(a admission, counted int64) (projects.Reply, error) {
			return projects.Recorded(s.attachStream(ctx, a, counted))
		})
	})
}

// withContent calls attach with the content of an upload, which may have come in parts.
// counted is what the quotas count of it already.
func (s *Service) withContent(ctx context.Context, a admission, attach func(a admission, counted int64) (projects.Reply, error)) (projects.Reply, error) {
	if !a.InParts {
		return attach(a, 0)
	}
	forget, err := s.joinParts(ctx, &a)
	if err != nil {
		return nil, err
	}
	reply, err := attach(a, a.Size)
	if c, ok := a.Body.(io.Closer); ok {
		err = errors.Join(err, c.Close())
	}
	if err == nil {
		forget(ctx)
	}
	return reply, err
}

// attachStream stores a file and attaches it to its list or card.
func (s *Service) attachStream(ctx context.Context, a admission, counted int64) (int64, error) {
	if a.location.Removed {
		return 0, errs.Of(errs.NotFound)
	}
	owner, err := s.owner(a.Owner.Kind)
	if err != nil {
		return 0, err
	}
	b := s.batchOf(a)
	defer b.Close(ctx)
	if err := b.storeUpload(ctx, a, counted); err != nil {
		return 0, err
	}
	return owner.Attach(ctx, a.request, a.Owner.ID, b)
}

// batchOf returns the Batch of an upload, with nothing stored.
func (s *Service) batchOf(a admission) *Batch {
	return &Batch{s: s, changes: a.changes(), limits: s.limits, stored: map[string]object{}}
}

// storeUpload stores the file of an upload. The caller closes the Batch, also after an
// error.
func (b *Batch) storeUpload(ctx context.Context, a admission, counted int64) error {
	a.Owner = a.target()
	p, err := b.plan(ctx, a.Owner)
	if err != nil {
		return err
	}
	b.freed = p.freed() + counted
	return b.storeStream(ctx, a.Upload)
}

// sniffed is the number of bytes from which typeOf knows a type.
const sniffed = 3072

func (b *Batch) storeStream(ctx context.Context, u Upload) error {
	content := bufio.NewReaderSize(u.Body, sniffed)
	first, err := content.Peek(int(min(u.Size, sniffed)))
	if err != nil && err != io.EOF { // Peek returns io.EOF itself
		return err
	}
	o := object{key: storage.NewKey(), size: u.Size, contentType: typeOf(first)}
	b.stored[u.Name] = o
	if err := b.reserve(ctx, u.Owner); err != nil {
		return err
	}
	if err := b.s.objects.Put(ctx, o.key, content, o.size, o.contentType); err != nil {
		return fmt.Errorf("store an upload: %w", err)
	}
	o.width, o.height = b.s.measure(ctx, o.key, o.contentType)
	b.stored[u.Name] = o
	return nil
}

// uploads counts concurrent uploads per person. It is safe for concurrent use.
type uploads struct {
	refused *refused.Counter

	mu  sync.Mutex
	now map[int64]int
}

func newUploads(c *refused.Counter) *uploads { return &uploads{refused: c, now: map[int64]int{}} }

// enter counts an upload of a person until leave is called. Errors: RateLimited.
func (u *uploads) enter(ctx context.Context, userID int64) (leave func(), err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.now[userID] >= uploadsAtOnce {
		u.refused.Add(ctx, "uploads")
		return nil, &errs.Error{Kind: errs.RateLimited, RetryAfter: 2 * time.Second}
	}
	u.now[userID]++
	return func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		if u.now[userID]--; u.now[userID] == 0 {
			delete(u.now, userID)
		}
	}, nil
}
