package redisadapter

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/redis/go-redis/v9"
)

// Options of New. Zero fields have the defaults that are named.
type Options struct {
	// Prefix begins the names of all channels; default "socketio". An ACL user
	// needs the channels "Prefix*". Servers with different prefixes do not know
	// of each other.
	Prefix string
	// Name is this server's name in errors and logs of the others; default
	// host name and process id.
	Name string
	// Logger gets one line when the connection is lost or back, and at most one
	// in ten seconds about what is dropped; nil discards.
	Logger *slog.Logger
	// Lanes is how many hash slots of a Redis Cluster the channels are spread
	// over, which is also the number of connections that receive; default 16.
	// All servers must have the same. Without a Cluster there is one.
	Lanes int
	// QueueLength and QueueBytes bound what waits to be published; defaults
	// 8,192 messages and 16 MiB. What comes above is dropped and counted.
	QueueLength int
	QueueBytes  int
	// MaxAge is how long a message may wait to be published; default 5 s.
	MaxAge time.Duration
	// FetchTimeout bounds Fetch; default 2 s.
	FetchTimeout time.Duration
	// Heartbeat is the interval at which servers announce themselves; default
	// 300 ms. A connection without an answer, and a server, are taken for lost
	// after three of them and a tenth of a second.
	Heartbeat time.Duration
	// LostAfter is how long a server that has gone without saying so is still
	// expected by Fetch; default 6 s.
	LostAfter time.Duration
	// ForgetAfter is how long such a server makes Live report false, because it
	// may be cut off from Redis only; default 10 minutes.
	ForgetAfter time.Duration
}

func (o Options) withDefaults(client redis.UniversalClient) (Options, error) {
	if client == nil {
		return o, errors.New("redisadapter: no client")
	}
	orElse(&o.Prefix, "socketio")
	orElse(&o.Lanes, 16)
	orElse(&o.QueueLength, 8192)
	orElse(&o.QueueBytes, 16<<20)
	orElse(&o.MaxAge, 5*time.Second)
	orElse(&o.FetchTimeout, 2*time.Second)
	orElse(&o.Heartbeat, 300*time.Millisecond)
	orElse(&o.LostAfter, 6*time.Second)
	orElse(&o.ForgetAfter, 10*time.Minute)
	if o.Name == "" {
		host, err := os.Hostname()
		if err != nil {
			host = "server"
		}
		o.Name = fmt.Sprintf("%s:%d", host, os.Getpid())
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if _, ok := client.(*redis.ClusterClient); !ok {
		o.Lanes = 1
	}
	if o.Lanes < 1 || o.Lanes > 1024 || o.QueueLength < 1 || o.QueueBytes < 1 || o.Heartbeat < time.Millisecond {
		return o, errors.New("redisadapter: an option is out of range")
	}
	return o, nil
}

func orElse[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// silence is how long nothing may come before something is taken for lost.
func (o Options) silence() time.Duration { return 3*o.Heartbeat + 100*time.Millisecond }
