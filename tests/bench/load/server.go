package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// server is the native server, as a process of its own.
type server struct {
	url, key  string
	inspector string // of the worker's isolate
	heap      *heap
	cmd       *exec.Cmd
	pid       int      // of whose processor time and memory it is
	codes     sync.Map // of chan string, by the first digits of a registration
	ready     chan struct{}
	ended     chan struct{}
}

// build builds the server into the folder.
func build(folder string) (string, error) {
	binary := filepath.Join(folder, "server")
	out, err := exec.Command("go", "build", "-o", binary, "./wasm/edge/server").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return binary, nil
}

func start(binary, data string, options ...string) (*server, error) {
	s := &server{ready: make(chan struct{}), ended: make(chan struct{})}
	s.cmd = exec.Command(binary, append([]string{"-data", data, "-addr", "127.0.0.1:0", "-sends-address", "1000000", "-sends-calling", "1000000", "-sends-total", "1000000", "-records", "1000000"}, options...)...)
	s.cmd.Stderr = os.Stderr
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	s.pid = s.cmd.Process.Pid
	go s.read(bufio.NewScanner(out))
	select {
	case <-s.ready:
		return s, nil
	case <-s.ended:
		return nil, fmt.Errorf("the server ended: %v", s.cmd.ProcessState)
	}
}

func (s *server) read(lines *bufio.Scanner) {
	for lines.Scan() {
		line := lines.Text()
		if url, ok := strings.CutPrefix(line, "site and directory: "); ok {
			s.url = strings.TrimSuffix(url, "/")
		}
		if key, ok := strings.CutPrefix(line, "directory key: "); ok {
			s.key = key
			close(s.ready)
		}
		var worker struct{ URL, Inspector string }
		if json.Unmarshal([]byte(line), &worker) == nil && worker.URL != "" {
			s.url, s.inspector = worker.URL, worker.Inspector
			close(s.ready)
		}
		var code, registration string
		if n, _ := fmt.Sscanf(line, "development sender: code %s for registration %s", &code, &registration); n == 2 {
			s.codeOf(strings.TrimSuffix(registration, "…")) <- code
		}
	}
	s.cmd.Wait()
	close(s.ended)
}

// codeOf is where the code of a registration arrives.
func (s *server) codeOf(registration string) chan string {
	c, _ := s.codes.LoadOrStore(registration[:8], make(chan string, 1))
	return c.(chan string)
}

func (s *server) stop() error {
	if s.heap != nil {
		s.heap.close()
		s.heap = nil
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-s.ended:
		return nil
	case <-time.After(30 * time.Second):
		return s.cmd.Process.Kill()
	}
}

// cpu is how much processor time it took so far.
func (s *server) cpu() time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.pid))
	if err != nil {
		return 0
	}
	// Behind the name, which may hold anything: state is field 3, utime 14.
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	const tick = 10 * time.Millisecond // USER_HZ is 100 on Linux
	return time.Duration(user+system) * tick
}

// memory is what it holds now and held at most, in MB.
func (s *server) memory() (now, most float64) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.pid))
	if err != nil {
		return 0, 0
	}
	for line := range strings.Lines(string(text)) {
		var kB float64
		if n, _ := fmt.Sscanf(line, "VmRSS: %f kB", &kB); n == 1 {
			now = kB / 1e3
		}
		if n, _ := fmt.Sscanf(line, "VmHWM: %f kB", &kB); n == 1 {
			most = kB / 1e3
		}
	}
	return now, most
}

// forgetMost makes what it holds now the most.
func (s *server) forgetMost() error {
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", s.pid), []byte("5"), 0)
}
