package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"

	"taskstack.org/platform/ratelimit/redislimit"
	"taskstack.org/platform/realtime/redishints"
	"taskstack.org/platform/socketio/redisadapter"
)

// otherServers connects this server to the others over Redis.
type otherServers struct {
	client  redis.UniversalClient
	adapter *redisadapter.Adapter
	hints   *redishints.Hints
	limits  *redislimit.Shared
}

// connectServers prepares the connection to other servers, if there is a Redis.
// It does not wait for it: a server starts degraded while Redis is away.
func (a *app) connectServers() error {
	if a.cfg.RedisURL == "" {
		return nil
	}
	redis.SetLogger(redisLog{a.log})
	client, err := redisadapter.Connect(a.cfg.RedisURL)
	if err != nil {
		return fmt.Errorf("TASKSTACK_REDIS_URL: %w", err)
	}
	adapter, err := redisadapter.New(client, redisadapter.Options{Prefix: a.cfg.RedisPrefix, Logger: a.log})
	if err != nil {
		return errors.Join(err, client.Close())
	}
	a.servers = &otherServers{client: client, adapter: adapter, hints: redishints.New(adapter), limits: redislimit.New(client, a.cfg.RedisPrefix, a.log)}
	a.closers = append(a.closers, a.servers)
	return nil
}

// Close ends the connection, after the sockets' server has said goodbye over it.
func (s *otherServers) Close() error {
	s.limits.Close()
	return s.client.Close()
}

func (s *otherServers) collectors() []prometheus.Collector {
	return append(s.hints.Collectors(), s.adapter.Collector())
}

// redisLog takes the lines of go-redis, one for each failed attempt to connect;
// the adapter logs what they mean.
type redisLog struct{ log *slog.Logger }

func (l redisLog) Printf(ctx context.Context, format string, v ...any) {
	l.log.DebugContext(ctx, "go-redis", "line", fmt.Sprintf(format, v...))
}
