package main

import (
	"bytes"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/db"
)

// An operator backs up while the server runs, checks the file, and restores it on
// another machine, where people find their boards.
func TestBackupCommands(t *testing.T) {
	data := t.TempDir()
	t.Setenv("TASKSTACK_DATA_DIR", data)
	t.Setenv("TASKSTACK_BCRYPT_COST", "4")
	t.Setenv("TASKSTACK_ADDR", "127.0.0.1:1")
	command := func(args ...string) (int, string) {
		var out bytes.Buffer
		code := run(t.Context(), args, &out, &out)
		return code, out.String()
	}
	if code, says := command("demo"); code != 0 {
		t.Fatalf("demo: code %d\n%s", code, says)
	}
	a := outageApp(t, filepath.Join(data, "taskstack.db"), &bytes.Buffer{})
	server := httptest.NewServer(a.handler)
	t.Cleanup(server.Close)
	before := testenv.Dump(t, a.db)
	file := filepath.Join(t.TempDir(), "backup.tar.gz")
	if code, says := command("backup", file); code != 0 || !strings.Contains(says, "rows of") || !strings.Contains(says, "TASKSTACK_SECRET_KEY") {
		t.Fatalf("backup: code %d\n%s", code, says)
	}
	if code, says := command("backup", file); code != 1 || !strings.Contains(says, "exists") {
		t.Errorf("onto a file: code %d\n%s", code, says)
	}
	if code, says := command("restore", "--verify", file); code != 0 || !strings.Contains(says, "is whole") {
		t.Errorf("verify: code %d\n%s", code, says)
	}
	if code, says := command("restore", file); code != 1 || !strings.Contains(says, "not empty") {
		t.Errorf("onto what is there: code %d\n%s", code, says)
	}
	t.Setenv("TASKSTACK_ADDR", server.Listener.Addr().String())
	if code, says := command("move", "--to", testenv.SQLite(t)); code != 1 || !strings.Contains(says, "stop it first") {
		t.Errorf("move while it serves: code %d\n%s", code, says)
	}
	t.Setenv("TASKSTACK_ADDR", "127.0.0.1:1")
	moved := testenv.SQLite(t)
	if os.Getenv(testenv.OnlyVariable) != "sqlite" {
		moved = testenv.MariaDB(t)
	}
	if code, says := command("move", "--to", moved); code != 0 || strings.Contains(says, ":taskstack") || !strings.Contains(says, "Set TASKSTACK_DB_URI") {
		t.Errorf("move: code %d\n%s", code, says)
	}
	t.Setenv("TASKSTACK_DATA_DIR", t.TempDir())
	if code, says := command("restore", file); code != 0 || !strings.Contains(says, "Restored: ") {
		t.Fatalf("restore: code %d\n%s", code, says)
	}
	restored := testenv.Dump(t, testenv.Open(t, filepath.Join(os.Getenv("TASKSTACK_DATA_DIR"), "taskstack.db"), db.Options{}))
	inOther := testenv.Dump(t, testenv.Open(t, moved, db.Options{}))
	for table, rows := range before {
		if table == "schema_version" {
			continue // has when each was applied
		}
		if strings.Join(rows, "\n") != strings.Join(restored[table], "\n") {
			t.Errorf("table %s is another one after the restore", table)
		}
		if len(rows) != len(inOther[table]) {
			t.Errorf("table %s has %d rows, and %d after the move", table, len(rows), len(inOther[table]))
		}
	}
	for _, args := range [][]string{{"backup"}, {"restore"}, {"restore", "a", "b"}, {"move"}, {"move", "--to", "", "x"}} {
		if code, says := command(args...); code != 2 {
			t.Errorf("%v: code %d\n%s", args, code, says)
		}
	}
	if code, says := command("restore", filepath.Join(data, "none")); code != 1 || !strings.Contains(says, "no such file") {
		t.Errorf("no file: code %d\n%s", code, says)
	}
}

// A disk that is full fails the backup with words and leaves nothing.
func TestBackupThatCannotBeWritten(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full here")
	}
	t.Setenv("TASKSTACK_DATA_DIR", t.TempDir())
	t.Setenv("TASKSTACK_DB_URI", testenv.MigratedSQLite(t))
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = full.Close() }()
	var errOut bytes.Buffer
	if code := run(t.Context(), []string{"backup", "-"}, full, &errOut); code != 1 || !strings.Contains(errOut.String(), "no space left") {
		t.Errorf("code %d, %s", code, &errOut)
	}
	folder := filepath.Join(t.TempDir(), "none")
	if code := run(t.Context(), []string{"backup", filepath.Join(folder, "x")}, &bytes.Buffer{}, &errOut); code != 1 {
		t.Errorf("into no folder: code %d", code)
	}
	kept := t.TempDir()
	t.Setenv("TASKSTACK_DB_URI", "mysql://u:p@127.0.0.1:1/x")
	if code := run(t.Context(), []string{"backup", filepath.Join(kept, "x")}, &bytes.Buffer{}, &errOut); code != 1 {
		t.Errorf("no database: code %d", code)
	}
	if left, err := os.ReadDir(kept); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
