package main

import (
	"bytes"
	"encoding/hex"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"sealbook/verifier/check"
	"sealbook/verifier/release"
	"sealbook/wasm/trust"
)

var releaseCommand = command{
	name:  "release",
	usage: []string{"[--policy FILE] [--tarball FILE|URL] [--rebuild] DIST | URL"},
	brief: "whether all of a release is what was published",
	about: `
Checks a release whole: the site as site does, and from a folder DIST, as
./build.sh release makes it, every other file too: the npm tarball, the worker,
the verifiers, the zip, which must hold that site and nothing else.

With --tarball the npm package that a registry has is compared. With --rebuild the
release is built again from the source in the current folder, and the first
difference named.`,
	options: []string{"policy", "known", "release", "tarball", "rebuild", "json"},
	exits: [3]string{
		"verified: all of it is as the log says",
		"differs: something is not, and stands in the output",
		"could not check: something cannot be read, or does not build",
	},
	samples: []string{"verifier release --policy dist/trust.policy dist", "verifier release --tarball sealbook-1.4.0.tgz https://sealbook.example/"},
	run:     runRelease,
}

func runRelease(s *session) (int, error) {
	if len(s.args) != 1 {
		return 0, fail("one release is needed: a folder or a URL", "")
	}
	r, _, err := s.checkSite(s.args[0])
	if err != nil {
		return 0, err
	}
	m := r.Released()
	if m == nil {
		return s.report(r)
	}
	if !strings.Contains(s.args[0], "://") {
		if err := checkDist(r, m, s.args[0]); err != nil {
			return 0, err
		}
	}
	if s.tarball != "" {
		if err := checkTarball(r, m, s.tarball); err != nil {
			return 0, err
		}
	}
	if s.rebuild {
		if err := s.rebuildRelease(r, m); err != nil {
			return 0, err
		}
	}
	return s.report(r)
}

// checkDist compares the files of a release's folder that are not of the site.
func checkDist(r *check.Report, m *trust.Manifest, dir string) error {
	files, err := release.ReadFolder(os.DirFS(dir), "")
	if err != nil {
		return fail("cannot read the release: "+bare(err).Error(), "")
	}
	if files["manifest"] == nil {
		return fail("the folder is no release", "a release's folder has the file manifest, as ./build.sh release makes it")
	}
	zip := "sealbook-" + m.Version + ".zip"
	of := release.Files{}
	for name, data := range files {
		if strings.HasPrefix(name, "site/") {
			of[name] = data
		}
	}
	packed, err := of.Zip()
	if err != nil {
		return err
	}
	for _, name := range files.Names() {
		f := m.File(name)
		switch {
		case strings.HasPrefix(name, "site/"), name == "trust.policy": // checked already; what to give to others
		case name == "manifest":
			if !bytes.Equal(files[name], m.Text()) {
				r.Find(check.Finding{Code: check.Manifest, Where: name, What: "not the one that the log has"})
			}
		case name == zip:
			if !bytes.Equal(files[name], packed) {
				r.Find(check.Finding{Code: trust.File, Where: name, What: "not a zip of this site"})
			}
		case f == nil:
			r.Find(check.Finding{Code: check.Extra, Where: name, What: "a file that the release does not list"})
		case !f.Is(files[name]):
			r.Find(check.Finding{Code: trust.File, Where: name, What: "other bytes than the release has"})
		}
	}
	for _, f := range m.Files {
		if files[f.Path] == nil && !strings.HasPrefix(f.Path, "site/") {
			r.Find(check.Finding{Code: check.Status, Where: f.Path, Reason: "missing", What: "the file is missing"})
		}
	}
	return nil
}

// maxTarball is more than an npm package of this project has.
const maxTarball = 64 << 20

// checkTarball compares the npm package as a registry has it.
func checkTarball(r *check.Report, m *trust.Manifest, where string) error {
	var in io.ReadCloser
	if strings.HasPrefix(where, "https://") {
		client := http.Client{Timeout: time.Minute}
		res, err := client.Get(where)
		if err != nil || res.StatusCode != http.StatusOK {
			return fail("the registry does not give the tarball", "")
		}
		in = res.Body
	} else {
		f, err := openFile("--tarball", where)
		if err != nil {
			return err
		}
		in = f
	}
	defer in.Close()
	b, err := io.ReadAll(io.LimitReader(in, maxTarball+1))
	if err != nil || len(b) > maxTarball {
		return fail("cannot read the tarball whole", "")
	}
	path := "npm/sealbook-" + m.Version + ".tgz"
	if f := m.File(path); f == nil || !f.Is(b) {
		r.Find(check.Finding{Code: trust.File, Where: path, Reason: "registry", What: "the registry has other bytes than the release"})
	}
	return nil
}

// rebuildRelease builds the release again from the source in this folder.
func (s *session) rebuildRelease(r *check.Report, m *trust.Manifest) error {
	if _, err := os.Stat("build.sh"); err != nil {
		return fail("--rebuild needs the source", "run it in a checkout of commit "+m.Commit)
	}
	dir, err := os.MkdirTemp("", "release-*")
	if err != nil {
		return bare(err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "manifest")
	if err := os.WriteFile(file, m.Text(), 0o600); err != nil {
		return bare(err)
	}
	cmd := exec.Command("./build.sh", "reproduce", file)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if cmd.Run() != nil {
		lines := strings.Split(strings.TrimSpace(said.String()), "\n")
		last := strings.TrimPrefix(lines[len(lines)-1], "error: ")
		sum := m.SHA256()
		f := check.Finding{Code: check.Manifest, Where: hex.EncodeToString(sum[:8]), Reason: "rebuild", What: last}
		if !strings.HasPrefix(last, "not the same: ") {
			f.Code, f.What = check.Fetch, "it does not build here: "+last
		}
		r.Find(f)
		return nil
	}
	r.Remark("built again from this folder with the same bytes")
	return nil
}
