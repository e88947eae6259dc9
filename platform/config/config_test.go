package config_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/go-sql-driver/mysql"

	"taskstack.org/platform/config"
)

const secret = "0123456789abcdef0123456789abcdef"

func load(t *testing.T, environ ...string) (*config.Config, error) {
	t.Helper()
	return config.Load(environ, "")
}

func mustLoad(t *testing.T, environ ...string) *config.Config {
	t.Helper()
	c, err := load(t, environ...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDefaultsNeedNothing(t *testing.T) {
	c := mustLoad(t)
	if c.IsProduction() || c.Addr != "127.0.0.1:5000" || c.PublicURL != "http://127.0.0.1:5000" || c.Storage != config.StorageDir ||
		c.Mail != config.MailOutbox || !c.RateLimit || c.BcryptCost != 12 || c.Database.Dialect != config.SQLite {
		t.Errorf("got %+v", c)
	}
	if want := filepath.Join(c.DataDir, "taskstack.db"); c.Database.DSN != want || !filepath.IsAbs(want) {
		t.Errorf("database %s, want %s", c.Database.DSN, want)
	}
	if len(c.Warnings) > 0 {
		t.Errorf("warnings %v", c.Warnings)
	}
}

// One line each: the variable, what is wrong, what to write.
func TestWrongValues(t *testing.T) {
	for _, tc := range []struct{ set, problem, remedy string }{
		{"TASKSTACK_ENV=prod", `"prod" is unknown`, "development or production"},
		{"FLASK_ENV=testing", `TASKSTACK_ENV: "testing"`, "development or production"},
		{"TASKSTACK_ADDR=5000", "is not host:port", "127.0.0.1:5000"},
		{"TASKSTACK_ADDR=host:70000", "is not host:port", ":5000"},
		{"TASKSTACK_PUBLIC_URL=tasks.example.org", "is not scheme and host", "https://"},
		{"TASKSTACK_PUBLIC_URL=https://example.org/tasks", "is not scheme and host", "without a path"},
		{"TASKSTACK_DB_URI=postgres://u:pass-word@h/d", `unknown scheme "postgres"`, "mysql://"},
		{"TASKSTACK_DB_URI=mysql://u:pass-word%zz@h/d", "not a readable URL", "URL-encode"},
		{"TASKSTACK_DB_URI=mysql://u:pass-word@h", "names no database", "append /database"},
		{"TASKSTACK_DB_URI=mysql:///d", "names no host", "mysql://user"},
		{"TASKSTACK_DB_URI=mysql://u:pass-word@h/d?charset=latin1", `"latin1"`, "utf8mb4"},
		{"TASKSTACK_DB_URI=mysql://u:pass-word@h/d?ssl=1", `unknown option "ssl"`, "tls"},
		{"TASKSTACK_DB_URI=mysql://u:pass-word@h/d?tls=maybe", "tls=maybe", "tls=true"},
		{"TASKSTACK_DB_URI=mysql://u:pass-word@h/d?ssl_ca=/nowhere.pem", "cannot be read", "fix ssl_ca"},
		{"TASKSTACK_DB_URI=u:pass-word@tcp(h", "not a readable DSN", "user:password@tcp"},
		{"TASKSTACK_DB_URI=sqlite://", "names no file", "sqlite:///relative"},
		{"TASKSTACK_DB_URI=:memory:", "must be the path of a file", "sqlite:///"},
		{"TASKSTACK_REDIS_URL=http://h", "is not a URL", "redis://"},
		{"TASKSTACK_REDIS_URL=redis://u:pass-word%zz@h", "is not a URL", "URL-encoding"},
		{"TASKSTACK_REDIS_URL=redis://u:pass-word@h?addr=b:1", "several addresses", "cluster=true"},
		{"TASKSTACK_REDIS_URL=redis://u:pass-word@h/one", "invalid database number", "fix it"},
		{"TASKSTACK_REDIS_PREFIX=a{b}", "not a name", "letters"},
		{"TASKSTACK_STORAGE=disk", "is unknown", "dir or s3"},
		{"TASKSTACK_STORAGE=s3", "TASKSTACK_S3_BUCKET", "name the bucket"},
		{"TASKSTACK_S3_BUCKET=https://b", "not the name of a bucket", "bare name"},
		{"TASKSTACK_MAIL=sendmail", "is unknown", "outbox, ses or smtp"},
		{"TASKSTACK_MAIL=smtp", "TASKSTACK_SMTP_URL", "smtp://"},
		{"TASKSTACK_MAIL=ses", "AWS_DEFAULT_REGION: is needed with TASKSTACK_MAIL=ses", "eu-central-1"},
		{"TASKSTACK_SMTP_URL=mail.example.org", "is not a URL", "smtp://"},
		{"TASKSTACK_SMTP_URL=http://u:pass-word@h", "is not a URL", "smtps://"},
		{"TASKSTACK_SMTP_URL=smtp://u:pass-word@h/path", "is not a URL", "smtp://"},
		{"TASKSTACK_SMTP_URL=smtp://u:pass-word%zz@h", "is not a URL", "URL-encoding"},
		{"TASKSTACK_SMTP_URL=smtp://u@h", "without a password", "smtp://user:password"},
		{"TASKSTACK_SMTP_URL=smtp://u:pass-word@h:0", "impossible port", "host:587"},
		{"TASKSTACK_SMTP_URL=smtp://u:pass-word@h?tls=no", `tls="no"`, "required, optional or off"},
		{"TASKSTACK_SMTP_URL=smtps://u:pass-word@h?tls=off", "always encrypts", "smtp://"},
		{"TASKSTACK_SMTP_URL=smtp://h?ca=/nowhere.pem", "cannot be read", "fix ca"},
		{"TASKSTACK_SMTP_URL=smtp://h?ca=/dev/null", "no certificate", "fix ca"},
		{"TASKSTACK_SMTP_URL=smtp://h?timeout=5", `unknown option "timeout"`, "tls and ca"},
		{"TASKSTACK_OPERATOR_EMAIL=me", "not an e-mail address", "help@example.org"},
		{"TASKSTACK_HELP_EMAIL=Me <me@example.org>", "not an e-mail address", "help@example.org"},
		{"TASKSTACK_LOG_DAYS=ever", "not a number of days", "leave it out"},
		{"TASKSTACK_LOG_DAYS=0", "not a number of days", "leave it out"},
		{"TASKSTACK_SES_ENDPOINT=email", "is not a URL", "https://"},
		{"TASKSTACK_MAIL_FROM=nobody", "not an e-mail address", "no-reply@example.org"},
		{"TASKSTACK_ALLOWED_ORIGINS=https://a.org, b.org", `"b.org"`, "https://"},
		{"TASKSTACK_TRUSTED_PROXIES=10.0.0.0/8,nginx", `"nginx"`, "10.0.0.5"},
		{"TASKSTACK_RATE_LIMIT=no", "is unknown", "on or off"},
		{"TASKSTACK_BCRYPT_COST=three", "not a number", "write 12"},
		{"TASKSTACK_BCRYPT_COST=32", "from 4 to 31", "write 12"},
		{"TASKSTACK_METRICS_TOKEN=short", "fewer than 16", "openssl"},
		{"TASKSTACK_LOG_LEVEL=loud", "is unknown", "debug, info, warn or error"},
		{"TASKSTACK_STATIC_BUCKET=static", "AWS_DEFAULT_REGION", "eu-central-1"},
		{"TASKSTACK_STATIC_URL=cdn", "is not a URL", "https://"},
	} {
		t.Run(tc.set, func(t *testing.T) {
			_, err := load(t, tc.set)
			if err == nil {
				t.Fatal("accepted")
			}
			line, _, _ := strings.Cut(err.Error(), "\n")
			name, _, _ := strings.Cut(tc.set, "=")
			if name == "FLASK_ENV" {
				name = "TASKSTACK_ENV"
			}
			if !strings.Contains(err.Error(), "TASKSTACK_") || !strings.Contains(err.Error(), tc.problem) || !strings.Contains(err.Error(), tc.remedy) {
				t.Errorf("%s: got %q", name, line)
			}
			if strings.Contains(err.Error(), "pass-word") {
				t.Errorf("shows the password: %v", err)
			}
		})
	}
}

func TestSeveralProblemsAreSeveralLines(t *testing.T) {
	_, err := load(t, "TASKSTACK_ENV=x", "TASKSTACK_ADDR=y", "TASKSTACK_BCRYPT_COST=z")
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("got %v", err)
	}
}

func TestProduction(t *testing.T) {
	good := []string{"TASKSTACK_ENV=production", "TASKSTACK_SECRET_KEY=" + secret, "TASKSTACK_PUBLIC_URL=https://tasks.example.org/"}
	c := mustLoad(t, good...)
	if c.PublicURL != "https://tasks.example.org" || len(c.Warnings) != 2 || !strings.Contains(c.Warnings[0], "outbox") || !strings.Contains(c.Warnings[1], "TASKSTACK_OPERATOR_NAME") {
		t.Errorf("%s, %v", c.PublicURL, c.Warnings)
	}
	for bad, want := range map[string]string{
		"TASKSTACK_SECRET_KEY=":                             "is needed in production",
		"TASKSTACK_SECRET_KEY=" + secret[1:]:                "has 31 bytes",
		"TASKSTACK_SECRET_KEY=" + secret + ",short":         "number 2 has 5 bytes",
		"TASKSTACK_SECRET_KEY=" + secret[1:] + "," + secret: "number 1 has 31 bytes",
		"TASKSTACK_PUBLIC_URL=http://example.org":           "is not https",
		"TASKSTACK_PUBLIC_URL=":                             "is not https",
		"TASKSTACK_BCRYPT_COST=9":                           "too weak",
		"TASKSTACK_PUBLIC_URL=https://u@a.example":          "is not scheme and host",
	} {
		_, err := load(t, append(good, bad)...)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", bad, err)
		}
	}
}

