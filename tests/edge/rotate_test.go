package edge_test

import (
	"encoding/hex"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sealbook/tests/edge/suite"
)

// newSeed puts another seed into a data folder, and returns where the one before
// lies.
func newSeed(t testing.TB, data string) (former string) {
	t.Helper()
	seed, former := filepath.Join(data, "seed"), filepath.Join(data, "seed.before")
	if err := os.Rename(seed, former); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(seed, []byte(strings.Repeat("5e", 32)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return former
}

// Another seed takes the place of one: people, epoch and log go on under another
// directory key, and the seed before opens nothing any more. Broken off, it goes on.
func TestRotateSeed(t *testing.T) {
	data := t.TempDir()
	p := start(t, data)
	follower := suite.New(p.url, p.key, p.code).Follow()
	credential, _ := follower.Join(t)
	version := lookUntil(t, follower, 1).Version
	before := p.key
	about, err := aboutOf(p)
	if err != nil {
		t.Fatal(err)
	}
	p.stop(t)

	former := newSeed(t, data)
	if code, said := run(t, "-data", data, "-addr", "127.0.0.1:0"); code != 2 || !strings.Contains(said, "belongs to another directory") {
		t.Errorf("another seed by itself: %d %s", code, said)
	}
	wrong := filepath.Join(t.TempDir(), "wrong")
	if err := os.WriteFile(wrong, []byte(strings.Repeat("77", 32)), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, said := run(t, "-data", data, "-former-seed", wrong); code != 2 || !strings.Contains(said, "belongs to another directory") {
		t.Errorf("a wrong one before: %d %s", code, said)
	}
	// Twice: when it is done there is nothing to do. And between the steps.
	for i, broken := range []bool{false, false, true} {
		if broken {
			db := openDatabase(t, data)
			if _, err := db.Exec("UPDATE directory SET key = ?", before); err != nil {
				t.Fatal(err)
			}
			db.Close()
		}
		if code, said := run(t, "-data", data, "-former-seed", former); code != 0 || !strings.Contains(said, "the seed is another\ndirectory key: ") || strings.Contains(said, before) {
			t.Fatalf("time %d: %d %s", i+1, code, said)
		}
	}
	if err := os.Remove(former); err != nil {
		t.Fatal(err)
	}
	p = start(t, data)
	now, err := aboutOf(p)
	if err != nil || now.Epoch != about.Epoch || string(now.PublicKey) != string(about.PublicKey) || p.key == before || now.Log == about.Log {
		t.Errorf("%+v, %v", now, err)
	}
	other := suite.New(p.url, p.key, p.code).Follow()
	if tags := lookUntil(t, other, 1); tags.Version <= version {
		t.Errorf("version %d after %d: the log does not go on", tags.Version, version)
	}
	if status, _, err := raw("POST", p.url+"/v2/evaluations", "application/octet-stream", credential, eight()); err != nil || status != 200 {
		t.Errorf("an account from before: %d %v", status, err)
	}
	p.stop(t)
	if err := os.WriteFile(filepath.Join(data, "seed"), []byte(hex.EncodeToString(make([]byte, 32))), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, said := run(t, "-data", data, "-addr", "127.0.0.1:0"); code != 2 || !strings.Contains(said, "hint: is") {
		t.Errorf("a seed that never was: %d %s", code, said)
	}
}

// The same in the worker, by its settings; and an epoch begins by one, once.
func TestWorkerRotates(t *testing.T) {
	data := t.TempDir()
	settings := maps.Clone(manySettings)
	settings["SEALBOOK_SEED"] = strings.Repeat("a1", 32)
	p := directoryWorker(t, data, settings)
	follow := func() *suite.Follower {
		s := suite.New(p.url, p.key, p.code)
		s.OneShot = true
		return s.Follow()
	}
	follower := follow()
	credential, _ := follower.Join(t)
	version := lookUntil(t, follower, 1).Version
	before := p.key
	p.stop(t)

	settings["SEALBOOK_FORMER_SEED"], settings["SEALBOOK_SEED"] = settings["SEALBOOK_SEED"], strings.Repeat("b2", 32)
	p = directoryWorker(t, data, settings)
	if p.key == before {
		t.Fatal("the key is the same")
	}
	follower = follow()
	for end := time.Now().Add(2 * time.Minute); ; {
		if tags := follower.Look(t); tags.Version > version && tags.Count == 1 {
			break
		} else if time.Now().After(end) {
			t.Fatalf("version %d, %d people", tags.Version, tags.Count)
		}
	}
	if status, _, err := raw("POST", p.url+"/v2/evaluations", "application/octet-stream", credential, eight()); err != nil || status != 200 {
		t.Errorf("an account from before: %d %v", status, err)
	}
	p.stop(t)

	delete(settings, "SEALBOOK_FORMER_SEED")
	settings["SEALBOOK_EPOCH"] = "2"
	for range 2 {
		p = directoryWorker(t, data, settings)
		follower.URL, follower.Code = p.url, p.code
		for end := time.Now().Add(2 * time.Minute); ; {
			if tags := follower.Look(t); tags.Epoch == 2 && tags.Count == 0 {
				break
			} else if time.Now().After(end) || tags.Epoch > 2 {
				t.Fatalf("epoch %d, %d people", tags.Epoch, tags.Count)
			}
		}
		if status, _, err := raw("GET", p.url+"/v2/me", "", credential, nil); err != nil || status != 200 {
			t.Errorf("the account before it moves: %d %v", status, err)
		}
		p.stop(t)
	}
}

// A backup is taken from a server that is running, and comes back on another
// machine: it takes no step before it has adopted the log that everybody saw.
func TestBackup(t *testing.T) {
	data := t.TempDir()
	p := start(t, data)
	follower := suite.New(p.url, p.key, p.code).Follow()
	stays, _ := follower.Join(t)
	leaves, gone := follower.Join(t)
	lookUntil(t, follower, 2)
	backup := filepath.Join(t.TempDir(), "backup")
	if code, said := run(t, "-data", data, "-export", backup); code != 0 || !strings.Contains(said, "exported to") {
		t.Fatal(code, said)
	}
	seed, err := os.ReadFile(filepath.Join(data, "seed"))
	if err != nil {
		t.Fatal(err)
	}
	if status, _, err := raw("DELETE", p.url+"/v2/me", "", leaves, nil); err != nil || status != 200 {
		t.Fatal(status, err)
	}
	last := lookUntil(t, follower, 1)
	mirror := mirrorOf(t, p)
	p.kill()

	second := t.TempDir()
	if code, said := run(t, "-data", second, "-import", backup); code != 2 || !strings.Contains(said, "seed") {
		t.Errorf("without the seed: %d %s", code, said)
	}
	if err := os.WriteFile(filepath.Join(second, "seed"), seed, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, said := run(t, "-data", second, "-import", backup); code != 0 {
		t.Fatal(code, said)
	}
	if code, said := run(t, "-data", second, "-adopt-log", mirror); code != 0 {
		t.Fatal(code, said)
	}
	p = start(t, second)
	follower.URL, follower.Code = p.url, p.code
	tags := lookUntil(t, follower, 1)
	if from, to := tags.Find(gone); from != to || tags.Version <= last.Version {
		t.Errorf("who withdrew is back, or version %d is not after %d", tags.Version, last.Version)
	}
	for credential, want := range map[string]int{stays: 200, leaves: 401} {
		if status, _, err := raw("GET", p.url+"/v2/me", "", credential, nil); err != nil || status != want {
			t.Errorf("me: %d %v, want %d", status, err, want)
		}
	}
	p.stop(t)
	checkIntegrity(t, second)
}
