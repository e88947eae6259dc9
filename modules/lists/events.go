package lists

// Created is published in the transaction that makes a list.
type Created struct {
	ProjectID int64
	ID        int64
	Name      string
	Desc      string
	FileNames []string
}

// Deleted is published in the transaction that deletes a list, with everything
// that was on it.
type Deleted struct {
	ProjectID int64
	ID        int64
	Name      string
	Desc      string
	FileNames []string
	// CardNames are the names of its cards, in their order.
	CardNames []string
}