func TestPublicURLFollowsTheAddress(t *testing.T) {
	for addr, want := range map[string]string{
		":8080":        "http://127.0.0.1:8080",
		"0.0.0.0:80":   "http://127.0.0.1:80",
		"[::1]:5001":   "http://[::1]:5001",
		"example:5001": "http://example:5001",
	} {
		if got := mustLoad(t, "TASKSTACK_ADDR="+addr).PublicURL; strings.TrimSuffix(want, ":80") != got {
			t.Errorf("%s: %s, want %s", addr, got, want)
		}
	}
}

func TestMailServerForms(t *testing.T) {
	for _, tc := range []struct {
		url  string
		want config.SMTP
	}{
		{"smtp://mail.example.org", config.SMTP{Host: "mail.example.org", Port: 587, TLS: config.SMTPRequired}},
		{"smtp://bob%40x:p%2Fw@mail:2525/", config.SMTP{Host: "mail", Port: 2525, User: "bob@x", Password: "p/w", TLS: config.SMTPRequired}},
		{"smtps://bob:s@mail", config.SMTP{Host: "mail", Port: 465, User: "bob", Password: "s", TLS: config.SMTPImplicit}},
		{"smtp://[::1]:25?tls=optional", config.SMTP{Host: "::1", Port: 25, TLS: config.SMTPOptional}},
		{"smtp://localhost?tls=off", config.SMTP{Host: "localhost", Port: 587, TLS: config.SMTPOff}},
	} {
		c := mustLoad(t, "TASKSTACK_MAIL=smtp", "TASKSTACK_SMTP_URL="+tc.url)
		if c.SMTP != tc.want {
			t.Errorf("%s: got %+v", tc.url, c.SMTP)
		}
		if strings.Contains(c.Dump(), "p%2Fw") {
			t.Errorf("%s: the password is shown", tc.url)
		}
	}
}

