package check_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/verifier/check"
	"sealbook/verifier/discovery/discoverytest"
	"sealbook/verifier/release"
	"sealbook/wasm/trust"
)

// A directory's log of states: read whole, mirrored with tags and changes, and
// each lie named.
func TestDirectoryLog(t *testing.T) {
	clock := now
	d := discoverytest.New(1, func() time.Time { return clock })
	for range 300 {
		d.Put(d.Stranger(d.Draw()))
		clock = clock.Add(10 * time.Minute)
		d.Publish()
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { d.ServeHTTP(w, r) }))
	defer server.Close()
	policy, err := trust.ParsePolicy("log " + d.Parameters().Log + "\nquorum none\n")
	if err != nil {
		t.Fatal(err)
	}
	known, err := check.OpenKnown(filepath.Join(t.TempDir(), "known.json"))
	if err != nil {
		t.Fatal(err)
	}
	read := func(where string, known *check.Known) (*check.Report, *check.Directory) {
		t.Helper()
		source, err := check.OpenLog(where)
		if err != nil {
			t.Fatal(err)
		}
		prefix, ok := check.StatesBelow(context.Background(), source)
		if !ok {
			return nil, nil
		}
		return check.ReadDirectory(context.Background(), source, prefix, check.Options{Policy: policy, Now: clock, Known: known})
	}
	mirror := t.TempDir()
	for _, where := range []string{server.URL, server.URL + "/v2/"} {
		r, log := read(where, known)
		if log == nil || r.Exit() != 0 || r.Origin != "directory.example/v2/log" || r.Entries != 301 {
			t.Fatalf("%s: %+v", where, r)
		}
		if err := log.Mirror(mirror, clock); err != nil {
			t.Fatal(err)
		}
	}
	if r, log := read(mirror, nil); log == nil || r.Exit() != 0 || r.Entries != 301 {
		t.Errorf("the mirror: %+v", r)
	}
	// One that knows of no entry yet has seen nothing that contradicts.
	began, err := trust.SignCheckpoint(tlog.Tree{Hash: trust.BlocksRoot(nil)}, release.NewKey("directory.example/v2/log", [32]byte{1}))
	if err != nil {
		t.Fatal(err)
	}
	empty := t.TempDir()
	if err := errors.Join(os.MkdirAll(filepath.Join(empty, "v2/log"), 0o755), os.WriteFile(filepath.Join(empty, "v2/log/checkpoint"), []byte(began), 0o644)); err != nil {
		t.Fatal(err)
	}
	if _, log := read(server.URL, nil); log.Mirror(empty, clock) != nil {
		t.Error("a mirror of an empty log does not go on")
	}
	// It grows, and keeps the newest tags alone.
	d.Put(d.Stranger(d.Draw()))
	clock = clock.Add(2 * time.Hour)
	d.Publish()
	_, log := read(server.URL, known)
	if err := log.Mirror(mirror, clock); err != nil {
		t.Fatal(err)
	}
	if states, _ := os.ReadDir(filepath.Join(mirror, "v2/states")); len(states) != 1 || states[0].Name() != "302" {
		t.Errorf("states of the mirror: %v", states)
	}
	if hours, _ := os.ReadDir(filepath.Join(mirror, "v2/changes")); len(hours) < 50 {
		t.Errorf("%d hours of changes", len(hours))
	}

	// Lies, of the log first.
	for name, c := range map[string]struct {
		path string
		lie  func([]byte) []byte
		code trust.Code
	}{
		"a checkpoint of another root": {"/v2/log/checkpoint", func(b []byte) []byte { return bytes.Replace(b, []byte("\n302\n"), []byte("\n301\n"), 1) }, trust.Signature},
		"a bundle cut short":           {"/v2/log/tile/entries/000", func(b []byte) []byte { return b[:len(b)-9] }, trust.LogFile},
		"an entry less":                {"/v2/log/tile/entries/001.p/46", func(b []byte) []byte { return b[:bytes.LastIndex(b, []byte("sealbook state"))-2] }, trust.LogFile},
		"an entry changed":             {"/v2/log/tile/entries/000", func(b []byte) []byte { return bytes.Replace(b, []byte("people 7\n"), []byte("people 8\n"), 1) }, trust.Consistency},
		"a version left out":           {"/v2/log/tile/entries/000", func(b []byte) []byte { return bytes.Replace(b, []byte("version 20\n"), []byte("version 21\n"), 1) }, trust.Rules},
		"bucket bits": {"/v2/log/tile/entries/000", func(b []byte) []byte {
			return bytes.Replace(b, []byte("bucket_bits 0\n"), []byte("bucket_bits 1\n"), 1)
		}, trust.Rules},
		"text": {"/v2/log/checkpoint", func([]byte) []byte { return []byte("hello\n") }, ""},
	} {
		d.Lie = func(e *discoverytest.Exchange) {
			if e.Path == c.path {
				e.Body = c.lie(e.Body)
			}
		}
		r, log := read(server.URL, nil)
		if c.code == "" && r == nil {
			continue
		}
		if log != nil || r == nil || r.Exit() != 1 || r.Findings[0].Code != c.code {
			t.Errorf("%s: %+v", name, r)
		}
	}
	// Then of what the mirror keeps beside it.
	for name, c := range map[string]struct {
		path string
		code trust.Code
	}{
		"tags": {"/tags", trust.File}, "root": {"/root", trust.Inclusion}, "changes": {"/v2/changes/", ""},
	} {
		d.Lie = func(e *discoverytest.Exchange) {
			if (strings.HasSuffix(e.Path, c.path) || c.code == "" && strings.HasPrefix(e.Path, c.path) && !strings.HasSuffix(e.Path, "records")) && len(e.Body) > 0 {
				e.Body = bytes.Clone(e.Body)
				e.Body[len(e.Body)-1] ^= 1
			}
		}
		_, log := read(server.URL, nil)
		err := log.Mirror(t.TempDir(), clock)
		if code, ok := errors.AsType[trust.Code](err); !ok || c.code != "" && code != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	d.Lie = nil

	// A fork, a rollback, a log that stands still, and another key.
	fork := d.Fork()
	fork.Put(fork.Stranger(fork.Draw()))
	d.Put(d.Stranger(d.Draw()))
	clock = clock.Add(time.Hour)
	d.Publish()
	if r, _ := read(server.URL, known); r.Exit() != 0 {
		t.Fatal(r.Findings)
	}
	honest := d
	d = fork
	d.Publish()
	if r, _ := read(server.URL, known); r.Exit() != 1 || r.Findings[0].Code != trust.Consistency || known.Evidence == "" {
		t.Errorf("a fork: %+v", r)
	}
	_, log = read(server.URL, nil)
	if err := log.Mirror(mirror, clock); err != nil {
		t.Error("the mirror had not seen more:", err)
	}
	d = honest
	_, log = read(server.URL, nil)
	if err := log.Mirror(mirror, clock); !errors.Is(err, trust.Consistency) {
		t.Error("the mirror followed two logs:", err)
	}
	if _, err := os.Stat(filepath.Join(mirror, "evidence.txt")); err != nil {
		t.Error("no evidence:", err)
	}
	// Compared: the fork with what somebody else was shown, and an older update.
	side := func(where string) check.Side {
		t.Helper()
		s, err := check.ReadSide(context.Background(), where, policy, clock)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	update := filepath.Join(t.TempDir(), "update")
	if err := os.WriteFile(update, []byte(d.Update(300, d.Last())), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := check.Compare(side(server.URL), side(mirror)); !errors.Is(err, trust.Consistency) {
		t.Error("two logs:", err)
	}
	if _, err := check.Compare(side(mirror), side(update)); !errors.Is(err, trust.Consistency) {
		t.Error("two logs, by an update:", err)
	}
	if _, err := check.Compare(side(update), side(server.URL)); err != nil {
		t.Error("the same log:", err)
	}
	d.Rewind(2)
	if _, err := check.Compare(side(update), side(server.URL)); !errors.Is(err, trust.Rollback) {
		t.Error("fewer entries than an update has:", err)
	}
	if r, _ := read(server.URL, known); r.Exit() != 1 || r.Findings[0].Code != trust.Rollback {
		t.Errorf("rolled back: %+v", r)
	}
	clock = clock.Add(30 * time.Hour)
	if r, _ := read(server.URL, nil); r.Exit() != 1 || r.Findings[0].Code != trust.Stale {
		t.Errorf("it stands still: %+v", r)
	}
	if policy, err = trust.ParsePolicy("log " + key("log", 'l').Verifier() + "\nquorum none\n"); err != nil {
		t.Fatal(err)
	}
	if r, _ := read(server.URL, nil); r.Exit() != 1 || r.Findings[0].Code != trust.Key {
		t.Errorf("a key that is not pinned: %+v", r)
	}
}
