package backup_test

import (
	"bytes"
	"os"
	"testing"
	"time"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/backup"
)

// BenchmarkBackup backs up and restores 100,000 cards:
// go test -bench Backup -benchtime 1x ./platform/backup
func BenchmarkBackup(b *testing.B) {
	for name, fresh := range map[string]func(testing.TB) string{"sqlite": testenv.SQLite, "mariadb": testenv.MariaDB} {
		if name == "mariadb" && os.Getenv(testenv.OnlyVariable) == "sqlite" {
			continue
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				source, target := openPlace(b, fresh(b)), openPlace(b, fresh(b))
				if _, err := backup.Restore(b.Context(), bytes.NewReader(empty(b)), source.target()); err != nil {
					b.Fatal(err)
				}
				source.exec(b, "INSERT INTO user (id, name, avatar_url, small_avatar_url, profile_desc, password_hash, private, email_private, stay_logged_in, block_all_friendship_requests, sign_up_complete, created_at) "+
					"VALUES (1, 'ana', '', '', '', 'x', 0, 0, 0, 0, 1, '2026-01-01 00:00:00')",
					"INSERT INTO project (id, name, owner_id, owner_name, project_desc, visibility, invite_code, invite_as_admin_code, rev) VALUES (1, 'garden', 1, 'ana', '', 'private', 'a', 'b', 7)",
					"INSERT INTO list (id, project_id, name, list_desc, pos) VALUES (1, 1, 'l', '', 0)", "INSERT INTO card (list_id, name, card_desc, pos) VALUES (1, 'a card of a few words', '"+longText+"', 0)")
				for range 17 {
					source.exec(b, "INSERT INTO card (list_id, name, card_desc, pos) SELECT list_id, name, card_desc, pos FROM card LIMIT 50000")
				}
				b.StartTimer()
				var archive bytes.Buffer
				began := time.Now()
				sum, err := backup.Write(b.Context(), &archive, source.source())
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(time.Since(began).Seconds(), "s/backup")
				b.ReportMetric(float64(sum.Rows["card"]), "cards")
				b.ReportMetric(float64(archive.Len())/1e6, "MB")
				if _, err := backup.Restore(b.Context(), bytes.NewReader(archive.Bytes()), target.target()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

const longText = "What is to be done here, and why, and by whom. It has some sentences, as descriptions have, and a link: https://example.org/wiki/page."

// empty is a backup of an empty database of the newest schema.
func empty(b *testing.B) []byte {
	b.Helper()
	var out bytes.Buffer
	if _, err := backup.Write(b.Context(), &out, openPlace(b, testenv.MigratedSQLite(b)).source()); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}