func TestSESTakesTheUsualKeys(t *testing.T) {
	c := mustLoad(t, "TASKSTACK_MAIL=ses", "AWS_REGION=eu-central-1", "AWS_ACCESS_KEY_ID=k", "AWS_SECRET_ACCESS_KEY=secret-key", "AWS_SESSION_TOKEN=session-token")
	if c.AWS != (config.AWS{Region: "eu-central-1", AccessKeyID: "k", SecretAccessKey: "secret-key", SessionToken: "session-token"}) {
		t.Errorf("got %+v", c.AWS)
	}
	if shown := c.Dump(); strings.Contains(shown, "secret-key") || strings.Contains(shown, "session-token") {
		t.Error(shown)
	}
}

func TestTheOperator(t *testing.T) {
	c := mustLoad(t, "TASKSTACK_PUBLIC_URL=https://tasks.example.org", "TASKSTACK_SECRET_KEY="+secret)
	if o := c.Operator; o.Complete() || o.Contact != "contact@tasks.example.org" || o.Feedback != "feedback@tasks.example.org" || o.Help != "help@tasks.example.org" {
		t.Errorf("got %+v", o)
	}
	c = mustLoad(t, "TASKSTACK_OPERATOR_NAME=Example Ltd", "TASKSTACK_OPERATOR_ADDRESS=Example Street 1, rear ;; 12345 Berlin;", "TASKSTACK_OPERATOR_EMAIL=us@example.org",
		"TASKSTACK_OPERATOR_PHONE=+49 30 1", "TASKSTACK_OPERATOR_DETAILS=HRB 1, Berlin; VAT DE1", "TASKSTACK_LOG_DAYS=14", "TASKSTACK_HELP_EMAIL=desk@example.org")
	want := config.Operator{
		Name: "Example Ltd", Address: []string{"Example Street 1, rear", "12345 Berlin"}, Email: "us@example.org", Phone: "+49 30 1",
		Details: []string{"HRB 1, Berlin", "VAT DE1"}, LogDays: 14,
		Contact: "contact@localhost", Feedback: "feedback@localhost", Help: "desk@example.org",
	}
	if !reflect.DeepEqual(c.Operator, want) || !c.Operator.Complete() {
		t.Errorf("got %+v", c.Operator)
	}
}

