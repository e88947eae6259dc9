package boardtest

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
)

// DeletePermanently deletes a project and lets the days pass in which it could be
// restored. It may be called again if it was interrupted.
func (w *World) DeletePermanently(ctx context.Context, by accounts.Actor, id int64) error {
	if err := w.Projects.Delete(ctx, by, id, nil); err != nil && errs.KindOf(err) != errs.NotFound {
		return err
	}
	err := w.DB.InTx(ctx, func(ctx context.Context) error {
		return w.DB.From(ctx).Exec("UPDATE project SET deleted_at = ? WHERE id = ?", w.DB.Now(ctx).AddDate(0, 0, -31), id).Error
	})
	if err != nil {
		return err
	}
	return w.Projects.EndDeleted(ctx)
}
