package mail

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// mailServer is a real mail server on a free port.
type mailServer struct {
	port int
	cas  *x509.CertPool // of who signed its certificate

	mu     sync.Mutex
	mails  []received
	logins int
	heard  bytes.Buffer // everything that was said

	// rcpt and data are what it answers; nil takes the mail.
	rcpt, data error
}

// received is a mail and the circumstances.
type received struct {
	from, to, user, helo string
	encrypted            bool
	Mail
}

const smtpUser, smtpPassword = "taskstack", "sesame & co"

// startMailServer serves until the test ends. configure may change it first.
func startMailServer(t *testing.T, implicit bool, configure func(*smtp.Server)) *mailServer {
	t.Helper()
	m := &mailServer{}
	certificate, cas := selfSigned(t)
	m.cas = cas
	s := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &smtpSession{server: m, conn: c}, nil
	}))
	s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	s.Domain, s.ErrorLog, s.Debug = "localhost", silent{}, &lockedWriter{m: m}
	if configure != nil {
		configure(s)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m.port = portOf(t, l)
	listener := l
	if implicit {
		l = tls.NewListener(l, s.TLSConfig)
	}
	ended := make(chan error)
	go func() { ended <- s.Serve(l) }()
	t.Cleanup(func() {
		_ = s.Close()
		_ = listener.Close() // Close knows only of a listener that Serve has got to.
		if err := <-ended; err != nil {
			t.Errorf("mail server: %v", err)
		}
	})
	return m
}

func portOf(t *testing.T, l net.Listener) int {
	t.Helper()
	addr, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		t.Fatalf("%v is no TCP address", l.Addr())
	}
	return addr.Port
}

// silent is a log for clients that hang up, which here is what they do.
type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}

type lockedWriter struct{ m *mailServer }

func (w *lockedWriter) Write(b []byte) (int, error) {
	w.m.mu.Lock()
	defer w.m.mu.Unlock()
	return w.m.heard.Write(b)
}

func selfSigned(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	cas := x509.NewCertPool()
	cas.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, cas
}

type smtpSession struct {
	server *mailServer
	conn   *smtp.Conn
	now    received
}

func (s *smtpSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *smtpSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		s.server.mu.Lock()
		defer s.server.mu.Unlock()
		s.server.logins++
		if user != smtpUser || password != smtpPassword {
			return smtp.ErrAuthFailed
		}
		s.now.user = user
		return nil
	}), nil
}

func (s *smtpSession) Mail(from string, _ *smtp.MailOptions) error {
	s.now.from = from
	return nil
}

func (s *smtpSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.now.to = to
	return s.server.rcpt
}

func (s *smtpSession) Data(r io.Reader) error {
	if s.server.data != nil {
		return s.server.data
	}
	m, err := decode(r)
	if err != nil {
		return err
	}
	s.now.Mail, s.now.helo = m, s.conn.Hostname()
	_, s.now.encrypted = s.conn.TLSConnectionState()
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.mails = append(s.server.mails, s.now)
	return nil
}

func (s *smtpSession) Reset()        {}
func (s *smtpSession) Logout() error { return nil }

