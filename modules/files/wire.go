package files

import (
	"encoding/json"

	"taskstack.org/modules/projects"
	"taskstack.org/platform/socketio"
)

// Incoming is the contract's object of file name and content in an event from
// a client. Only binary attachments are contents; everything else does not
// decode.
type Incoming map[string]socketio.Binary

// Contents are the files by name.
func (in Incoming) Contents() map[string][]byte {
	contents := make(map[string][]byte, len(in))
	for name, content := range in {
		contents[name] = content
	}
	return contents
}

// Links are files that marshal into the contract's object of name and URL.
type Links []View

// MarshalJSON implements json.Marshaler.
func (l Links) MarshalJSON() ([]byte, error) {
	if len(l) == 0 {
		return []byte("{}"), nil
	}
	urls := make(map[string]string, len(l))
	for _, f := range l {
		urls[f.Name] = f.URL
	}
	return json.Marshal(urls)
}

// Changed is the part of the payloads update_list and update_card that says what
// changed in the files.
type Changed struct {
	Removed []string `json:"removedAttachedFiles"`
	// New are pairs of name and URL.
	New [][2]string `json:"newAttachedFiles"`
	// Pictures is what is known of all files; nil if that has not changed.
	Pictures *Pictures `json:"pictures,omitempty"`
}

// Changed returns what an event says of the changes.
func (a Applied) Changed() Changed {
	added := make([][2]string, len(a.Added))
	for i, f := range a.Added {
		added[i] = [2]string{f.Name, f.URL}
	}
	return Changed{Removed: a.Removed, New: added, Pictures: a.Pictures}
}

// pictureChange is the payload of pictures_changed.
type pictureChange struct {
	// Kind is "list" or "card".
	Kind     string   `json:"kind"`
	ID       int64    `json:"id"`
	Pictures Pictures `json:"pictures"`
}

// picturesChanged is the event of new descriptions of the files of a list or card.
func picturesChanged(owner Owner, all []View) projects.Event {
	change := pictureChange{Kind: "list", ID: owner.ID, Pictures: PicturesOf(all)}
	if owner.Kind == OfCard {
		change.Kind = "card"
	}
	if change.Pictures == nil {
		change.Pictures = Pictures{}
	}
	return projects.Event{Name: "pictures_changed", Payload: change}
}
