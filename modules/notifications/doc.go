// Package notifications keeps what people are told: it stores the notifications that
// other modules publish, shows them at the bell, and marks them as read.
//
// Tables owned: notification, notification_choice, notification_muted_project,
// notification_person; push_key, push_subscription, push_job, push_choice. Rows of the first end with the person, the project, the card and
// the membership that they are about; 30 days after they were read, else after 90 days.
//
// Mails: mail_at is when one is due. RunJobs writes the mails of a person that are due
// as one, in the transaction that takes them, after it has checked what the person may
// see (docs/decisions/0045).
//
// Browsers: push_at is when those of a person tell them of it, unless a page of theirs
// that is in the foreground says before that it is seen. SendPushes stores a message for
// each browser, and sends what is stored (docs/decisions/0057). A browser is a row of
// push_subscription, which ends with its login.
//
// Events published: none. Events subscribed to: module.Notification,
// module.NotificationWithdrawn, module.NotificationsRead, projects.MemberRemoved, projects.Removed,
// auth.LoginEnded.
//
// Doors: a module publishes a module.Notification and declares its kinds as a
// module.Notifier, which Connect collects. Slots filled: the start page and the badge
// (module.HomeGuest, module.BadgeCounter).
package notifications