func TestMailsComeFromThePublicHost(t *testing.T) {
	for public, want := range map[string]string{
		"https://tasks.example.org:8443": "tasks.example.org", "http://127.0.0.1:5000": "localhost", "http://[::1]": "localhost", "http://localhost:5000": "localhost",
	} {
		c := mustLoad(t, "TASKSTACK_PUBLIC_URL="+public, "TASKSTACK_SECRET_KEY="+secret)
		if c.MailDomain() != want || c.MailFrom != "Taskstack <no-reply@"+want+">" {
			t.Errorf("%s: %s, %s", public, c.MailDomain(), c.MailFrom)
		}
	}
}

func TestDatabaseForms(t *testing.T) {
	for _, tc := range []struct{ uri, net, addr, user, password, name string }{
		{"mysql://bob:s@h/d", "tcp", "h:3306", "bob", "s", "d"},
		{"mysql+pymysql://bob:p%40ss%2Fw%3Ard%25+@db.example.org:3307/task%5Fstack?charset=utf8mb4", "tcp", "db.example.org:3307", "bob", "p@ss/w:rd%+", "task_stack"},
		{"mysql://bob@[::1]:33/d", "tcp", "[::1]:33", "bob", "", "d"},
		{"mysql://root@/d?unix_socket=/run/mysqld/mysqld.sock", "unix", "/run/mysqld/mysqld.sock", "root", "", "d"},
		{"bob:p@ss@tcp(h:3306)/d", "tcp", "h:3306", "bob", "p@ss", "d"},
	} {
		d, err := config.ParseDatabase(tc.uri, "")
		if err != nil || d.Dialect != config.MySQL {
			t.Errorf("%s: %v %v", tc.uri, d, err)
			continue
		}
		c, err := mysql.ParseDSN(d.DSN)
		if err != nil {
			t.Fatal(err)
		}
		if c.Net != tc.net || c.Addr != tc.addr || c.User != tc.user || c.Passwd != tc.password || c.DBName != tc.name || !c.ParseTime {
			t.Errorf("%s: got %s", tc.uri, d.DSN)
		}
		if tc.password != "" && len(tc.password) > 1 && strings.Contains(d.String(), tc.password) {
			t.Errorf("shows the password: %s", d)
		}
	}
	for uri, want := range map[string]string{
		"":                          "/data/taskstack.db",
		"sqlite:///rel/x.db":        "rel/x.db",
		"sqlite:////var/lib/x.db":   "/var/lib/x.db",
		"/var/lib/x.db":             "/var/lib/x.db",
		"x.db":                      "x.db",
		"sqlite:////with space/x.d": "/with space/x.d",
	} {
		if d, err := config.ParseDatabase(uri, "/data"); err != nil || d.Dialect != config.SQLite || d.DSN != want {
			t.Errorf("%s: %v %v, want %s", uri, d, err, want)
		}
	}
}

