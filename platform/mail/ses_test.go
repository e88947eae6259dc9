package mail

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const sesKey, sesSecret, sesRegion = "AKIDEXAMPLE", "a secret/of+SES", "eu-central-1"

// sesServer speaks version 2 of the API of SES as far as sending goes, and
// takes only what is signed by sesSecret.
type sesServer struct {
	*httptest.Server
	mu       sync.Mutex
	mails    []Mail
	to       []string
	requests int

	// status and fails, if set, are what it answers instead of taking a mail.
	status int
	fails  string
	// account is what it answers when it is asked about the account.
	account string
}

func startSES(t *testing.T) *sesServer {
	t.Helper()
	s := &sesServer{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.requests++
		status, failure := s.take(r)
		w.Header().Set("Content-Type", "application/json")
		if failure != "" {
			w.Header().Set("X-Amzn-Errortype", failure)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `{"message":"no"}`)
			return
		}
		_, _ = io.WriteString(w, cmp.Or(s.account, `{"MessageId":"1"}`))
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *sesServer) take(r *http.Request) (status int, failure string) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return http.StatusInternalServerError, "InternalFailure"
	}
	if !signedBy(r, body, sesSecret) {
		return http.StatusForbidden, "SignatureDoesNotMatch"
	}
	if s.fails != "" {
		return s.status, s.fails
	}
	if r.Method == http.MethodGet && r.URL.Path == "/v2/email/account" {
		return http.StatusOK, ""
	}
	if r.Method != http.MethodPost || r.URL.Path != "/v2/email/outbound-emails" {
		return http.StatusNotFound, "NotFoundException"
	}
	var in struct {
		Destination struct{ ToAddresses []string }
		Content     struct{ Raw struct{ Data []byte } }
	}
	if err := json.Unmarshal(body, &in); err != nil || len(in.Destination.ToAddresses) != 1 {
		return http.StatusBadRequest, "BadRequestException"
	}
	m, err := decode(bytes.NewReader(in.Content.Raw.Data))
	if err != nil {
		return http.StatusBadRequest, "BadRequestException"
	}
	s.to, s.mails = append(s.to, in.Destination.ToAddresses[0]), append(s.mails, m)
	return http.StatusOK, ""
}

// signedBy computes the signature of a request once more, as AWS describes
// version 4, from nothing but what arrived and the secret.
func signedBy(r *http.Request, body []byte, secret string) bool {
	fields, ok := strings.CutPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 ")
	if !ok {
		return false
	}
	parts := map[string]string{}
	for field := range strings.SplitSeq(fields, ", ") {
		name, value, _ := strings.Cut(field, "=")
		parts[name] = value
	}
	scope, ok := strings.CutPrefix(parts["Credential"], sesKey+"/")
	if !ok {
		return false
	}
	names := strings.Split(parts["SignedHeaders"], ";")
	var headers strings.Builder
	for _, name := range names {
		value := strings.Join(r.Header.Values(name), ",")
		switch name {
		case "host":
			value = r.Host
		case "content-length":
			value = strconv.FormatInt(r.ContentLength, 10)
		}
		headers.WriteString(name + ":" + strings.TrimSpace(value) + "\n")
	}
	digest := sha256.Sum256(body)
	canonical := sha256.Sum256([]byte(strings.Join([]string{
		r.Method, r.URL.EscapedPath(), r.URL.RawQuery, headers.String(), parts["SignedHeaders"], hex.EncodeToString(digest[:]),
	}, "\n")))
	when := r.Header.Get("X-Amz-Date")
	text := strings.Join([]string{"AWS4-HMAC-SHA256", when, scope, hex.EncodeToString(canonical[:])}, "\n")
	key := []byte("AWS4" + secret)
	for step := range strings.SplitSeq(scope, "/") {
		key = mac(key, step)
	}
	signed := scope == when[:min(8, len(when))]+"/"+sesRegion+"/ses/aws4_request"
	return signed && hmac.Equal([]byte(parts["Signature"]), []byte(hex.EncodeToString(mac(key, text))))
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

func (s *sesServer) sender(t *testing.T, change func(*SESOptions)) *SES {
	t.Helper()
	o := SESOptions{
		Region: sesRegion, AccessKeyID: sesKey, SecretAccessKey: sesSecret, Endpoint: s.URL,
		From: "Täskstack <no-reply@tasks.example.org>", Now: time.Now,
	}
	if change != nil {
		change(&o)
	}
	sender, err := NewSES(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return sender
}

func TestSESDelivers(t *testing.T) {
	server := startSES(t)
	m := sample(1)
	m.To = "Zoë <zoe@example.org>"
	if err := server.sender(t, nil).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got := server.mails[0]
	if server.to[0] != "zoe@example.org" || got.Subject != m.Subject || got.Text != m.Text || got.HTML != m.HTML || !strings.HasPrefix(got.From, "Täskstack") {
		t.Errorf("to %s: %+v", server.to[0], got)
	}
}

// The keys of a role come with a token, which is signed too.
func TestSESSendsTheSessionToken(t *testing.T) {
	server := startSES(t)
	sender := server.sender(t, func(o *SESOptions) { o.SessionToken = "of a role" })
	var token string
	inner := server.Config.Handler
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token = r.Header.Get("X-Amz-Security-Token")
		inner.ServeHTTP(w, r)
	})
	if err := sender.Send(t.Context(), sample(1)); err != nil || token != "of a role" {
		t.Errorf("%v, token %q", err, token)
	}
}

