package edge_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// startEntry starts a built worker with an entry of the tests' own.
func startEntry(t testing.TB, kind, entry string, settings map[string]string) (p *process, data string) {
	t.Helper()
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(filepath.Join(builtFolder(t), kind))); err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile(filepath.Join("faulty", entry))
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "edge/worker", entry), script, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	data = t.TempDir()
	return serveWorker(t, map[string]any{"data": data, "worker": folder, "site": t.TempDir(), "entry": entry, "settings": settings}), data
}

// More requests at once than there are instances, in a worker that V8 has
// compiled: each goes on as itself. A promise that one settled for another would
// let the other go on in its place, and workerd refuses it the database.
func TestWorkerManyAtOnce(t *testing.T) {
	p, _ := startEntry(t, "cases", "many.js", nil)
	if answer := fetch(t, "GET", p.url+"/v2/warm", 200); string(answer) != "warm" {
		t.Fatalf("%s", answer)
	}
	var group sync.WaitGroup
	for range 24 {
		group.Go(func() {
			status, answer, err := raw("GET", p.url+"/v2/wait/0s", "", "", nil)
			if err != nil || status != 200 {
				t.Errorf("%d %v: %.200s", status, err, answer)
			}
		})
	}
	group.Wait()
	p.stop(t)
	if p.stderr.Len() > 0 {
		t.Errorf("the worker wrote errors: %s", p.stderr.String())
	}
}

// A request that is broken off gives its instance back: workerd ends what nobody
// waits for.
func TestWorkerBrokenOff(t *testing.T) {
	p, _ := startEntry(t, "cases", "many.js", nil)
	for range 3 {
		var gone int
		if err := json.Unmarshal(fetch(t, "GET", p.url+"/v2/cut", 200), &gone); err != nil || gone != 8 {
			t.Fatalf("%d requests were broken off, %v", gone, err)
		}
	}
	fetch(t, "GET", p.url+"/v2/wait/0s", 200)
}

// Go's timers are those of the request under way. One that another left behind,
// as the runtime does too when it collects garbage, keeps nobody from waking.
func TestWorkerTimers(t *testing.T) {
	p := startWorker(t, "cases", t.TempDir(), nil)
	for i := range 3 {
		fetch(t, "GET", p.url+"/v2/wait/300ms/leave", 200)
		fetch(t, "GET", fmt.Sprintf("%s/v2/wait/%dms", p.url, 310+i), 200)
	}
}
