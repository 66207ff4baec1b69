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
	"sealbook/wasm/directory"
)

// run runs the server with options that make it end, and answers its exit code
// and what it said.
func run(t testing.TB, options ...string) (int, string) {
	t.Helper()
	cmd := exec.Command(binary, options...)
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

// A new epoch: a new key and no accounts, at once, while the server runs; people
// renew theirs with a code, into the buckets of the new epoch.
func TestEpoch(t *testing.T) {
	data := t.TempDir()
	p := start(t, data, "-wait", "5s")
	first, err := aboutOf(p)
	if err != nil {
		t.Fatal(err)
	}
	people := map[string]*acknowledged{}
	search := new(canary.Search)
	for i := range 5 {
		number := fmt.Sprintf("+120255501%02d", i)
		people[number] = mustJoin(t, p, number)
		record := bytes.Repeat([]byte{byte(i), 7, 200}, 22)[:64]
		if status, _, err := raw("PUT", p.url+"/v1/me/record", "application/octet-stream", people[number].credential, record); err != nil || status != 204 {
			t.Fatal(status, err)
		}
		search.Bytes("record", record)
	}
	if len(search.In(files(t, data))) == 0 {
		t.Fatal("the records are not in the files")
	}
	get := func(path, credential string) (int, []byte) {
		t.Helper()
		status, body, err := raw("GET", p.url+path, "", credential, nil)
		if err != nil {
			t.Fatal(err)
		}
		return status, body
	}
	_, body := get("/v1/buckets/0/tags", "")
	old, err := directory.ParseTags(body)
	if err != nil || old.Count != 5 {
		t.Fatal(old.Count, err)
	}

	if code, out := run(t, "-data", data, "-start-epoch", "-bucket-bits", "3"); code != 0 || !strings.Contains(out, "epoch 2 begins") {
		t.Fatal(code, out)
	}
	second, err := aboutOf(p)
	if err != nil || second.Epoch != 2 || second.BucketBits != 3 || bytes.Equal(second.PublicKey, first.PublicKey) || second.Version <= old.Version {
		t.Fatalf("%+v %v", second, err)
	}
	for number, a := range people {
		if status, body := get("/v1/me", a.credential); status != 401 || problemCode(body) != directory.CredentialUnknown {
			t.Errorf("an account of the first epoch: %d", status)
		}
		status, body, err := raw("POST", p.url+"/v1/evaluations", "application/octet-stream", a.credential, generator())
		if err != nil || status != 401 || problemCode(body) != directory.CredentialUnknown {
			t.Errorf("it evaluates: %d %v", status, err)
		}
		_ = number
	}
	for bucket := range 8 {
		status, body := get(fmt.Sprintf("/v1/buckets/%d/tags", bucket), "")
		tags, err := directory.ParseTags(body)
		if status != 200 || err != nil || tags.Count != 0 || tags.Epoch != 2 || tags.Version <= old.Version {
			t.Errorf("bucket %d: %d %+v %v", bucket, status, tags.Header, err)
		}
	}
	if status, body := get("/v1/buckets/8/tags", ""); status != 404 || problemCode(body) != directory.BucketUnknown {
		t.Errorf("a bucket beyond: %d", status)
	}
	if status, body := get(fmt.Sprintf("/v1/buckets/0/delta?since=%d", old.Version), ""); status != 410 || problemCode(body) != directory.VersionGone {
		t.Errorf("a delta across epochs: %d", status)
	}
	for late := time.Now().Add(30 * time.Second); len(search.In(files(t, data))) > 0; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(late) {
			t.Fatal("records of the first epoch remain in the files")
		}
	}
	for number := range people {
		people[number] = mustJoin(t, p, number)
	}
	count := uint32(0)
	for bucket := range 8 {
		_, body := get(fmt.Sprintf("/v1/buckets/%d/tags", bucket), "")
		tags, err := directory.ParseTags(body)
		if err != nil {
			t.Fatal(err)
		}
		count += tags.Count
		want := uint32(0)
		for number := range people {
			if directory.Bucket(number, 3) == uint32(bucket) {
				want++
			}
		}
		if tags.Count != want {
			t.Errorf("%d tags in bucket %d, want %d", tags.Count, bucket, want)
		}
	}
	if count != 5 {
		t.Errorf("%d tags", count)
	}
	p.stop(t)
	if code, out := run(t, "-data", data, "-start-epoch", "-bucket-bits", "2"); code != 2 || !strings.Contains(out, "only ever refined") {
		t.Errorf("coarser buckets: %d %s", code, out)
	}
	p = start(t, data)
	for _, a := range people {
		if status, _ := get("/v1/me", a.credential); status != 200 {
			t.Errorf("after a restart: %d", status)
		}
	}
	p.stop(t)
}

// What an operator gets wrong is said, and nothing is made or lost by it.
func TestOperatorMistakes(t *testing.T) {
	good := t.TempDir()
	p := start(t, good)
	a := mustJoin(t, p, "+12025550101")
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
		{"budget", nil, []string{"-budget", "1023"}, "does not cover a batch"},
		{"refill", nil, []string{"-refill", "0"}, "refill"},
		{"bits alone", nil, []string{"-bucket-bits", "3"}, "-start-epoch"},
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
	if code, out := run(t, "-help"); code != 0 || !strings.Contains(out, "-start-epoch") {
		t.Errorf("help: %d %s", code, out)
	}
	if dump(t, good) != before {
		t.Error("a mistake changed the database")
	}
	p = start(t, good)
	if status, _, err := raw("GET", p.url+"/v1/me", "", a.credential, nil); err != nil || status != 200 {
		t.Errorf("with the right seed: %d %v", status, err)
	}
	p.stop(t)
	// A file that is no database is left as it is.
	bad := t.TempDir()
	write2 := filepath.Join(bad, "directory.db")
	if err := os.WriteFile(write2, bytes.Repeat([]byte("no database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(bad, "seed"), seed, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out := run(t, "-data", bad, "-addr", "127.0.0.1:0"); code != 2 || !strings.Contains(out, "not a database") {
		t.Errorf("no database: %d %s", code, out)
	}
	if text, err := os.ReadFile(write2); err != nil || !bytes.HasPrefix(text, []byte("no database")) || len(text) != 12_000 {
		t.Error("the file was changed")
	}
}
