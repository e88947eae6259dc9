// Package redislimit counts attempts in Redis, so that limits hold over all
// servers.
package redislimit

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"taskstack.org/platform/ratelimit"
)

const (
	// timeout bounds one question to Redis. After a failure none is asked until
	// Redis has answered a ping, so that at most one request per server and
	// outage waits for it.
	timeout    = 150 * time.Millisecond
	probeEvery = 500 * time.Millisecond
)

var errAway = errors.New("redislimit: Redis is away")

// Shared implements ratelimit.Shared. Keys are hashed: Redis holds no addresses
// or names. All servers go by the clock of Redis.
type Shared struct {
	client redis.UniversalClient
	prefix string
	log    *slog.Logger
	away   atomic.Bool
	stop   context.Context
	end    context.CancelFunc
}

var _ ratelimit.Shared = (*Shared)(nil)

// New returns limits that are kept under keys "prefix:limit:…".
func New(client redis.UniversalClient, prefix string, log *slog.Logger) *Shared {
	ctx, cancel := context.WithCancel(context.Background())
	return &Shared{client: client, prefix: prefix, log: log, stop: ctx, end: cancel}
}

// Close ends the goroutine that waits for Redis to be back.
func (s *Shared) Close() { s.end() }

// takeScript keeps the time at which the bucket is full again.
var takeScript = redis.NewScript(`
local t = redis.call("TIME")
local now = t[1] * 1000000 + t[2]
local every, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local full = math.max(now, tonumber(redis.call("GET", KEYS[1]) or 0)) + every
if full - every * burst > now then
	return full - every * burst - now
end
redis.call("SET", KEYS[1], string.format("%.0f", full), "PX", math.ceil((full - now) / 1000))
return 0`)

// tryScript keeps the number of attempts and the time of the last one.
var tryScript = redis.NewScript(`
local t = redis.call("TIME")
local now = t[1] * 1000000 + t[2]
local free, first, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local count = tonumber(redis.call("HGET", KEYS[1], "count") or 0)
local last = tonumber(redis.call("HGET", KEYS[1], "last") or 0)
if count >= free then
	local wait = math.min(first * 2 ^ (count - free), most)
	if now < last + wait then
		return last + wait - now
	end
end
redis.call("HSET", KEYS[1], "count", count + 1, "last", string.format("%.0f", now))
redis.call("PEXPIRE", KEYS[1], math.ceil(2 * most / 1000))
return 0`)

var undoScript = redis.NewScript(`
if tonumber(redis.call("HGET", KEYS[1], "count") or 0) > 0 then
	redis.call("HINCRBY", KEYS[1], "count", -1)
end
return 0`)

// Take implements ratelimit.Shared.
func (s *Shared) Take(name, key string, l ratelimit.Limit) (time.Duration, bool, error) {
	return s.ask(takeScript, name, key, l.Every.Microseconds(), l.Burst)
}

// Try implements ratelimit.Shared.
func (s *Shared) Try(name, key string, d ratelimit.Delays) (time.Duration, bool, error) {
	return s.ask(tryScript, name, key, d.Free, d.First.Microseconds(), d.Most.Microseconds())
}

// Undo implements ratelimit.Shared.
func (s *Shared) Undo(name, key string) {
	_, _, _ = s.ask(undoScript, name, key) // away: the count ends by itself
}

// Forget implements ratelimit.Shared.
func (s *Shared) Forget(name, key string) {
	if s.away.Load() {
		return
	}
	ctx, cancel := context.WithTimeout(s.stop, timeout)
	defer cancel()
	if err := s.client.Del(ctx, s.key(name, key)).Err(); err != nil {
		s.lost(err)
	}
}

func (s *Shared) key(name, key string) string {
	sum := sha256.Sum256([]byte(key))
	return s.prefix + ":limit:" + name + ":" + base64.RawURLEncoding.EncodeToString(sum[:16])
}

// ask runs a script that returns how many microseconds to wait, 0 for none.
func (s *Shared) ask(script *redis.Script, name, key string, args ...any) (time.Duration, bool, error) {
	if s.away.Load() {
		return 0, false, errAway
	}
	ctx, cancel := context.WithTimeout(s.stop, timeout)
	defer cancel()
	wait, err := script.Run(ctx, s.client, []string{s.key(name, key)}, args...).Int64()
	if err != nil {
		s.lost(err)
		return 0, false, err
	}
	return time.Duration(wait) * time.Microsecond, wait == 0, nil
}

// lost makes limits hold per server until Redis answers again.
func (s *Shared) lost(err error) {
	if s.stop.Err() != nil || s.away.Swap(true) {
		return
	}
	s.log.Warn("limits hold for this server only: Redis does not count", "error", err)
	go s.probe()
}

func (s *Shared) probe() {
	ticker := time.NewTicker(probeEvery)
	defer ticker.Stop()
	for {
		select {
		case <-s.stop.Done():
			return
		case <-ticker.C:
		}
		if s.works() {
			s.away.Store(false)
			s.log.Info("limits hold over all servers again")
			return
		}
	}
}

// works reports whether Redis counts: it may answer and yet refuse to write.
func (s *Shared) works() bool {
	ctx, cancel := context.WithTimeout(s.stop, probeEvery)
	defer cancel()
	return takeScript.Run(ctx, s.client, []string{s.prefix + ":limit:probe"}, 1, 1).Err() == nil
}
