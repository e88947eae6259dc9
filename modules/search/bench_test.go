package search_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/search"
	"taskstack.org/platform/db"
)

// BenchmarkSearch measures a search among 100,000 cards: of a person who is a member
// of all 50 boards, and of one with 2 boards of 50 cards beside them. Beside the
// index of the program it measures what was tried instead (decision 0032): LIKE over
// the words of all cards, and the full-text index of each database.
//
//	go test -run '^$' -bench Search -benchtime 20x ./modules/search
//
// The metric is CPU time of this process and of its connections in MariaDB.
func BenchmarkSearch(b *testing.B) {
	for name, uri := range map[string]func(testing.TB) string{"sqlite": testenv.MigratedSQLite, "mariadb": testenv.MigratedMariaDB} {
		b.Run(name, func(b *testing.B) {
			bench{World: boardtest.New(b, uri(b)), rand: rand.New(rand.NewPCG(1, 2))}.run(b)
		})
	}
}

const (
	boardsOfMany, cardsOfMany = 50, 2000
	boardsOfFew, cardsOfFew   = 2, 50
	vocabulary                = 30_000
)

type bench struct {
	*boardtest.World
	rand *rand.Rand
}

func (w bench) run(b *testing.B) {
	zipf := rand.NewZipf(w.rand, 1.1, 8, vocabulary-1)
	few := accounts.MakeUser(b, w.DB, "fewer")
	w.fill(b, w.Owner, boardsOfMany, cardsOfMany, zipf)
	w.fill(b, few, boardsOfFew, cardsOfFew, zipf)
	s := boardtest.Feature[*search.Module](w.World)
	start, cpu, size := time.Now(), w.cpu(b), w.size(b)
	if err := s.Fill(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.Logf("100,100 cards are indexed in %s, CPU %s, %d MB", time.Since(start).Round(time.Second), (w.cpu(b) - cpu).Round(time.Millisecond), (w.size(b)-size)>>20)
	w.makeFullText(b)
	for _, person := range []struct {
		name string
		by   accounts.Actor
	}{{"50boards", w.Owner}, {"2boards", few}} {
		boards := w.boardsOf(b, person.by)
		for _, q := range []struct{ name, typed string }{
			{"rare", word(25_000)},
			{"common", word(0)},
			{"letter", "b"},
			{"number", "t777"},
			{"two", word(3) + " " + word(40)},
			{"twoLetters", "b d"},
			{"twoApart", "zig zag"}, // each in half of all cards, both in none
			{"commonAndRare", word(0) + " " + word(20_000)},
			{"none", "xyzzy"},
		} {
			b.Run(person.name+"/"+q.name+"/index", func(b *testing.B) {
				w.measure(b, func() error {
					_, err := s.Everything(b.Context(), search.Where{By: person.by, Here: boards[0]}, q.typed)
					return err
				})
			})
			b.Run(person.name+"/"+q.name+"/like", func(b *testing.B) {
				w.measure(b, func() error { return w.like(b.Context(), boards, strings.Fields(q.typed)) })
			})
			b.Run(person.name+"/"+q.name+"/fulltext", func(b *testing.B) {
				w.measure(b, func() error { return w.fullText(b.Context(), boards, strings.Fields(q.typed)) })
			})
		}
	}
}

// measure reports the CPU time of one call.
func (w bench) measure(b *testing.B, call func() error) {
	b.Helper()
	if err := call(); err != nil {
		b.Fatal(err)
	}
	before := w.cpu(b)
	b.ResetTimer()
	for range b.N {
		if err := call(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(w.cpu(b)-before)/float64(b.N)/float64(time.Millisecond), "cpu-ms/op")
}

// cpu is the time of this process and of its connections in MariaDB.
func (w bench) cpu(b *testing.B) time.Duration {
	b.Helper()
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		b.Fatal(err)
	}
	all := time.Duration(own.Utime.Nano() + own.Stime.Nano())
	if w.DB.Dialect() != db.MySQL {
		return all
	}
	// Only the threads of our connections: others may use the same server.
	var threads []struct {
		PidFile string
		Thread  int
	}
	w.scan(b, &threads, "SELECT @@pid_file AS pid_file, tid AS thread FROM information_schema.processlist WHERE db = DATABASE()")
	for _, thread := range threads {
		pid, err := os.ReadFile(thread.PidFile)
		if err != nil {
			b.Fatal(err)
		}
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%s/task/%d/schedstat", bytes.TrimSpace(pid), thread.Thread))
		if err != nil {
			b.Fatal(err)
		}
		onCPU, err := strconv.ParseInt(string(bytes.Fields(stat)[0]), 10, 64)
		if err != nil {
			b.Fatal(err)
		}
		all += time.Duration(onCPU)
	}
	return all
}

// size is how many bytes the database has on the disk.
func (w bench) size(b *testing.B) (bytes int64) {
	b.Helper()
	query := "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
	if w.DB.Dialect() == db.MySQL {
		query = "SELECT SUM(file_size) FROM information_schema.innodb_sys_tablespaces WHERE name LIKE CONCAT(DATABASE(), '/%')"
	}
	w.scan(b, &bytes, query)
	return bytes
}

// word is the nth of the vocabulary: of syllables, so that beginnings are shared.
func word(n int) string {
	var s strings.Builder
	for n += 20; n > 0; n /= 20 {
		s.WriteString([]string{
			"ba", "be", "bi", "bo", "da", "de", "di", "do", "ka", "ke",
			"ki", "ko", "la", "le", "li", "lo", "ma", "me", "mi", "mo",
		}[n%20])
	}
	return s.String()
}

func (w bench) text(zipf *rand.Zipf, words int) string {
	all := make([]string, words)
	for i := range all {
		all[i] = word(int(zipf.Uint64()))
	}
	return strings.Join(all, " ")
}

// fill makes boards of a list of cards, half of them with a description.
func (w bench) fill(b *testing.B, owner accounts.Actor, boards, cards int, zipf *rand.Zipf) {
	b.Helper()
	for n := range boards {
		name := fmt.Sprintf("bench-%d", n)
		w.exec(b, "INSERT INTO project (name, owner_id, owner_name, project_desc, visibility, invite_code, invite_as_admin_code) VALUES (?, ?, ?, '', 'private', ?, ?)",
			name, owner.UserID, owner.Name, name+owner.Name, name+owner.Name+"a")
		var project, list int64
		w.scan(b, &project, "SELECT id FROM project WHERE owner_id = ? AND name = ?", owner.UserID, name)
		w.exec(b, "INSERT INTO list (project_id, name, list_desc, pos) VALUES (?, 'list', '', 0)", project)
		w.scan(b, &list, "SELECT id FROM list WHERE project_id = ?", project)
		const atOnce = 500
		for first := 0; first < cards; first += atOnce {
			var args []any
			for i := first; i < min(first+atOnce, cards); i++ {
				args = append(args, list, fmt.Sprintf("%s t%d %s", w.text(zipf, 4), n*cards+i, []string{"zig", "zag"}[i%2]), w.text(zipf, 24*(i%2)), i)
			}
			w.exec(b, "INSERT INTO card (list_id, name, card_desc, pos) VALUES "+strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?), ", len(args)/4), ", "), args...)
		}
	}
}

func (w bench) makeFullText(b *testing.B) {
	b.Helper()
	create := "CREATE VIRTUAL TABLE bench_fulltext USING fts5(words, project_id UNINDEXED, prefix='1 2 3')"
	if w.DB.Dialect() == db.MySQL {
		create = "CREATE TABLE bench_fulltext (id INTEGER PRIMARY KEY AUTO_INCREMENT, words MEDIUMTEXT NOT NULL, project_id INTEGER NOT NULL, FULLTEXT (words), KEY (project_id)) ENGINE=InnoDB"
	}
	w.exec(b, create)
	w.exec(b, "INSERT INTO bench_fulltext (words, project_id) SELECT words, project_id FROM search_card")
	if w.DB.Dialect() == db.MySQL {
		w.exec(b, "CREATE INDEX bench_search_card ON search_card (project_id)")
		for _, table := range []string{"search_card", "search_word", "bench_fulltext", "card", "list", "project"} {
			w.exec(b, "ANALYZE TABLE "+table)
		}
		return
	}
	w.exec(b, "CREATE INDEX bench_search_card ON search_card (project_id)")
}

func (w bench) like(ctx context.Context, boards []int64, words []string) error {
	query, args := "SELECT card_id FROM search_card WHERE project_id IN ?", []any{boards}
	for _, word := range words {
		query, args = query+" AND words LIKE ?", append(args, "% "+word+"%")
	}
	var ids []int64
	return w.DB.From(ctx).Raw(query+" LIMIT 60", args...).Scan(&ids).Error
}

func (w bench) fullText(ctx context.Context, boards []int64, words []string) error {
	query, match := "SELECT rowid FROM bench_fulltext WHERE bench_fulltext MATCH ? AND project_id IN ? ORDER BY rowid DESC LIMIT 60", strings.Join(words, "* ")+"*"
	if w.DB.Dialect() == db.MySQL {
		query, match = "SELECT id FROM bench_fulltext WHERE MATCH (words) AGAINST (? IN BOOLEAN MODE) AND project_id IN ? LIMIT 60", "+"+strings.Join(words, "* +")+"*"
	}
	var ids []int64
	return w.DB.From(ctx).Raw(query, match, boards).Scan(&ids).Error
}

func (w bench) boardsOf(b *testing.B, by accounts.Actor) []int64 {
	b.Helper()
	var ids []int64
	w.scan(b, &ids, "SELECT id FROM project WHERE owner_id = ? AND name LIKE 'bench%'", by.UserID)
	return ids
}

func (w bench) scan(b *testing.B, into any, query string, args ...any) {
	b.Helper()
	if err := w.DB.From(b.Context()).Raw(query, args...).Scan(into).Error; err != nil {
		b.Fatal(err)
	}
}

func (w bench) exec(b *testing.B, query string, args ...any) {
	b.Helper()
	err := w.DB.InTx(b.Context(), func(ctx context.Context) error { return w.DB.From(ctx).Exec(query, args...).Error })
	if err != nil {
		b.Fatal(err)
	}
}
