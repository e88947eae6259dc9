package projects

import (
	"context"

	"taskstack.org/platform/module"
)

// The kinds of notifications about memberships. The one about the end of a
// membership names the project and leads nowhere: its reader may see it no more.
const (
	addedKind   = "projects.added"
	roleKind    = "projects.role"
	removedKind = "projects.removed"
)

// NotificationKinds implements module.Notifier.
func (m *Module) NotificationKinds() []module.NotificationKind {
	return []module.NotificationKind{
		{Name: addedKind, Text: "projects.notify.added", Mail: module.MailDigest, Push: true},
		{
			Name: roleKind, Text: "projects.notify.roleView", Mail: module.MailDigest,
			Variants: map[string]string{string(RoleAdmin): "projects.notify.roleEdit", string(RoleOwner): "projects.notify.roleOwner"},
		},
		{Name: removedKind, Text: "projects.notify.removed", Mail: module.MailDigest},
		{Name: openedKind, Text: "projects.notify.opened", AlwaysShown: true, Mail: module.MailDigest},
	}
}

// notifyOfRole tells a member of their new role.
func (s membership) notifyOfRole(ctx context.Context, by int64, p Project, userID int64, role Role) error {
	return s.bus.Publish(ctx, module.Notification{
		Kind: roleKind, To: []int64{userID}, By: by, ProjectID: p.ID, Variant: string(role), Subject: "role",
	})
}
