// Package home is the start page of signed-in people, with their boards, starred
// ones first, and the bell in the header of every page, with their notifications.
//
// Tables owned: project_star, notification_read. Rows end with the project or the
// account by foreign keys. Events published: module.NotificationsRead. Events handled: none. Doors:
// AddPart for a module's notifications and its part of the start page,
// AddBadgeCount for its share of the number at the bell. Connect adds every module
// that implements module.HomeGuest or module.BadgeCounter, so no guest names home.
// A guest shows its entries in _feedEntry.html and its part of the start page in
// _homeColumn.html.
package home
