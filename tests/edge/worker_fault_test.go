package edge_test

import (
	"encoding/json"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"sealbook/wasm/directory"
)

// A program that panics or ends answers with a problem, tells nobody what it
// held, and is not used again; the next request gets another instance.
func TestWorkerBreaks(t *testing.T) {
	p := startWorker(t, "cases", t.TempDir(), nil)
	for range 3 {
		for _, path := range []string{"/v2/panic", "/v2/exit"} {
			wantInternal(t, fetch(t, "GET", p.url+path, 500))
			fetch(t, "GET", p.url+"/v2/cases", 200)
		}
	}
	// More at once than there are instances, and some of them break.
	var group sync.WaitGroup
	for i := range 24 {
		group.Go(func() {
			if i%3 == 0 {
				fetch(t, "GET", p.url+"/v2/panic", 500)
			} else {
				fetch(t, "GET", p.url+"/v2/cases", 200)
			}
		})
	}
	group.Wait()
	printed := printedWith(p, "the program ended")
	if strings.Contains(printed, "canary") || !strings.Contains(printed, "panic: string") || !strings.Contains(printed, "the program ended") {
		t.Errorf("the log: %s", printed)
	}
}

// A setting that does not do is told in the log, without quoting it.
func TestWorkerSettings(t *testing.T) {
	p := startWorker(t, "worker", t.TempDir(), map[string]string{"SEALBOOK_SEED": "canary"})
	wantInternal(t, fetch(t, "GET", p.url+"/v2/directory", 500))
	printed := printedWith(p, "SEALBOOK_SEED")
	if strings.Contains(printed, "canary") || !strings.Contains(printed, "SEALBOOK_SEED must be 64 hexadecimal digits") {
		t.Errorf("the log: %s", printed)
	}
}

// printedWith returns what the process has printed once a text is among it: that
// comes by another way than answers do.
func printedWith(p *process, text string) (printed string) {
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end) && !strings.Contains(printed, text); runtime.Gosched() {
		p.mu.Lock()
		printed = p.stdout.String() + p.stderr.String()
		p.mu.Unlock()
	}
	return printed
}

func wantInternal(t *testing.T, body []byte) {
	t.Helper()
	var p directory.Problem
	if err := json.Unmarshal(body, &p); err != nil || p.Code != directory.Internal || p.Status != 500 {
		t.Errorf("%s, %v", body, err)
	}
}
