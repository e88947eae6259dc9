package redislimit_test

import (
	"context"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/ratelimit"
	"taskstack.org/platform/ratelimit/redislimit"
	"taskstack.org/platform/socketio/redisadapter"
)

func TestMain(m *testing.M) {
	redis.SetLogger(quiet{})
	goleak.VerifyTestMain(m)
}

type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}

// open returns the limits of one server.
func open(t *testing.T, address string) *redislimit.Shared {
	t.Helper()
	client, err := redisadapter.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	s := redislimit.New(client, "app", slog.New(slog.DiscardHandler))
	t.Cleanup(func() {
		s.Close()
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// about reports whether a wait is as long as it was a moment ago.
func about(wait, want time.Duration) bool { return wait <= want && wait > want-30*time.Second }

// TestLimitsHoldOverServers: what one server has allowed counts on the other,
// exactly as in one limiter.
func TestLimitsHoldOverServers(t *testing.T) {
	for name, address := range map[string]func() string{
		"single":  func() string { return testenv.Redis(t).URL },
		"cluster": func() string { return testenv.RedisCluster(t, 3)[0].URL + "?cluster=true" },
	} {
		t.Run(name, func(t *testing.T) {
			url := address()
			servers := []*redislimit.Shared{open(t, url), open(t, url)}
			var limiters []*ratelimit.Limiter
			var backoffs []*ratelimit.Backoff
			refused := 0
			for _, s := range servers {
				limiters = append(limiters, ratelimit.New(time.Hour, 4, time.Now).OnRefuse(func(string) { refused++ }).Over(s, "mails"))
				backoffs = append(backoffs, ratelimit.NewBackoff(3, 10*time.Minute, 15*time.Minute, time.Now).OnRefuse(func(string) { refused++ }).Over(s, "logins"))
			}
			for i := range 4 {
				if _, ok := limiters[i%2].Take("bob"); !ok {
					t.Fatalf("number %d is refused", i+1)
				}
			}
			for i := range 4 {
				if wait, ok := limiters[i%2].Take("bob"); ok || !about(wait, time.Hour) {
					t.Fatalf("a fifth one: %v, wait %v", ok, wait)
				}
			}
			if _, ok := limiters[1].Take("eve"); !ok {
				t.Error("another key is refused")
			}
			limiters[1].Forget("bob")
			if _, ok := limiters[0].Take("bob"); !ok {
				t.Error("a forgotten key is refused")
			}
			for i := range 3 {
				if _, ok := backoffs[i%2].Try("bob"); !ok {
					t.Fatalf("attempt %d has to wait", i+1)
				}
			}
			if wait, ok := backoffs[1].Try("bob"); ok || !about(wait, 10*time.Minute) {
				t.Errorf("a fourth attempt: %v, wait %v", ok, wait)
			}
			backoffs[0].Undo("bob")
			if _, ok := backoffs[1].Try("bob"); !ok {
				t.Error("an attempt that was taken back counts")
			}
			backoffs[0].Forget("bob")
			for range 3 {
				if _, ok := backoffs[1].Try("bob"); !ok {
					t.Error("a forgotten key has to wait")
				}
			}
			if refused != 5 {
				t.Errorf("%d refusals counted, want 5", refused)
			}
		})
	}
}

// TestTimePasses moves what Redis holds into the past.
func TestTimePasses(t *testing.T) {
	r := testenv.Redis(t)
	s := open(t, r.URL)
	keyOf := func(name string) string {
		for key := range strings.FieldsSeq(r.CLI(t, "keys", "app:limit:"+name+":*")) {
			return key
		}
		t.Fatal("no key")
		return ""
	}
	limit := ratelimit.Limit{Every: time.Minute, Burst: 2}
	take := func() (time.Duration, bool) {
		t.Helper()
		wait, ok, err := s.Take("mails", "bob", limit)
		if err != nil {
			t.Fatal(err)
		}
		return wait, ok
	}
	take()
	take()
	if wait, ok := take(); ok || !about(wait, time.Minute) {
		t.Errorf("a third: %v, %v", wait, ok)
	}
	key := keyOf("mails")
	full, err := strconv.ParseInt(r.CLI(t, "get", key), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	if ttl := r.CLI(t, "ttl", key); ttl != "120" && ttl != "119" && len(ttl) != 2 && len(ttl) != 3 {
		t.Errorf("kept for %s s", ttl)
	}
	r.CLI(t, "set", key, strconv.FormatInt(full-time.Minute.Microseconds(), 10))
	if _, ok := take(); !ok {
		t.Error("a minute gives no token")
	}
	if _, ok := take(); ok {
		t.Error("a minute gives two tokens")
	}

	delays := ratelimit.Delays{Free: 1, First: 10 * time.Minute, Most: 30 * time.Minute}
	try := func() (time.Duration, bool) {
		t.Helper()
		wait, ok, err := s.Try("logins", "bob", delays)
		if err != nil {
			t.Fatal(err)
		}
		return wait, ok
	}
	if _, ok := try(); !ok {
		t.Error("the free attempt has to wait")
	}
	key = keyOf("logins")
	for _, want := range []time.Duration{10 * time.Minute, 20 * time.Minute, 30 * time.Minute, 30 * time.Minute} {
		if wait, ok := try(); ok || !about(wait, want) {
			t.Errorf("waits %v, %v, want %v", wait, ok, want)
		}
		last, err := strconv.ParseInt(r.CLI(t, "hget", key, "last"), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		r.CLI(t, "hset", key, "last", strconv.FormatInt(last-want.Microseconds(), 10))
		if wait, ok := try(); !ok {
			t.Errorf("after %v it has to wait %v", want, wait)
		}
	}
	if ttl, err := strconv.Atoi(r.CLI(t, "ttl", key)); err != nil || ttl > 3600 || ttl < 3500 {
		t.Errorf("kept for %d s, want an hour", ttl)
	}
	if keys := r.CLI(t, "keys", "*"); strings.Contains(keys, "bob") {
		t.Errorf("a name in Redis: %s", keys)
	}
}

// TestRedisAway: without Redis each server counts for itself, goes on from what it
// has seen, and does not ask for each attempt.
func TestRedisAway(t *testing.T) {
	r := testenv.Redis(t)
	a, b := open(t, r.URL), open(t, r.URL)
	first := ratelimit.NewBackoff(3, time.Hour, time.Hour, time.Now).Over(a, "logins")
	second := ratelimit.NewBackoff(3, time.Hour, time.Hour, time.Now).Over(b, "logins")
	for range 2 {
		if _, ok := first.Try("bob"); !ok {
			t.Fatal("refused")
		}
	}
	r.Pause(t)
	if _, ok := first.Try("bob"); !ok {
		t.Error("the third attempt is refused without Redis")
	}
	if _, ok := first.Try("bob"); ok {
		t.Error("a server forgets what it has seen when Redis is away")
	}
	if _, ok := second.Try("bob"); !ok {
		t.Error("another server counts for itself")
	}
	if _, _, err := a.Try("logins", "bob", ratelimit.Delays{Free: 1, First: 1, Most: 1}); err == nil || !strings.Contains(err.Error(), "is away") {
		t.Errorf("Redis was asked again: %v", err)
	}
	r.Resume(t)
	deadline := time.Now().Add(time.Minute)
	for {
		if _, _, err := a.Take("probe", "x", ratelimit.Limit{Every: time.Millisecond, Burst: 1}); err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("Redis is back and not asked")
		}
		time.Sleep(time.Millisecond)
	}
}
