// Package notifications keeps what people are told: it stores the notifications that
// other modules publish, shows them at the bell, and marks them as read.
//
// Tables owned: notification, notification_choice, notification_muted_project,
// notification_person. Rows of the first end with the person, the project, the card and
// the membership that they are about; 30 days after they were read, else after 90 days.
//
// Mails: mail_at is when one is due. RunJobs writes the mails of a person that are due
// as one, in the transaction that takes them, after it has checked what the person may
// see (docs/decisions/0045).
//
// Events published: none. Events subscribed to: module.Notification,
// module.NotificationWithdrawn, module.NotificationsRead, projects.MemberRemoved.
//
// Doors: a module publishes a module.Notification and declares its kinds as a
// module.Notifier, which Connect collects. Slots filled: the start page and the badge
// (module.HomeGuest, module.BadgeCounter).
package notifications
