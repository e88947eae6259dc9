package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// target is a running server with folders of its own.
type target struct {
	cmd       *exec.Cmd
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
	s.cmd = exec.CommandContext(ctx, binary)
	s.cmd.Env, s.cmd.Stderr = environment(s.data, s.tmp), log
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	_, rest, ok := strings.Cut(line, "listening on ")
	if err != nil || !ok {
		s.stop()
		text, _ := os.ReadFile(s.log)
		return nil, fmt.Errorf("the server did not start: %q %w\n%s", line, err, text)
	}
	s.addr = strings.TrimRight(rest, ")\n")
	return s, nil
}

func (s *target) stop() {
	_ = s.cmd.Process.Kill() // it may have ended by itself
	_ = s.cmd.Wait()
}

// state is what the server took in a span of time.
type state struct {
	memory     int64 // the highest RSS
	lastMemory int64 // RSS at the end
	cpu        float64
	log, disk  int64 // bytes added
	seconds    float64
	median     time.Duration
}

// watch runs work and gives what the server took meanwhile.
func (s *target) watch(work func() (time.Duration, error)) (state, error) {
	var st state
	before, err := s.cpu()
	if err != nil {
		return st, err
	}
	log, files, start := size(s.log), s.files(), time.Now()
	stop, peak := make(chan struct{}), make(chan int64)
	go func() {
		highest := int64(0)
		for {
			if rss, err := s.resident(); err == nil {
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
	if st.lastMemory, err = s.resident(); err != nil {
		return st, err
	}
	after, err := s.cpu()
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
		_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error { // what is gone counts nothing
			if err == nil && !d.IsDir() && !strings.Contains(filepath.Base(path), ".db") {
				sum += size(path)
			}
			return nil
		})
	}
	return sum
}

// cpu is the time the process has spent on processors.
func (s *target) cpu() (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, ok := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if !ok || len(fields) < 13 {
		return 0, errors.New("/proc: unknown format")
	}
	user, err := strconv.ParseInt(fields[11], 10, 64)
	if err != nil {
		return 0, err
	}
	system, err := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond, err
}

// resident is the memory of the process in bytes.
func (s *target) resident() (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kib << 10, err
		}
	}
	return 0, errors.New("/proc: no VmRSS")
}
