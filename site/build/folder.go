package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sealbook/wasm/trust"
)

// folder is files by their path from the site's root, with "/".
type folder map[string][]byte

func (f folder) names() []string { return slices.Sorted(maps.Keys(f)) }

// integrity is data's hash as HTML and policies write it.
func integrity(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// sum is data's hash as sha256sum writes it.
func sum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// listed is a file as the page "This page" shows it.
type listed struct {
	Path   string `json:"path"`
	Size   int    `json:"size"`
	SHA256 string `json:"sha256"`
}

func (f folder) sums() []listed {
	var list []listed
	for _, name := range f.names() {
		list = append(list, listed{name, len(f[name]), sum(f[name])})
	}
	return list
}

// sumsFile is what sha256sum -c reads. It leaves out _headers, which hosts
// take in and do not give out.
func (f folder) sumsFile() []byte {
	var b []byte
	for _, file := range f.sums() {
		if !strings.HasPrefix(file.Path, "_") {
			b = fmt.Appendf(b, "%s  %s\n", file.SHA256, file.Path)
		}
	}
	return b
}

// finish adds what is made of the other files: their copies and their sums.
func (f folder) finish(kept string) {
	maps.Copy(f, copies(f, kept))
	f["SHA256SUMS"] = f.sumsFile()
}

// listModule is the script module with the list of files. Its own hash and
// those of the pages, which pin it, cannot be inside; SHA256SUMS has them.
func listModule(list []listed) ([]byte, error) {
	data, err := marshal(list)
	if err != nil {
		return nil, err
	}
	return append(fmt.Appendf(nil, generated+"export default ", "the files it lists"), data...), nil
}

// Where the service worker's source holds its list of files, and what it knows of
// the log of releases.
const (
	filesMarker = "const FILES = {};"
	logMarker   = "const LOG = null;"
)

// release is what the service worker of a release knows of the log that has it.
type release struct {
	Version string   `json:"version"`
	Least   int      `json:"threshold"`
	Release []string `json:"release"` // verifier keys
	Log     []string `json:"log"`
	// Who cosigns its checkpoints, and who of them have to have.
	Witnesses []string      `json:"witnesses"`
	Quorum    *trust.Quorum `json:"quorum"`
}

// newRelease reads keys in the form that an entry of the log has, and the
// witnesses of a policy.
func newRelease(version, keys, policy string) (*release, error) {
	k, err := trust.ParseKeys(keys)
	if err != nil || !trust.ValidVersion(version) {
		return nil, fmt.Errorf("neither a version nor keys of a log: %w", err)
	}
	p, err := trust.ParsePolicy(policy)
	if err != nil {
		return nil, err
	}
	r := &release{version, k.Threshold, k.Release, k.Log, []string{}, p.Quorum()}
	for _, w := range p.Witnesses {
		// The one form that browsers verify: a kind byte of 4 and a key of Ed25519.
		if _, encoded, _ := strings.Cut(strings.TrimPrefix(w.Text, w.Key.Name()+"+"), "+"); len(encoded) != 44 {
			return nil, fmt.Errorf("the key of witness %s is none of Ed25519, which is what browsers verify", w.Name)
		}
		r.Witnesses = append(r.Witnesses, w.Text)
	}
	return r, nil
}

// serviceWorker is the service worker with the hash of each file it keeps.
func serviceWorker(source []byte, files folder, log *release) ([]byte, error) {
	pins := map[string]string{}
	for name, data := range files {
		pins[name] = integrity(data)
	}
	text := string(source)
	for _, constant := range []struct {
		marker string
		value  any
	}{{filesMarker, pins}, {logMarker, log}} {
		if strings.Count(text, constant.marker) != 1 {
			return nil, fmt.Errorf("site/page/sw.js must hold %q once", constant.marker)
		}
		data, err := marshal(constant.value)
		if err != nil {
			return nil, err
		}
		name, _, _ := strings.Cut(constant.marker, "=")
		text = strings.Replace(text, constant.marker, name+"= "+strings.TrimSpace(string(data))+";", 1)
	}
	return []byte(text), nil
}
