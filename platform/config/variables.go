package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/idna"

	"taskstack.org/platform/netaddr"
	"taskstack.org/platform/socketio/redisadapter"
)

// variable is one setting: where it is found, what it is when it is not, and
// how its text becomes a value of Config. An error of set continues the line
// "NAME: " with the value's problem and, after a semicolon, the remedy.
type variable struct {
	name     string
	aliases  []string
	fallback string
	// derive replaces fallback when the default depends on earlier variables.
	derive func(*Config) string
	// always calls set for an empty value too.
	always bool
	secret bool // never shown
	isURL  bool // shown without the password in it
	set    func(c *Config, value string) error
}

func (v variable) defaultFor(c *Config) string {
	if v.derive != nil {
		return v.derive(c)
	}
	return v.fallback
}

// find looks for the variable and its aliases in the environment, then in the
// file, so that what an operator sets for one run always wins.
func (v variable) find(env, file map[string]string) setting {
	for _, place := range []struct {
		values map[string]string
		source string
	}{{env, "environment"}, {file, ".env"}} {
		for _, name := range append([]string{v.name}, v.aliases...) {
			if value := place.values[name]; value != "" {
				source := place.source
				if name != v.name {
					source += " (" + name + ")"
				}
				return setting{value, source}
			}
		}
	}
	return setting{}
}

