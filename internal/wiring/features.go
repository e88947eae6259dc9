package wiring

import (
	"taskstack.org/modules/admin"
	"taskstack.org/modules/chats"
	"taskstack.org/modules/devtools"
	"taskstack.org/modules/documents"
	"taskstack.org/modules/history"
	"taskstack.org/modules/home"
	"taskstack.org/modules/invites"
	"taskstack.org/modules/labels"
	"taskstack.org/modules/notifications"
	"taskstack.org/modules/presence"
	"taskstack.org/modules/revisions"
	"taskstack.org/modules/search"
	"taskstack.org/modules/trash"
	"taskstack.org/modules/watching"
	"taskstack.org/platform/module"
)

// addFeatures makes the modules that no other module depends on. A new module
// is an import and a line here; without its line and its folders the program
// runs as before (`make removal` checks that).
func addFeatures(deps module.Deps, c Core, all []module.Module) []module.Module {
	return append(
		all,
		trash.New(deps, c.Accounts, c.Projects, c.Lists, c.Cards, c.Files),
		history.New(deps, c.Accounts, c.Projects.Service),
		chats.New(deps, c.Accounts, c.Friends, c.Projects.Service, c.Lists.Service, c.Cards, c.Files.Service),
		revisions.New(deps, c.Accounts.Service, c.Projects.Service),
		home.New(deps, c.Accounts, c.Projects),
		notifications.New(deps, c.Accounts.Service, c.Projects, c.Auth.Logins),
		search.New(deps, c.Projects, c.Lists.Service, c.Cards),
		presence.New(deps, c.Projects.Service),
		devtools.New(deps),
		documents.New(deps),
		labels.New(deps, c.Projects.Service, c.Cards),
		invites.New(deps, c.Accounts, c.Projects.Service),
		watching.New(deps, c.Accounts.Service, c.Projects.Service, c.Lists.Service, c.Cards),
		admin.New(deps, c.Accounts.Service, c.Auth, c.Projects),
	)
}
