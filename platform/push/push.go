// Package push sends messages to browsers through their push services (Web Push: RFC
// 8030, encrypted by RFC 8291, identified by RFC 8292, VAPID).
//
// The addresses of push services come from browsers, so from anyone: only https to
// public addresses is used, and no redirect is followed.
package push

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"
)

const (
	// MaxPayload is how many bytes a message may have.
	MaxPayload = 1900
	// recordSize is how many bytes a message has when it is encrypted: padded, so that
	// its length says nothing.
	recordSize = 2048
	// sendTimeout is how long a push service may take.
	sendTimeout = 10 * time.Second
	// maxEndpoint is how long the address of a subscription may be.
	maxEndpoint = 1024
	// keyBytes and authBytes are the lengths of a browser's key and secret.
	keyBytes, authBytes = 65, 16
)

// Keys identify the program to push services: a subscription is valid for one pair.
type Keys struct{ Private, Public string }

// NewKeys makes a pair of keys.
func NewKeys() (Keys, error) {
	private, public, err := webpush.GenerateVAPIDKeys()
	return Keys{private, public}, err
}

// Subscription is where a browser takes messages, and the keys that they are encrypted
// for.
type Subscription struct{ Endpoint, Key, Auth string }

// Message is what is sent.
type Message struct {
	Payload []byte
	// Topic replaces an earlier message of the same topic that a push service still
	// holds, at most 32 characters of base64url; empty for none.
	Topic string
	// TTL is how long a push service keeps the message for a browser that is away.
	TTL time.Duration
}

// Outcome is what has become of a message.
type Outcome string

// The outcomes.
const (
	Sent Outcome = "sent"
	// Gone says that the subscription has ended.
	Gone Outcome = "gone"
	// Later says that another try may succeed.
	Later Outcome = "later"
	// Refused says that it will not.
	Refused Outcome = "refused"
)

// Result is an outcome with its reason. After is how long the push service asks to
// wait; 0 for no wish.
type Result struct {
	Outcome Outcome
	After   time.Duration
	Reason  error
}

// Sender sends messages. It is safe for concurrent use.
type Sender struct {
	client  *http.Client
	contact string
	anyHost bool
}

// New returns a sender. contact is the https address of the program, or a mail address,
// which push services may use to reach its operator.
func New(contact string) *Sender {
	dialer := &net.Dialer{Timeout: sendTimeout, Control: refusePrivate}
	return &Sender{contact: contact, client: clientWith(&http.Transport{
		DialContext: dialer.DialContext, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute, TLSHandshakeTimeout: sendTimeout,
	})}
}

// NewForTests returns a sender that also sends to this machine, without TLS.
func NewForTests(contact string) *Sender {
	return &Sender{contact: contact, anyHost: true, client: clientWith(&http.Transport{DisableKeepAlives: true})}
}

func clientWith(t http.RoundTripper) *http.Client {
	return &http.Client{
		Transport: t, Timeout: sendTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

var errPrivate = errors.New("push: the address is not a public one")

// refusePrivate refuses connections to addresses that are not public, after names were
// resolved: so that no subscription reaches what only this machine may.
func refusePrivate(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	ip := to.Addr().Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || shared.Contains(ip) {
		return errPrivate
	}
	return nil
}

// shared are the addresses between providers and their customers (RFC 6598).
var shared = netip.MustParsePrefix("100.64.0.0/10") // read-only

// Check reports whether a subscription has the form of one that a browser makes.
func (s *Sender) Check(sub Subscription) bool {
	u, err := url.Parse(sub.Endpoint)
	if err != nil || len(sub.Endpoint) > maxEndpoint || u.Host == "" || u.User != nil || u.Fragment != "" {
		return false
	}
	if u.Scheme != "https" && !s.anyHost {
		return false
	}
	key, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(sub.Key, "="))
	if err != nil || len(key) != keyBytes || key[0] != 4 {
		return false
	}
	auth, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(sub.Auth, "="))
	return err == nil && len(auth) == authBytes
}

// Send sends a message to a browser.
func (s *Sender) Send(ctx context.Context, keys Keys, sub Subscription, m Message) Result {
	if len(m.Payload) > MaxPayload {
		return Result{Outcome: Refused, Reason: fmt.Errorf("push: a message of %d bytes", len(m.Payload))}
	}
	response, err := webpush.SendNotificationWithContext(ctx, m.Payload, &webpush.Subscription{
		Endpoint: sub.Endpoint, Keys: webpush.Keys{P256dh: sub.Key, Auth: sub.Auth},
	}, &webpush.Options{
		HTTPClient: s.client, RecordSize: recordSize, Subscriber: s.contact, Topic: m.Topic, TTL: int(m.TTL.Seconds()), Urgency: webpush.UrgencyNormal,
		VAPIDPublicKey: keys.Public, VAPIDPrivateKey: keys.Private,
	})
	if err != nil {
		outcome := Later
		if errors.Is(err, errPrivate) {
			outcome = Gone
		}
		return Result{Outcome: outcome, Reason: err}
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.CopyN(io.Discard, response.Body, 4096) // so that the connection is used again
	return resultOf(response)
}

func resultOf(response *http.Response) Result {
	reason := fmt.Errorf("push: the service answers %d", response.StatusCode)
	switch code := response.StatusCode; {
	case code >= 200 && code < 300:
		return Result{Outcome: Sent}
	case code == http.StatusNotFound || code == http.StatusGone:
		return Result{Outcome: Gone, Reason: reason}
	case code == http.StatusTooManyRequests || code >= 500:
		seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
		return Result{Outcome: Later, After: time.Duration(max(seconds, 0)) * time.Second, Reason: reason}
	}
	return Result{Outcome: Refused, Reason: reason}
}
