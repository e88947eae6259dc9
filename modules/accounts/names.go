package accounts

import (
	"regexp"
	"strings"

	"taskstack.org/platform/errs"
)

// Limits of a name (contract, http.md section 6), in characters.
const (
	minNameLength = 3
	maxNameLength = 16
)

// namePattern is anchored at both ends; in Go's syntax $ is the very end, so a
// trailing line break does not match (defect H11).
var namePattern = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{2,15}$`)

// validName reports whether a name has the right form; reserved names do.
func validName(name string) bool { return namePattern.MatchString(name) }

// CheckName adds to field of f what makes a name impossible for every person.
func (s *Service) CheckName(f errs.Fields, field, name string) {
	switch {
	case !validName(name):
		f.Add(field, "accounts.name.malformed", "Min", minNameLength, "Max", maxNameLength)
	case reserved(name, s.ReservedUserNames()):
		f.Add(field, NameTaken)
	}
}

// NameTaken is the text key for a name that another person has.
const NameTaken = "accounts.name.taken"

// ReservedNames returns the names no person and no project may have, ignoring
// case.
func (s *Service) ReservedNames() []string {
	return append(contractNames[:len(contractNames):len(contractNames)], s.routeNames()...)
}

// ReservedUserNames returns the names no new person may have, ignoring case:
// ReservedNames and futureNames. An account that has one keeps it.
func (s *Service) ReservedUserNames() []string { return append(s.ReservedNames(), futureNames...) }

// contractNames are the names that no person may have (contract, http.md
// section 5).
var contractNames = strings.Fields(`anleitung chat code contact datenschutz email_verification_case_id forgot-password
	friends guide help hilfe history impressum imprint invite kontakt login logout msgs new new-friend path:filename
	privacy project_name project_owner_name projects reset-password reset_password_case_id search settings signup
	static username verify-email`)

// futureNames are further names that no new person may have: paths that future
// pages may need, names that look official to a visitor, and names with a meaning
// for mail and web servers. Projects may have them.
var futureNames = strings.Fields(`about abuse account accounts activity admin administrator administration all anonymous api app apps
	archive assets auth autoconfig avatars billing blog board boards calendar callback cards careers changelog community company config
	console cookies copyright dashboard demo dev developer developers docs documentation documents donate download downloads email error
	errors events everyone explore export faq favicon features feed feedback files forum groups guest  home hostmaster icons
	images img import inbox index info integrations internal invitations invites issues jobs join js labels legal license
	list lists logo mail mailer-daemon maintenance manifest me media member members messages metrics moderator moderators mobile my
	nobody no-reply noreply notifications null oauth official openapi operator org organization organizations owner owners partners
	password passwords payment payments people ping plans plugins policy postmaster press pricing privacy-policy profile profiles project
	public register reports reset robots root rss rules sales security server service services session sessions share shop
	sign-in sign-out sign-up signin signout sitemap socket socket-io socketio sponsors sso staff stats status store subscribe superuser
	support sysadmin system tags taskstack tasks team teams template templates terms test tests tos trash undefined unsubscribe update
	updates upload uploads user users verify version versions webhook webhooks webmaster well-known widget widgets wiki workspace
	workspaces ws www you`)

// reserved reports whether name is one of names, ignoring case.
func reserved(name string, names []string) bool {
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}
