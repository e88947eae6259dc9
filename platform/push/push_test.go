package push_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"taskstack.org/platform/push"
)

const contact = "https://boards.example"

// service is a push service: it keeps the last request and answers as it is told.
type service struct {
	*httptest.Server
	status  int
	after   string
	request *http.Request
	body    []byte
}

func newService(t *testing.T) *service {
	t.Helper()
	s := &service{status: http.StatusCreated}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.request = r
		s.body, _ = io.ReadAll(r.Body)
		if s.after != "" {
			w.Header().Set("Retry-After", s.after)
		}
		w.WriteHeader(s.status)
	}))
	t.Cleanup(s.Close)
	return s
}

func newBrowser(t *testing.T) *push.Browser {
	t.Helper()
	b, err := push.NewBrowser()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func newKeys(t *testing.T) push.Keys {
	t.Helper()
	keys, err := push.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// TestAMessageIsEncryptedAndSigned: only the browser reads it, and the push service can
// check who sends it.
func TestAMessageIsEncryptedAndSigned(t *testing.T) {
	s, browser, keys := newService(t), newBrowser(t), newKeys(t)
	text := strings.Repeat("ä", push.MaxPayload/2)
	result := push.NewForTests(contact).Send(t.Context(), keys, browser.Subscription(s.URL+"/p/1"), push.Message{Payload: []byte(text), Topic: "n-1", TTL: time.Hour})
	if result.Outcome != push.Sent {
		t.Fatalf("%+v", result)
	}
	if got, err := browser.Read(s.body); err != nil || string(got) != text {
		t.Errorf("the browser reads %q, %v", got, err)
	}
	if _, err := newBrowser(t).Read(s.body); err == nil {
		t.Error("another browser reads it")
	}
	for name, want := range map[string]string{"Content-Encoding": "aes128gcm", "TTL": "3600", "Topic": "n-1", "Urgency": "normal"} {
		if got := s.request.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	parts := regexp.MustCompile(`^vapid t=(([\w-]+)\.([\w-]+))\.([\w-]+), k=([\w-]+)$`).FindStringSubmatch(s.request.Header.Get("Authorization"))
	if parts == nil || parts[5] != keys.Public {
		t.Fatalf("Authorization: %q", s.request.Header.Get("Authorization"))
	}
	var claims struct {
		Aud, Sub string
		Exp      int64
	}
	if err := json.Unmarshal(decode(t, parts[3]), &claims); err != nil {
		t.Fatal(err)
	}
	if claims.Aud != s.URL || claims.Sub != contact || claims.Exp > time.Now().Add(24*time.Hour).Unix() {
		t.Errorf("claims %+v", claims)
	}
	signature := decode(t, parts[4])
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), decode(t, keys.Public))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(parts[1]))
	if !ecdsa.Verify(key, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		t.Error("the signature is not of the key")
	}
}

func decode(t *testing.T, text string) []byte {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestWhatAnswersMean(t *testing.T) {
	s, sub, keys, sender := newService(t), newBrowser(t), newKeys(t), push.NewForTests(contact)
	for status, want := range map[int]push.Outcome{
		200: push.Sent, 201: push.Sent, 202: push.Sent, 301: push.Refused, 400: push.Refused, 401: push.Refused, 403: push.Refused, 404: push.Gone, 410: push.Gone,
		413: push.Refused, 429: push.Later, 500: push.Later, 503: push.Later,
	} {
		s.status = status
		if got := sender.Send(t.Context(), keys, sub.Subscription(s.URL), push.Message{Payload: []byte("x")}); got.Outcome != want {
			t.Errorf("%d: %+v, want %s", status, got, want)
		}
	}
	s.status, s.after = 429, "120"
	if got := sender.Send(t.Context(), keys, sub.Subscription(s.URL), push.Message{}); got.After != 2*time.Minute {
		t.Errorf("%+v", got)
	}
	s.Close()
	if got := sender.Send(t.Context(), keys, sub.Subscription(s.URL), push.Message{}); got.Outcome != push.Later {
		t.Errorf("without a service: %+v", got)
	}
	if got := sender.Send(t.Context(), keys, sub.Subscription(s.URL), push.Message{Payload: make([]byte, push.MaxPayload+1)}); got.Outcome != push.Refused {
		t.Errorf("too long: %+v", got)
	}
}

// TestOnlyPublicAddressesAreReached: a subscription is no way to what only the server
// reaches.
func TestOnlyPublicAddressesAreReached(t *testing.T) {
	s, browser, keys, sender := newService(t), newBrowser(t), newKeys(t), push.New(contact)
	got := sender.Send(t.Context(), keys, browser.Subscription(s.URL), push.Message{Payload: []byte("x")})
	if got.Outcome != push.Gone || s.request != nil {
		t.Errorf("this machine: %+v, %v", got, s.request)
	}
	for _, host := range []string{"10.1.2.3", "192.168.1.1", "169.254.169.254", "100.64.0.1", "[::1]", "[fe80::1]", "[fd00::1]", "[::ffff:127.0.0.1]", "0.0.0.0"} {
		if got := sender.Send(t.Context(), keys, browser.Subscription("https://"+host+"/p"), push.Message{}); got.Outcome != push.Gone || errors.Is(got.Reason, http.ErrHandlerTimeout) {
			t.Errorf("%s: %+v", host, got)
		}
	}
}

func TestSubscriptionsAreChecked(t *testing.T) {
	good := newBrowser(t).Subscription("https://push.example/abc")
	sender := push.New(contact)
	if !sender.Check(good) {
		t.Error("a good one is refused")
	}
	for what, change := range map[string]func(*push.Subscription){
		"no TLS":     func(s *push.Subscription) { s.Endpoint = "http://push.example/abc" },
		"a file":     func(s *push.Subscription) { s.Endpoint = "file:///etc/passwd" },
		"no address": func(s *push.Subscription) { s.Endpoint = "" },
		"a password": func(s *push.Subscription) { s.Endpoint = "https://a:b@push.example/" },
		"long":       func(s *push.Subscription) { s.Endpoint += strings.Repeat("x", 1024) },
		"no key":     func(s *push.Subscription) { s.Key = "" },
		"short key":  func(s *push.Subscription) { s.Key = s.Key[:20] },
		"no secret":  func(s *push.Subscription) { s.Auth = "" },
	} {
		bad := good
		if change(&bad); sender.Check(bad) {
			t.Errorf("%s: %+v passes", what, bad)
		}
	}
}
