package web

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Audience says who may use a route. Every route declares one where it is
// registered. The router does not check it: handlers do, each in the way that
// the contract has for them. Tests call every route as people outside of its
// audience.
type Audience string

// The audiences of routes that are about no project; for the others see
// projects.Audience.
const (
	// Everyone: people who are not signed in, too. What a page shows may depend
	// on who asks.
	Everyone Audience = "everyone"
	// SignedIn: other people are sent to the log-in or the home page, or get
	// "not found".
	SignedIn Audience = "signed in"
	// OwnProfile: the person whose profile the path names.
	OwnProfile Audience = "own profile"
	// SiteAdmin: administrators of the site. For everyone else the page does not
	// exist.
	SiteAdmin Audience = "site admin"
)

// RouteOption is an Audience or a PostOption.
type RouteOption interface{ apply(r *route) }

// route is what the options of a route say.
type route struct {
	audience Audience
	post     postRoute
}

func (a Audience) apply(r *route) { r.audience = a }

func (o PostOption) apply(r *route) { o(&r.post) }

// declare reads the options of a route and notes its audience.
func (r *Router) declare(name string, options []RouteOption) route {
	var declared route
	for _, o := range options {
		o.apply(&declared)
	}
	r.audiences[name] = declared.audience
	return declared
}

// Audiences returns the audience of every route, by its name, such as "GET
// /login".
func (r *Router) Audiences() map[string]Audience { return maps.Clone(r.audiences) }

// CheckAudiences returns an error that names every route without an audience.
func (r *Router) CheckAudiences() error {
	var all []error
	for _, name := range slices.Sorted(maps.Keys(r.audiences)) {
		if r.audiences[name] == "" {
			all = append(all, fmt.Errorf("route %s declares no audience: give web.Everyone, web.SignedIn, web.OwnProfile, web.SiteAdmin or projects.Audience(action) to the router where the route is registered", name))
		}
	}
	return errors.Join(all...)
}
