package module

import (
	"context"
	"errors"
	"io"
)

// Command is a sub-command of the program that a module adds.
type Command struct {
	Name string
	// Args and Does are what the usage says of arguments and purpose.
	Args, Does string
	// Run carries it out on the program's database; the server may run meanwhile.
	// ErrUsage says that the arguments are wrong.
	Run func(ctx context.Context, args []string, out io.Writer) error
}

// ErrUsage says that a command was called with wrong arguments.
var ErrUsage = errors.New("wrong arguments")

// Commander is a module with sub-commands. Commands is also called on modules that
// are wired without a database, for the usage.
type Commander interface{ Commands() []Command }

// Announcer is a module that has something to say to the person who starts the
// program, on the standard output; Announcement is empty if it has not.
type Announcer interface {
	Announcement(ctx context.Context) (string, error)
}
