package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"taskstack.org/bench/internal/process"
)

// target is a running server with folders of its own.
type target struct {
	*process.Process
	addr      string
	data, tmp string
	log       string
}

func environment(data, tmp string) []string {
	return append(os.Environ(), "TASKSTACK_DATA_DIR="+data, "TASKSTACK_ADDR=127.0.0.1:0", "TMPDIR="+tmp)
}

func makeDemo(ctx context.Context, binary, data string) error {
	if err := os.MkdirAll(data, 0o700); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, binary, "demo")
	cmd.Env = append(environment(data, data), "TASKSTACK_BCRYPT_COST=4")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("demo: %w\n%s", err, out)
	}
	return nil
}

// startServer starts the program on a copy of the demo's data.
func startServer(ctx context.Context, binary, seed, home string) (*target, error) {
	if err := os.RemoveAll(home); err != nil {
		return nil, err
	}
	s := &target{data: filepath.Join(home, "data"), tmp: filepath.Join(home, "tmp"), log: filepath.Join(home, "log")}
	if err := os.MkdirAll(s.tmp, 0o700); err != nil {
		return nil, err
	}
	if err := os.CopyFS(s.data, os.DirFS(seed)); err != nil {
		return nil, err
	}
	log, err := os.Create(s.log)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }() // the server has its own
	cmd := exec.CommandContext(ctx, binary)
	cmd.Env, cmd.Stderr = environment(s.data, s.tmp), log
	var rest string
	if s.Process, err = process.Start(cmd); err == nil {
		var ok bool
		if _, rest, ok = strings.Cut(s.Line, "listening on "); !ok {
			s.Stop()
			err = fmt.Errorf("unexpected output %q", s.Line)
		}
	}
	if err != nil {
		text, _ := os.ReadFile(s.log)
		return nil, fmt.Errorf("the server did not start: %w\n%s", err, text)
	}
	s.addr = strings.TrimRight(rest, ")")
	return s, nil
}

// state is what the server used during a period.
type state struct {
	memory     int64 // the highest RSS
	lastMemory int64 // RSS at the end
	cpu        float64
	log, disk  int64 // bytes added
	seconds    float64
	median     time.Duration
}

// watch runs work and returns what the server used meanwhile.
func (s *target) watch(work func() (time.Duration, error)) (state, error) {
	var st state
	before, err := s.CPU()
	if err != nil {
		return st, err
	}
	log, files, start := size(s.log), s.files(), time.Now()
	stop, peak := make(chan struct{}), make(chan int64)
	go func() {
		highest := int64(0)
		for {
			if rss, err := s.Resident(); err == nil {
				highest = max(highest, rss)
			}
			select {
			case <-stop:
				peak <- highest
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	}()
	st.median, err = work()
	close(stop)
	st.memory = <-peak
	if err != nil {
		return st, err
	}
	if st.lastMemory, err = s.Resident(); err != nil {
		return st, err
	}
	after, err := s.CPU()
	st.seconds = time.Since(start).Seconds()
	st.cpu = (after - before).Seconds() / st.seconds
	st.log, st.disk = size(s.log)-log, s.files()-files
	return st, err
}

func size(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// files is the size of all files that the server has, but for its database.
func (s *target) files() (sum int64) {
	for _, root := range []string{s.data, s.tmp} {
		_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error { // a deleted file counts nothing
			if err == nil && !d.IsDir() && !strings.Contains(filepath.Base(path), ".db") {
				sum += size(path)
			}
			return nil
		})
	}
	return sum
}
