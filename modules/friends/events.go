package friends

// Ended is published in the transaction in which a friendship ends, also when
// one of the two deletes the account.
type Ended struct{ A, B int64 }

// Blocked is published in the transaction in which a person blocks another one, who
// has not been blocked, after the friendship has ended.
type Blocked struct{ By, UserID int64 }

// Unblocked is published in the transaction in which a person lifts a block.
type Unblocked struct{ By, UserID int64 }
