// Package invites sends invitations to projects by e-mail, each with a code of its
// own that lets in one person, and shows which are pending.
//
// Tables owned: invite. Rows end with their project; with the account of the
// inviting person, of the invited one and of the one who joined by it; and
// retention after their end, until when their links say why they have ended.
//
// Events published: projects.Happened. Events subscribed to: projects.MemberAdded,
// projects.MemberRemoved, projects.Removed, accounts.Deleting.
//
// Slots filled: projects.AddInviteSource, the start page and the badge
// (module.HomeGuest, module.BadgeCounter).
package invites
