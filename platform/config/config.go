package config

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
)

// Values of Env, Storage and Mail.
const (
	Development = "development"
	Production  = "production"

	StorageDir = "dir"
	StorageS3  = "s3"

	MailOutbox = "outbox"
	MailSES    = "ses"
	MailSMTP   = "smtp"
)

// Values of TASKSTACK_SIGN_UP: who may make an account.
const (
	SignUpOpen       = "open"
	SignUpInvitation = "invitation"
	SignUpClosed     = "closed"
)

// MinSecretBytes is how long a secret key in production must be.
const MinSecretBytes = 32

// minProductionCost is the lowest bcrypt cost production accepts.
const minProductionCost = 10

// Config is every setting, checked. Load makes one.
type Config struct {
	Env  string // Development or Production
	Addr string // listen address, host:port; port 0 takes a free one
	// PublicURL is scheme and host without a trailing slash: the base of links
	// in mails and the origin that browsers send.
	PublicURL string
	DataDir   string // absolute
	// SourceDir is the folder of the source code that pages, texts and the
	// bundle are read from, absolute; empty: what the program carries.
	SourceDir string
	Database  Database
	// SecretKey is what session keys are derived from; it signs and seals. In development it is
	// empty until Prepare, unless it was set.
	SecretKey []byte
	// OldSecretKeys still verify and open what was made with them.
	OldSecretKeys [][]byte
	RedisURL      string // empty: a single server
	RedisPrefix   string // begins the names of channels and keys

	Storage string // StorageDir or StorageS3
	S3      S3
	AWS     AWS

	StaticURL    string // base of asset links, no trailing slash; empty: served by the binary
	StaticBucket string

	Mail        string // MailOutbox, MailSES or MailSMTP
	MailFrom    string // RFC 5322 address, with or without a name
	SMTP        SMTP   // with MailSMTP
	SESEndpoint string // empty: Amazon's own for the region

	Operator Operator

	AllowedOrigins []string // scheme://host[:port], beside PublicURL
	TrustedProxies []string // addresses or networks (CIDR)
	RateLimit      bool
	Push           bool
	BcryptCost     int
	MaxFiles       int    // attachments of a list or card
	MaxFileSize    int64  // bytes of one attachment
	ProjectQuota   int64  // bytes of attachments in a project, 0 for no limit
	TotalQuota     int64  // in all projects together
	MetricsToken   string // empty: /metrics answers the loopback only
	LogLevel       slog.Level

	// Warnings are lines for the log: settings that are allowed but are likely
	// mistakes.
	Warnings []string

	values map[string]setting
}

// S3 is where uploads go with StorageS3.
type S3 struct {
	Bucket, Endpoint string
	// Encryption, KMSKey and StorageClass are given to new objects; empty leaves
	// them to the bucket.
	Encryption, KMSKey, StorageClass string
	// Delivery is DeliverProxy or DeliverRedirect.
	Delivery string
}

// Values of S3.Delivery: downloads pass through this server, or a browser is sent to
// the bucket by a link that ends after a minute.
const (
	DeliverProxy    = "proxy"
	DeliverRedirect = "redirect"
)

// AWS is the account of S3 and SES. Keys are empty when the machine's role
// gives access; a session token belongs to keys that end.
type AWS struct{ Region, AccessKeyID, SecretAccessKey, SessionToken string }

// setting is a value as it was given, for Dump.
type setting struct{ value, source string }

// Given returns what the environment or the file .env says of a variable; ok is false if
// the variable has its default.
func (c *Config) Given(name string) (value string, ok bool) {
	s := c.values[name]
	return s.value, s.source != "" && s.source != "default"
}

// IsProduction reports whether Env is Production.
func (c *Config) IsProduction() bool { return c.Env == Production }

// Load reads environ (as os.Environ gives it) and the file dotenv, which need
// not exist; the environment wins. The error has one line per wrong setting,
// each naming the variable and the remedy. Nothing is written; see Prepare.
func Load(environ []string, dotenv string) (*Config, error) {
	file, err := readDotenv(dotenv)
	if err != nil {
		return nil, err
	}
	env := parseEnviron(environ)
	c := &Config{values: map[string]setting{}}
	var problems []error
	for _, v := range variables {
		s := v.find(env, file)
		if s.value == "" {
			s = setting{value: v.defaultFor(c), source: "default"}
		}
		c.values[v.name] = s
		if v.set == nil || s.value == "" && !v.always {
			continue
		}
		if err := v.set(c, s.value); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", v.name, err))
		}
	}
	c.warnUnknown(env, file)
	problems = append(problems, c.checkTogether()...)
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return c, nil
}

