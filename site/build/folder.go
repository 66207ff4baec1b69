package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
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

// listModule is the script module with the list of files. Its own hash and
// those of the pages, which pin it, cannot be inside; SHA256SUMS has them.
func listModule(list []listed) ([]byte, error) {
	data, err := marshal(list)
	if err != nil {
		return nil, err
	}
	return append(fmt.Appendf(nil, generated+"export default ", "the files it lists"), data...), nil
}

// Where the service worker's source holds its list, and an entry that every
// list has.
const swMarker = "const FILES = {};"

// serviceWorker is the service worker with the hash of each file it keeps.
func serviceWorker(source []byte, files folder) ([]byte, error) {
	if strings.Count(string(source), swMarker) != 1 {
		return nil, fmt.Errorf("site/page/sw.js must hold %q once", swMarker)
	}
	pins := map[string]string{}
	for name, data := range files {
		pins[name] = integrity(data)
	}
	data, err := marshal(pins)
	if err != nil {
		return nil, err
	}
	return []byte(strings.Replace(string(source), swMarker,
		"const FILES = "+strings.TrimSpace(string(data))+";", 1)), nil
}
