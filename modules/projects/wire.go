package projects

import "taskstack.org/modules/accounts"

// colourChanged says that a board has another colour. Clients of socket.io 2.x
// do not know the event and ignore it.
type colourChanged struct {
	Colour Colour `json:"colour"`
}

// recoloured are the details of a change of colour in the history.
type recoloured struct {
	Colour    Colour `json:"colour"`
	OldColour Colour `json:"oldColour"`
}

// invitingChanged is the payload of the event with which boards learn whether
// admins may invite.
type invitingChanged struct {
	On bool `json:"on"`
}

// wirePerson is a person as scripts know one (contract, socket-events.md section 3).
type wirePerson struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"`
	DisplayName string `json:"displayName"`
	PicURL      string `json:"picUrl"`
	GoToURL     string `json:"goToUrl"`
}

func wirePersonOf(p accounts.Person) wirePerson {
	return wirePerson{ID: p.ID, Name: p.Name, DisplayName: p.DisplayName, PicURL: p.PicURL, GoToURL: p.GoToURL}
}

// roleSet is the payload of project_collab_role_changed.
type roleSet struct {
	ID   int64 `json:"id"`
	Role Role  `json:"role"`
}

// collabRemoved is the payload of project_collab_removed.
type collabRemoved struct {
	ID int64 `json:"id"`
}

// reloadAsked is the payload of force_reload.
type reloadAsked struct {
	ProjectID int64 `json:"projectId"`
}

// joinedProject is the payload of now_collab_of_project.
type joinedProject struct {
	ID        int64  `json:"id"`
	Name      string `json:"name"`
	Title     string `json:"title"`
	OwnerName string `json:"ownerName"`
	GoToURL   string `json:"goToUrl"`
}

// attributesChanged is the payload of update_project_attributes.
type attributesChanged struct {
	ProjectID   int64  `json:"projectId"`
	Name        string `json:"name"`
	Title       string `json:"title"`
	OwnerName   string `json:"ownerName"`
	ProjectDesc string `json:"projectDesc"`
}

// wireLink is an invitation link in the page and in replies.
type wireLink struct {
	Role Role   `json:"role"`
	On   bool   `json:"on"`
	Link string `json:"link"`
}

// snapshot is a board for scripts that ask for it as JSON (contract, pages.md
// section 5).
type snapshot struct {
	Rev  int64 `json:"rev"`
	Role Role  `json:"role"`
}

// BoardData is what the page of a board says to its scripts (contract, pages.md
// section 5): the snapshot, and what the viewer may do. Board.encode adds the key project.
type BoardData struct {
	UserID          *int64          `json:"currentUserId"`
	IsAuthenticated bool            `json:"currentUserIsAuthenticated"`
	Role            Role            `json:"currentUserRole"`
	May             map[string]bool `json:"may"`
	Rev             int64           `json:"rev"`
	// InvalidNames are for those who may edit the project's name.
	InvalidNames []string `json:"invalidNames,omitempty"`
	// The links are for those who may add members.
	InviteLink        string     `json:"inviteLink,omitempty"`
	InviteAsAdminLink string     `json:"inviteAsAdminLink,omitempty"`
	InviteLinks       []wireLink `json:"inviteLinks,omitempty"`
}
