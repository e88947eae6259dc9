package files

import (
	"context"
	"errors"
	"maps"
	"slices"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/storage"
)

// Export writes the attachments of lists or cards into an export, each into the
// folder of its owner. The caller checks that they belong to the exporting account.
func (s *Service) Export(ctx context.Context, kind Kind, folders map[int64]string, to accounts.Exporter) error {
	rows, err := s.repo.of(ctx, kind, slices.Sorted(maps.Keys(folders)))
	if err != nil {
		return err
	}
	for _, a := range rows {
		if a.StorageKey == nil {
			continue // its content is still in the Flask application's bucket
		}
		if err := s.exportOne(ctx, *a.StorageKey, folders[a.OwnerID]+"/"+accounts.ExportPath(a.Name), to); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) exportOne(ctx context.Context, key, path string, to accounts.Exporter) (err error) {
	o, err := s.objects.Open(ctx, key)
	if errors.Is(err, storage.ErrNotFound) {
		return nil // removed since the row was read
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	return to.File(path, o)
}
