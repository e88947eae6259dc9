package files

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/objects"
	"taskstack.org/platform/refused"
	"taskstack.org/platform/storage"
)

// Projects is what files needs of projects.
type Projects interface {
	projects.Registrar
	Record(ctx context.Context, r projects.Request, action projects.Action,
		change func(ctx context.Context, c *projects.Change) ([]projects.Event, error)) (rev int64, err error)
	Access(ctx context.Context, by accounts.Actor, projectID int64) (projects.Access, error)
	Require(ctx context.Context, by accounts.Actor, projectID int64, action projects.Action) (projects.Access, error)
	Once(ctx context.Context, r projects.Request, do func() (projects.Reply, error)) (projects.Reply, error)
	AddBoardPart(part projects.BoardPart)
	Ownerships(ctx context.Context, ids []int64) (map[int64]projects.Ownership, error)
}

// People is what files needs of accounts.
type People interface {
	ByIDs(ctx context.Context, ids []int64) (map[int64]accounts.Person, error)
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
	// ProjectsOf returns the project of each list or card, on the board or not.
	ProjectsOf(ctx context.Context, ownerIDs []int64) (map[int64]int64, error)
}

// Service holds the rules of attachments. It is safe for concurrent use.
type Service struct {
	db        *db.DB
	repo      repository
	objects   *objects.Store
	links     Linker // nil if downloads pass through this server
	people    People
	projects  Projects
	owners    map[Kind]OwnerModule
	keepers   map[Kind]Keeper
	quotas    quotas
	limits    Limits // of uploads by requests
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
		return nil, errs.Because(errs.NotFound, fmt.Errorf("files: no module owns %s", kind))
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

// drop deletes rows, and after the commit their contents.
func (s *Service) drop(ctx context.Context, kind Kind, rows []attachment) error {
	if len(rows) == 0 {
		return nil
	}
	ids := make([]int64, len(rows))
	for i, a := range rows {
		ids[i] = a.ID
	}
	if err := s.objects.Delete(ctx, keysOf(rows)...); err != nil {
		return err
	}
	return s.repo.delete(ctx, kind, ids)
}

// keysOf returns the storage keys of rows, with those of thumbnails and covers that may
// have been made.
func keysOf(rows []attachment) []string {
	var keys []string
	for _, a := range rows {
		if a.StorageKey == nil {
			continue
		}
		keys = append(keys, *a.StorageKey)
		if a.ContentType != nil && hasThumbnail(*a.ContentType) {
			keys = append(keys, *a.StorageKey+thumbnail.suffix, *a.StorageKey+cover.suffix)
		}
	}
	return keys
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
// and Write if the list or card is not on the board; of an item's file its Keeper
// decides. Errors: NotFound, Forbidden.
func (s *Service) Find(ctx context.Context, by accounts.Actor, key string) (Download, error) {
	if storage.CheckKey(key) != nil {
		return Download{}, errs.Of(errs.NotFound)
	}
	a, err := s.repo.byURL(ctx, routePrefix+key)
	if err != nil {
		return Download{}, err
	}
	if err := s.checkRead(ctx, by, Owner{Kind: a.Kind, ID: a.OwnerID}); err != nil {
		return Download{}, err
	}
	if a.StorageKey == nil || a.ContentType == nil {
		return Download{}, errs.Of(errs.NotFound)
	}
	return Download{Name: a.Name, ContentType: *a.ContentType, StorageKey: *a.StorageKey}, nil
}

// Open opens the content of an attachment, which the caller closes. Errors: NotFound.
func (s *Service) Open(ctx context.Context, d Download) (storage.Object, error) {
	o, err := s.objects.Open(ctx, d.StorageKey)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, errs.Because(errs.NotFound, fmt.Errorf("attachment %q has no content: %w", d.Name, err))
	}
	return o, err
}

// checkRead checks that the actor may read the files of an owner: Write is
// required if the owner is not on the board. Of the files of an item its keeper decides.
func (s *Service) checkRead(ctx context.Context, by accounts.Actor, owner Owner) error {
	if k, ok := s.keepers[owner.Kind]; ok {
		return k.MayRead(ctx, by, owner.Kind, owner.ID)
	}
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
