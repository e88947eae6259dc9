package config

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
)

// The dialects of Database, as the folders of package migrations name them.
const (
	MySQL  = "mysql"
	SQLite = "sqlite"
)

// databaseFile is the embedded database's name in the data directory.
const databaseFile = "taskstack.db"

// Database says where the data is, in the form package db opens.
type Database struct {
	// Dialect is MySQL or SQLite.
	Dialect string
	// DSN is the path of the SQLite file, or a DSN of go-sql-driver/mysql
	// (with the password in it: never log it, log String()).
	DSN string
}

// String is the database's address without its password.
func (d Database) String() string {
	if d.Dialect != MySQL {
		return d.Dialect + " " + d.DSN
	}
	c, err := mysql.ParseDSN(d.DSN)
	if err != nil {
		return d.Dialect + " (unreadable address)"
	}
	return fmt.Sprintf("mysql %s@%s/%s", c.User, c.Addr, c.DBName)
}

// ParseDatabase reads an address in any of the accepted forms:
//
//   - nothing: the SQLite file in dataDir
//   - mysql://user:password@host[:port]/database, also mysql+pymysql:// as the
//     Flask application had it; parts URL-encoded; query keys charset, tls
//     (true, skip-verify, preferred), ssl_ca (a PEM file) and unix_socket
//   - a DSN of go-sql-driver/mysql, user:password@tcp(host:port)/database
//   - sqlite:///relative/path, sqlite:////absolute/path (as SQLAlchemy counts
//     slashes), or just a path
//
// The error says how to correct the address and contains no password.
func ParseDatabase(address, dataDir string) (Database, error) {
	scheme, rest, isURL := strings.Cut(address, "://")
	switch {
	case address == "":
		return sqliteAt(filepath.Join(dataDir, databaseFile))
	case isURL && scheme == "sqlite":
		path, ok := strings.CutPrefix(rest, "/")
		if !ok || path == "" {
			return Database{}, errors.New("names no file; write sqlite:///relative/path or sqlite:////absolute/path")
		}
		return sqliteAt(path)
	case isURL && (scheme == "mysql" || scheme == "mariadb" || strings.HasPrefix(scheme, "mysql+") || strings.HasPrefix(scheme, "mariadb+")):
		return parseMySQLURL("mysql://" + rest)
	case strings.Contains(address, "tcp(") || strings.Contains(address, "unix("):
		return parseMySQLDSN(address)
	case isURL:
		return Database{}, fmt.Errorf("has the unknown scheme %q; write mysql://user:password@host/database or sqlite:///path", scheme)
	default:
		return sqliteAt(address)
	}
}

func sqliteAt(path string) (Database, error) {
	if strings.HasPrefix(path, ":memory:") || strings.ContainsAny(path, "?\x00") {
		return Database{}, errors.New("must be the path of a file, without options; write sqlite:///path/to/taskstack.db")
	}
	return Database{Dialect: SQLite, DSN: path}, nil
}

func parseMySQLURL(address string) (Database, error) {
	u, err := url.Parse(address)
	if err != nil {
		// The parser's own message quotes the address and so the password.
		return Database{}, errors.New("is not a readable URL; URL-encode user and password (@ is %40, / is %2F, : is %3A, % is %25)")
	}
	c := newMySQLConfig()
	c.DBName = strings.TrimPrefix(u.Path, "/")
	if u.User != nil {
		c.User = u.User.Username()
		c.Passwd, _ = u.User.Password()
	}
	if u.Hostname() != "" {
		c.Net, c.Addr = "tcp", net.JoinHostPort(u.Hostname(), or(u.Port(), "3306"))
	}
	if err := mysqlOptions(c, u.Query()); err != nil {
		return Database{}, err
	}
	return finishMySQL(c)
}

// mysqlOptions applies the query of a mysql:// address. A key that is not
// understood is refused: ignoring one about TLS would be worse than stopping.
func mysqlOptions(c *mysql.Config, query url.Values) error {
	for key := range query {
		value := query.Get(key)
		switch key {
		case "charset":
			if !strings.HasPrefix(value, "utf8") {
				return fmt.Errorf("asks for charset %q; only utf8mb4 is supported", value)
			}
		case "unix_socket":
			c.Net, c.Addr = "unix", value
		case "tls":
			if value != "true" && value != "skip-verify" && value != "preferred" {
				return fmt.Errorf("has tls=%s; write tls=true, tls=preferred or tls=skip-verify", value)
			}
			c.TLSConfig = value
		case "ssl_ca":
			name, err := registerCA(value)
			if err != nil {
				return err
			}
			c.TLSConfig = name
		default:
			return fmt.Errorf("has the unknown option %q; known are charset, tls, ssl_ca and unix_socket", key)
		}
	}
	return nil
}

// registerCA makes the driver trust the certificates in a PEM file (RDS is
// signed by none a system knows) and returns the name the DSN refers to.
func registerCA(file string) (string, error) {
	pem, err := os.ReadFile(file) // The operator names the file.
	if err != nil {
		return "", fmt.Errorf("names a certificate file that cannot be read (%w); fix ssl_ca", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return "", fmt.Errorf("names %s as ssl_ca, which holds no PEM certificate", file)
	}
	sum := sha256.Sum256(pem)
	name := "ca-" + hex.EncodeToString(sum[:8])
	if err := mysql.RegisterTLSConfig(name, &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}); err != nil {
		return "", fmt.Errorf("ssl_ca: %w", err)
	}
	return name, nil
}

func parseMySQLDSN(address string) (Database, error) {
	c, err := mysql.ParseDSN(address)
	if err != nil {
		return Database{}, fmt.Errorf("is not a readable DSN (%w); write user:password@tcp(host:3306)/database", err)
	}
	return finishMySQL(c)
}

func newMySQLConfig() *mysql.Config {
	c := mysql.NewConfig()
	c.Timeout = 10 * time.Second
	return c
}

func finishMySQL(c *mysql.Config) (Database, error) {
	switch {
	case c.DBName == "":
		return Database{}, errors.New("names no database; append /database")
	case c.Addr == "":
		return Database{}, errors.New("names no host; write mysql://user:password@host/database")
	}
	c.ParseTime, c.Loc = true, time.UTC
	return Database{Dialect: MySQL, DSN: c.FormatDSN()}, nil
}

func or(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}
