package friends

// Ended is published in the transaction in which two people stop being
// friends, whoever of them wanted it, also when one deletes the account.
type Ended struct{ A, B int64 }
