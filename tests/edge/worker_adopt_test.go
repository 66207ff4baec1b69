package edge_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sealbook/tests/edge/suite"
	"sealbook/wasm/directory"
)

// A worker whose database was restored, but not its bucket, adopts the log that
// everybody has seen from a mirror: clients go on from what they know, and nobody
// who withdrew is back.
func TestWorkerAdoptsLog(t *testing.T) {
	data := t.TempDir()
	p := directoryWorker(t, data, manySettings)
	s := suite.New(p.url, p.key, func(t testing.TB, registration string) string { return p.code(t, registration) })
	s.OneShot = true
	follower := s.Follow()
	until := func(count uint32) directory.Tags {
		t.Helper()
		follower.URL = p.url
		return lookUntil(t, follower, count)
	}
	stays, staysTag := follower.Join(t)
	leaves, leavesTag := follower.Join(t)
	until(2)
	p.stop(t)
	backup := t.TempDir()
	if err := os.CopyFS(backup, os.DirFS(filepath.Join(data, "d1"))); err != nil {
		t.Fatal(err)
	}

	p = directoryWorker(t, data, manySettings)
	follower.URL = p.url
	_, late := follower.Join(t)
	until(3)
	if status, _, err := raw("DELETE", p.url+"/v2/me", "", leaves, nil); err != nil || status != 200 {
		t.Fatal(status, err)
	}
	last := until(2)
	folder := mirrorOf(t, p)
	p.stop(t)

	if err := os.RemoveAll(filepath.Join(data, "d1")); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(data, "d1"), os.DirFS(backup)); err != nil {
		t.Fatal(err)
	}
	mirror := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := filepath.Join(folder, filepath.FromSlash(r.URL.Path))
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			name = filepath.Join(name, "index")
		}
		b, err := os.ReadFile(name)
		if err != nil {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Length", fmt.Sprint(len(b)))
		w.Write(b)
	}))
	defer mirror.Close()
	settings := maps.Clone(manySettings)
	settings["SEALBOOK_ADOPT_LOG"] = mirror.URL
	p = directoryWorker(t, data, settings)
	// Until it has adopted, clients see that the log went back, and refuse it.
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		fresh := suite.New(p.url, p.key, p.code)
		fresh.OneShot = true
		if now := fresh.Follow().Look(t); now.Version > last.Version {
			break
		} else if time.Now().After(end) {
			t.Fatalf("version %d after %d: nothing was adopted: %s", now.Version, last.Version, p.stderr.String())
		}
	}
	tags := until(1) // who joined since has to come again
	for _, gone := range [][directory.TagSize]byte{leavesTag, late} {
		if from, to := tags.Find(gone); from != to {
			t.Error("somebody who withdrew, or joined since, is there")
		}
	}
	if from, to := tags.Find(staysTag); to-from != 1 {
		t.Error("who stayed is not there")
	}
	for credential, want := range map[string]int{stays: 200, leaves: 401} {
		if status, _, err := raw("GET", p.url+"/v2/me", "", credential, nil); err != nil || status != want {
			t.Errorf("me: %d %v, want %d", status, err, want)
		}
	}
	follower.Join(t)
	until(2)
	p.stop(t)
	// With the setting still there nothing is adopted twice.
	p = directoryWorker(t, data, settings)
	follower.URL = p.url
	follower.Join(t)
	until(3)
	p.stop(t)
}
