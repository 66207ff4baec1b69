package edge_test

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// folderOfTests is for what is built once, and binary the native server in it.
var folderOfTests, binary string

func TestMain(m *testing.M) {
	code, err := buildAndRun(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		code = 2
	}
	os.Exit(code)
}

func buildAndRun(m *testing.M) (int, error) {
	folder, err := os.MkdirTemp("", "sealbook-edge")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(folder)
	folderOfTests, binary = folder, filepath.Join(folder, "server")
	build := exec.Command("go", "build", "-o", binary, "../../wasm/edge/server")
	build.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false")
	if out, err := build.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%w\n%s", err, out)
	}
	return m.Run(), nil
}

// process is the server as a process of its own.
type process struct {
	url, key string
	cmd      *exec.Cmd
	ended    chan struct{}

	mu     sync.Mutex
	news   *sync.Cond
	codes  map[string]string // by the first digits of the registration
	stdout bytes.Buffer
	stderr bytes.Buffer
}

// many lets one address register a whole suite, and a state come every second.
var many = []string{"-sends-address", "1000000", "-sends-network", "1000000", "-sends-calling", "1000000", "-sends-total", "1000000",
	"-interval", "1", "-renewal", "86400"}

// start starts the native server, which keeps its data in the folder.
func start(t testing.TB, data string, options ...string) *process {
	t.Helper()
	p := launch(t, exec.Command(binary, append(append([]string{"-data", data, "-addr", "127.0.0.1:0"}, many...), options...)...))
	p.wait(t, "an address", func() bool { return p.url != "" && p.key != "" })
	return p
}

// launch starts a server that prints as the native one does.
func launch(t testing.TB, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{codes: map[string]string{}, ended: make(chan struct{}), cmd: cmd}
	p.news = sync.NewCond(&p.mu)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = lockedWriter{p}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.kill() })
	go p.read(bufio.NewScanner(out))
	return p
}

type lockedWriter struct{ p *process }

func (w lockedWriter) Write(b []byte) (int, error) {
	w.p.mu.Lock()
	defer w.p.mu.Unlock()
	return w.p.stderr.Write(b)
}

func (p *process) read(lines *bufio.Scanner) {
	for lines.Scan() {
		p.mu.Lock()
		line := lines.Text()
		p.stdout.WriteString(line + "\n")
		if url, ok := strings.CutPrefix(line, "site and directory: "); ok {
			p.url = strings.TrimSuffix(url, "/")
		}
		if url, ok := strings.CutPrefix(line, `{"url":"`); ok {
			p.url = strings.TrimSuffix(url, `"}`)
		}
		if key, ok := strings.CutPrefix(line, "directory key: "); ok {
			p.key = key
		}
		var code, registration string
		if n, _ := fmt.Sscanf(line, "development sender: code %s for registration %s", &code, &registration); n == 2 {
			p.codes[strings.TrimSuffix(registration, "…")] = code
		}
		p.mu.Unlock()
		p.news.Broadcast()
	}
	p.cmd.Wait()
	close(p.ended)
	p.news.Broadcast()
}

// wait waits until ready, which is called under the lock.
func (p *process) wait(t testing.TB, what string, ready func() bool) {
	t.Helper()
	timer := time.AfterFunc(3*time.Minute, p.news.Broadcast)
	defer timer.Stop()
	late := time.Now().Add(3 * time.Minute)
	p.mu.Lock()
	defer p.mu.Unlock()
	for !ready() {
		select {
		case <-p.ended:
			t.Fatalf("the server ended without %s: %s", what, p.stderr.String())
		default:
		}
		if time.Now().After(late) {
			t.Fatalf("%s did not come: %s", what, p.stderr.String())
		}
		p.news.Wait()
	}
}

// code waits for the code of a registration.
func (p *process) code(t testing.TB, registration string) string {
	t.Helper()
	p.wait(t, "a code", func() bool { return p.codes[registration[:8]] != "" })
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.codes[registration[:8]]
}

// tryCode is code, or "" if the server ended.
func (p *process) tryCode(registration string) string {
	for {
		p.mu.Lock()
		code := p.codes[registration[:8]]
		p.mu.Unlock()
		if code != "" {
			return code
		}
		select {
		case <-p.ended:
			return ""
		case <-time.After(time.Millisecond):
		}
	}
}

// stop ends the server as an operator does, and checks that it ends well.
func (p *process) stop(t testing.TB) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.ended:
	case <-time.After(30 * time.Second):
		t.Fatal("the server does not end")
	}
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("exit code %d: %s", code, p.stderr.String())
	}
}

// kill ends the server as a power cut does.
func (p *process) kill() {
	if a := p.cmd.SysProcAttr; a != nil && a.Setpgid {
		syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) // workerd is a child
	}
	p.cmd.Process.Kill()
	<-p.ended
}
