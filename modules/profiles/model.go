package profiles

import (
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
)

// Profile is a person's profile as one viewer may see it.
type Profile struct {
	accounts.Profile
	// Own tells that it is the viewer's; IsFriend that the two are friends.
	Own, IsFriend bool
}

// seenBy hides what the viewer may not know; ok is false if that is everything
// (contract, http.md sections 7.12 and 7.13).
func seenBy(p accounts.Profile, own, isFriend bool) (seen Profile, ok bool) {
	if p.Private && !own && !isFriend {
		return Profile{}, false
	}
	if p.EmailPrivate && !own {
		p.Email = ""
	}
	return Profile{Profile: p, Own: own, IsFriend: isFriend}, true
}

// withoutHidden leaves out the people who keep their profile private, unless
// they are the viewer or friends of the viewer (defect H13).
func withoutHidden(people []accounts.Person, private map[int64]bool, viewer int64, friends map[int64]bool) []accounts.Person {
	shown := make([]accounts.Person, 0, len(people))
	for _, p := range people {
		if !private[p.ID] || p.ID == viewer || friends[p.ID] {
			shown = append(shown, p)
		}
	}
	return shown
}

// Heir says who is to own a project of somebody who leaves.
type Heir struct {
	ProjectID int64
	// Name is a collaborator's; empty: the project is to be deleted.
	Name string
}

// inherited are the projects that somebody could take over: those with
// collaborators.
func inherited(owned []projects.OwnedProject) []projects.OwnedProject {
	var some []projects.OwnedProject
	for _, p := range owned {
		if len(p.Collaborators) > 0 {
			some = append(some, p)
		}
	}
	return some
}
