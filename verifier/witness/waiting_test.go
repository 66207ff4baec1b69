package witness_test

import (
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// Many who wait while the key is slow, or another process has the folder, hold no
// thread each: a program ends at 10,000.
func TestWaiting(t *testing.T) {
	const many = 200
	dir := t.TempDir()
	w, a := start(t, dir), newHistory(t, "a", 3, 5)
	unlock, err := lockedfile.MutexAt(filepath.Join(dir, "lock")).Lock()
	if err != nil {
		t.Fatal(err)
	}
	threads := pprof.Lookup("threadcreate")
	before := threads.Count()
	var group sync.WaitGroup
	answers := make([]int, many)
	text := a.submission(t, 0, 5)
	for i := range answers {
		group.Go(func() { answers[i], _, _ = submit(w, text) })
	}
	stacks := make([]byte, 4<<20)
	for strings.Count(string(stacks[:runtime.Stack(stacks, true)]), "witness.store.lock(") < many {
		runtime.Gosched()
	}
	if n := threads.Count() - before; n > many/4 {
		t.Errorf("%d submissions that wait hold %d threads more", many, n)
	}
	unlock()
	group.Wait()
	cosigned := 0
	for _, status := range answers {
		switch status {
		case 200:
			cosigned++
		case 409:
		default:
			t.Errorf("status %d", status)
		}
	}
	if cosigned != 1 {
		t.Errorf("cosigned %d times from nothing", cosigned)
	}
}
