package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
)

// readCommitted makes every new connection use READ COMMITTED: with row locks
// taken first there is nothing that needs gap locks, and those are what makes
// concurrent inserts deadlock. It is a statement and not a variable in the DSN
// because MySQL 8 and MariaDB before 11.1 name that variable differently.
type readCommitted struct{ driver.Connector }

func (c readCommitted) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	execer, ok := conn.(driver.ExecerContext)
	if !ok {
		return nil, errors.Join(errors.New("the driver's connection runs no statements"), conn.Close())
	}
	if _, err := execer.ExecContext(ctx, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", nil); err != nil {
		return nil, errors.Join(fmt.Errorf("set the isolation level: %w", err), conn.Close())
	}
	return conn, nil
}
