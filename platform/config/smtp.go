package config

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strconv"
)

// How the connection to the mail server is encrypted.
const (
	SMTPImplicit = "implicit" // from the first byte: smtps://
	SMTPRequired = "required" // by STARTTLS, or no mail is sent
	SMTPOptional = "optional" // by STARTTLS where the server has it
	SMTPOff      = "off"      // never
)

// SMTP is the mail server of MailSMTP.
type SMTP struct {
	Host string
	Port int
	// User is empty if the client does not log in.
	User, Password string
	// TLS is one of SMTPImplicit, SMTPRequired, SMTPOptional, SMTPOff.
	TLS string
	// RootCAs are from the file that the address names; nil for the system's.
	RootCAs *x509.CertPool
}

// Ports of mail servers for programs that hand in mails (RFC 8314).
const (
	portStartTLS = 587
	portImplicit = 465
)

// parseSMTP reads smtp://user:password@host[:port] or smtps://…, user and
// password URL-encoded or left out. Query keys: tls (required, the default of
// smtp://, optional or off) and ca (a PEM file of the CA that signed the server's
// certificate). The error says how to correct the address and contains no
// password.
func parseSMTP(address string) (SMTP, error) {
	const form = "smtp://user:password@host:587 or smtps://user:password@host"
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Path != "" && u.Path != "/" {
		return SMTP{}, errors.New("is not a URL of the form " + form + "; fix it, URL-encoding user and password")
	}
	s := SMTP{Host: u.Hostname(), Port: portStartTLS, TLS: SMTPRequired, User: u.User.Username()}
	s.Password, _ = u.User.Password()
	if (s.User == "") != (s.Password == "") {
		return SMTP{}, errors.New("has a user without a password, or the other way round; write " + form)
	}
	if u.Scheme == "smtps" {
		s.Port, s.TLS = portImplicit, SMTPImplicit
	}
	if u.Port() != "" {
		port, err := strconv.ParseUint(u.Port(), 10, 16)
		if err != nil || port == 0 {
			return SMTP{}, fmt.Errorf("has the impossible port %s; write %s", u.Port(), form)
		}
		s.Port = int(port)
	}
	err = s.setOptions(u.Query())
	return s, err
}

func (s *SMTP) setOptions(options url.Values) error {
	for key := range options {
		value := options.Get(key)
		switch {
		case key == "tls" && s.TLS == SMTPImplicit:
			return errors.New("has tls with smtps://, which always encrypts; leave it out or write smtp://")
		case key == "tls":
			if err := oneOf(&s.TLS, value, SMTPRequired, SMTPOptional, SMTPOff); err != nil {
				return fmt.Errorf("tls=%w", err)
			}
		case key == "ca":
			pem, err := os.ReadFile(value) // A file the operator names.
			if err != nil {
				return fmt.Errorf("ca: the file cannot be read (%w); fix ca", err)
			}
			s.RootCAs = x509.NewCertPool()
			if !s.RootCAs.AppendCertsFromPEM(pem) {
				return fmt.Errorf("ca: %s holds no certificate in PEM form; fix ca", value)
			}
		default:
			return fmt.Errorf("has the unknown option %q; there are tls and ca", key)
		}
	}
	return nil
}
