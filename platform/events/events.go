// Package events is the in-process bus by which modules announce what happened
// without knowing who listens.
//
// A listener registered with On runs inside the publisher's transaction: its
// error undoes everything. One registered with After runs once the outermost
// transaction has committed, never on rollback; what it does must be a mere
// consequence (a socket message, a mail), because a crash may lose it.
package events

import (
	"context"
	"reflect"
)

// Committer knows when the transaction in a context has committed; platform/db
// is one.
type Committer interface {
	// AfterCommit runs fn after the transaction in ctx has committed, at once
	// if there is none, never if it is rolled back.
	AfterCommit(ctx context.Context, fn func(ctx context.Context))
}

// Bus carries events. Listeners are registered while the program is wired,
// before the first Publish; the maps are read-only from then on.
type Bus struct {
	tx    Committer
	sync  map[reflect.Type][]func(context.Context, any) error
	after map[reflect.Type][]func(context.Context, any)
}

// NewBus makes a bus whose After listeners wait for tx.
func NewBus(tx Committer) *Bus {
	return &Bus{
		tx:    tx,
		sync:  map[reflect.Type][]func(context.Context, any) error{},
		after: map[reflect.Type][]func(context.Context, any){},
	}
}

// On registers a listener that joins the publisher's transaction.
func On[E any](b *Bus, fn func(ctx context.Context, e E) error) {
	t := reflect.TypeFor[E]()
	b.sync[t] = append(b.sync[t], func(ctx context.Context, e any) error {
		return fn(ctx, e.(E)) //nolint:errcheck // Publish looks listeners up by the type of e
	})
}

// After registers a listener that runs when the publisher's transaction has
// committed.
func After[E any](b *Bus, fn func(ctx context.Context, e E)) {
	t := reflect.TypeFor[E]()
	b.after[t] = append(b.after[t], func(ctx context.Context, e any) {
		fn(ctx, e.(E)) //nolint:errcheck // Publish looks listeners up by the type of e
	})
}

// Publish calls every listener of e's type, in the order of registration. It
// returns the first error of an On listener.
func (b *Bus) Publish(ctx context.Context, e any) error {
	t := reflect.TypeOf(e)
	for _, fn := range b.sync[t] {
		if err := fn(ctx, e); err != nil {
			return err
		}
	}
	for _, fn := range b.after[t] {
		b.tx.AfterCommit(ctx, func(ctx context.Context) { fn(ctx, e) })
	}
	return nil
}
