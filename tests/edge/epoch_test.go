package edge_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sealbook/tests/canary"
	"sealbook/tests/edge/suite"
)

func TestEpochs(t *testing.T) {
	p := newInProcess(t)
	suite.Epochs(t, p.suite(t), func() {
		if err := p.handler.StartEpoch(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
	})
	// Of the first two epochs' keys none is left.
	var epochs string
	if err := p.file.Store.Read.QueryRow("SELECT group_concat(epoch) FROM epochs").Scan(&epochs); err != nil || epochs != "2,3" {
		t.Errorf("keys of epochs %s are kept, %v", epochs, err)
	}
}

// The operator starts an epoch beside a server that is running, which follows.
// What the first epoch's accounts had is nowhere in the files when it is over.
func TestStartEpoch(t *testing.T) {
	data := t.TempDir()
	p := start(t, data)
	a := mustJoin(t, p, "+12025550101")
	record := bytes.Repeat([]byte{9, 7, 200}, 22)[:64]
	if status, _, err := raw("PUT", p.url+"/v2/me/record", "application/octet-stream", a.credential, record); err != nil || status != 204 {
		t.Fatal(status, err)
	}
	search := new(canary.Search)
	search.Bytes("record", record)
	if len(search.In(files(t, data))) == 0 {
		t.Fatal("the record is not in the files")
	}
	first, err := aboutOf(p)
	if err != nil {
		t.Fatal(err)
	}
	if code, out := run(t, "-data", data, "-start-epoch"); code != 0 || !strings.Contains(out, "epoch 2 begins") {
		t.Fatal(code, out)
	}
	second, err := aboutOf(p)
	if err != nil || second.Epoch != 2 || bytes.Equal(second.PublicKey, first.PublicKey) {
		t.Fatalf("%+v %v", second, err)
	}
	if tags := checkPublished(t, p); tags.Epoch != 2 || tags.Count != 0 {
		t.Errorf("%+v", tags.Header)
	}
	if status, _, err := raw("DELETE", p.url+"/v2/me", "", a.credential, nil); err != nil || status != 200 {
		t.Errorf("withdraw: %d %v", status, err)
	}
	db := openDatabase(t, data)
	defer db.Close()
	var keys int
	if err := db.QueryRow("SELECT count(*) FROM epochs").Scan(&keys); err != nil || keys != 2 {
		t.Errorf("%d keys, %v", keys, err)
	}
	p.stop(t)
}

// What an operator gets wrong is said, and nothing is made or lost by it.
func TestOperatorMistakes(t *testing.T) {
	good := t.TempDir()
	p := start(t, good)
	a := mustJoin(t, p, "+12025550101")
	p.stop(t)
	p = start(t, good) // publishes
	p.stop(t)
	seedFile := filepath.Join(good, "seed")
	seed, err := os.ReadFile(seedFile)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(seedFile)
	if err != nil || info.Mode().Perm() != 0o600 || len(seed) != 65 {
		t.Fatalf("seed: %v %v, %d bytes", err, info.Mode(), len(seed))
	}
	before := dump(t, good)
	write := func(text string, mode os.FileMode) func() {
		return func() {
			if err := os.WriteFile(seedFile, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(seedFile, mode); err != nil {
				t.Fatal(err)
			}
		}
	}
	garbage := strings.Repeat("xyz", 21)
	for _, c := range []struct {
		name    string
		prepare func()
		options []string
		says    string
	}{
		{"no seed", func() { os.Remove(seedFile) }, nil, "put the seed back"},
		{"seed for all to read", write(string(seed), 0o644), nil, "chmod 600"},
		{"garbage", write(garbage, 0o600), nil, "does not hold a seed"},
		{"short seed", write(string(seed[:62]), 0o600), nil, "does not hold a seed"},
		{"another seed", write(strings.Repeat("07", 32), 0o600), nil, "hint: is"},
		{"another name", write(string(seed), 0o600), []string{"-name", "other.example"}, "hint: is"},
		{"bad name", write(string(seed), 0o600), []string{"-name", "a+b"}, "name"},
		{"unknown option", nil, []string{"-nothing"}, "not defined"},
		{"words", nil, []string{"serve"}, "the options stand alone"},
		{"unknown sender", nil, []string{"-sender", "pigeon"}, "no sender"},
		{"webhook without secret", nil, []string{"-sender", "webhook", "-webhook", "https://gateway.example/"}, "belong together"},
		{"plain webhook", nil, []string{"-sender", "webhook", "-webhook", "http://gateway.example/", "-webhook-secret", seedFile}, "https"},
		{"budget", nil, []string{"-budget", "1023"}, "budget must be from 1024"},
		{"refill", nil, []string{"-refill", "0"}, "refill must be from 1"},
		{"interval", nil, []string{"-interval", "0"}, "interval must be from 1"},
		{"kinds", nil, []string{"-kinds", "MOBILE,SATELLITE"}, "no kind"},
		{"origins", nil, []string{"-origins", "app.example"}, "an origin is like"},
		{"no site", nil, []string{"-dir", good}, "site/build"},
		{"address", nil, []string{"-addr", "127.0.0.1:99999"}, "invalid port"},
		{"no such consent", nil, []string{"-consent", filepath.Join(good, "none")}, "no such file"},
	} {
		if c.prepare != nil {
			c.prepare()
		}
		code, out := run(t, append([]string{"-data", good, "-addr", "127.0.0.1:0"}, c.options...)...)
		if code != 2 || !strings.Contains(out, c.says) || !strings.HasPrefix(out, "error: ") && !strings.Contains(out, "\nerror: ") && !strings.Contains(out, "usage:") {
			t.Errorf("%s: exit code %d, %q", c.name, code, out)
		}
		if strings.Contains(out, strings.TrimSpace(string(seed))) || strings.Contains(out, garbage) {
			t.Errorf("%s: the seed is shown", c.name)
		}
	}
	if code, out := run(t, "-help"); code != 0 || !strings.Contains(out, "-start-epoch") || !strings.Contains(out, "-sends-network N") {
		t.Errorf("help: %d %s", code, out)
	}
	if dump(t, good) != before {
		t.Error("a mistake changed the database")
	}
	p = start(t, good)
	if status, _, err := raw("GET", p.url+"/v2/me", "", a.credential, nil); err != nil || status != 200 {
		t.Errorf("with the right seed: %d %v", status, err)
	}
	p.stop(t)
	// A file that is no database is left as it is.
	bad := t.TempDir()
	file := filepath.Join(bad, "directory.db")
	if err := os.WriteFile(file, bytes.Repeat([]byte("no database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(bad, "seed"), seed, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out := run(t, "-data", bad, "-addr", "127.0.0.1:0"); code != 2 || !strings.Contains(out, "not a database") {
		t.Errorf("no database: %d %s", code, out)
	}
	if text, err := os.ReadFile(file); err != nil || !bytes.HasPrefix(text, []byte("no database")) || len(text) != 12_000 {
		t.Error("the file was changed")
	}
}

// Two people find each other within five seconds of registering, with the
// options of the development server: that is what it publishes every two for.
func TestFoundSoon(t *testing.T) {
	p := launch(t, exec.Command(binary, "-data", t.TempDir(), "-addr", "127.0.0.1:0"))
	p.wait(t, "an address", func() bool { return p.url != "" && p.key != "" })
	for i := range 3 {
		began := time.Now()
		mustJoin(t, p, fmt.Sprintf("+120255501%02d", i))
		follower := suite.New(p.url, p.key, p.code).Follow()
		for follower.Look(t).Count != uint32(i+1) {
			if time.Since(began) > 5*time.Second {
				t.Fatalf("not published after %v", time.Since(began))
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	p.stop(t)
}
