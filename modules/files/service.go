package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/gabriel-vasile/mimetype"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/refused"
	"taskstack.org/platform/storage"
)

// Projects is what files needs of projects.
type Projects interface {
	Access(ctx context.Context, by accounts.Actor, projectID int64) (projects.Access, error)
	Require(ctx context.Context, by accounts.Actor, projectID int64, action projects.Action) (projects.Access, error)
	Once(ctx context.Context, by accounts.Actor, projectID int64, actionID string, do func(ctx context.Context) (realtime.OK, error)) (realtime.OK, error)
}

// Where is where a list or card is.
type Where struct {
	ProjectID int64
	// Removed says that it is not on the board: it waits in the bin or in the
	// archive, and only who may have it back may see its files.
	Removed bool
}

// FindOwner finds a list or card. NotFound if there is none.
type FindOwner func(ctx context.Context, ownerID int64) (Where, error)

// Attach records a Batch as a change of a list or card, and returns the
// project's revision. It checks what every change of it checks.
type Attach func(ctx context.Context, by accounts.Actor, projectID, ownerID int64, b *Batch) (rev int64, err error)

// owners are the lists, or the cards, as their module knows them.
type owners struct {
	find   FindOwner
	attach Attach
}

// Service holds the rules of attachments. It is safe for concurrent use.
type Service struct {
	db        *db.DB
	repo      repository
	storage   storage.Storage
	projects  Projects
	owners    map[Kind]owners
	ofProject map[Kind]OfProject
	quota     Quota
	refused   *refused.Counter
	uploads   *uploads
	publicURL string
	log       *slog.Logger
	now       func() time.Time
}

// SetOwners says how to find a list or card, and how to attach to it. Only while
// wiring.
func (s *Service) SetOwners(kind Kind, find FindOwner, attach Attach) {
	s.owners[kind] = owners{find, attach}
}

// Of are the files of several lists or cards, by their ids, each in the order
// in which they were attached. It takes one statement.
func (s *Service) Of(ctx context.Context, kind Kind, ids []int64) (map[int64][]View, error) {
	all := make(map[int64][]View, len(ids))
	rows, err := s.repo.of(ctx, kind, ids)
	for _, a := range rows {
		all[a.OwnerID] = append(all[a.OwnerID], a.view(s.publicURL))
	}
	return all, err
}

// Batch is a change of attachments whose contents are stored but not attached
// yet. The zero Batch changes nothing.
type Batch struct {
	s       *Service
	changes Changes
	// stored are the storage keys of the contents, by name.
	stored   map[string]object
	attached bool
}

type object struct {
	key         string
	size        int64
	contentType string
}

// Stage checks changes against every limit and then stores the new contents.
// may is asked first whether the person may do this at all; it is not called
// if there is nothing to store. Whoever gets a Batch must Close it.
//
// Errors: Invalid, Conflict, TooLarge, each with a message about the field
// attachedFiles; whatever may returns.
func (s *Service) Stage(ctx context.Context, owner Owner, c Changes, may func(ctx context.Context) error) (*Batch, error) {
	if err := c.validate(); err != nil {
		return nil, err
	}
	c, err := c.cleaned()
	if err != nil {
		return nil, err
	}
	b := &Batch{s: s, changes: c}
	if !c.uploads() {
		return b, nil
	}
	if err := may(ctx); err != nil {
		return nil, err
	}
	// Apply asks again, with the project locked; asking here too means that
	// what is refused was never stored.
	if _, err := s.plan(ctx, owner, c); err != nil {
		return nil, err
	}
	if err := b.store(ctx); err != nil {
		b.Close(ctx)
		return nil, err
	}
	return b, nil
}

func (s *Service) plan(ctx context.Context, owner Owner, c Changes) (plan, error) {
	var existing []attachment
	if owner.ID != 0 {
		var err error
		if existing, err = s.repo.of(ctx, owner.Kind, []int64{owner.ID}); err != nil {
			return plan{}, err
		}
	}
	return c.planFor(existing)
}

func (b *Batch) store(ctx context.Context) error {
	b.stored = map[string]object{}
	for _, contents := range []map[string][]byte{b.changes.New, b.changes.Replaced} {
		for name, content := range contents {
			o := object{key: storage.NewKey(), size: int64(len(content)), contentType: typeOf(content)}
			b.stored[name] = o
			if err := b.s.storage.Put(ctx, o.key, bytes.NewReader(content), o.size, o.contentType); err != nil {
				return fmt.Errorf("store an attachment: %w", err)
			}
		}
	}
	return nil
}

// typeOf is what the content is, going by its first bytes; what a client says
// of it is not to be trusted.
func typeOf(content []byte) string {
	t := mimetype.Detect(content).String()
	if len(t) > 128 {
		return "application/octet-stream"
	}
	return t
}

// Applied is what a Batch changed.
type Applied struct {
	// Added are files whose address clients do not know yet.
	Added []View
	// Removed are the names of files that are gone.
	Removed []string
}

// Apply attaches what Stage stored to owner, and detaches what is to go. It
// must be called in the transaction that holds the project's row; it may be
// called again when that transaction is run again.
func (b *Batch) Apply(ctx context.Context, owner Owner) (Applied, error) {
	done := Applied{Added: []View{}, Removed: []string{}}
	if b.changes.empty() {
		return done, nil
	}
	p, err := b.s.plan(ctx, owner, b.changes)
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
		if err := b.s.checkQuota(ctx, owner); err != nil {
			return done, err
		}
	}
	b.s.db.AfterCommit(ctx, func(context.Context) { b.attached = true })
	return done, nil
}

