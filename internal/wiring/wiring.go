// Package wiring makes the modules and connects them. The program and the tests
// of modules use the same function.
package wiring

import (
	"slices"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/auth"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/files"
	"taskstack.org/modules/friends"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/profiles"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/platform/module"
)

// Core is the modules that others are built on.
type Core struct {
	Accounts *accounts.Module
	Auth     *auth.Module
	Friends  *friends.Module
	Projects *projects.Module
	Files    *files.Module
	Removal  *removal.Module
	Lists    *lists.Module
	Cards    *cards.Module
	Profiles *profiles.Module
}

// newCore makes the modules of the core. Each depends only on those above it.
func newCore(deps module.Deps) Core {
	var c Core
	c.Accounts = accounts.New(deps)
	c.Auth = auth.New(deps, c.Accounts)
	c.Friends = friends.New(deps, c.Accounts)
	c.Projects = projects.New(deps, c.Accounts, c.Friends, c.Auth)
	c.Files = files.New(deps, c.Accounts, c.Projects.Service)
	c.Removal = removal.New(deps, c.Projects.Service)
	c.Lists = lists.New(deps, c.Projects.Service, c.Files.Service, c.Removal)
	c.Cards = cards.New(deps, c.Projects.Service, c.Lists.Service, c.Files.Service, c.Removal)
	c.Profiles = profiles.New(deps, c.Accounts, c.Auth, c.Friends, c.Projects)
	return c
}

// all is the core in the order in which it was made.
func (c Core) all() []module.Module {
	return []module.Module{c.Accounts, c.Auth, c.Friends, c.Projects, c.Files, c.Removal, c.Lists, c.Cards, c.Profiles}
}

// Modules is all modules of a program: the core by name, the features in a list.
type Modules struct {
	Core
	all []module.Module
}

// New makes all modules and introduces them to those that collect from others.
func New(deps module.Deps) *Modules {
	c := newCore(deps)
	m := &Modules{Core: c, all: addFeatures(deps, c, c.all())}
	for _, each := range m.all {
		if host, ok := each.(module.Host); ok {
			host.Connect(m.all)
		}
	}
	return m
}

// All returns every module in the order of wiring, which is the order of
// routes, sockets and listeners.
func (m *Modules) All() []module.Module { return slices.Clone(m.all) }

// Find returns the module of type T; ok is false if there is none.
func Find[T module.Module](m *Modules) (found T, ok bool) {
	for _, each := range m.all {
		if found, ok = each.(T); ok {
			return found, true
		}
	}
	return found, false
}
