// Package admin holds the web pages of the site's administrators: who is one, people
// and what can be done about their accounts, the figures of the site, and the log of
// what administrators have done.
//
// Tables owned: site_admin, site_admin_claim, site_admin_confirmation,
// site_admin_audit, site_figure, site_health, site_server, site_disconnect.
//
// For everyone else the pages do not exist: a person who is no administrator, or has
// just ceased to be one, gets NotFound for every page and act. An administrator proves
// who they are by password, and by a code where a second factor is on, every half
// hour; acts that cannot be undone ask for the password once more. An act and its row
// of the audit log are one transaction, which checks both again.
//
// Being an administrator gives no look into boards and chats of others, sets no
// password and logs in as no one.
//
// Other modules add pages, acts and figures as a module.AdminGuest, which admin asks
// all modules for. Events handled: accounts.Deleting. Events
// published: module.AdminEnded. Commands: taskstack admin.
package admin