func TestSESErrors(t *testing.T) {
	for name, tc := range map[string]struct {
		status int
		fails  string
		change func(*SESOptions)
		final  bool
	}{
		"rejected":         {status: 400, fails: "MessageRejected", final: true},
		"malformed":        {status: 400, fails: "BadRequestException", final: true},
		"too fast":         {status: 429, fails: "TooManyRequestsException"},
		"quota":            {status: 400, fails: "LimitExceededException"},
		"paused":           {status: 400, fails: "SendingPausedException"},
		"suspended":        {status: 400, fails: "AccountSuspendedException"},
		"domain not known": {status: 400, fails: "MailFromDomainNotVerifiedException"},
		"broken":           {status: 500, fails: "InternalFailure"},
		"away":             {status: 503, fails: "ServiceUnavailable"},
		"wrong secret":     {change: func(o *SESOptions) { o.SecretAccessKey = "wrong" }},
		"wrong key":        {change: func(o *SESOptions) { o.AccessKeyID = "wrong" }},
		"wrong region":     {change: func(o *SESOptions) { o.Region = "us-east-1" }},
		"nobody there":     {change: func(o *SESOptions) { o.Endpoint = "http://127.0.0.1:1" }},
	} {
		t.Run(name, func(t *testing.T) {
			server := startSES(t)
			server.status, server.fails = tc.status, tc.fails
			err := server.sender(t, tc.change).Send(t.Context(), sample(1))
			if err == nil || errors.Is(err, ErrRefused) != tc.final {
				t.Errorf("got %v, final should be %v", err, tc.final)
			}
			if len(server.mails) != 0 || server.requests > 1 {
				t.Errorf("%d mails, %d requests: the queue is what tries again", len(server.mails), server.requests)
			}
			if err != nil && strings.Contains(err.Error(), sesSecret) {
				t.Error("the error shows the secret")
			}
		})
	}
}

func TestQueueOverSES(t *testing.T) {
	each(t, func(t *testing.T, s *server, _ func() *server) {
		ses := startSES(t)
		s.sender = ses.sender(t, nil)
		ses.status, ses.fails = http.StatusTooManyRequests, "TooManyRequestsException"
		s.enqueue(1)
		s.round()
		if j := s.rows()[0]; j.State != stateWaiting {
			t.Errorf("throttled: %+v", j)
		}
		ses.fails = ""
		s.clock.move(time.Minute)
		s.round()
		if len(s.rows()) != 0 || len(ses.mails) != 1 {
			t.Errorf("%d rows, %d mails", len(s.rows()), len(ses.mails))
		}
		ses.status, ses.fails = http.StatusBadRequest, "MessageRejected"
		s.enqueue(1)
		s.round()
		if j := s.rows()[0]; j.State != stateFailed || !strings.Contains(j.LastError, "MessageRejected") {
			t.Errorf("rejected: %+v", j)
		}
	})
}

func TestSESCheck(t *testing.T) {
	server := startSES(t)
	for account, want := range map[string]string{
		`{"SendingEnabled":true,"ProductionAccessEnabled":true}`:  "",
		`{"SendingEnabled":true,"ProductionAccessEnabled":false}`: ErrSandbox.Error(),
		`{"SendingEnabled":false,"ProductionAccessEnabled":true}`: "switched off",
	} {
		server.account = account
		err := server.sender(t, nil).Check(t.Context())
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", account, err)
		}
	}
	if err := server.sender(t, func(o *SESOptions) { o.SecretAccessKey = "wrong" }).Check(t.Context()); err == nil {
		t.Error("a wrong key passes")
	}
}
