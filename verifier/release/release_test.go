package release_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
	"golang.org/x/mod/sumdb/note"

	"sealbook/verifier/release"
	"sealbook/wasm/trust"
)

var now = time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC)

func TestArchives(t *testing.T) {
	files := release.Files{"site/b": []byte("two"), "site/a/c": {}, "a": []byte("one")}
	for kind, write := range map[string]func() ([]byte, error){"zip": files.Zip, "tarball": files.Tarball} {
		one, err := write()
		two, err2 := write()
		if err != nil || err2 != nil || !bytes.Equal(one, two) || len(one) == 0 {
			t.Errorf("%s: not the same twice: %v %v", kind, err, err2)
		}
	}
	b, _ := files.Zip()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range z.File {
		names = append(names, e.Name)
		if e.Method != zip.Store || e.ModifiedDate != 1<<5|1 || e.ModifiedTime != 0 || len(e.Extra) > 0 {
			t.Errorf("%s: %+v", e.Name, e.FileHeader)
		}
	}
	if want := []string{"a", "site/a/c", "site/b"}; !slices.Equal(names, want) {
		t.Errorf("%v", names)
	}
	again, err := release.ReadZip(bytes.NewReader(b), int64(len(b)), 100)
	if err != nil || len(again) != 3 || string(again["site/b"]) != "two" {
		t.Errorf("%v %v", again, err)
	}
	if _, err := release.ReadZip(bytes.NewReader(b), int64(len(b)), 5); err == nil {
		t.Error("more than the limit was read")
	}
	for _, bad := range []string{"../x", "/x", "a//b"} {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		w.Create(bad)
		w.Close()
		if _, err := release.ReadZip(bytes.NewReader(b.Bytes()), int64(b.Len()), 100); err == nil {
			t.Errorf("%s was read", bad)
		}
	}
	b, _ = files.Tarball()
	g, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil || !g.ModTime.IsZero() || g.Name != "" {
		t.Fatal(err, g)
	}
	r := tar.NewReader(g)
	for _, name := range []string{"package/a", "package/site/a/c", "package/site/b"} {
		h, err := r.Next()
		if err != nil || h.Name != name || h.Mode != 0o644 || h.Uid != 0 || h.Uname != "" || h.ModTime.Year() != 1985 {
			t.Errorf("%v %+v", err, h)
		}
	}
	if _, err := r.Next(); err != io.EOF {
		t.Error(err)
	}
}

func TestNpm(t *testing.T) {
	dir := fstest.MapFS{
		"package.json": {Data: []byte(`{"name": "x", "version": "0.1.0", "files": ["*.js", "b/*.js", "NOTICE"]}`)},
		"README.md":    {}, "NOTICE": {}, "a.js": {Data: []byte("a")}, "b/c.js": {}, "b/d.ts": {}, "e.ts": {},
	}
	files, err := release.Npm(dir, "1.4.0")
	if err != nil || !slices.Equal(files.Names(), []string{"NOTICE", "README.md", "a.js", "b/c.js", "package.json"}) {
		t.Errorf("%v %v", files.Names(), err)
	}
	if !strings.Contains(string(files["package.json"]), `"version": "1.4.0"`) {
		t.Errorf("%s", files["package.json"])
	}
	delete(dir, "NOTICE")
	if _, err := release.Npm(dir, "1.4.0"); err == nil {
		t.Error("a file that is named and not there was passed over")
	}
}

// keyFile writes a private key as ssh-keygen does, and its public part.
func keyFile(t *testing.T, dir, name, passphrase string) (file string, private ed25519.PrivateKey) {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var block *pem.Block
	if passphrase == "" {
		block, err = ssh.MarshalPrivateKey(private, "")
	} else {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(private, "", []byte(passphrase))
	}
	if err != nil {
		t.Fatal(err)
	}
	public, err := ssh.NewPublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(dir, name)
	if err := errors.Join(os.WriteFile(file, pem.EncodeToMemory(block), 0o600), os.WriteFile(file+".pub", ssh.MarshalAuthorizedKey(public), 0o600)); err != nil {
		t.Fatal(err)
	}
	return file, private
}

