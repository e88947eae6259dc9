package testenv

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/gofrs/flock"
)

// MySQLVariable names the server the tests use, as a mysql:// address without
// a database. `make test` sets it; without it a private server is started.
const MySQLVariable = "TASKSTACK_TEST_MYSQL"

// startPatience bounds how long a service may take to answer; a loaded machine
// takes long to write MariaDB's first files.
const startPatience = 90 * time.Second

const (
	// notePatience bounds how long a running server may take to accept one more
	// connection.
	notePatience = 30 * time.Second
	// startTries is how often the start of a server is tried.
	startTries = 3
)

// MariaDB returns the address of a fresh, empty database (mysql://…) on a
// private MariaDB server. The database is dropped when the test ends.
func MariaDB(t testing.TB) string {
	t.Helper()
	server := sharedMariaDB(t)
	name := "t_" + randomHex(t, 6)
	server.exec(t, "CREATE DATABASE "+name)
	t.Cleanup(func() { server.exec(t, "DROP DATABASE "+name) })
	return server.uri(name)
}

// mariaDB is a running server as the tests see it.
type mariaDB struct {
	user, password, addr string
	admin                *sql.DB // no database chosen; several statements in one call
}

func (m *mariaDB) uri(database string) string {
	return fmt.Sprintf("mysql://%s:%s@%s/%s", m.user, m.password, m.addr, database)
}

func (m *mariaDB) dsn(database string) string {
	c := mysql.NewConfig()
	c.User, c.Passwd, c.Net, c.Addr, c.DBName = m.user, m.password, "tcp", m.addr, database
	c.ParseTime, c.Loc, c.MultiStatements = true, time.UTC, true
	return c.FormatDSN()
}

func (m *mariaDB) exec(t testing.TB, query string) {
	t.Helper()
	// Not t.Context: that one has ended when a clean-up runs.
	if _, err := m.admin.ExecContext(context.Background(), query); err != nil {
		t.Fatalf("testenv: %s: %v", query, err)
	}
}

// connectMariaDB opens the server at a mysql://user:password@host:port/ address.
func connectMariaDB(ctx context.Context, address string) (*mariaDB, error) {
	rest, ok := strings.CutPrefix(strings.TrimSuffix(address, "/"), "mysql://")
	login, addr, found := strings.Cut(rest, "@")
	user, password, _ := strings.Cut(login, ":")
	if !ok || !found {
		return nil, fmt.Errorf("%s must look like mysql://user:password@host:port", MySQLVariable)
	}
	m := &mariaDB{user: user, password: password, addr: addr}
	admin, err := sql.Open("mysql", m.dsn(""))
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", addr, err)
	}
	m.admin = admin
	if err := admin.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("connect to %s: %w", addr, err), admin.Close())
	}
	return m, nil
}

// Lease joins the MariaDB server that this user's test processes share, or
// starts it, and returns its address as MySQLVariable wants it. release gives
// it back; so does the end of the process.
//
// Every process holds a shared lock on the file "users"; a small shell beside
// the server stops it when no process has held that for a minute. So `go test
// ./modules/...`, which runs a process per package, starts one server, and none
// is left behind, however the tests end.
func Lease(ctx context.Context) (address string, release func() error, err error) {
	root := filepath.Join(os.TempDir(), "taskstack-test-"+strconv.Itoa(os.Getuid()))
	if err := os.MkdirAll(root, 0o700); err != nil {
		return "", nil, err
	}
	users := flock.New(filepath.Join(root, "users"))
	if err := users.RLock(); err != nil {
		return "", nil, err
	}
	address, err = runningMariaDB(ctx, root, users.Path())
	if err != nil {
		return "", nil, errors.Join(err, users.Unlock())
	}
	return address, users.Unlock, nil
}

// runningMariaDB returns the address of the server noted in root, or starts one.
func runningMariaDB(ctx context.Context, root, users string) (address string, err error) {
	starting := flock.New(filepath.Join(root, "starting"))
	if err := starting.Lock(); err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, starting.Unlock()) }()

	note := filepath.Join(root, "address")
	if address, ok := notedMariaDB(ctx, note, notePatience); ok {
		return address, nil
	}
	if err := removeLeftovers(root); err != nil {
		return "", err
	}
	program, err := findMariaDB()
	if err != nil {
		return "", err
	}
	// What fails once, because another program has taken the port or the first
	// files were not written, is tried again with new files and another port.
	for range startTries {
		var startErr error
		if address, startErr = startMariaDB(ctx, root, users, program); startErr == nil {
			return address, os.WriteFile(note, []byte(address), 0o600)
		}
		err = errors.Join(err, startErr)
		if ctx.Err() != nil {
			break
		}
	}
	return "", err
}