// variables is the table of README and design, in the order they are shown.
var variables = append([]variable{ // A constant table; Go has no constant slices.
	{name: "TASKSTACK_ADDR", fallback: "127.0.0.1:5000", set: setAddr},
	{name: "TASKSTACK_PUBLIC_URL", derive: publicURLOfAddr, set: func(c *Config, v string) error {
		return origin(&c.PublicURL, v)
	}},
	{name: "TASKSTACK_ENV", aliases: []string{"FLASK_ENV"}, derive: envOfURL, set: func(c *Config, v string) error {
		return oneOf(&c.Env, v, Development, Production)
	}},
	{name: "TASKSTACK_DATA_DIR", fallback: "./data", set: func(c *Config, v string) error { return absolute(&c.DataDir, v) }},
	{name: "TASKSTACK_SOURCE_DIR", set: func(c *Config, v string) error { return absolute(&c.SourceDir, v) }},
	{name: "TASKSTACK_DB_URI", isURL: true, always: true, set: func(c *Config, v string) (err error) {
		c.Database, err = ParseDatabase(v, c.DataDir)
		return err
	}},
	{name: "TASKSTACK_SECRET_KEY", secret: true, set: setSecretKey},
	{name: "TASKSTACK_REDIS_URL", isURL: true, set: func(c *Config, v string) error {
		c.RedisURL = v
		return redisadapter.CheckAddress(v)
	}},
	{name: "TASKSTACK_REDIS_PREFIX", fallback: "taskstack", set: setRedisPrefix},
	{name: "TASKSTACK_STORAGE", fallback: StorageDir, set: func(c *Config, v string) error {
		return oneOf(&c.Storage, v, StorageDir, StorageS3)
	}},
	{name: "TASKSTACK_S3_BUCKET", set: func(c *Config, v string) error { return bucket(&c.S3.Bucket, v) }},
	{name: "TASKSTACK_S3_ENDPOINT", isURL: true, set: func(c *Config, v string) error {
		return urlOf(&c.S3.Endpoint, v, "https://s3.example.org", "http", "https")
	}},
	{name: "TASKSTACK_S3_ENCRYPTION", set: func(c *Config, v string) error { return oneOf(&c.S3.Encryption, v, "AES256", "aws:kms") }},
	{name: "TASKSTACK_S3_KMS_KEY", set: func(c *Config, v string) error { c.S3.KMSKey = v; return nil }},
	{name: "TASKSTACK_S3_STORAGE_CLASS", set: func(c *Config, v string) error { c.S3.StorageClass = v; return nil }},
	{name: "TASKSTACK_S3_DELIVERY", fallback: DeliverProxy, set: func(c *Config, v string) error {
		return oneOf(&c.S3.Delivery, v, DeliverProxy, DeliverRedirect)
	}},
	{name: "AWS_ACCESS_KEY_ID", set: func(c *Config, v string) error { c.AWS.AccessKeyID = v; return nil }},
	{name: "AWS_SECRET_ACCESS_KEY", secret: true, set: func(c *Config, v string) error { c.AWS.SecretAccessKey = v; return nil }},
	{name: "AWS_SESSION_TOKEN", secret: true, set: func(c *Config, v string) error { c.AWS.SessionToken = v; return nil }},
	{name: "AWS_DEFAULT_REGION", aliases: []string{"AWS_REGION"}, set: func(c *Config, v string) error { c.AWS.Region = v; return nil }},
	{name: "TASKSTACK_STATIC_URL", set: func(c *Config, v string) error {
		return urlOf(&c.StaticURL, strings.TrimRight(v, "/"), "https://static.example.org", "http", "https")
	}},
	{name: "TASKSTACK_STATIC_BUCKET", set: func(c *Config, v string) error { return bucket(&c.StaticBucket, v) }},
	{name: "TASKSTACK_MAIL", fallback: MailOutbox, set: func(c *Config, v string) error {
		return oneOf(&c.Mail, v, MailOutbox, MailSES, MailSMTP)
	}},
	{name: "TASKSTACK_MAIL_FROM", derive: mailFromOfURL, set: setMailFrom},
	{name: "TASKSTACK_SMTP_URL", isURL: true, set: func(c *Config, v string) (err error) {
		c.SMTP, err = parseSMTP(v)
		return err
	}},
	{name: "TASKSTACK_SES_ENDPOINT", isURL: true, set: func(c *Config, v string) error {
		return urlOf(&c.SESEndpoint, v, "https://email.eu-central-1.amazonaws.com", "http", "https")
	}},
	{name: "TASKSTACK_ALLOWED_ORIGINS", set: setAllowedOrigins},
	{name: "TASKSTACK_TRUSTED_PROXIES", set: setTrustedProxies},
	{name: "TASKSTACK_RATE_LIMIT", fallback: "on", set: func(c *Config, v string) error {
		var word string
		err := oneOf(&word, v, "on", "off")
		c.RateLimit = word != "off"
		return err
	}},
	{name: "TASKSTACK_PUSH", fallback: "on", set: func(c *Config, v string) error {
		var word string
		err := oneOf(&word, v, "on", "off")
		c.Push = word != "off"
		return err
	}},
	{name: "TASKSTACK_BCRYPT_COST", fallback: "12", set: setBcryptCost},
	{name: "TASKSTACK_MAX_FILES", fallback: "20", set: setMaxFiles},
	{name: "TASKSTACK_MAX_FILE_MB", fallback: "50", set: setMaxFileSize},
	{name: "TASKSTACK_PROJECT_QUOTA_MB", fallback: "2000", set: func(c *Config, v string) error { return setQuota(&c.ProjectQuota, v) }},
	{name: "TASKSTACK_TOTAL_QUOTA_MB", fallback: "100000", set: func(c *Config, v string) error { return setQuota(&c.TotalQuota, v) }},
	// These two win over what administrators set while the program runs.
	{name: "TASKSTACK_SIGN_UP", set: func(_ *Config, v string) error {
		var word string
		return oneOf(&word, v, SignUpOpen, SignUpInvitation, SignUpClosed)
	}},
	{name: "TASKSTACK_MAIL_DOMAINS", set: checkMailDomains},
	{name: "TASKSTACK_METRICS_TOKEN", secret: true, set: setMetricsToken},
	{name: "TASKSTACK_LOG_LEVEL", fallback: "info", set: setLogLevel},
}, operatorVariables()...)

func oneOf(into *string, value string, allowed ...string) error {
	if !slices.Contains(allowed, value) {
		last := len(allowed) - 1
		return fmt.Errorf("%q is unknown; write %s or %s", value, strings.Join(allowed[:last], ", "), allowed[last])
	}
	*into = value
	return nil
}

