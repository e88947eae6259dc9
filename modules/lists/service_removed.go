package lists

import (
	"context"
	"slices"

	"taskstack.org/modules/files"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
)

// Removed returns a project's lists that match q. The caller has checked that the
// member may see them.
func (s *Service) Removed(ctx context.Context, projectID int64, q removal.Query) ([]List, error) {
	return removal.Removed[List](ctx, s.Machine, []int64{projectID}, q)
}

// All returns a project's lists in all locations, by id; only with name and
// location.
func (s *Service) All(ctx context.Context, projectID int64) (map[int64]List, error) {
	all, err := s.repo.all(ctx, projectID)
	byID := make(map[int64]List, len(all))
	for _, l := range all {
		byID[l.ID] = l
	}
	return byID, err
}

// PermanentlyDeleted returns up to limit lists that wait for Purge, by id, above
// after.
func (s *Service) PermanentlyDeleted(ctx context.Context, after int64, limit int) ([]int64, error) {
	return s.repo.permanentlyDeleted(ctx, after, limit)
}

// Purge deletes the rows and files of permanently deleted lists. Those in needed
// lose only their files: removed cards still belong to them.
func (s *Service) Purge(ctx context.Context, ids, needed []int64) error {
	return s.db.InTx(ctx, func(ctx context.Context) error { return s.purge(ctx, ids, needed) })
}

func (s *Service) purge(ctx context.Context, ids, needed []int64) error {
	if len(ids) == 0 {
		return nil
	}
	if _, err := s.files.DeleteAll(ctx, files.OfList, ids...); err != nil {
		return err
	}
	ids = slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return slices.Contains(needed, id) })
	if len(ids) == 0 {
		return nil
	}
	if err := s.repo.delete(ctx, ids); err != nil {
		return err
	}
	return s.bus.Publish(ctx, Purged{IDs: ids})
}

// onProjectDeleting deletes the rows of a project's lists, with everything that is
// or was in them.
func (s *Service) onProjectDeleting(ctx context.Context, e projects.Deleting) error {
	all, err := s.repo.all(ctx, e.ProjectID)
	if err != nil {
		return err
	}
	ids := make([]int64, len(all))
	for i, l := range all {
		ids[i] = l.ID
	}
	if err := s.contents.PurgeAll(ctx, ids); err != nil {
		return err
	}
	return s.purge(ctx, ids, nil)
}
