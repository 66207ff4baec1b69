package edge_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"sealbook/tests/edge/suite"
	"sealbook/verifier/check"
	"sealbook/wasm/directory"
	"sealbook/wasm/trust"
)

// mirrorOf keeps what a server publishes, as whoever watches it does: by verifier
// log --mirror.
func mirrorOf(t testing.TB, p *process) string {
	t.Helper()
	status, body, err := raw("GET", p.url+"/v2/directory", "", "", nil)
	key := regexp.MustCompile(`\\"log\\":\\"([^\\]+)\\"`).FindSubmatch(body)
	if err != nil || status != 200 || key == nil {
		t.Fatalf("%d %v", status, err)
	}
	policy, err := trust.ParsePolicy("log " + string(key[1]) + "\nquorum none\n")
	if err != nil {
		t.Fatal(err)
	}
	source, err := check.OpenLog(p.url)
	if err != nil {
		t.Fatal(err)
	}
	r, log := check.ReadDirectory(t.Context(), source, "v2/", check.Options{Policy: policy, Now: time.Now()})
	if log == nil || r.Exit() != 0 {
		t.Fatal(r.Findings)
	}
	folder := t.TempDir()
	if err := log.Mirror(folder, time.Now()); err != nil {
		t.Fatal(err)
	}
	return folder
}

// lookUntil follows a directory until that many people are in its newest state.
func lookUntil(t testing.TB, follower *suite.Follower, count uint32) directory.Tags {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if tags := follower.Look(t); tags.Count == count {
			return tags
		} else if time.Now().After(end) {
			t.Fatalf("%d people, want %d", tags.Count, count)
		}
	}
}

// copyFolder copies a data folder, as a backup does.
func copyFolder(t testing.TB, from string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "backup")
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(to, "seed"), 0o600); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return to
}

// A backup that comes back is a log that went back, until it adopts what
// everybody has seen: then clients go on, and nobody who withdrew is back.
func TestAdoptLog(t *testing.T) {
	data := t.TempDir()
	p := start(t, data)
	follower := suite.New(p.url, p.key, p.code).Follow()
	until := func(count uint32) directory.Tags {
		t.Helper()
		follower.URL, follower.Code = p.url, p.code
		return lookUntil(t, follower, count)
	}
	stays, _ := follower.Join(t)
	leaves, leavesTag := follower.Join(t)
	until(2)
	p.stop(t)
	backup := copyFolder(t, data)

	p = start(t, data)
	follower.URL, follower.Code = p.url, p.code
	_, late := follower.Join(t)
	until(3)
	if status, _, err := raw("DELETE", p.url+"/v2/me", "", leaves, nil); err != nil || status != 200 {
		t.Fatal(status, err)
	}
	last := until(2)
	folder := mirrorOf(t, p)
	p.stop(t)

	// Without it clients see that the log went back.
	old := start(t, copyFolder(t, backup))
	before := suite.New(old.url, old.key, old.code).Follow()
	if got := before.Look(t).Version; got >= last.Version {
		t.Fatalf("the backup has version %d", got)
	}
	status, body, err := raw("GET", fmt.Sprintf("%s/v2/log/update?from=%d", old.url, last.Version), "", "", nil)
	if err != nil || status != 200 || !strings.HasPrefix(string(body), fmt.Sprintf("old %d\n\nc2sp.org", last.Version)) {
		t.Errorf("%d %s %v", status, body, err)
	}
	old.stop(t)

	// A mirror that is wrong in anything is refused, and changes nothing.
	for name, damage := range map[string]func(string){
		"no checkpoint": func(f string) { os.Remove(filepath.Join(f, "v2/log/checkpoint")) },
		"no tags":       func(f string) { os.RemoveAll(filepath.Join(f, "v2/states")) },
		"other tags": func(f string) {
			os.WriteFile(filepath.Join(f, fmt.Sprintf("v2/states/%d/tags", last.Version)), directory.NewTags(last.Place, last.Version, []uint64{1, 2}).Append(nil), 0o600)
		},
		"another entry": func(f string) {
			name := filepath.Join(f, fmt.Sprintf("v2/log/tile/entries/000.p/%d", last.Version))
			b, _ := os.ReadFile(name)
			os.WriteFile(name, []byte(strings.Replace(string(b), "people 2", "people 3", 1)), 0o600)
		},
	} {
		bad := copyFolder(t, folder)
		damage(bad)
		dump0 := dump(t, backup)
		if code, out := run(t, "-data", backup, "-adopt-log", bad); code != 2 || !strings.Contains(out, "error: edge: the mirror's") {
			t.Errorf("%s: %d %s", name, code, out)
		}
		if dump(t, backup) != dump0 {
			t.Errorf("%s: the database was changed", name)
		}
	}
	if code, out := run(t, "-data", backup, "-adopt-log", folder); code != 0 || !strings.Contains(out, "the log is adopted") {
		t.Fatal(code, out)
	}
	if code, out := run(t, "-data", backup, "-adopt-log", folder); code != 2 || !strings.Contains(out, "nothing to adopt") {
		t.Errorf("again: %d %s", code, out)
	}
	p = start(t, backup)
	tags := until(1) // who joined since has to come again
	if tags.Version <= last.Version {
		t.Errorf("version %d after %d", tags.Version, last.Version)
	}
	for _, gone := range [][directory.TagSize]byte{leavesTag, late} {
		if from, to := tags.Find(gone); from != to {
			t.Error("somebody who withdrew, or joined since, is there")
		}
	}
	for credential, want := range map[string]int{stays: 200, leaves: 401} {
		if status, _, err := raw("GET", p.url+"/v2/me", "", credential, nil); err != nil || status != want {
			t.Errorf("me: %d %v, want %d", status, err, want)
		}
	}
	follower.Join(t)
	until(2)
	p.stop(t)
	checkIntegrity(t, backup)
}

// Where the log went on to an epoch whose key no backup has, the one after
// begins, with nobody.
func TestAdoptLaterEpoch(t *testing.T) {
	data := t.TempDir()
	p := start(t, data)
	a := mustJoin(t, p, "+12025550101")
	p.stop(t)
	backup := copyFolder(t, data)
	if code, out := run(t, "-data", data, "-start-epoch"); code != 0 {
		t.Fatal(out)
	}
	p = start(t, data)
	if code, out := run(t, "-data", backup, "-adopt-log", p.url); code != 0 || !strings.Contains(out, "the log is adopted") {
		t.Fatal(code, out)
	}
	follower := suite.New(p.url, p.key, p.code).Follow()
	last := follower.Look(t)
	p.stop(t)
	p = start(t, backup)
	follower.URL, follower.Code = p.url, p.code
	if tags := follower.Look(t); last.Epoch != 2 || tags.Epoch != 3 || tags.Count != 0 || tags.Version <= last.Version {
		t.Errorf("%+v after %+v", tags.Header, last.Header)
	}
	if status, _, err := raw("GET", p.url+"/v2/me", "", a.credential, nil); err != nil || status != 401 {
		t.Errorf("me: %d %v", status, err)
	}
	mustJoin(t, p, "+12025550102")
	p.stop(t)
}
