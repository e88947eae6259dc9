package projects

// Created is published in the transaction that makes a project.
type Created struct {
	Project Project
	// WithChat tells that its owner wants a chat group for it.
	WithChat bool
}

// Deleting is published in the transaction that deletes a project, before its
// row goes: whoever holds rows of that project removes them now.
type Deleting struct {
	ProjectID int64
}

// Renamed is published in the transaction that changes a project's path: by a
// new name, a new owner, or a new name of its owner.
type Renamed struct {
	ProjectID       int64
	OwnerName, Name string
}

// MemberAdded is published in the transaction that makes somebody a
// collaborator.
type MemberAdded struct {
	ProjectID, UserID int64
	Role              Role
}

// MemberRemoved is published in the transaction in which somebody stops being
// a member of a project.
type MemberRemoved struct {
	ProjectID, UserID int64
}