func TestKeys(t *testing.T) {
	dir := t.TempDir()
	open, private := keyFile(t, dir, "open", "")
	locked, _ := keyFile(t, dir, "locked", "correct horse")
	ask := func(answer string) func(string) ([]byte, error) {
		return func(string) ([]byte, error) { return []byte(answer), nil }
	}
	good := map[string]struct {
		ring release.Keyring
		file string
	}{
		"a file with a passphrase":       {release.Keyring{Passphrase: ask("correct horse")}, locked},
		"a file without, when asked for": {release.Keyring{Insecure: true}, open},
	}
	// An agent, with one of the keys.
	held := agent.NewKeyring()
	if err := held.Add(agent.AddedKey{PrivateKey: &private}); err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(dir, "agent")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go agent.ServeAgent(held, c)
		}
	}()
	good["an agent"] = struct {
		ring release.Keyring
		file string
	}{release.Keyring{Agent: socket}, open + ".pub"}
	for name, c := range good {
		k, err := c.ring.Open(c.file, "host.example/release")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		b, err := note.Sign(&note.Note{Text: "text\n"}, k)
		v, err2 := note.NewVerifier(k.Verifier())
		if err != nil || err2 != nil {
			t.Errorf("%s: %v %v", name, err, err2)
			continue
		}
		if _, err := note.Open(b, note.VerifierList(v)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	sk := filepath.Join(dir, "sk.pub")
	os.WriteFile(sk, []byte("sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIOQ2ZlJ3VwqSq7W5dJ1k4pYpYkzUqz0sYtXkXz0wqPzTAAAABHNzaDo= x\n"), 0o600)
	rubbish := filepath.Join(dir, "rubbish")
	os.WriteFile(rubbish, []byte("-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n-----END OPENSSH PRIVATE KEY-----\n"), 0o600)
	seed := string(private.Seed())
	for name, c := range map[string]struct {
		ring release.Keyring
		file string
		want error
	}{
		"a file without a passphrase":     {release.Keyring{}, open, release.ErrInsecure},
		"another passphrase":              {release.Keyring{Passphrase: ask("wrong")}, locked, nil},
		"nobody to ask":                   {release.Keyring{}, locked, nil},
		"no agent":                        {release.Keyring{}, open + ".pub", nil},
		"an agent that does not have it":  {release.Keyring{Agent: socket}, locked + ".pub", release.ErrAgent},
		"an agent that does not answer":   {release.Keyring{Agent: socket + "x"}, open + ".pub", nil},
		"a security key":                  {release.Keyring{Agent: socket}, sk, release.ErrNotKey},
		"rubbish":                         {release.Keyring{Insecure: true}, rubbish, release.ErrNotKey},
		"something else":                  {release.Keyring{}, filepath.Join(dir, "agent.pub"), nil},
		"a file that is not there at all": {release.Keyring{}, filepath.Join(dir, "none"), nil},
	} {
		k, err := c.ring.Open(c.file, "host.example/release")
		if err == nil {
			_, err = k.Sign([]byte("text\n"))
		}
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		} else if s := err.Error(); strings.Contains(s, dir) || strings.Contains(s, seed) || strings.Contains(s, "c2VjcmV0") {
			t.Errorf("%s: the error tells too much: %s", name, s)
		}
	}
}