func (b *Batch) detach(ctx context.Context, kind Kind, rows []attachment, done *Applied) error {
	for _, a := range rows {
		done.Removed = append(done.Removed, a.Name)
	}
	return b.s.drop(ctx, kind, rows)
}

func (b *Batch) replace(ctx context.Context, kind Kind, rows []attachment, done *Applied) error {
	for _, a := range rows {
		b.s.removeLater(ctx, a)
		wasAdopted := a.adopted()
		b.fill(ctx, &a)
		if wasAdopted {
			// The old bucket keeps the old content, so the address changes.
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
		rows[i] = attachment{OwnerID: owner.ID, Name: name, URL: newURL()}
		b.fill(ctx, &rows[i])
		done.Added = append(done.Added, rows[i].view(b.s.publicURL))
	}
	err := b.s.repo.insert(ctx, owner.Kind, rows)
	if errs.KindOf(err) == errs.Conflict {
		// Two names that differ for us and not for the database.
		return nameTaken(names[0])
	}
	return err
}

// fill lets a row point at what was stored for its name.
func (b *Batch) fill(ctx context.Context, a *attachment) {
	o, now := b.stored[a.Name], b.s.db.Now(ctx)
	a.StorageKey, a.Size, a.ContentType, a.CreatedAt = &o.key, &o.size, &o.contentType, &now
}

func newURL() string { return routePrefix + storage.NewKey() }

// Close removes what was stored and then not attached.
func (b *Batch) Close(ctx context.Context) {
	if b.attached || len(b.stored) == 0 {
		return
	}
	// It was refused, or the client left: what was stored must go all the same.
	ctx = context.WithoutCancel(ctx)
	var keys []string
	for _, o := range b.stored {
		keys = append(keys, o.key)
	}
	// A commit whose answer got lost may have attached them.
	used, err := b.s.repo.usedKeys(ctx, keys)
	if err == nil {
		err = b.s.storage.Delete(ctx, slices.DeleteFunc(keys, func(k string) bool { return used[k] })...)
	}
	if err != nil {
		b.s.log.WarnContext(ctx, "attachments are left to the sweeper", "error", err)
	}
}

// DeleteAll detaches everything from lists or cards that are about to be
// deleted, and returns the names by owner. It must be called in the
// transaction that deletes them.
func (s *Service) DeleteAll(ctx context.Context, kind Kind, ids ...int64) (map[int64][]string, error) {
	names := map[int64][]string{}
	rows, err := s.repo.of(ctx, kind, ids)
	if err != nil {
		return nil, err
	}
	for _, a := range rows {
		names[a.OwnerID] = append(names[a.OwnerID], a.Name)
	}
	return names, s.drop(ctx, kind, rows)
}

func (s *Service) drop(ctx context.Context, kind Kind, rows []attachment) error {
	if len(rows) == 0 {
		return nil
	}
	ids := make([]int64, len(rows))
	for i, a := range rows {
		ids[i] = a.ID
		s.removeLater(ctx, a)
	}
	return s.repo.delete(ctx, kind, ids)
}

// removeLater removes a row's present content once the transaction commits.
func (s *Service) removeLater(ctx context.Context, a attachment) {
	if a.StorageKey == nil {
		return
	}
	key := *a.StorageKey
	s.db.AfterCommit(ctx, func(ctx context.Context) {
		if err := s.storage.Delete(ctx, key); err != nil {
			s.log.WarnContext(ctx, "an object is left to the sweeper", "key", key, "error", err)
		}
	})
}

// Download is an attachment somebody may read; they close Object.
type Download struct {
	storage.Object
	Name        string
	ContentType string
}

// Open opens the attachment with a link's key for somebody who may read the
// project it belongs to, and may change it if the list or card is not on the
// board; to everybody else it does not exist: NotFound.
func (s *Service) Open(ctx context.Context, by accounts.Actor, key string) (*Download, error) {
	if storage.CheckKey(key) != nil {
		return nil, errs.Of(errs.NotFound)
	}
	kind, a, err := s.repo.byURL(ctx, routePrefix+key)
	if err != nil {
		return nil, err
	}
	if err := s.mayOpen(ctx, by, kind, a.OwnerID); err != nil {
		return nil, err
	}
	if a.StorageKey == nil || a.ContentType == nil {
		return nil, errs.Of(errs.NotFound)
	}
	o, err := s.storage.Open(ctx, *a.StorageKey)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, errs.Because(errs.NotFound, fmt.Errorf("attachment %d has no content: %w", a.ID, err))
	}
	if err != nil {
		return nil, err
	}
	return &Download{Object: o, Name: a.Name, ContentType: *a.ContentType}, nil
}

func (s *Service) mayOpen(ctx context.Context, by accounts.Actor, kind Kind, ownerID int64) error {
	where, err := s.owners[kind].find(ctx, ownerID)
	if err != nil {
		return err
	}
	in, err := s.projects.Access(ctx, by, where.ProjectID)
	if err != nil || !where.Removed {
		return err
	}
	return in.Role.Check(projects.Write)
}

func sortedNames(sets ...map[string][]byte) []string {
	var names []string
	for _, set := range sets {
		names = slices.AppendSeq(names, maps.Keys(set))
	}
	slices.Sort(names)
	return slices.Compact(names)
}
