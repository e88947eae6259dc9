package lists

import (
	"context"

	"taskstack.org/modules/files"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/platform/errs"
)

// fileOwner is what lists is to files.
type fileOwner struct{ *Service }

var _ files.OwnerModule = fileOwner{}

// Locate implements files.OwnerModule.
func (s fileOwner) Locate(ctx context.Context, id int64) (files.Location, error) {
	l, err := s.repo.byID(ctx, id)
	if err == nil && l.RemovedAs == removal.PermanentlyDeleted {
		err = errs.Of(errs.NotFound)
	}
	return files.Location{ProjectID: l.ProjectID, Removed: l.RemovedAs != removal.OnBoard}, err
}

// Attach implements files.OwnerModule.
func (s fileOwner) Attach(ctx context.Context, r projects.Request, id int64, batch *files.Batch) (rev int64, err error) {
	return s.boards.Record(ctx, r, projects.Write, func(ctx context.Context, in *projects.Change) ([]projects.Event, error) {
		l, err := s.repo.one(ctx, in.ID, id)
		if err != nil {
			return nil, err
		}
		return s.edit(ctx, r.By, in.Access, l, Edit{Name: l.Name, Desc: l.Desc}, batch)
	})
}

// IDs implements files.OwnerModule.
func (s fileOwner) IDs(ctx context.Context, projectID int64) ([]int64, error) {
	all, err := s.repo.all(ctx, projectID)
	ids := make([]int64, len(all))
	for i, l := range all {
		ids[i] = l.ID
	}
	return ids, err
}

// ProjectsOf implements files.OwnerModule.
func (s fileOwner) ProjectsOf(ctx context.Context, ids []int64) (map[int64]int64, error) {
	all, err := s.ByIDs(ctx, ids)
	of := make(map[int64]int64, len(all))
	for id, list := range all {
		of[id] = list.ProjectID
	}
	return of, err
}