func TestLog(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "log")
	l, err := release.ReadLog(dir, now)
	if err != nil || len(l.Entries) != 0 {
		t.Fatal(err)
	}
	keys := release.TrialKeys()
	sign := release.TrialKey("release")
	m := &trust.Manifest{Version: "1.0.0", Commit: strings.Repeat("0", 40), Tools: []trust.Tool{{Name: "go", Version: "1"}}, Files: []trust.ManifestFile{trust.NewManifestFile("site/a", nil)}}
	made := trust.Release{Version: "1.0.0", Manifest: m.SHA256(), Time: now, Expires: now.Add(time.Hour)}
	if err := errors.Join(l.Append(keys.Text(), now, sign), l.Append(made.Text(), now, sign)); err != nil {
		t.Fatal(err)
	}
	if err := l.Append(made.Text(), now, sign); !errors.Is(err, trust.Rules) || len(l.Entries) != 2 {
		t.Error("the same version again:", err)
	}
	if err := l.Append("sealbook withdrawn v1\nversion 1.0.0\nreason r\ntime 2026-11-29T00:00:00Z\n", now, release.TrialKey("log")); !errors.Is(err, trust.Signature) {
		t.Error("by another key:", err)
	}
	l.Manifests[made.Manifest] = m.Text()
	if _, err := l.Sign(now); err == nil {
		t.Error("signed without a key")
	}
	if _, err := l.Sign(now, sign); err == nil {
		t.Error("signed by another key")
	}
	r, err := l.Sign(now, release.TrialKey("log"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := l.Files(r)
	if err != nil || len(files) != 4 {
		t.Fatal(err, files.Names())
	}
	if err := files.Write(dir); err != nil {
		t.Fatal(err)
	}
	again, err := release.ReadLog(dir, now)
	if err != nil || len(again.Entries) != 2 || again.Checkpoint() != l.Checkpoint() || len(again.Manifests) != 1 {
		t.Fatal(err)
	}
	if err := again.GrewOutOf(r, now); err != nil {
		t.Error(err)
	}
	again.Entries = again.Entries[:1]
	if err := again.GrewOutOf(r, now); !errors.Is(err, trust.Rollback) {
		t.Error("a stale log:", err)
	}
}

func TestDifference(t *testing.T) {
	manifest := func() *trust.Manifest {
		return &trust.Manifest{Version: "1.0.0", Commit: strings.Repeat("a", 40), Tools: []trust.Tool{{Name: "go", Version: "1"}},
			Headers: []trust.Header{{Path: "*", Name: "A", Value: "b"}},
			Files:   []trust.ManifestFile{trust.NewManifestFile("site/sw.js", []byte("w")), trust.NewManifestFile("site/worker/a.js", []byte("a"))}}
	}
	if d := release.Difference(manifest(), manifest()); d != "" {
		t.Error(d)
	}
	for name, c := range map[string]struct {
		change func(*trust.Manifest)
		want   string
	}{
		"a tool":      {func(m *trust.Manifest) { m.Tools[0].Version = "2" }, "tool go"},
		"two files":   {func(m *trust.Manifest) { m.Files[0].Size, m.Files[1].Size = 9, 9 }, "site/worker/a.js: 1 bytes"},
		"a header":    {func(m *trust.Manifest) { m.Headers[0].Value = "c" }, "header A of *"},
		"a file less": {func(m *trust.Manifest) { m.Files = m.Files[:1] }, "site/worker/a.js is not built here"},
		"a file more": {func(m *trust.Manifest) { m.Files = append(m.Files, trust.NewManifestFile("site/x", nil)) }, "site/x is built here"},
		"the commit":  {func(m *trust.Manifest) { m.Commit = strings.Repeat("b", 40); m.Files[1].Size = 9 }, "of commit aaaaaaaaaaaa and this folder of bbbbbbbbbbbb"},
	} {
		built := manifest()
		c.change(built)
		if d := release.Difference(manifest(), built); !strings.Contains(d, c.want) {
			t.Errorf("%s: %q", name, d)
		}
	}
}

// Where everything differs, what the rest is made of is named, however it sorts.
func TestFirstDifference(t *testing.T) {
	paths := []string{"worker/a.js", "npm/sealbook-1.0.0.tgz", "site/a.html", "site/_headers", "site/SHA256SUMS", "site/sw.js"}
	for i, path := range paths {
		old, built := &trust.Manifest{Version: "1.0.0"}, &trust.Manifest{Version: "1.0.0"}
		for _, later := range paths[i:] {
			old.Files = append(old.Files, trust.NewManifestFile(later, []byte("a")))
			built.Files = append(built.Files, trust.NewManifestFile(later, []byte("b")))
		}
		if d := release.Difference(old, built); !strings.HasPrefix(d, path+": ") {
			t.Errorf("not %s: %s", path, d)
		}
	}
	for _, module := range []string{"core", "format", "blind", "contacts", "auditor"} {
		path := "site/" + module + ".wasm"
		old := &trust.Manifest{Files: []trust.ManifestFile{trust.NewManifestFile(path, []byte("a"))}}
		built := &trust.Manifest{Files: []trust.ManifestFile{trust.NewManifestFile(path, []byte("b"))}}
		if d := release.Difference(old, built); !strings.HasSuffix(d, ", by TinyGo") {
			t.Errorf("%s: what it is made of is not named: %s", path, d)
		}
	}
}
