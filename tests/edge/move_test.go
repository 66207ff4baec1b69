package edge_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sealbook/tests/edge/suite"
	"sealbook/wasm/directory"
)

// A directory moves from the native server into the worker and back, with its
// people, its log and the changes of eight days: who follows it notices nothing.
func TestMoves(t *testing.T) {
	builtFolder(t)
	t.Setenv("XDG_CONFIG_HOME", t.TempDir()) // wrangler's logs
	first := t.TempDir()
	p := start(t, first)
	follower := suite.New(p.url, p.key, p.code).Follow()
	people := 0
	var credentials []string
	join := func(f *suite.Follower) {
		t.Helper()
		f.OneShot = true
		credential, _ := f.Join(t)
		credentials = append(credentials, credential)
		people++
		for end := time.Now().Add(4 * time.Minute); int(f.Look(t).Count) != people; {
			if time.Now().After(end) {
				t.Fatalf("%d people are not published", people)
			}
		}
	}
	join(follower)
	join(follower)
	version := follower.Look(t).Version
	// Whoever wants a quorum of witnesses has it wherever the directory is.
	_, checkpoint, err := raw("GET", p.url+"/v2/log/checkpoint", "", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	text, policy := suite.Cosign(t, string(checkpoint), logOf(t, p.url))
	putCosigned(t, first, text)
	cosigned := func(where, url string) {
		t.Helper()
		status, body, err := raw("GET", url+"/v2/log/cosigned", "", "", nil)
		if err != nil || status != 200 || string(body) != text {
			t.Errorf("%s: cosigned: %d %s %v", where, status, body, err)
		}
		if list, err := policy.Cosigned(string(body), time.Now()); err != nil || len(list) != 1 {
			t.Errorf("%s: cosigned by %v, %v", where, list, err)
		}
	}
	cosigned("first", p.url)
	p.stop(t)
	seed, err := os.ReadFile(filepath.Join(first, "seed"))
	if err != nil {
		t.Fatal(err)
	}

	out := filepath.Join(t.TempDir(), "out")
	if code, said := run(t, "-data", first, "-export", out); code != 0 || !strings.Contains(said, "published files") {
		t.Fatalf("%d %s", code, said)
	}
	if text, err := os.ReadFile(filepath.Join(out, "directory.sql")); err != nil || strings.Contains(string(text), strings.TrimSpace(string(seed))) {
		t.Errorf("the seed is in what was exported, or %v", err)
	}
	// wrangler keeps the simulator's state beside its configuration.
	home := t.TempDir()
	config := filepath.Join(home, "wrangler.jsonc")
	settings := fmt.Sprintf(`{"name": "sealbook", "compatibility_date": "2026-04-26",
		"d1_databases": [{"binding": "DB", "database_name": "sealbook", "database_id": "00000000-0000-0000-0000-000000000000", "migrations_dir": %q}],
		"r2_buckets": [{"binding": "PUBLISHED", "bucket_name": "sealbook"}]}`, absolute(t, "wasm/edge/migrations"))
	if err := os.WriteFile(config, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	state := filepath.Join(home, ".wrangler/state")
	move := func(word, folder string) string {
		t.Helper()
		said := command(t, "node", "wasm/edge/worker/move.mjs", config, word, folder, "--local", "--persist-to", state)
		if !strings.Contains(said, "published files") {
			t.Errorf("%s: %s", word, said)
		}
		return said
	}
	// One that wrangler does not take is left out.
	large := filepath.Join(out, "published/1-large/records")
	if err := os.MkdirAll(filepath.Dir(large), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.WriteFile(large, nil, 0o600), os.Truncate(large, 300<<20+1)); err != nil {
		t.Fatal(err)
	}
	if said := move("import", out); !strings.Contains(said, "left out: 1-large/records") {
		t.Error(said)
	}
	variables := map[string]string{"SEALBOOK_SEED": strings.TrimSpace(string(seed))}
	for name, value := range manySettings {
		variables[name] = value
	}
	w := directoryWorker(t, filepath.Join(state, "v3"), variables)
	if w.key != p.key {
		t.Fatal("the worker has another key")
	}
	follower.URL, follower.Code = w.url, w.code
	cosigned("in the worker", w.url)
	if now := follower.Look(t); now.Version < version || int(now.Count) != people {
		t.Errorf("in the worker: version %d of %d, %d people", now.Version, version, now.Count)
	}
	join(follower)
	version = follower.Look(t).Version
	w.stop(t)

	back := filepath.Join(t.TempDir(), "back")
	move("export", back)
	// Without what is cosigned it goes on, and without what it has to have it ends.
	for _, object := range []string{"sealbook/published/cosigned", "sealbook/index"} {
		command(t, "node", "tests/node_modules/wrangler/bin/wrangler.js", "r2", "object", "delete", object, "--local", "--persist-to", state, "--config", config)
	}
	less := filepath.Join(t.TempDir(), "less")
	cmd := exec.Command("node", absolute(t, "wasm/edge/worker/move.mjs"), config, "export", less, "--local", "--persist-to", state)
	said, err := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != 1 || !strings.Contains(string(said), "error: index is not in the bucket") {
		t.Errorf("without index: %v %s", err, said)
	}
	for name, want := range map[string]bool{"directory.sql": true, "published/cosigned": false, "index": false} {
		if _, err := os.Stat(filepath.Join(less, name)); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	second := t.TempDir()
	if err := os.WriteFile(filepath.Join(second, "seed"), seed, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, said := run(t, "-data", second, "-import", back); code != 0 || !strings.Contains(said, "imported") {
		t.Fatalf("%d %s", code, said)
	}
	if code, said := run(t, "-data", second, "-import", back); code != 2 || !strings.Contains(said, "not empty") {
		t.Errorf("imported twice: %d %s", code, said)
	}
	p = start(t, second)
	follower.URL, follower.Code = p.url, p.code
	cosigned("back", p.url)
	if now := follower.Look(t); now.Version < version || int(now.Count) != people {
		t.Errorf("back: version %d of %d, %d people", now.Version, version, now.Count)
	}
	for i, credential := range credentials {
		if status, _, err := raw("GET", p.url+"/v2/me", "", credential, nil); err != nil || status != 200 {
			t.Errorf("person %d: %d %v", i, status, err)
		}
	}
	join(follower)
	p.stop(t)
	checkIntegrity(t, second)
}

// logOf returns the verifier key of a directory's log.
func logOf(t testing.TB, url string) string {
	t.Helper()
	_, body, err := raw("GET", url+"/v2/directory", "", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	var said directory.DirectoryAnswer
	if err := json.Unmarshal(body, &said); err != nil {
		t.Fatal(err)
	}
	key, err := directory.NewVerifier(said.Key)
	if err != nil {
		t.Fatal(err)
	}
	var parameters directory.Parameters
	if err := key.Open(said.Note, &parameters); err != nil {
		t.Fatal(err)
	}
	return parameters.Log
}

// What is no checkpoint of this log stays where it is: an export holds what another
// machine needs, and nothing else.
func TestExportHoldsWhatIsNeeded(t *testing.T) {
	data := t.TempDir()
	p := start(t, data)
	mustJoin(t, p, "+12025550101")
	p.stop(t)
	putCosigned(t, data, "hello\n")
	if err := os.WriteFile(filepath.Join(data, "published/other"), []byte("hello\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "out")
	code, said := run(t, "-data", data, "-export", out)
	if code != 0 || !strings.Contains(said, "cosigned is no checkpoint of this log") {
		t.Fatalf("%d %s", code, said)
	}
	kinds := map[string]int{}
	err := filepath.WalkDir(out, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			kinds[d.Name()]++
		}
		return err
	})
	want := map[string]int{"directory.sql": 1, "tags": 1, "records": 1, "root": 1, "hashes": 1, "changes": 1, "changes-records": 1}
	if err != nil || !maps.Equal(kinds, want) {
		t.Errorf("exported %v, %v", kinds, err)
	}
}

// An import that is another directory's, or that cannot be written whole, leaves
// nothing; afterwards it comes in with what is right.
func TestImportWhole(t *testing.T) {
	first := t.TempDir()
	p := start(t, first)
	mustJoin(t, p, "+12025550101")
	p.stop(t)
	seed, err := os.ReadFile(filepath.Join(first, "seed"))
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "out")
	if code, said := run(t, "-data", first, "-export", out); code != 0 {
		t.Fatal(said)
	}
	data := t.TempDir()
	put := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// nothing looks for what is left of an import.
	nothing := func(name string, published int) {
		t.Helper()
		db := openDatabase(t, data)
		defer db.Close()
		rows := 0
		for _, column := range schemaOf(t) {
			if table, key, _ := strings.Cut(column, "."); key != "" && table != "d1_migrations" && table != "directory" {
				var n int
				if err := db.QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil {
					t.Fatal(err)
				}
				rows += n
			}
		}
		var key string
		if err := db.QueryRow("SELECT key FROM directory").Scan(&key); err != nil || key != "" || rows != 0 {
			t.Errorf("%s: %d rows, key %q, %v", name, rows, key, err)
		}
		files := 0
		err := filepath.WalkDir(filepath.Join(data, "published"), func(_ string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				files++
			}
			return err
		})
		if err != nil || files != published {
			t.Errorf("%s: %d published files, %v", name, files, err)
		}
	}
	put(filepath.Join(data, "seed"), strings.Repeat("5a", 32)+"\n")
	if code, said := run(t, "-data", data, "-import", out); code != 2 || !strings.Contains(said, "belongs to another directory") || !strings.Contains(said, "hint: is "+data) {
		t.Errorf("another seed: %d %s", code, said)
	}
	nothing("another seed", 0)
	put(filepath.Join(data, "seed"), string(seed))
	if code, said := run(t, "-data", data, "-name", "other.example", "-import", out); code != 2 || !strings.Contains(said, "belongs to another directory") {
		t.Errorf("another name: %d %s", code, said)
	}
	nothing("another name", 0)
	// The last file does not go where it should.
	put(filepath.Join(out, "published/zz/tags"), "")
	put(filepath.Join(data, "published/zz"), "")
	if code, said := run(t, "-data", data, "-import", out); code != 2 || !strings.Contains(said, "zz") {
		t.Errorf("a file that cannot be written: %d %s", code, said)
	}
	nothing("a file that cannot be written", 1)
	if err := os.Remove(filepath.Join(data, "published/zz")); err != nil {
		t.Fatal(err)
	}
	if code, said := run(t, "-data", data, "-import", out); code != 0 {
		t.Fatal(code, said)
	}
	if now := start(t, data); now.key != p.key {
		t.Errorf("key %s, want %s", now.key, p.key)
	} else {
		now.stop(t)
	}
}

func absolute(t testing.TB, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// An import that is cut, or is no import, changes nothing; and it does nothing but
// fill the tables.
func TestImportRefused(t *testing.T) {
	first := t.TempDir()
	p := start(t, first)
	mustJoin(t, p, "+12025550101")
	p.stop(t)
	out := filepath.Join(t.TempDir(), "out")
	if code, said := run(t, "-data", first, "-export", out); code != 0 {
		t.Fatal(said)
	}
	whole, err := os.ReadFile(filepath.Join(out, "directory.sql"))
	if err != nil {
		t.Fatal(err)
	}
	seed, err := os.ReadFile(filepath.Join(first, "seed"))
	if err != nil {
		t.Fatal(err)
	}
	for _, column := range schemaOf(t) {
		if table, _, _ := strings.Cut(column, "."); table != "d1_migrations" && !strings.Contains(string(whole), "DELETE FROM "+table+";\n") {
			t.Errorf("table %s does not move", table)
		}
	}
	log := strings.Index(string(whole), "INSERT INTO log")
	for name, text := range map[string]string{
		"cut":                                    string(whole[:log+40]),
		"without log":                            string(whole[:log]),
		"empty":                                  "",
		"twice":                                  string(whole) + string(whole),
		"no values":                              "INSERT INTO directory VALUES (1);\n" + string(whole),
		"endless":                                "INSERT INTO log VALUES ('" + strings.Repeat("x", 2<<20),
		"a query":                                string(whole) + "INSERT INTO counts VALUES (x'00', 1, (SELECT size FROM directory));\n",
		"a statement between quotes of comments": string(whole) + "INSERT INTO counts VALUES (x'00', 1, 1) /* ' */; UPDATE directory SET refill = 7 /* ' */;\n",
		"a statement behind a line's comment":    string(whole) + "INSERT INTO counts VALUES (x'00', 1, 1) -- '\n; UPDATE directory SET refill = 7 -- '\n;\n",
	} {
		folder, data := t.TempDir(), t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "directory.sql"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(data, "seed"), seed, 0o600); err != nil {
			t.Fatal(err)
		}
		if code, said := run(t, "-data", data, "-import", folder); code != 2 || !strings.Contains(said, "import") {
			t.Errorf("%s: %d %s", name, code, said)
		}
		db := openDatabase(t, data)
		var n int
		if err := db.QueryRow("SELECT (SELECT count(*) FROM accounts) + (SELECT count(*) FROM log)").Scan(&n); err != nil || n != 0 {
			t.Errorf("%s: %d rows, %v", name, n, err)
		}
		db.Close()
	}
	// What else stands in it is not done.
	folder, data := t.TempDir(), t.TempDir()
	evil := "DROP TABLE accounts;\nATTACH '/tmp/x' AS x;\nUPDATE directory SET size = 7;\nINSERT INTO sqlite_master VALUES (1);\n" + string(whole)
	for name, body := range map[string][]byte{filepath.Join(folder, "directory.sql"): []byte(evil), filepath.Join(data, "seed"): seed} {
		if err := os.WriteFile(name, body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if code, said := run(t, "-data", data, "-import", folder); code != 0 {
		t.Errorf("%d %s", code, said)
	}
}
