package friends

// Ended is published in the transaction in which a friendship ends, also when
// one of the two deletes the account.
type Ended struct{ A, B int64 }
