package witness_test

import (
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Where the disk is full as a fork is seen, the evidence is kept when there is room.
func TestFullDisk(t *testing.T) {
	a, fork := newHistory(t, "a", 3, 5), newHistory(t, "b", 3, 5)
	dir := t.TempDir()
	w := start(t, dir)
	if status, body, _ := submit(w, a.submission(t, 0, 5)); status != 200 {
		t.Fatal(status, body)
	}
	// No file of more than 100 bytes is as good as a full disk.
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 100, Max: limit.Max}); err != nil {
		t.Fatal(err)
	}
	full, _, _ := submit(w, fork.submission(t, 5, 5))
	grown, _, _ := submit(w, newHistory(t, "a", 3, 6).submission(t, 5, 6))
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	if full != 409 || grown != 500 {
		t.Errorf("on a full disk: %d of a fork, %d of growth", full, grown)
	}
	for range 2 { // the first is kept
		if status, body, _ := submit(w, fork.submission(t, 5, 5)); status != 409 {
			t.Errorf("again: %d %s", status, body)
		}
		evidence, _ := filepath.Glob(filepath.Join(dir, "*.fork"))
		if len(evidence) != 1 {
			t.Fatalf("evidence: %v", evidence)
		}
		if b, err := os.ReadFile(evidence[0]); err != nil || !strings.Contains(string(b), a.checkpoint(t, 5, logKey)) || !strings.Contains(string(b), fork.checkpoint(t, 5, logKey)) {
			t.Errorf("evidence without both checkpoints: %s", b)
		}
	}
}