// notedMariaDB returns the address in the file note, if the server answers
// within patience. After a crash its port may belong to a program that accepts
// connections and stays silent.
func notedMariaDB(ctx context.Context, note string, patience time.Duration) (address string, ok bool) {
	known, err := os.ReadFile(note)
	if err != nil {
		return "", false
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	m, err := connectMariaDB(ctx, string(known))
	if err != nil {
		return "", false
	}
	return string(known), m.admin.Close() == nil
}

// removeLeftovers deletes the files of servers that were killed together with
// the shell that would have deleted them. It is called while no server starts.
func removeLeftovers(root string) error {
	dirs, err := filepath.Glob(filepath.Join(root, "server-*"))
	for _, dir := range dirs {
		if !runs(dir) {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}
	return err
}

// runs reports whether the server with its files in dir is running. Another
// process may have its number by now.
func runs(dir string) bool {
	pid, err := os.ReadFile(filepath.Join(dir, "pid"))
	if err != nil {
		return false
	}
	command, err := os.ReadFile(filepath.Join("/proc", string(bytes.TrimSpace(pid)), "cmdline"))
	return err == nil && bytes.Contains(command, []byte(dir))
}

// startMariaDB starts a server with its data in a new folder of root, on a free
// port of the loopback, and waits until it answers.
func startMariaDB(ctx context.Context, root, users, program string) (address string, err error) {
	dir, err := os.MkdirTemp(root, "server-")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	if err := installMariaDB(ctx, dir); err != nil {
		return "", err
	}
	password, err := newPassword()
	if err != nil {
		return "", err
	}
	account := "CREATE USER 'taskstack'@'127.0.0.1' IDENTIFIED BY '" + password + "';\nGRANT ALL ON *.* TO 'taskstack'@'127.0.0.1';\n"
	if err := os.WriteFile(filepath.Join(dir, "init.sql"), []byte(account), 0o600); err != nil {
		return "", err
	}
	port, err := freePort(ctx)
	if err != nil {
		return "", err
	}
	args := append([]string{"-c", watchScript, "taskstack-test-mariadb", users, dir, program}, mariaDBArguments(dir, port)...)
	cmd := exec.Command("sh", args...) // Outlives this process on purpose; watchScript ends it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return "", fmt.Errorf("start mariadbd: %w", err)
	}
	address = fmt.Sprintf("mysql://taskstack:%s@127.0.0.1:%d", password, port)
	log := filepath.Join(dir, "log")
	if err := awaitMariaDB(ctx, address, log); err != nil {
		text, _ := os.ReadFile(log)
		// The whole session, so that the server goes with its shell.
		return "", errors.Join(fmt.Errorf("%w\n%s", err, tail(text, 2000)), syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL))
	}
	return address, cmd.Process.Release()
}

// watchScript runs the server (from $3 on) until no process has held the lock
// $1 for a minute, or the temporary folder with that lock has been removed,
// then removes its data $2.
const watchScript = `
users=$1 dir=$2; shift 2
"$@" & server=$!
while kill -0 $server 2>/dev/null; do
	flock -x "$users" true
	sleep 60
	[ -e "$users" ] || { kill -9 $server; break; }
	flock -n -x "$users" sh -c 'kill -9 "$1"; rm -f "$2"' sh $server "$(dirname "$users")/address" && break
done
wait $server
rm -rf "$dir"
`

// awaitMariaDB waits until the server answers, or its log says that it has given
// up, as it does when its port is taken.
func awaitMariaDB(ctx context.Context, address, log string) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	for {
		m, err := connectMariaDB(ctx, address)
		if err == nil {
			return m.admin.Close()
		}
		if text, _ := os.ReadFile(log); bytes.Contains(text, []byte("[ERROR] Aborting")) {
			return errors.New("mariadbd has ended at its start")
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("mariadbd does not answer: %w", err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// mariaDBArguments trade every safety of the data for speed. --no-defaults also
// proves that nothing relies on a distribution's character set.
func mariaDBArguments(dir string, port int) []string {
	args := []string{
		"--no-defaults",
		"--datadir=" + filepath.Join(dir, "data"),
		"--socket=" + filepath.Join(dir, "socket"),
		"--pid-file=" + filepath.Join(dir, "pid"),
		"--log-error=" + filepath.Join(dir, "log"),
		"--init-file=" + filepath.Join(dir, "init.sql"),
		"--tmpdir=" + dir,
		"--bind-address=127.0.0.1",
		"--port=" + strconv.Itoa(port),
		"--skip-name-resolve",
		"--max-connections=1000",
		"--innodb-flush-log-at-trx-commit=0",
		"--innodb-flush-method=nosync",
		"--innodb-doublewrite=0",
		"--innodb-buffer-pool-size=128M",
		"--innodb-log-file-size=48M",
		"--innodb-lock-wait-timeout=20",
		"--performance-schema=0",
		"--skip-log-bin",
	}
	if os.Geteuid() == 0 {
		args = append(args, "--user=root")
	}
	return args
}

func findMariaDB() (string, error) {
	for _, name := range []string{"mariadbd", "/usr/sbin/mariadbd", "/usr/local/sbin/mariadbd"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("mariadbd is not installed; run `make test`, which installs what the tests need")
}

func installMariaDB(ctx context.Context, dir string) error {
	args := []string{
		"--no-defaults", "--datadir=" + filepath.Join(dir, "data"), "--skip-test-db",
		"--auth-root-authentication-method=socket", "--innodb-log-file-size=48M", "--innodb-flush-method=nosync",
	}
	if os.Geteuid() == 0 {
		args = append(args, "--user=root")
	}
	out, err := exec.CommandContext(ctx, "mariadb-install-db", args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("mariadb-install-db: %w\n%s", err, tail(out, 2000))
	}
	return nil
}

func freePort(ctx context.Context) (int, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	port := l.Addr().(*net.TCPAddr).Port //nolint:errcheck // It was asked for tcp.
	return port, l.Close()
}

func newPassword() (string, error) {
	b := make([]byte, 12)
	if _, err := rand.Read(b); err != nil {
		return "", err
	}
	return hex.EncodeToString(b), nil
}

func randomHex(t testing.TB, n int) string {
	t.Helper()
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		t.Fatalf("testenv: %v", err)
	}
	return hex.EncodeToString(b)
}

func tail(b []byte, n int) []byte {
	b = bytes.TrimSpace(b)
	return b[max(0, len(b)-n):]
}
