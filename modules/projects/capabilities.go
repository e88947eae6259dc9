package projects

// The methods of the module by capability, each type with those of a file or
// two. All share the Service.
type (
	// boardReader reads boards and lists of projects.
	boardReader struct{ *Service }
	// membership adds and removes members and changes their roles.
	membership struct{ *Service }
	// linkManager shows, renews and switches invitation links.
	linkManager struct{ *Service }
	// settings creates, edits, transfers and deletes projects.
	settings struct{ *Service }
	// rooms removes people from rooms of projects.
	rooms struct{ *Service }
	// listeners applies what happens to people to their projects.
	listeners struct{ *Service }
	// deleted restores what was deleted, and ends it.
	deleted struct{ *Service }
	// sweeper deletes old events and results.
	sweeper struct{ *Service }
)
