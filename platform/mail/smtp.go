package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// TLSMode says how a connection to a mail server is encrypted.
type TLSMode int

// The modes.
const (
	// TLSRequired begins in the clear and refuses a server without STARTTLS.
	TLSRequired TLSMode = iota
	// TLSImplicit is encrypted from the first byte (port 465).
	TLSImplicit
	// TLSOptional uses STARTTLS where the server has it.
	TLSOptional
	// TLSOff never encrypts. A password is then only sent in a form that does
	// not show it (SCRAM, CRAM-MD5).
	TLSOff
)

// SMTPOptions say which server mails are handed to. All but the log-in
// and RootCAs are required.
type SMTPOptions struct {
	Host string
	Port int
	// User and Password; without User there is no log-in.
	User, Password string
	Encryption     TLSMode
	// RootCAs are what the server's certificate is checked by; nil for the
	// system's.
	RootCAs *x509.CertPool
	// From is the sender, with or without a name.
	From string
	// Now dates the mails.
	Now func() time.Time
}

// SMTP hands mails to a mail server, one connection each.
type SMTP struct {
	o    SMTPOptions
	tls  *tls.Config
	helo string
}

// NewSMTP returns the sender; the server is first asked when a mail is sent.
func NewSMTP(o SMTPOptions) (*SMTP, error) {
	from, err := mail.ParseAddress(o.From)
	if err != nil {
		return nil, fmt.Errorf("sender address %q: %w", o.From, err)
	}
	return &SMTP{
		o: o, helo: domain(from.Address),
		tls: &tls.Config{MinVersion: tls.VersionTLS12, ServerName: o.Host, RootCAs: o.RootCAs},
	}, nil
}

// Send delivers the mail. The error matches ErrRefused when the server will
// never take it.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	msg, err := m.build(s.o.From, s.o.Now())
	if err != nil {
		return err
	}
	// The library looks at ctx only while it connects, and leaves connections
	// open when the greeting or the log-in fails; so both are done here.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	client, err := s.client(func(conn net.Conn) {
		context.AfterFunc(ctx, func() { _ = conn.Close() }) // Closed already, or given up.
	})
	if err != nil {
		return err
	}
	err = client.DialAndSendWithContext(ctx, msg)
	switch {
	case msg.IsDelivered():
		return nil // Whatever went wrong with the farewell, the server has it.
	case err != nil && isFinal(err):
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return err
}

// Check connects to the server, encrypts and logs in as for a mail, and leaves.
func (s *SMTP) Check(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	client, err := s.client(func(conn net.Conn) {
		context.AfterFunc(ctx, func() { _ = conn.Close() }) // Closed already, or given up.
	})
	if err != nil {
		return err
	}
	if err := client.DialWithContext(ctx); err != nil {
		return err
	}
	return client.Close()
}

// client makes a client for one mail; connected is called with its connection.
func (s *SMTP) client(connected func(net.Conn)) (*gomail.Client, error) {
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		var conn net.Conn
		var err error
		if s.o.Encryption == TLSImplicit {
			conn, err = (&tls.Dialer{Config: s.tls}).DialContext(ctx, network, address)
		} else {
			conn, err = new(net.Dialer).DialContext(ctx, network, address)
		}
		if err == nil {
			connected(conn)
		}
		return conn, err
	}
	options := []gomail.Option{
		gomail.WithPort(s.o.Port), gomail.WithTimeout(sendPatience), gomail.WithHELO(s.helo),
		gomail.WithTLSConfig(s.tls), gomail.WithTLSPolicy(policies[s.o.Encryption]), gomail.WithDialContextFunc(dial),
	}
	if s.o.User != "" {
		// The strongest way the server offers; never a readable password over a
		// connection that is not encrypted.
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.o.User), gomail.WithPassword(s.o.Password))
	}
	return gomail.NewClient(s.o.Host, options...)
}

// policies are how the library calls the modes. A connection that was encrypted
// from the start offers no STARTTLS, so that mode asks for none.
var policies = map[TLSMode]gomail.TLSPolicy{ // A constant table.
	TLSRequired: gomail.TLSMandatory, TLSImplicit: gomail.TLSOpportunistic, TLSOptional: gomail.TLSOpportunistic, TLSOff: gomail.NoTLS,
}

// isFinal reports whether the server refused this mail for good (5yz). That it
// does not let us log in is not the mail's fault: the operator will correct it.
func isFinal(err error) bool {
	var refusal *gomail.SendError
	if !errors.As(err, &refusal) {
		return false
	}
	switch code := refusal.ErrorCode(); code {
	case authRequired, authTooWeak, authInvalid, authNeedsTLS:
		return false
	default:
		return code >= 500 && code < 600
	}
}

// Answers of a mail server that speak of the log-in (RFC 4954).
const (
	authRequired = 530
	authTooWeak  = 534
	authInvalid  = 535
	authNeedsTLS = 538
)
