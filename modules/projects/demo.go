package projects

import "context"

// Demonstrated is a module that shows what it can do on the boards of `make
// demo`.
type Demonstrated interface {
	// FillDemo adds something to cards of a board, in the name of r.By. random
	// returns a number below n, the same ones in every demo.
	FillDemo(ctx context.Context, r Request, cardIDs []int64, random func(n int) int) error
}
