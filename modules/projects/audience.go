package projects

import (
	"strings"

	"taskstack.org/platform/web"
)

// Audience returns the audience of a route that needs a permission in the
// project that it names. It panics with a sentence if action is no row of
// Rules.
func Audience(action Action) web.Audience {
	mustBeRule(action, "a route")
	return web.Audience(audiencePrefix + string(action))
}

// audiencePrefix begins the audience of a route about a project; the action
// follows.
const audiencePrefix = "project:"

// ActionOf returns the permission that an audience means. It reports false
// for the audience of a route that is about no project.
func ActionOf(a web.Audience) (Action, bool) {
	action, ok := strings.CutPrefix(string(a), audiencePrefix)
	return Action(action), ok
}