func TestDotenv(t *testing.T) {
	path := filepath.Join(t.TempDir(), ".env")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("# settings\nFLASK_ENV=development\r\n\nTASKSTACK_SECRET_KEY=a=b#c $HOME \"d\\n'\nTASKSTACK_BCRYPT_COST=10\nTASKSTACK_LOG_LEVEL=debug\n")
	c, err := config.Load([]string{"TASKSTACK_BCRYPT_COST=11"}, path)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(c.SecretKey), `a=b#c $HOME "d\n'`; got != want {
		t.Errorf("value changed: %q, want %q", got, want)
	}
	if c.BcryptCost != 11 {
		t.Errorf("cost %d: the environment does not win", c.BcryptCost)
	}
	if d := c.Dump(); !strings.Contains(d, ".env (FLASK_ENV)") {
		t.Errorf("no source in\n%s", d)
	}

	write("ok=1\nTASKSTACK_ADDR\nA=1\nA=2\nTASKSTACK_SECRET_KEY='hush'\n")
	_, err = config.Load(nil, path)
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{"line 2: is not NAME=value", "line 4: A is set twice", "line 5: the value of TASKSTACK_SECRET_KEY is in quotes"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in %v", want, err)
		}
	}
	if strings.Contains(err.Error(), "hush") {
		t.Errorf("shows a secret: %v", err)
	}
}

func TestUnknownNamesAreNoted(t *testing.T) {
	c := mustLoad(t, "TASKSTACK_DB_URL=x", "TASKSTACK_TEST_MYSQL=y", "HOME=/")
	if len(c.Warnings) != 1 || !strings.HasPrefix(c.Warnings[0], "TASKSTACK_DB_URL ") {
		t.Errorf("got %q", c.Warnings)
	}
}

func TestDumpMasks(t *testing.T) {
	c := mustLoad(t, "TASKSTACK_SECRET_KEY=hush-hush", "TASKSTACK_DB_URI=mysql+pymysql://bob:hush%40hush@h/d?charset=utf8mb4",
		"TASKSTACK_REDIS_URL=rediss://:hush@r:6379/1", "TASKSTACK_SMTP_URL=smtp://me:hush@m:587", "AWS_SECRET_ACCESS_KEY=hush", "TASKSTACK_METRICS_TOKEN=hushhushhushhush")
	d := c.Dump()
	if strings.Contains(d, "hush") {
		t.Errorf("shows a secret:\n%s", d)
	}
	for _, want := range []string{"mysql+pymysql://bob:********@h/d?charset=utf8mb4", "smtp://me:********@m:587", "environment", "default"} {
		if !strings.Contains(d, want) {
			t.Errorf("%s is missing in\n%s", want, d)
		}
	}
	if d := mustLoad(t, "TASKSTACK_REDIS_URL=redis://:hush@r?master_name=main&username=app&password=hush%26").Dump(); strings.Contains(d, "hush") ||
		!strings.Contains(d, "redis://:********@r?master_name=main&password=********&username=app") {
		t.Errorf("got\n%s", d)
	}
	if d := mustLoad(t, "TASKSTACK_DB_URI=bob:hush@x@tcp(h)/d").Dump(); strings.Contains(d, "hush") || !strings.Contains(d, "bob:********@tcp(h)/d") {
		t.Errorf("got\n%s", d)
	}
}

