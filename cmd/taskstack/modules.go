package main

import (
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/bin"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/chats"
	"taskstack.org/modules/devtools"
	"taskstack.org/modules/documents"
	"taskstack.org/modules/files"
	"taskstack.org/modules/friends"
	"taskstack.org/modules/history"
	"taskstack.org/modules/home"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/presence"
	"taskstack.org/modules/profiles"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/search"
	"taskstack.org/modules/versions"
	"taskstack.org/platform/mail"
	"taskstack.org/platform/module"
)

// domain is the modules by name, for what needs more than the list: the demo
// data.
type domain struct {
	accounts  *accounts.Module
	friends   *friends.Module
	projects  *projects.Module
	files     *files.Module
	lists     *lists.Module
	cards     *cards.Module
	bin       *bin.Module
	history   *history.Module
	chats     *chats.Module
	versions  *versions.Module
	profiles  *profiles.Module
	home      *home.Module
	search    *search.Module
	presence  *presence.Module
	devtools  *devtools.Module
	documents *documents.Module
}

// wire makes the modules, top to bottom in the order in which they may know
// each other. A new module is one line here and one in all.
func wire(k module.Kit, outbox *mail.Outbox, site documents.Site) domain {
	var d domain
	d.accounts = accounts.New(k)
	d.friends = friends.New(k, d.accounts)
	d.projects = projects.New(k, d.accounts, d.friends)
	d.files = files.New(k, d.projects.Service)
	d.lists = lists.New(k, d.projects.Service, d.files.Service)
	d.cards = cards.New(k, d.projects.Service, d.lists.Service, d.files.Service)
	d.bin = bin.New(k, d.accounts, d.projects, d.lists, d.cards, d.files)
	d.history = history.New(k, d.accounts, d.projects.Service)
	d.chats = chats.New(k, d.accounts, d.projects.Service)
	d.versions = versions.New(k, d.accounts.Service, d.projects.Service)
	d.profiles = profiles.New(k, d.accounts.Service, d.friends, d.projects)
	d.home = home.New(d.accounts, d.projects, d.friends)
	d.search = search.New(k, d.accounts, d.projects, d.friends)
	d.presence = presence.New(k, d.projects.Service)
	d.devtools = devtools.New(outbox)
	d.documents = documents.New(site)
	for _, m := range d.all() {
		if e, ok := m.(accounts.Exporting); ok {
			d.accounts.AddExport(e.Export)
		}
	}
	return d
}

// all is every module, in the order of wiring.
func (d domain) all() []module.Module {
	return []module.Module{d.accounts, d.friends, d.projects, d.files, d.lists, d.cards, d.bin, d.history, d.versions, d.chats, d.profiles, d.home, d.search, d.presence, d.devtools, d.documents}
}