// urlOf does not repeat the value, which may hold a password.
func urlOf(into *string, value, example string, schemes ...string) error {
	u, err := url.Parse(value)
	if err != nil || u.Hostname() == "" || !slices.Contains(schemes, u.Scheme) {
		return fmt.Errorf("is not a URL of the form %s; fix it, URL-encoding user and password", example)
	}
	*into = value
	return nil
}

func origin(into *string, value string) error {
	u, err := url.Parse(strings.TrimRight(value, "/"))
	if err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https") || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return fmt.Errorf("%q is not scheme and host; write it like https://tasks.example.org, without a path", value)
	}
	host, err := asciiHost(u)
	if err != nil {
		return fmt.Errorf("%q has a name that cannot be one of a host (%w); write it like https://tasks.example.org", value, err)
	}
	// Browsers leave the default port out of what they send.
	host = strings.TrimSuffix(host, map[string]string{"http": ":80", "https": ":443"}[u.Scheme])
	*into = u.Scheme + "://" + host
	return nil
}

// asciiHost is host and port as browsers send them: in small letters, and a
// name in another script as punycode (bücher.example is xn--bcher-kva.example).
func asciiHost(u *url.URL) (string, error) {
	host := strings.ToLower(u.Hostname())
	if !isASCII(host) {
		var err error
		if host, err = idna.Lookup.ToASCII(host); err != nil {
			return "", err
		}
	}
	if u.Port() != "" {
		return net.JoinHostPort(host, u.Port()), nil
	}
	if strings.Contains(host, ":") {
		return "[" + host + "]", nil
	}
	return host, nil
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII })
}

func bucket(into *string, value string) error {
	if strings.ContainsAny(value, "/:. \t") || len(value) < 3 || len(value) > 63 {
		return fmt.Errorf("%q is not the name of a bucket; write the bare name, without address or path", value)
	}
	*into = value
	return nil
}

func setAddr(c *Config, value string) error {
	host, port, err := net.SplitHostPort(value)
	n, portErr := strconv.ParseUint(port, 10, 16)
	if err != nil || portErr != nil || strings.Contains(host, "/") {
		return fmt.Errorf("%q is not host:port; write it like 127.0.0.1:5000, or :5000 for all interfaces", value)
	}
	c.Addr = net.JoinHostPort(host, strconv.FormatUint(n, 10))
	return nil
}

// publicURLOfAddr makes a changed port work without a second variable.
func publicURLOfAddr(c *Config) string {
	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return "" // TASKSTACK_ADDR is reported already.
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// envOfURL is development for a URL that only this machine can use. An address
// that others type is production unless the operator says otherwise.
func envOfURL(c *Config) string {
	if c.values["TASKSTACK_PUBLIC_URL"].source == "default" {
		return Development // No one was given an address yet.
	}
	u, err := url.Parse(c.PublicURL)
	if err != nil || u.Hostname() == "" {
		return Development // TASKSTACK_PUBLIC_URL is reported already.
	}
	host := u.Hostname()
	if ip, err := netip.ParseAddr(host); err == nil && ip.Unmap().IsLoopback() || host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return Development
	}
	return Production
}

// setSecretKey reads one key or several, separated by commas. A key of an
// earlier version may contain a comma: so the whole value verifies too.
func setSecretKey(c *Config, value string) error {
	c.SecretKey = []byte(value)
	var keys []string
	for key := range strings.SplitSeq(value, ",") {
		if key = strings.TrimSpace(key); key != "" {
			keys = append(keys, key)
		}
	}
	if len(keys) < 2 {
		return nil
	}
	c.SecretKey = []byte(keys[0])
	for _, key := range append(keys[1:], value) {
		c.OldSecretKeys = append(c.OldSecretKeys, []byte(key))
	}
	return nil
}

func absolute(into *string, value string) (err error) {
	if *into, err = filepath.Abs(value); err != nil {
		return fmt.Errorf("cannot be made absolute (%w); write an absolute path", err)
	}
	return nil
}

// mailFromOfURL is no-reply@ the public host, or @localhost where that is only
// an address of a network.
func mailFromOfURL(c *Config) string {
	return "Taskstack <no-reply@" + c.MailDomain() + ">"
}

