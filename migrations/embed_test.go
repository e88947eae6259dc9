package migrations_test

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"taskstack.org/migrations"
)

// Both dialects have the same steps, numbered without a gap, each with its way
// back. What the steps do is compared by the tests of platform/migrate.
func TestFiles(t *testing.T) {
	names := func(dialect string) []string {
		files, err := fs.Glob(migrations.FS, dialect+"/*.sql")
		if err != nil {
			t.Fatal(err)
		}
		for i, file := range files {
			files[i] = strings.TrimPrefix(file, dialect+"/")
			if want := fmt.Sprintf("%04d_", i+1); !strings.HasPrefix(files[i], want) {
				t.Errorf("%s: step %d should begin with %s", file, i+1, want)
			}
			text, err := fs.ReadFile(migrations.FS, file)
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range []string{"-- +goose Up\n", "-- +goose Down\n"} {
				if strings.Count(string(text), part) != 1 {
					t.Errorf("%s: needs the line %q once", file, strings.TrimSpace(part))
				}
			}
		}
		return files
	}
	if mysql, sqlite := names("mysql"), names("sqlite"); !slices.Equal(mysql, sqlite) || len(mysql) == 0 {
		t.Errorf("steps differ:\nmysql  %v\nsqlite %v", mysql, sqlite)
	}
}
