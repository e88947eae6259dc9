package redisadapter

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// How long a client waits. A server does without Redis rather than wait for it.
const (
	dialTimeout = time.Second
	readTimeout = time.Second
)

// Connect returns a client for an address, without connecting yet:
//
//	redis://user:password@host:6379/0             one server
//	redis://host:6379?cluster=true&addr=host2:6379  a Cluster, by some of its nodes
//	redis://host:26379?master_name=main&addr=host2:26379  the Sentinels of a server;
//	    user and password are the Sentinels', username=…&password=… the server's
//
// rediss:// encrypts; ca=/path/file.pem names the certificate authority. Errors
// do not repeat the address, which may hold a password.
func Connect(address string) (redis.UniversalClient, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "redis" && u.Scheme != "rediss" {
		return nil, errors.New("is not a URL of the form redis://host:6379; fix it, URL-encoding user and password")
	}
	query := u.Query()
	cluster, ca := query.Get("cluster"), query.Get("ca")
	query.Del("cluster")
	query.Del("ca")
	u.RawQuery = query.Encode()
	trust, err := trustOf(u.Scheme, ca)
	if err != nil {
		return nil, err
	}
	isCluster := cluster == "true"
	switch {
	case cluster != "" && cluster != "true" && cluster != "false":
		return nil, fmt.Errorf("has cluster=%q; write cluster=true, or leave it out", cluster)
	case query.Get("master_name") != "" && isCluster:
		return nil, errors.New("has both cluster and master_name; leave one out")
	case query.Get("master_name") != "":
		return connectSentinel(u, trust)
	case isCluster:
		return connectCluster(u, trust)
	case query.Has("addr"):
		return nil, errors.New("names several addresses; add cluster=true for a Cluster, or master_name=… for Sentinels")
	}
	return connectSingle(u, trust)
}

// CheckAddress returns what is wrong with an address for Connect.
func CheckAddress(address string) error {
	client, err := Connect(address)
	if err != nil {
		return err
	}
	return client.Close()
}

func connectSingle(u *url.URL, trust *x509.CertPool) (redis.UniversalClient, error) {
	o, err := redis.ParseURL(u.String())
	if err != nil {
		return nil, unreadable(err)
	}
	setTrust(o.TLSConfig, trust)
	o.Protocol, o.MaxRetries, o.DialerRetries = 2, -1, 1
	orElse(&o.DialTimeout, dialTimeout)
	orElse(&o.ReadTimeout, readTimeout)
	o.ContextTimeoutEnabled = true
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return redis.NewClient(o), nil
}

func connectSentinel(u *url.URL, trust *x509.CertPool) (redis.UniversalClient, error) {
	o, err := redis.ParseFailoverURL(u.String())
	if err != nil {
		return nil, unreadable(err)
	}
	setTrust(o.TLSConfig, trust)
	o.Protocol, o.MaxRetries, o.DialerRetries = 2, -1, 1
	orElse(&o.DialTimeout, dialTimeout)
	orElse(&o.ReadTimeout, readTimeout)
	o.ContextTimeoutEnabled = true
	return redis.NewFailoverClient(o), nil
}

func connectCluster(u *url.URL, trust *x509.CertPool) (redis.UniversalClient, error) {
	o, err := redis.ParseClusterURL(u.String())
	if err != nil {
		return nil, unreadable(err)
	}
	setTrust(o.TLSConfig, trust)
	o.Protocol, o.MaxRetries, o.DialerRetries = 2, -1, 1
	orElse(&o.DialTimeout, dialTimeout)
	orElse(&o.ReadTimeout, readTimeout)
	o.ContextTimeoutEnabled = true
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return redis.NewClusterClient(o), nil
}

// unreadable is an error of go-redis without what may be secret.
func unreadable(err error) error {
	text := strings.TrimPrefix(err.Error(), "redis: ")
	if strings.Contains(text, "parse") {
		text = "it cannot be parsed"
	}
	return fmt.Errorf("is not understood (%s); fix it, see docs/servers.md", text)
}

func trustOf(scheme, ca string) (*x509.CertPool, error) {
	if ca == "" {
		return nil, nil // the system's authorities
	}
	if scheme != "rediss" {
		return nil, errors.New("has ca without encryption; write rediss://, or leave ca out")
	}
	text, err := os.ReadFile(ca)
	if err != nil {
		return nil, fmt.Errorf("names a ca file that cannot be read (%w); fix ca", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, errors.New("names a ca file with no certificate in it; fix ca")
	}
	return pool, nil
}

func setTrust(c *tls.Config, trust *x509.CertPool) {
	if c != nil && trust != nil {
		c.RootCAs = trust
	}
}
