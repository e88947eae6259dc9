package lease

import (
	"context"

	"taskstack.org/platform/db"
)

// clock is the database's time in milliseconds since 1970: the clocks of servers may
// differ.
func (l *Lease) clock() string {
	if l.db.Dialect() == db.MySQL {
		return "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)"
	}
	return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
}

// take renews the lease, or takes it if it has ended. It reports whether this server
// has it. A server that has not reads only.
func (l *Lease) take(ctx context.Context) (mine bool, err error) {
	free, err := l.isFree(ctx)
	if err != nil || !free {
		return false, err
	}
	err = l.db.InTx(ctx, func(ctx context.Context) error {
		insert := "INSERT OR IGNORE"
		if l.db.Dialect() == db.MySQL {
			insert = "INSERT IGNORE"
		}
		if err := l.exec(ctx, insert+" INTO job_lease (name, owner, until) VALUES (?, '', 0)", l.name); err != nil {
			return err
		}
		err := l.exec(ctx, "UPDATE job_lease SET owner = ?, until = "+l.clock()+" + ? WHERE name = ? AND (owner = ? OR until <= "+l.clock()+")",
			l.owner, l.ttl.Milliseconds(), l.name, l.owner)
		if err != nil {
			return err
		}
		var owner string
		err = db.Err(l.db.From(ctx).Raw("SELECT owner FROM job_lease WHERE name = ?", l.name).Scan(&owner).Error)
		mine = owner == l.owner
		return err
	})
	return mine && err == nil, err
}

// isFree reports whether this server has the lease or may take it.
func (l *Lease) isFree(ctx context.Context) (bool, error) {
	var others int
	err := l.db.From(ctx).Raw("SELECT COUNT(*) FROM job_lease WHERE name = ? AND owner <> ? AND until > "+l.clock(), l.name, l.owner).Scan(&others).Error
	return others == 0, db.Err(err)
}

// giveBack ends the lease, so that another server need not wait.
func (l *Lease) giveBack(ctx context.Context) error {
	return l.db.InTx(ctx, func(ctx context.Context) error {
		return l.exec(ctx, "UPDATE job_lease SET until = 0 WHERE name = ? AND owner = ?", l.name, l.owner)
	})
}

func (l *Lease) exec(ctx context.Context, query string, args ...any) error {
	return db.Err(l.db.From(ctx).Exec(query, args...).Error)
}