// checkTogether holds the rules that need more than one setting.
func (c *Config) checkTogether() []error {
	var problems []error
	wrong := func(bad bool, line string) {
		if bad {
			problems = append(problems, errors.New(line))
		}
	}
	wrong(c.S3.KMSKey != "" && c.S3.Encryption != "aws:kms", "TASKSTACK_S3_KMS_KEY: is used with TASKSTACK_S3_ENCRYPTION=aws:kms only; set both or none")
	wrong(c.StaticBucket != "" && c.StaticBucket == c.S3.Bucket, "TASKSTACK_STATIC_BUCKET: is the bucket for uploads too, which is private; name another one, which everyone may read")
	wrong(c.Storage == StorageS3 && c.S3.Bucket == "", "TASKSTACK_S3_BUCKET: is needed with TASKSTACK_STORAGE=s3; name the bucket for uploads")
	if user := c.awsUser(); user != "" {
		wrong(c.AWS.Region == "", "AWS_DEFAULT_REGION: is needed with "+user+"; for example eu-central-1")
		wrong((c.AWS.AccessKeyID == "") != (c.AWS.SecretAccessKey == ""),
			"AWS_ACCESS_KEY_ID: needs AWS_SECRET_ACCESS_KEY and the other way round; set both or neither")
	}
	wrong(c.Mail == MailSMTP && c.SMTP.Host == "", "TASKSTACK_SMTP_URL: is needed with TASKSTACK_MAIL=smtp; write smtp://user:password@host:587")
	if c.RedisURL != "" && c.Database.Dialect == SQLite {
		c.Warnings = append(c.Warnings, "TASKSTACK_REDIS_URL is set, but the database is SQLite: several servers need one MariaDB or MySQL")
	}
	if c.IsProduction() {
		wrong(c.SourceDir != "", "TASKSTACK_SOURCE_DIR: is for development only; remove it")
		hint := ""
		if c.values["TASKSTACK_ENV"].source == "default" {
			hint = " (TASKSTACK_ENV is not set, and " + c.PublicURL + " is not only for this machine: so this is production; TASKSTACK_ENV=development says otherwise)"
		}
		wrong(len(c.SecretKey) == 0, "TASKSTACK_SECRET_KEY: is needed in production; generate one with `openssl rand -base64 48`"+hint)
		for i, key := range append([][]byte{c.SecretKey}, c.OldSecretKeys...) {
			wrong(len(key) > 0 && len(key) < MinSecretBytes, fmt.Sprintf(
				"TASKSTACK_SECRET_KEY: number %d has %d bytes, production needs %d (commas separate keys); generate one with `openssl rand -base64 48`", i+1, len(key), MinSecretBytes))
		}
		wrong(c.PublicURL != "" && !strings.HasPrefix(c.PublicURL, "https://"),
			fmt.Sprintf("TASKSTACK_PUBLIC_URL: %q is not https, which production needs; write https:// and the name people type", c.PublicURL)+hint)
		wrong(c.BcryptCost != 0 && c.BcryptCost < minProductionCost,
			fmt.Sprintf("TASKSTACK_BCRYPT_COST: %d is too weak for production; write 12 or leave it out", c.BcryptCost))
		if c.Mail == MailOutbox {
			c.Warnings = append(c.Warnings, "TASKSTACK_MAIL is outbox: mails are only written to "+c.OutboxDir()+", nobody gets them")
		}
		if !c.Operator.Complete() {
			c.Warnings = append(c.Warnings, "TASKSTACK_OPERATOR_NAME, _ADDRESS or _EMAIL is missing: imprint and privacy page do not say who is responsible")
		}
		if !c.RateLimit {
			c.Warnings = append(c.Warnings, "TASKSTACK_RATE_LIMIT is off: passwords can be guessed at full speed")
		}
	}
	return problems
}

// awsUser is the setting that makes the AWS account necessary, or nothing.
func (c *Config) awsUser() string {
	switch {
	case c.Storage == StorageS3:
		return "TASKSTACK_STORAGE=s3"
	case c.Mail == MailSES:
		return "TASKSTACK_MAIL=ses"
	case c.StaticBucket != "":
		return "TASKSTACK_STATIC_BUCKET"
	}
	return ""
}

// OutboxDir is where the outbox sender writes mails.
func (c *Config) OutboxDir() string { return filepath.Join(c.DataDir, "outbox") }

// UploadsDir is where the directory storage keeps files.
func (c *Config) UploadsDir() string { return filepath.Join(c.DataDir, "uploads") }

// Prepare makes the data directory (for its owner only) and, in development
// without TASKSTACK_SECRET_KEY, reads or generates the secret kept in it. The
// serving command calls it before anything else.
func (c *Config) Prepare() error {
	if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
		return fmt.Errorf("TASKSTACK_DATA_DIR: cannot make the folder (%w); name one this user may write to", err)
	}
	if err := checkWritable(c.DataDir); err != nil {
		return fmt.Errorf("TASKSTACK_DATA_DIR: cannot write to the folder (%w); name one this user may write to", err)
	}
	if len(c.SecretKey) > 0 {
		return nil
	}
	secret, err := keptSecret(filepath.Join(c.DataDir, "secret_key"))
	if err != nil {
		return fmt.Errorf("TASKSTACK_SECRET_KEY: cannot keep a generated one in the data folder (%w); set the variable", err)
	}
	c.SecretKey = secret
	return nil
}

// checkWritable makes a file and removes it.
func checkWritable(dir string) error {
	f, err := os.CreateTemp(dir, ".writable-")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// keptSecret returns what the file holds, after filling it if it is missing.
// Linking a finished file into place makes servers that start at once agree.
func keptSecret(path string) ([]byte, error) {
	read := func() ([]byte, error) {
		secret, err := os.ReadFile(path) // The operator's own data folder.
		if err == nil && len(secret) < MinSecretBytes {
			return nil, fmt.Errorf("%s is cut off; delete it", path)
		}
		return secret, err
	}
	if secret, err := read(); !errors.Is(err, os.ErrNotExist) {
		return secret, err
	}
	raw := make([]byte, 48)
	if _, err := rand.Read(raw); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".secret-") // 0600
	if err != nil {
		return nil, err
	}
	_, err = f.WriteString(base64.RawURLEncoding.EncodeToString(raw))
	err = errors.Join(err, f.Close())
	if err == nil {
		if err = os.Link(f.Name(), path); errors.Is(err, os.ErrExist) {
			err = nil // Another process was first; its secret counts.
		}
	}
	if err := errors.Join(err, os.Remove(f.Name())); err != nil {
		return nil, err
	}
	return read()
}
