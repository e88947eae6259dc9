package files

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/gabriel-vasile/mimetype"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/objects"
	"taskstack.org/platform/storage"
)

// Batch is a change of attachments whose contents are stored but not attached.
// The zero Batch changes nothing.
type Batch struct {
	s       *Service
	changes Changes
	limits  Limits
	// stored are the storage keys of the contents, by name.
	stored map[string]object
	// freed is the size of the contents that it removes and replaces.
	freed    int64
	attached bool
}

type object struct {
	key           string
	size          int64
	contentType   string
	width, height *int // of a picture
}

// Stage checks changes against every limit and stores the new contents. It first
// calls authorize, unless there is nothing to store. The caller must Close the
// Batch.
//
// Errors: Invalid, Conflict, TooLarge, each with a message about the field
// attachedFiles; those of authorize.
func (s *Service) Stage(ctx context.Context, owner Owner, c Changes, authorize func(ctx context.Context) error) (*Batch, error) {
	if err := c.validate(ofEvents()); err != nil {
		return nil, err
	}
	c, err := c.cleaned()
	if err != nil {
		return nil, err
	}
	b := &Batch{s: s, changes: c, limits: ofEvents()}
	if !c.uploads() {
		return b, nil
	}
	if err := authorize(ctx); err != nil {
		return nil, err
	}
	// Apply plans again, with the project locked; planning here too avoids storing
	// what would be refused.
	p, err := b.plan(ctx, owner)
	if err != nil {
		return nil, err
	}
	b.freed = p.freed()
	if err := b.store(ctx, owner); err != nil {
		b.Close(ctx)
		return nil, err
	}
	return b, nil
}

func (b *Batch) plan(ctx context.Context, owner Owner) (plan, error) {
	var existing []attachment
	if owner.ID != 0 {
		var err error
		if existing, err = b.s.repo.of(ctx, owner.Kind, []int64{owner.ID}); err != nil {
			return plan{}, err
		}
	}
	return b.changes.planFor(existing, b.limits)
}

func (b *Batch) store(ctx context.Context, owner Owner) error {
	b.stored = map[string]object{}
	contents := map[string][]byte{}
	for _, set := range []map[string][]byte{b.changes.New, b.changes.Replaced} {
		for name, content := range set {
			contents[name] = content
			b.stored[name] = object{key: storage.NewKey(), size: int64(len(content)), contentType: typeOf(content)}
		}
	}
	if err := b.reserve(ctx, owner); err != nil {
		return err
	}
	for name, o := range b.stored {
		if err := b.s.objects.Put(ctx, o.key, bytes.NewReader(contents[name]), o.size, o.contentType); err != nil {
			return fmt.Errorf("store an attachment: %w", err)
		}
		o.width, o.height = b.s.measure(ctx, o.key, o.contentType)
		b.stored[name] = o
	}
	return nil
}

// reserve announces the contents that are going to be stored, and checks the quotas
// with them and with all others that are on their way. Errors: TooLarge.
func (b *Batch) reserve(ctx context.Context, owner Owner) error {
	counted, err := b.s.accountOf(ctx, owner)
	if err != nil {
		return err
	}
	all := make([]objects.Reservation, 0, len(b.stored))
	for _, o := range b.stored {
		all = append(all, objects.Reservation{Key: o.key, Size: o.size})
	}
	if err := b.s.objects.Reserve(ctx, counted.scope(), all...); err != nil {
		return err
	}
	return b.s.checkReserved(ctx, counted, b.freed)
}

// keys returns the storage keys of what was stored.
func (b *Batch) keys() []string {
	keys := make([]string, 0, len(b.stored))
	for _, o := range b.stored {
		keys = append(keys, o.key)
	}
	return keys
}

// typeOf returns the content type by the first bytes; the type that a client sends
// is not trusted.
func typeOf(content []byte) string {
	t := mimetype.Detect(content).String()
	if len(t) > 128 {
		return "application/octet-stream"
	}
	return t
}

// Applied is the result of a Batch.
type Applied struct {
	// Added are files whose URL clients do not know yet.
	Added []View
	// Removed are the names of removed files.
	Removed []string
	// RemovedPaths are their columns url, as in View.Path.
	RemovedPaths []string
	// Pictures is what is known of all files; nil if that has not changed.
	Pictures *Pictures
}