func TestDevelopmentSecretIsKeptAndShared(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	var wg sync.WaitGroup
	secrets := make([]string, 8)
	for i := range secrets {
		wg.Go(func() {
			c, err := config.Load([]string{"TASKSTACK_DATA_DIR=" + dir}, "")
			if err == nil {
				err = c.Prepare()
			}
			if err != nil {
				t.Error(err)
				return
			}
			secrets[i] = string(c.SecretKey)
		})
	}
	wg.Wait()
	for _, s := range secrets {
		if s != secrets[0] || len(s) < config.MinSecretBytes {
			t.Errorf("servers that start at once differ: %q", secrets)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	info, err := files[0].Info()
	if err != nil || fmt.Sprintf("%o", info.Mode().Perm()) != "600" {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestSecretThatWasSetIsNotReplaced(t *testing.T) {
	c := mustLoad(t, "TASKSTACK_SECRET_KEY=mine", "TASKSTACK_DATA_DIR="+t.TempDir())
	if err := c.Prepare(); err != nil || string(c.SecretKey) != "mine" {
		t.Errorf("%q, %v", c.SecretKey, err)
	}
}

// Whatever is not for this machine alone is production unless the operator says
// otherwise.
func TestAPublicAddressIsProduction(t *testing.T) {
	for public, production := range map[string]bool{
		"http://127.0.0.1:5000": false, "http://127.8.9.1": false, "http://localhost:5000": false, "http://LOCALHOST": false, "http://[::1]:5000": false,
		"http://tasks.localhost": false, "https://localhost": false, "http://[::ffff:127.0.0.1]": false, "": false,
		"https://tasks.example.org": true, "https://192.0.2.1": true, "https://192.168.1.5:8443": true, "https://[2001:db8::1]": true,
		"https://localhost.example.org": true, "https://127.0.0.1.example.org": true, "https://bücher.example": true,
	} {
		c := mustLoad(t, "TASKSTACK_PUBLIC_URL="+public, "TASKSTACK_SECRET_KEY="+secret)
		if c.IsProduction() != production {
			t.Errorf("%s: production %v", public, c.IsProduction())
		}
		for env, want := range map[string]bool{config.Development: false, config.Production: true} {
			c, err := load(t, "TASKSTACK_PUBLIC_URL="+public, "TASKSTACK_SECRET_KEY="+secret, "TASKSTACK_ENV="+env)
			if err == nil && c.IsProduction() != want {
				t.Errorf("%s with TASKSTACK_ENV=%s: production %v", public, env, c.IsProduction())
			}
		}
	}
	_, err := load(t, "TASKSTACK_PUBLIC_URL=http://192.168.1.5:5000")
	if err == nil || !strings.Contains(err.Error(), "TASKSTACK_ENV=development says otherwise") || !strings.Contains(err.Error(), "is not https") {
		t.Errorf("got %v", err)
	}
	if c := mustLoad(t, "TASKSTACK_ADDR=:5000"); c.IsProduction() {
		t.Error("all interfaces, without an address that others type")
	}
}

func TestHostsAreAsBrowsersSendThem(t *testing.T) {
	for given, want := range map[string]string{
		"https://Bücher.Example:8443/": "https://xn--bcher-kva.example:8443", "https://bücher.example:443": "https://xn--bcher-kva.example",
		"https://xn--bcher-kva.example": "https://xn--bcher-kva.example", "https://straße.example": "https://xn--strae-oqa.example",
		"https://例え.テスト": "https://xn--r8jz45g.xn--zckzah", "https://[2001:DB8::1]": "https://[2001:db8::1]", "https://[2001:db8::1]:8443": "https://[2001:db8::1]:8443",
		"https://under_score.example": "https://under_score.example",
	} {
		c := mustLoad(t, "TASKSTACK_PUBLIC_URL="+given, "TASKSTACK_ALLOWED_ORIGINS="+given, "TASKSTACK_SECRET_KEY="+secret)
		if c.PublicURL != want || c.AllowedOrigins[0] != want {
			t.Errorf("%s: %s, %v, want %s", given, c.PublicURL, c.AllowedOrigins, want)
		}
	}
	if _, err := load(t, "TASKSTACK_PUBLIC_URL=https://b\u2028ücher.example"); err == nil {
		t.Error("a name no host can have is accepted")
	}
}

func TestSecretKeysAreAList(t *testing.T) {
	c := mustLoad(t, "TASKSTACK_SECRET_KEY=one")
	if string(c.SecretKey) != "one" || len(c.OldSecretKeys) != 0 {
		t.Errorf("%q, %q", c.SecretKey, c.OldSecretKeys)
	}
	c = mustLoad(t, "TASKSTACK_SECRET_KEY=first, 2nd,3rd")
	if string(c.SecretKey) != "first" || len(c.OldSecretKeys) != 3 || string(c.OldSecretKeys[0]) != "2nd" || string(c.OldSecretKeys[1]) != "3rd" ||
		string(c.OldSecretKeys[2]) != "first, 2nd,3rd" { // one key, for an earlier version
		t.Errorf("%q, %q", c.SecretKey, c.OldSecretKeys)
	}
	if strings.Contains(c.Dump(), "2nd") {
		t.Error(c.Dump())
	}
}

func TestAFolderThatCannotBeWrittenToIsNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	dirs := []string{filepath.Join(file, "data"), file, "/proc/self"}
	for _, dir := range dirs {
		err := mustLoad(t, "TASKSTACK_DATA_DIR="+dir, "TASKSTACK_SECRET_KEY="+secret).Prepare()
		if err == nil || !strings.HasPrefix(err.Error(), "TASKSTACK_DATA_DIR: ") {
			t.Errorf("%s: %v", dir, err)
		}
	}
}
