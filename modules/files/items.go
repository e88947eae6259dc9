package files

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
)

// Keeper is a module whose items have a file each and that decides itself who may read
// and add them: messages of chats, for example. A file comes with its item and goes with
// it. The kinds are words of addresses and of the column kind of item_attached_file.
type Keeper interface {
	// PlaceFor finds the place to which the actor may add an item with a file; id is
	// the place as the actor names it. Errors: NotFound, Forbidden, Invalid.
	PlaceFor(ctx context.Context, by accounts.Actor, kind Kind, id int64) (Place, error)
	// PlacesOf returns the places of a kind that belong to a project.
	PlacesOf(ctx context.Context, kind Kind, projectID int64) ([]int64, error)
	// Added returns what Add has answered to an earlier upload of the actor with a key;
	// nil for none.
	Added(ctx context.Context, by accounts.Actor, kind Kind, id int64, key string) (projects.Reply, error)
	// Add stores an item with a file that is stored already: in its transaction it calls
	// AttachTo. What it checks again is who may: the upload may have taken long.
	Add(ctx context.Context, by accounts.Actor, kind Kind, id int64, f ItemFile) (projects.Reply, error)
	// MayRead returns NotFound unless the actor may read the file of an item now.
	MayRead(ctx context.Context, by accounts.Actor, kind Kind, itemID int64) error
}

// Place is where items are, such as a chat.
type Place struct {
	// ID is what PlacesOf and DeletePlaces name it by.
	ID int64
	// ProjectID is the project whose quota counts its files; 0 for a place of its own,
	// which has as large a quota.
	ProjectID int64
}

// ItemFile is a file that is stored and that an item is going to have.
type ItemFile struct {
	Name string
	// Key is the idempotency key of the upload; "" for none.
	Key   string
	batch *Batch
	to    Owner
}

// AttachTo makes it the file of an item, in the transaction that stores the item. It may
// be called again when that transaction is retried.
func (f ItemFile) AttachTo(ctx context.Context, itemID int64) error {
	f.to.ID = itemID
	_, err := f.batch.Apply(ctx, f.to)
	return err
}

// AddKeeper adds a module whose items have files of some kinds. It is called while the
// program is put together.
func (s *Service) AddKeeper(k Keeper, kinds ...Kind) {
	for _, kind := range kinds {
		s.keepers[kind] = k
	}
}

// Limits are those of uploads by requests.
func (s *Service) Limits() Limits { return s.limits }

// admitItem checks an upload to a keeper. What an item has is never replaced.
func (s *Service) admitItem(ctx context.Context, by accounts.Actor, a admission, k Keeper) (admission, error) {
	if a.Replaces {
		return a, errs.Of(errs.Invalid)
	}
	place, err := k.PlaceFor(ctx, by, a.Owner.Kind, a.Owner.ID)
	a.keeper, a.counted = k, account{projectID: place.ProjectID, kind: a.Owner.Kind, placeID: place.ID}
	return a, err
}

// uploadItem stores a file and the item that has it, once for each key.
func (s *Service) uploadItem(ctx context.Context, by accounts.Actor, a admission) (projects.Reply, error) {
	if before, err := a.keeper.Added(ctx, by, a.Owner.Kind, a.Owner.ID, a.IdempotencyKey); before != nil || err != nil {
		return before, err
	}
	return s.withContent(ctx, a, func(a admission, counted int64) (projects.Reply, error) {
		b := s.batchOf(a)
		defer b.Close(ctx)
		if err := b.storeUpload(ctx, a, counted); err != nil {
			return nil, err
		}
		return a.keeper.Add(ctx, by, a.Owner.Kind, a.Owner.ID, ItemFile{Name: a.Name, Key: a.IdempotencyKey, batch: b, to: a.target()})
	})
}

// DeletePlaces deletes the files of all items of places, and after the commit their
// contents. It must be called in the transaction that deletes the places.
func (s *Service) DeletePlaces(ctx context.Context, kind Kind, placeIDs ...int64) error {
	if len(placeIDs) == 0 {
		return nil
	}
	rows, err := s.repo.inPlaces(ctx, kind, placeIDs)
	if err != nil {
		return err
	}
	return s.drop(ctx, kind, rows)
}
