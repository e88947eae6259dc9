package files

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/refused"
	"taskstack.org/platform/storage"
)

// uploadsAtOnce is how many files of one person may be on their way by requests
// at a time.
const uploadsAtOnce = 4

// Upload is one file that arrives as a stream.
type Upload struct {
	Owner Owner
	Name  string
	// Size is how many bytes Body has.
	Size int64
	// Replaces says that a file of this name is there and gets a new content;
	// without it a name that is there is a Conflict.
	Replaces bool
	Body     io.Reader
	// ActionID names the upload, so that it may be sent again: it is carried out
	// once. "" for none.
	ActionID string
}

// changes is the upload without its content.
func (u Upload) changes() Changes {
	content := map[string][]byte{u.Name: nil}
	if u.Replaces {
		return Changes{Replaced: content}
	}
	return Changes{New: content}
}

func (u Upload) validate() error {
	if u.Size > MaxSize {
		return tooLarge(u.Name)
	}
	return u.changes().validate()
}

// Upload attaches a file whose content is read from a stream, and returns what
// the sender is answered. Nothing is read before it is clear that the person may
// attach it and that it fits; the content goes into the storage as it comes, so
// that a slow line holds neither memory nor a lock.
//
// Errors: NotFound for an owner that is not on a board the person may see,
// Forbidden, Invalid, Conflict and TooLarge as Stage has them, RateLimited for
// too many at a time, storage.ErrSize if Body has another size, Body's own.
func (s *Service) Upload(ctx context.Context, by accounts.Actor, u Upload) (realtime.OK, error) {
	if err := u.validate(); err != nil {
		return nil, err
	}
	where, err := s.owners[u.Owner.Kind].find(ctx, u.Owner.ID)
	if err != nil {
		return nil, err
	}
	if _, err := s.projects.Require(ctx, by, where.ProjectID, projects.Write); err != nil {
		return nil, err
	}
	leave, err := s.uploads.enter(ctx, by.UserID)
	if err != nil {
		return nil, err
	}
	defer leave()
	return s.projects.Once(ctx, by, where.ProjectID, u.ActionID, func(ctx context.Context) (realtime.OK, error) {
		rev, err := s.attachStream(ctx, by, where, u)
		return realtime.OK{"rev": rev}, err
	})
}

func (s *Service) attachStream(ctx context.Context, by accounts.Actor, where Where, u Upload) (int64, error) {
	if where.Removed {
		return 0, errs.Of(errs.NotFound)
	}
	b := &Batch{s: s, changes: u.changes(), stored: map[string]object{}}
	if _, err := s.plan(ctx, u.Owner, b.changes); err != nil {
		return 0, err
	}
	defer b.Close(ctx)
	if err := b.storeStream(ctx, u); err != nil {
		return 0, err
	}
	return s.owners[u.Owner.Kind].attach(ctx, by, where.ProjectID, u.Owner.ID, b)
}

// sniffed is how many first bytes tell a type.
const sniffed = 3072

func (b *Batch) storeStream(ctx context.Context, u Upload) error {
	content := bufio.NewReaderSize(u.Body, sniffed)
	first, err := content.Peek(int(min(u.Size, sniffed)))
	if err != nil && err != io.EOF { // Peek returns io.EOF itself
		return err
	}
	o := object{key: storage.NewKey(), size: u.Size, contentType: typeOf(first)}
	b.stored[u.Name] = o
	if err := b.s.storage.Put(ctx, o.key, content, o.size, o.contentType); err != nil {
		return fmt.Errorf("store an upload: %w", err)
	}
	return nil
}

// uploads counts the uploads under way, per person. It is safe for concurrent
// use.
type uploads struct {
	refused *refused.Counter

	mu  sync.Mutex
	now map[int64]int
}

func newUploads(c *refused.Counter) *uploads { return &uploads{refused: c, now: map[int64]int{}} }

// enter counts one more upload of a person until leave is called.
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