// MailDomain is what mail addresses of this server end with: the public host.
func (c *Config) MailDomain() string {
	u, err := url.Parse(c.PublicURL)
	if err != nil || u.Hostname() == "" {
		return "localhost" // TASKSTACK_PUBLIC_URL is reported already.
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		return "localhost"
	}
	return u.Hostname()
}

func setMailFrom(c *Config, value string) error {
	if _, err := mail.ParseAddress(value); err != nil {
		return fmt.Errorf("%q is not an e-mail address; write it like Taskstack <no-reply@example.org>", value)
	}
	c.MailFrom = value
	return nil
}

func setAllowedOrigins(c *Config, value string) error {
	for _, item := range list(value) {
		var o string
		if err := origin(&o, item); err != nil {
			return err
		}
		c.AllowedOrigins = append(c.AllowedOrigins, o)
	}
	return nil
}

func setTrustedProxies(c *Config, value string) error {
	for _, item := range list(value) {
		_, addrErr := netip.ParseAddr(item)
		_, netErr := netip.ParsePrefix(item)
		if addrErr != nil && netErr != nil {
			return fmt.Errorf("%q is neither an address nor a network; write them like 10.0.0.5 or 10.0.0.0/8, with commas between", item)
		}
		c.TrustedProxies = append(c.TrustedProxies, item)
	}
	return nil
}

func list(value string) []string {
	return strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })
}

func setBcryptCost(c *Config, value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < 4 || n > 31 {
		return fmt.Errorf("%q is not a number from 4 to 31; write 12 or leave it out", value)
	}
	c.BcryptCost = n
	return nil
}

// mostFiles and mostFileMB bound what may be configured: boards have the names of all
// files, and an upload begins again when a line breaks.
const (
	mostFiles  = 100
	mostFileMB = 1000
)

func setMaxFiles(c *Config, value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > mostFiles {
		return fmt.Errorf("%q is not a number from 1 to %d; write 20 or leave it out", value, mostFiles)
	}
	c.MaxFiles = n
	return nil
}

func setMaxFileSize(c *Config, value string) error {
	n, err := strconv.ParseInt(value, 10, 32)
	if err != nil || n < 1 || n > mostFileMB {
		return fmt.Errorf("%q is not a number of megabytes from 1 to %d; write 50 or leave it out", value, mostFileMB)
	}
	c.MaxFileSize = n * 1_000_000
	return nil
}

// setQuota reads millions of bytes; 0 is no limit.
func setQuota(quota *int64, value string) error {
	n, err := strconv.ParseInt(value, 10, 32)
	if err != nil || n < 0 {
		return fmt.Errorf("%q is not a number of megabytes; write 0 for no limit, or leave it out", value)
	}
	*quota = n * 1_000_000
	return nil
}

// checkMailDomains takes names of domains, separated by commas or blanks.
func checkMailDomains(_ *Config, value string) error {
	for _, name := range strings.Fields(strings.ReplaceAll(value, ",", " ")) {
		if !netaddr.IsDomain(strings.ToLower(name)) {
			return fmt.Errorf("%q is not the name of a domain; write example.org, example.com", name)
		}
	}
	return nil
}

// setRedisPrefix takes no braces, which choose the hash slot of a Cluster, and
// none of the characters of patterns.
func setRedisPrefix(c *Config, value string) error {
	if strings.ContainsAny(value, "{}*?[]\\ \t") || len(value) > 64 {
		return fmt.Errorf("%q is not a name for channels and keys; write letters, digits, - and :", value)
	}
	c.RedisPrefix = value
	return nil
}

func setMetricsToken(c *Config, value string) error {
	if len(value) < 16 {
		return errors.New("has fewer than 16 characters; generate one with `openssl rand -hex 24`")
	}
	c.MetricsToken = value
	return nil
}

func setLogLevel(c *Config, value string) error {
	levels := map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}
	level, ok := levels[strings.ToLower(value)]
	if !ok {
		return fmt.Errorf("%q is unknown; write debug, info, warn or error", value)
	}
	c.LogLevel = level
	return nil
}
