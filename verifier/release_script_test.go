package main

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"encoding/pem"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/crypto/ssh"

	"sealbook/site"
	"sealbook/verifier/release"
	"sealbook/wasm/trust"
)

// scriptHost is the name of the keys of a script's publisher.
const scriptHost = "host.example"

func scriptKey(kind, letter string) *release.Key {
	return release.NewKey(scriptHost+"/"+kind, [32]byte([]byte(strings.Repeat(letter, 32))))
}

// startPublisher gives a script the policy of a publisher, in the file policy, and
// a witness.
func startPublisher(env *testscript.Env) error {
	policy := "release " + scriptKey("release", "r").Verifier() + "\nlog " + scriptKey("log", "l").Verifier() + "\n"
	for name, text := range map[string]string{"policy": policy + "quorum none\n", "policy.keys": policy} {
		if err := os.WriteFile(filepath.Join(env.WorkDir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	env.Setenv("HOME", filepath.Join(env.WorkDir, "home")) // for known.json
	env.Setenv("XDG_CONFIG_HOME", "")
	return giveWitness(env)
}

// giveWitness gives a script the keys of two witnesses, in the files witness.key and
// other.key, and their verifier keys as $WITNESSKEY and $OTHERKEY.
func giveWitness(env *testscript.Env) error {
	for _, name := range []string{"witness", "other"} {
		seed := bytes.Repeat([]byte(name[:1]), 32)
		block, err := ssh.MarshalPrivateKey(ed25519.NewKeyFromSeed(seed), "")
		if err != nil {
			return err
		}
		env.Setenv(strings.ToUpper(name)+"KEY", release.NewKey(name+".example/w", [32]byte(seed)).Verifier())
		if err := os.WriteFile(filepath.Join(env.WorkDir, name+".key"), pem.EncodeToMemory(block), 0o600); err != nil {
			return err
		}
	}
	return nil
}

const scriptHeaders = "/*\n  X-Content-Type-Options: nosniff\n\n/\n  Content-Security-Policy: default-src 'none'\n\n/index.html\n  Content-Security-Policy: default-src 'none'\n"

// publish LOG FOLDER VERSION releases a small site: it is appended to the log that
// the folder LOG has, which is made if it is not there, and FOLDER becomes what
// ./build.sh release makes.
func publish(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: publish LOG FOLDER VERSION")
	}
	now := time.Now().UTC().Truncate(time.Second)
	dir, out, version := ts.MkAbs(args[0]), ts.MkAbs(args[1]), args[2]
	l, err := release.ReadLog(dir, now)
	ts.Check(err)
	if len(l.Entries) == 0 {
		keys := trust.Keys{Threshold: 1, Release: []string{scriptKey("release", "r").Verifier()}, Log: []string{scriptKey("log", "l").Verifier()}}
		ts.Check(l.Append(keys.Text(), now, scriptKey("release", "r")))
	}
	files := release.Files{
		"site/index.html": []byte("<!doctype html><title>" + version + "</title>"), "site/404.html": []byte("<!doctype html>nothing"),
		"site/sw.js": []byte("// " + version), "site/_headers": []byte(scriptHeaders), "site/SHA256SUMS": []byte("sums"),
		"npm/sealbook-" + version + ".tgz": []byte("tarball"), "worker/worker.js": []byte("1;"), "verifier/linux-amd64/verifier": []byte("ELF"),
	}
	m := &trust.Manifest{Version: version, Commit: strings.Repeat("a", 40), Tools: []trust.Tool{{Name: "go", Version: "1.26.8"}}}
	fields, err := site.Fields(scriptHeaders)
	ts.Check(err)
	for _, f := range fields {
		m.Headers = append(m.Headers, trust.Header(f))
	}
	for _, name := range files.Names() {
		m.Files = append(m.Files, trust.NewManifestFile(name, files[name]))
	}
	made := trust.Release{Version: version, Manifest: m.SHA256(), Time: now, Expires: now.Add(100 * 24 * time.Hour)}
	ts.Check(l.Append(made.Text(), now, scriptKey("release", "r")))
	l.Manifests[made.Manifest] = m.Text()
	r, err := l.Sign(now, scriptKey("log", "l"))
	ts.Check(err)
	log, err := l.Files(r)
	ts.Check(err)
	ts.Check(os.RemoveAll(dir))
	ts.Check(log.Write(dir))
	proof, err := r.Prove(r.Version(version).Index, l.Checkpoint())
	ts.Check(err)
	files["site/release.tlog-proof"] = proof.Append(nil)
	for name, data := range log {
		files["site/log/"+name] = data
	}
	zipped := maps.Clone(files)
	maps.DeleteFunc(zipped, func(name string, _ []byte) bool { return !strings.HasPrefix(name, "site/") })
	files["sealbook-"+version+".zip"], err = zipped.Zip()
	ts.Check(err)
	files["manifest"] = m.Text()
	ts.Check(os.RemoveAll(out))
	ts.Check(files.Write(out))
}

// host FOLDER serves a site's folder, as it is at each request, at $SITE.
func host(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: host FOLDER")
	}
	dir := ts.MkAbs(args[0])
	var mutex sync.Mutex
	var last release.Files
	var h http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mutex.Lock()
		files, err := release.ReadFolder(os.DirFS(dir), "")
		if err == nil && (h == nil || !maps.EqualFunc(files, last, bytes.Equal)) {
			last = files
			h, err = site.Handler(files)
		}
		handler := h
		mutex.Unlock()
		if err != nil {
			http.Error(w, "", http.StatusInternalServerError)
			return
		}
		handler.ServeHTTP(w, r)
	}))
	ts.Defer(server.Close)
	ts.Setenv("SITE", server.URL+"/")
}

// running VARIABLE COMMAND... starts a command that goes on until the script ends.
// The last word of the first line that it prints is $VARIABLE.
func running(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: running VARIABLE COMMAND...")
	}
	program := ""
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if _, err := os.Stat(filepath.Join(dir, args[1])); err == nil && program == "" {
			program = filepath.Join(dir, args[1])
		}
	}
	cmd := exec.Command(program, args[2:]...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = append(os.Environ(), "HOME="+ts.Getenv("HOME"), "XDG_CONFIG_HOME="+ts.MkAbs("config"))
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	var said bytes.Buffer
	cmd.Stderr = &said
	ts.Check(cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	fields := strings.Fields(line)
	if err != nil || len(fields) == 0 {
		cmd.Wait()
		ts.Fatalf("%v, %s", err, said.String())
	}
	ts.Setenv(args[0], fields[len(fields)-1])
	ts.Defer(func() {
		cmd.Process.Signal(os.Interrupt)
		io.Copy(io.Discard, out)
		if err := cmd.Wait(); err != nil {
			ts.Logf("%s ended: %v", args[1], err)
		}
	})
}

// edit FILE OLD NEW changes a text, which must be there once at least.
func edit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: edit FILE OLD NEW")
	}
	name := ts.MkAbs(args[0])
	b, err := os.ReadFile(name)
	ts.Check(err)
	if !bytes.Contains(b, []byte(args[1])) {
		ts.Fatalf("%s does not have that", args[0])
	}
	ts.Check(os.WriteFile(name, bytes.Replace(b, []byte(args[1]), []byte(args[2]), 1), 0o600))
}
