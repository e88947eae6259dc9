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
	"taskstack.org/platform/refused"
	"taskstack.org/platform/storage"
)

// Projects is what files needs of projects.
type Projects interface {
	Access(ctx context.Context, by accounts.Actor, projectID int64) (projects.Access, error)
	Require(ctx context.Context, by accounts.Actor, projectID int64, action projects.Action) (projects.Access, error)
	Once(ctx context.Context, r projects.Request, do func() (projects.Reply, error)) (projects.Reply, error)
}

// Location says where a list or card is.
type Location struct {
	ProjectID int64
	// Removed is true if it is in the trash or in the archive: only members who may
	// restore it may see its files.
	Removed bool
}

// OwnerModule is what files needs of a module whose lists or cards have files.
type OwnerModule interface {
	// Locate finds a list or card. Errors: NotFound.
	Locate(ctx context.Context, ownerID int64) (Location, error)
	// Attach records a Batch as a change of a list or card, with the checks of
	// every other change of it. It returns the project's revision.
	Attach(ctx context.Context, r projects.Request, ownerID int64, b *Batch) (rev int64, err error)
	// IDs returns all lists or cards of a project, on the board or not.
	IDs(ctx context.Context, projectID int64) ([]int64, error)
}

// Service holds the rules of attachments. It is safe for concurrent use.
type Service struct {
	db        *db.DB
	repo      repository
	storage   storage.Storage
	links     Linker // nil if downloads pass through this server
	projects  Projects
	owners    map[Kind]OwnerModule
	quota     Quota
	refused   *refused.Counter
	uploads   *uploads
	publicURL string
	log       *slog.Logger
	now       func() time.Time
}

// owner returns the module that owns a kind.
func (s *Service) owner(kind Kind) (OwnerModule, error) {
	m, ok := s.owners[kind]
	if !ok {
		return nil, fmt.Errorf("files: no module owns %s", kind)
	}
	return m, nil
}

// locate returns where the owner of a file is.
func (s *Service) locate(ctx context.Context, owner Owner) (Location, error) {
	m, err := s.owner(owner.Kind)
	if err != nil {
		return Location{}, err
	}
	return m.Locate(ctx, owner.ID)
}

// Of returns the files of lists or cards, by id, in the order in which they were
// attached, in one statement.
func (s *Service) Of(ctx context.Context, kind Kind, ids []int64) (map[int64][]View, error) {
	all := make(map[int64][]View, len(ids))
	rows, err := s.repo.of(ctx, kind, ids)
	for _, a := range rows {
		all[a.OwnerID] = append(all[a.OwnerID], a.view(s.publicURL))
	}
	return all, err
}

// Batch is a change of attachments whose contents are stored but not attached.
// The zero Batch changes nothing.
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

// Stage checks changes against every limit and stores the new contents. It first
// calls authorize, unless there is nothing to store. The caller must Close the
// Batch.
//
// Errors: Invalid, Conflict, TooLarge, each with a message about the field
// attachedFiles; those of authorize.
func (s *Service) Stage(ctx context.Context, owner Owner, c Changes, authorize func(ctx context.Context) error) (*Batch, error) {
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
	if err := authorize(ctx); err != nil {
		return nil, err
	}
	// Apply plans again, with the project locked; planning here too avoids storing
	// what would be refused.
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
}

// Apply attaches the stored contents to owner and detaches removed files. The
// caller's transaction must hold the project's row. Apply may be called again when
// that transaction is retried.
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
		rows[i] = attachment{OwnerID: owner.ID, Name: name, URL: newURL()}
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
}

func newURL() string { return routePrefix + storage.NewKey() }

// Close deletes contents that were stored and not attached.
func (b *Batch) Close(ctx context.Context) {
	if b.attached || len(b.stored) == 0 {
		return
	}
	// ctx may have been canceled because the client disconnected.
	ctx = context.WithoutCancel(ctx)
	var keys []string
	for _, o := range b.stored {
		keys = append(keys, o.key)
	}
	// A commit whose response got lost may have attached them.
	used, err := b.s.repo.usedKeys(ctx, keys)
	if err == nil {
		err = b.s.storage.Delete(ctx, slices.DeleteFunc(keys, func(k string) bool { return used[k] })...)
	}
	if err != nil {
		b.s.log.WarnContext(ctx, "attachments are left to the sweeper", "error", err)
	}
}

// DeleteAll detaches all files from lists or cards and returns the names by owner.
// It must be called in the transaction that deletes them.
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

// removeLater deletes a row's content after the transaction commits.
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

// Linker is a storage that browsers may read from by themselves, with a signed
// address.
type Linker interface {
	// Link returns an address that is valid for some time and answers with the
	// headers given.
	Link(ctx context.Context, key, contentType, disposition string, valid time.Duration) (string, error)
}

// Download is an attachment that the actor may read.
type Download struct {
	Name        string
	ContentType string
	StorageKey  string
}

// Find returns the attachment with a link's key. The actor needs Read in the project,
// and Write if the list or card is not on the board. Errors: NotFound, Forbidden.
func (s *Service) Find(ctx context.Context, by accounts.Actor, key string) (Download, error) {
	if storage.CheckKey(key) != nil {
		return Download{}, errs.Of(errs.NotFound)
	}
	kind, a, err := s.repo.byURL(ctx, routePrefix+key)
	if err != nil {
		return Download{}, err
	}
	if err := s.checkRead(ctx, by, Owner{Kind: kind, ID: a.OwnerID}); err != nil {
		return Download{}, err
	}
	if a.StorageKey == nil || a.ContentType == nil {
		return Download{}, errs.Of(errs.NotFound)
	}
	return Download{Name: a.Name, ContentType: *a.ContentType, StorageKey: *a.StorageKey}, nil
}

// Open opens the content of an attachment, which the caller closes. Errors: NotFound.
func (s *Service) Open(ctx context.Context, d Download) (storage.Object, error) {
	o, err := s.storage.Open(ctx, d.StorageKey)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, errs.Because(errs.NotFound, fmt.Errorf("attachment %q has no content: %w", d.Name, err))
	}
	return o, err
}

// checkRead checks that the actor may read the files of an owner: Write is
// required if the owner is not on the board.
func (s *Service) checkRead(ctx context.Context, by accounts.Actor, owner Owner) error {
	location, err := s.locate(ctx, owner)
	if err != nil {
		return err
	}
	in, err := s.projects.Access(ctx, by, location.ProjectID)
	if err != nil || !location.Removed {
		return err
	}
	return in.Check(projects.Write)
}

func sortedNames(sets ...map[string][]byte) []string {
	var names []string
	for _, set := range sets {
		names = slices.AppendSeq(names, maps.Keys(set))
	}
	slices.Sort(names)
	return slices.Compact(names)
}
