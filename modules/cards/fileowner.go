package cards

import (
	"context"

	"taskstack.org/modules/files"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/platform/errs"
)

// fileOwner is what cards is to files.
type fileOwner struct{ *Service }

var _ files.OwnerModule = fileOwner{}

// Locate implements files.OwnerModule.
func (s fileOwner) Locate(ctx context.Context, id int64) (files.Location, error) {
	c, err := s.repo.byID(ctx, id)
	if err != nil {
		return files.Location{}, err
	}
	list, err := s.lists.ByID(ctx, c.ListID)
	if err != nil {
		return files.Location{}, err
	}
	place := c.RemovedAs
	if place == removal.OnBoard {
		place = list.RemovedAs // removed with its list
	}
	if place == removal.PermanentlyDeleted {
		return files.Location{}, errs.Of(errs.NotFound)
	}
	return files.Location{ProjectID: list.ProjectID, Removed: place != removal.OnBoard}, nil
}

// Attach implements files.OwnerModule.
func (s fileOwner) Attach(ctx context.Context, r projects.Request, id int64, batch *files.Batch) (rev int64, err error) {
	return s.boards.Record(ctx, r, projects.Write, func(ctx context.Context, in *projects.Change) ([]projects.Event, error) {
		c, err := s.OnBoard(ctx, in.ID, id)
		if err != nil {
			return nil, err
		}
		return s.edit(ctx, r.By, in.Access, c, Edit{Name: c.Name, Desc: c.Desc}, batch)
	})
}

// IDs implements files.OwnerModule.
func (s fileOwner) IDs(ctx context.Context, projectID int64) ([]int64, error) {
	all, err := s.lists.All(ctx, projectID)
	if err != nil {
		return nil, err
	}
	return s.repo.ids(ctx, keysOf(all))
}

// ProjectsOf implements files.OwnerModule.
func (s fileOwner) ProjectsOf(ctx context.Context, ids []int64) (map[int64]int64, error) {
	on, err := s.repo.listsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	var listIDs []int64
	for _, id := range on {
		listIDs = append(listIDs, id)
	}
	all, err := s.lists.ByIDs(ctx, listIDs)
	of := make(map[int64]int64, len(on))
	for id, listID := range on {
		if list, ok := all[listID]; ok {
			of[id] = list.ProjectID
		}
	}
	return of, err
}