func (m *mailServer) sender(t *testing.T, change func(*SMTPOptions)) *SMTP {
	t.Helper()
	o := SMTPOptions{
		Host: "127.0.0.1", Port: m.port, User: smtpUser, Password: smtpPassword, RootCAs: m.cas,
		From: "Taskstack <no-reply@tasks.example.org>", Now: time.Now,
	}
	if change != nil {
		change(&o)
	}
	s, err := NewSMTP(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSMTPDelivers(t *testing.T) {
	for name, tc := range map[string]struct {
		implicit, encrypted bool
		configure           func(*smtp.Server)
		change              func(*SMTPOptions)
		user                string
	}{
		"STARTTLS":           {encrypted: true, user: smtpUser},
		"implicit TLS":       {implicit: true, encrypted: true, user: smtpUser, change: func(o *SMTPOptions) { o.Encryption = TLSImplicit }},
		"optional, with":     {encrypted: true, user: smtpUser, change: func(o *SMTPOptions) { o.Encryption = TLSOptional }},
		"no log-in":          {encrypted: true, change: func(o *SMTPOptions) { o.User = "" }},
		"off":                {change: func(o *SMTPOptions) { o.User, o.Encryption = "", TLSOff }},
		"optional, and none": {configure: func(s *smtp.Server) { s.TLSConfig = nil }, change: func(o *SMTPOptions) { o.User, o.Encryption = "", TLSOptional }},
	} {
		t.Run(name, func(t *testing.T) {
			server := startMailServer(t, tc.implicit, tc.configure)
			m := sample(1)
			m.Text = "Grüße\n.\nFrom here\n" + strings.Repeat("long ", 300) + "\n"
			if err := server.sender(t, tc.change).Send(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			if len(server.mails) != 1 {
				t.Fatalf("%d mails", len(server.mails))
			}
			got := server.mails[0]
			if got.from != "no-reply@tasks.example.org" || got.to != m.To || got.user != tc.user || got.encrypted != tc.encrypted || got.helo != "tasks.example.org" {
				t.Errorf("envelope: %+v", got)
			}
			if got.Subject != m.Subject || got.Text != m.Text || got.HTML != m.HTML || !strings.Contains(got.From, "Taskstack") {
				t.Errorf("mail: %+v", got.Mail)
			}
		})
	}
}

func TestSMTPErrors(t *testing.T) {
	reply := func(code int) *smtp.SMTPError { return &smtp.SMTPError{Code: code, Message: "no"} }
	for name, tc := range map[string]struct {
		rcpt, data error
		change     func(*SMTPOptions)
		configure  func(*smtp.Server)
		final      bool
		says       string
	}{
		"unknown receiver":      {rcpt: reply(550), final: true, says: "550"},
		"content refused":       {data: reply(554), final: true, says: "554"},
		"mailbox busy":          {rcpt: reply(451), says: "451"},
		"storage full":          {data: reply(452), says: "452"},
		"log-in wanted":         {rcpt: reply(530), says: "530"},
		"wrong password":        {change: func(o *SMTPOptions) { o.Password = "wrong" }, says: "535"},
		"unknown certificate":   {change: func(o *SMTPOptions) { o.RootCAs = nil }, says: "certificate"},
		"no STARTTLS":           {configure: func(s *smtp.Server) { s.TLSConfig = nil; s.AllowInsecureAuth = true }, says: "STARTTLS"},
		"password in the clear": {configure: func(s *smtp.Server) { s.AllowInsecureAuth = true }, change: func(o *SMTPOptions) { o.Encryption = TLSOff }, says: "AUTH"},
		"nobody there":          {change: func(o *SMTPOptions) { o.Port = 1 }, says: "refused"},
		"plain server, TLS":     {change: func(o *SMTPOptions) { o.Encryption = TLSImplicit }, says: "tls"},
	} {
		t.Run(name, func(t *testing.T) {
			server := startMailServer(t, false, tc.configure)
			server.rcpt, server.data = tc.rcpt, tc.data
			err := server.sender(t, tc.change).Send(t.Context(), sample(1))
			if err == nil || errors.Is(err, ErrRefused) != tc.final || !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(tc.says)) {
				t.Errorf("got %v, final should be %v", err, tc.final)
			}
			if len(server.mails) != 0 {
				t.Error("it was delivered all the same")
			}
			if err != nil && strings.Contains(err.Error(), smtpPassword) {
				t.Error("the error shows the password")
			}
		})
	}
}

// Check finds what would keep mails from leaving, and sends none.
func TestSMTPCheck(t *testing.T) {
	server := startMailServer(t, false, nil)
	if err := server.sender(t, nil).Check(t.Context()); err != nil {
		t.Errorf("in order: %v", err)
	}
	if len(server.mails) != 0 {
		t.Error("a mail was sent")
	}
	for says, change := range map[string]func(*SMTPOptions){
		"535":         func(o *SMTPOptions) { o.Password = "wrong" },
		"certificate": func(o *SMTPOptions) { o.RootCAs = nil },
		"refused":     func(o *SMTPOptions) { o.Port = 1 },
	} {
		if err := server.sender(t, change).Check(t.Context()); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
}

// A password leaves only over an encrypted connection.
func TestSMTPNeverShowsThePassword(t *testing.T) {
	for _, mode := range []TLSMode{TLSRequired, TLSOptional, TLSOff} {
		server := startMailServer(t, false, func(s *smtp.Server) { s.TLSConfig = nil; s.AllowInsecureAuth = true })
		if err := server.sender(t, func(o *SMTPOptions) { o.Encryption = mode }).Send(t.Context(), sample(1)); err == nil {
			t.Errorf("mode %d: sent", mode)
		}
		server.mu.Lock()
		if server.logins != 0 || strings.Contains(server.heard.String(), "AUTH PLAIN ") {
			t.Errorf("mode %d: the server heard\n%s", mode, server.heard.String())
		}
		server.mu.Unlock()
	}
}

// A server that says nothing must not hold the queue longer than it wants.
func TestSMTPHeedsCancellation(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	accepted := make(chan net.Conn)
	go func() {
		conn, err := l.Accept()
		if err == nil {
			cancel()
		}
		accepted <- conn
	}()
	silent := &mailServer{port: portOf(t, l)}
	if err := silent.sender(t, nil).Send(ctx, sample(1)); err == nil {
		t.Error("sent")
	}
	conn := <-accepted
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the connection stays open: %v", err)
	}
	_ = conn.Close()
}

// The whole way: what the server answers decides what becomes of the row.
func TestQueueOverSMTP(t *testing.T) {
	each(t, func(t *testing.T, s *server, _ func() *server) {
		mails := startMailServer(t, false, nil)
		s.sender = mails.sender(t, nil)
		s.enqueue(1)
		mails.rcpt = &smtp.SMTPError{Code: 451, Message: "later"}
		s.round()
		if j := s.rows()[0]; j.State != stateWaiting || !strings.Contains(j.LastError, "451") {
			t.Errorf("after 451: %+v", j)
		}
		mails.rcpt = nil
		s.clock.move(time.Minute)
		s.round()
		if len(s.rows()) != 0 || len(mails.mails) != 1 {
			t.Errorf("%d rows, %d mails", len(s.rows()), len(mails.mails))
		}
		mails.rcpt = &smtp.SMTPError{Code: 550, Message: "nobody here"}
		s.enqueue(1)
		s.round()
		if j := s.rows()[0]; j.State != stateFailed || !strings.Contains(j.LastError, "550") {
			t.Errorf("after 550: %+v", j)
		}
	})
}