// Apply attaches the stored contents to owner and detaches removed files. The
// caller's transaction must hold the project's row. Apply may be called again when
// that transaction is retried.
func (b *Batch) Apply(ctx context.Context, owner Owner) (Applied, error) {
	done := Applied{Added: []View{}, Removed: []string{}}
	if b.changes.empty() {
		return done, nil
	}
	p, err := b.plan(ctx, owner)
	if err != nil {
		return done, err
	}
	if err := b.detach(ctx, owner.Kind, p.remove, &done); err != nil {
		return done, err
	}
	if err := b.replace(ctx, owner.Kind, p.replace, &done); err != nil {
		return done, err
	}
	if err := b.attach(ctx, owner, p.add, &done); err != nil {
		return done, err
	}
	if b.changes.uploads() {
		if err := b.s.objects.Use(ctx, b.keys()...); err != nil {
			return done, err
		}
		if err := b.s.checkQuota(ctx, owner); err != nil {
			return done, err
		}
	}
	b.s.db.AfterCommit(ctx, func(context.Context) { b.attached = true })
	if !owner.Kind.ofBoard() {
		return done, nil // an item has its files for ever
	}
	done.Pictures, err = b.changedPictures(ctx, owner, p.existing)
	return done, err
}

// changedPictures returns what is known of all files after the change; nil if that is
// what was known before.
func (b *Batch) changedPictures(ctx context.Context, owner Owner, existing []attachment) (*Pictures, error) {
	before := make([]View, len(existing))
	for i, a := range existing {
		before[i] = a.view(b.s.publicURL)
	}
	all, err := b.s.Of(ctx, owner.Kind, []int64{owner.ID})
	after := PicturesOf(all[owner.ID])
	if err != nil || maps.Equal(after, PicturesOf(before)) {
		return nil, err
	}
	if after == nil {
		after = Pictures{} // null would not say that there are none any more
	}
	return &after, nil
}

func (b *Batch) detach(ctx context.Context, kind Kind, rows []attachment, done *Applied) error {
	for _, a := range rows {
		done.Removed = append(done.Removed, a.Name)
		done.RemovedPaths = append(done.RemovedPaths, a.URL)
	}
	return b.s.drop(ctx, kind, rows)
}

func (b *Batch) replace(ctx context.Context, kind Kind, rows []attachment, done *Applied) error {
	if err := b.s.objects.Delete(ctx, keysOf(rows)...); err != nil {
		return err
	}
	for _, a := range rows {
		wasAdopted := a.adopted()
		b.fill(ctx, &a)
		if wasAdopted {
			// The old bucket keeps the old content, so the URL changes.
			a.URL = newURL()
			done.Added = append(done.Added, a.view(b.s.publicURL))
		}
		if err := b.s.repo.update(ctx, kind, a); err != nil {
			return err
		}
	}
	return nil
}

func (b *Batch) attach(ctx context.Context, owner Owner, names []string, done *Applied) error {
	rows := make([]attachment, len(names))
	for i, name := range names {
		rows[i] = attachment{OwnerID: owner.ID, PlaceID: owner.PlaceID, Name: name, URL: newURL()}
		b.fill(ctx, &rows[i])
		done.Added = append(done.Added, rows[i].view(b.s.publicURL))
	}
	err := b.s.repo.insert(ctx, owner.Kind, rows)
	if errs.KindOf(err) == errs.Conflict {
		// Two names that differ here and are equal for the database.
		return nameTaken(names[0])
	}
	return err
}

// fill sets the columns of a row to the content that was stored under its name.
func (b *Batch) fill(ctx context.Context, a *attachment) {
	o, now := b.stored[a.Name], b.s.db.Now(ctx)
	a.StorageKey, a.Size, a.ContentType, a.CreatedAt = &o.key, &o.size, &o.contentType, &now
	a.Width, a.Height = o.width, o.height
}

func newURL() string { return routePrefix + storage.NewKey() }

// Close deletes contents that were stored and not attached. Contents that are
// attached by a commit whose answer got lost stay.
func (b *Batch) Close(ctx context.Context) {
	if !b.attached && len(b.stored) > 0 {
		b.s.objects.Discard(ctx, b.keys()...)
	}
}

func sortedNames(sets ...map[string][]byte) []string {
	var names []string
	for _, set := range sets {
		names = slices.AppendSeq(names, maps.Keys(set))
	}
	slices.Sort(names)
	return slices.Compact(names)
}
