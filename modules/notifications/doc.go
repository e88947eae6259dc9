// Package notifications keeps what people are told: it stores the notifications that
// other modules publish, shows them at the bell, and marks them as read.
//
// Tables owned: notification. Rows end with the person, the project, the card and the
// membership that they are about; 30 days after they were read, else after 90 days.
//
// Events published: none. Events subscribed to: module.Notification,
// module.NotificationWithdrawn, module.NotificationsRead, projects.MemberRemoved.
//
// Doors: a module publishes a module.Notification and declares its kinds as a
// module.Notifier, which Connect collects. Slots filled: the start page and the badge
// (module.HomeGuest, module.BadgeCounter).
package notifications
