package backup

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"strings"

	"taskstack.org/platform/storage"
)

func readCompressed(r io.Reader, h handler) (Summary, error) {
	plain, err := gzip.NewReader(bufio.NewReaderSize(r, 64<<10))
	if err != nil {
		return Summary{}, fmt.Errorf("%w: %w", ErrNoBackup, err)
	}
	return readArchive(plain, h)
}

// reading is the state of one pass over an archive.
type reading struct {
	h      handler
	digest hash.Hash
	sum    Summary
}

// readArchive gives the entries to the handler, whose functions may be nil, and
// checks that the archive is whole.
func readArchive(r io.Reader, h handler) (Summary, error) {
	entries := tar.NewReader(r)
	in := &reading{h: h, digest: sha256.New(), sum: Summary{Rows: map[string]int{}}}
	if err := in.readHeader(entries); err != nil {
		return Summary{}, err
	}
	for {
		entry, err := entries.Next()
		if err != nil {
			return Summary{}, fmt.Errorf("%w: it ends too early (%w)", ErrDamaged, err)
		}
		if entry.Name == endEntry {
			return in.sum, in.readEnd(entries, r)
		}
		if err := in.readEntry(entry, entries); err != nil {
			return Summary{}, err
		}
	}
}

func (in *reading) readHeader(entries *tar.Reader) error {
	entry, err := entries.Next()
	if err != nil || entry.Name != headerEntry || entry.Size > maxHeader {
		return errors.Join(ErrNoBackup, err)
	}
	text, err := io.ReadAll(entries)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if err := json.Unmarshal(text, &in.sum.Header); err != nil || in.sum.Format < 1 {
		return errors.Join(ErrNoBackup, err)
	}
	if in.sum.Format > format {
		return ErrNewer
	}
	digestName(in.digest, entry.Name, entry.Size)
	in.digest.Write(text)
	if in.h.header == nil {
		return nil
	}
	return in.h.header(in.sum.Header)
}

func (in *reading) readEntry(entry *tar.Header, content io.Reader) error {
	digestName(in.digest, entry.Name, entry.Size)
	content = io.TeeReader(content, in.digest)
	if key, ok := strings.CutPrefix(entry.Name, filesDir); ok {
		return in.readFile(key, entry.Size, content)
	}
	name := tableEntry.FindStringSubmatch(entry.Name)
	if name == nil {
		return fmt.Errorf("%w: it has the unknown part %.80q", ErrDamaged, entry.Name)
	}
	text, err := io.ReadAll(content)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return in.readRows(name[1], text)
}

func (in *reading) readFile(key string, size int64, content io.Reader) error {
	if err := storage.CheckKey(key); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	in.sum.Files, in.sum.Bytes = in.sum.Files+1, in.sum.Bytes+size
	if in.h.file != nil {
		if err := in.h.file(key, size, content); err != nil {
			return err
		}
	}
	if _, err := io.Copy(io.Discard, content); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil
}

func (in *reading) readRows(table string, text []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var columns []string
	if err := decoder.Decode(&columns); err != nil {
		return fmt.Errorf("%w: table %s: %w", ErrDamaged, table, err)
	}
	for _, column := range columns {
		if !columnName.MatchString(column) {
			return fmt.Errorf("%w: table %s has the column %.80q", ErrDamaged, table, column)
		}
	}
	var rows [][]any
	for decoder.More() {
		var row []any
		if err := decoder.Decode(&row); err != nil || len(row) != len(columns) {
			return errors.Join(fmt.Errorf("%w: table %s has a row that does not fit", ErrDamaged, table), err)
		}
		for i := range row {
			var err error
			if row[i], err = decode(row[i]); err != nil {
				return err
			}
		}
		rows = append(rows, row)
	}
	in.sum.Rows[table] += len(rows)
	if in.h.rows == nil {
		return nil
	}
	return in.h.rows(table, columns, rows)
}

func (in *reading) readEnd(entries *tar.Reader, rest io.Reader) error {
	text, err := io.ReadAll(io.LimitReader(entries, maxHeader))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	var e ending
	if err := json.Unmarshal(text, &e); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	// To the very end, where gzip has a checksum too.
	if _, err := io.Copy(io.Discard, rest); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if e.SHA != hex.EncodeToString(in.digest.Sum(nil)) || !maps.Equal(e.Rows, in.sum.Rows) || e.Files != in.sum.Files {
		return fmt.Errorf("%w: the checksum is another one", ErrDamaged)
	}
	for table := range e.Next {
		if !columnName.MatchString(table) {
			return fmt.Errorf("%w: it counts the rows of %.80q", ErrDamaged, table)
		}
	}
	if in.h.end == nil {
		return nil
	}
	return in.h.end(e)
}
