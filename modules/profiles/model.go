package profiles

import (
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
)

// Profile is a person's profile as one viewer may see it.
type Profile struct {
	accounts.Profile
	// Own is true for the viewer's own profile, IsFriend for a friend's.
	Own, IsFriend bool
}

// seenBy removes what is hidden from the viewer; ok is false if the whole profile
// is (contract, http.md sections 7.12 and 7.13).
func seenBy(p accounts.Profile, own, isFriend bool) (seen Profile, ok bool) {
	if p.Private && !own && !isFriend {
		return Profile{}, false
	}
	if p.EmailPrivate && !own {
		p.Email = ""
	}
	return Profile{Profile: p, Own: own, IsFriend: isFriend}, true
}

// withoutHidden removes the people with a private profile, unless they are the
// viewer or friends of the viewer (defect H13).
func withoutHidden(people []accounts.Person, private map[int64]bool, viewer int64, friends map[int64]bool) []accounts.Person {
	shown := make([]accounts.Person, 0, len(people))
	for _, p := range people {
		if !private[p.ID] || p.ID == viewer || friends[p.ID] {
			shown = append(shown, p)
		}
	}
	return shown
}

// NewOwner is the decision about a project of a person who deletes the account.
type NewOwner struct {
	ProjectID int64
	// Name is a collaborator's; if it is empty, the project is deleted.
	Name string
}

// transferable returns the projects with collaborators, who could own them.
func transferable(owned []projects.OwnedProject) []projects.OwnedProject {
	var some []projects.OwnedProject
	for _, p := range owned {
		if len(p.Collaborators) > 0 {
			some = append(some, p)
		}
	}
	return some
}
