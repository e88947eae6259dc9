package doctor

import "context"

// Redis examines the connection to other servers. ask sends a message as the
// servers do; nil means a single server, which needs no Redis.
func Redis(ask func(ctx context.Context) error) Check {
	const subject = about("redis")
	return func(ctx context.Context) []Finding {
		if ask == nil {
			return []Finding{subject.ok("not set: this is the only server")}
		}
		if err := ask(ctx); err != nil {
			return []Finding{subject.problem("Check TASKSTACK_REDIS_URL: address, password, TLS, and that the user may publish on channels that begin with TASKSTACK_REDIS_PREFIX.",
				"it cannot be used, so changes reach people on other servers a second or two late, and each server counts limits for itself: %v", err)}
		}
		return []Finding{subject.ok("it takes the messages between servers")}
	}
}
