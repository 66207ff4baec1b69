package check_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/verifier/check"
	"sealbook/verifier/release"
	"sealbook/wasm/trust"
)

// logLies are files of the log that are others, the proof, and manifests.
func logLies(t testing.TB, honest release.Files) []lie {
	return []lie{
		{"no checkpoint", trust.LogFile, "log", raw("log/checkpoint", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(404) })},
		{"a checkpoint that is text", trust.Format, "log", changed(at("log/checkpoint"), func([]byte) []byte { return []byte("hello\n") })},
		{"a checkpoint that is long", trust.Format, "log", changed(at("log/checkpoint"), and(strings.Repeat("x", 1<<17)))},
		{"a root that is another", trust.Signature, "log", changed(at("log/checkpoint"), func(b []byte) []byte {
			lines := strings.Split(string(b), "\n")
			lines[2] = tlog.Hash{1}.String()
			return []byte(strings.Join(lines, "\n"))
		})},
		{"a size that is another", trust.LogFile, "log", changed(at("log/checkpoint"), func(b []byte) []byte { return bytes.Replace(b, []byte("\n3\n"), []byte("\n2\n"), 1) })},
		{"a checkpoint by the same name and another key", trust.Signature, "log", changed(at("log/checkpoint"), func([]byte) []byte { return signed(t, honest, key("log", 'x')) })},
		{"a checkpoint of another name", trust.Signature, "log", changed(at("log/checkpoint"), func([]byte) []byte {
			return signed(t, honest, release.NewKey("other.example/log", [32]byte{1}))
		})},
		{"a checkpoint for some alone", trust.LogFile, "log/checkpoint", changed(both(at("log/checkpoint"), has("User-Agent", "iPhone")), and("\n"))},
		{"a bundle cut short", trust.LogFile, "log", changed(at("log/tile/entries/000.p/3"), func(b []byte) []byte { return b[:len(b)-1] })},
		{"a bundle with more", trust.LogFile, "log", changed(at("log/tile/entries/000.p/3"), and("\x00\x01x"))},
		{"an entry changed", trust.Signature, "log", changed(at("log/tile/entries/000.p/3"), func(b []byte) []byte { return bytes.Replace(b, []byte("version 1.1.0"), []byte("version 1.2.0"), 1) })},
		{"a tile of hashes changed", trust.LogFile, "log/tile/0/000.p/3", changed(at("log/tile/0/000.p/3"), flip)},
		{"a tile cut short", trust.LogFile, "log/tile/0/000.p/3", changed(at("log/tile/0/000.p/3"), func(b []byte) []byte { return b[:32] })},
		{"no proof", trust.LogFile, "release.tlog-proof", raw("release.tlog-proof", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(404) })},
		{"a proof that is none", trust.Format, "release.tlog-proof", changed(at("release.tlog-proof"), func([]byte) []byte { return []byte("hello\n") })},
		{"a proof with another hash", trust.Inclusion, "release.tlog-proof", changed(at("release.tlog-proof"), func(b []byte) []byte {
			lines := strings.Split(string(b), "\n")
			lines[3] = tlog.Hash{1}.String()
			return []byte(strings.Join(lines, "\n"))
		})},
		{"a proof of another index", trust.Inclusion, "release.tlog-proof", changed(at("release.tlog-proof"), func(b []byte) []byte { return bytes.Replace(b, []byte("index 2"), []byte("index 1"), 1) })},
		{"a proof by another key", trust.Signature, "release.tlog-proof", changed(at("release.tlog-proof"), func(b []byte) []byte {
			head, _, _ := strings.Cut(string(b), "\n\n")
			return []byte(head + "\n\n" + string(signed(t, honest, key("log", 'x'))))
		})},
		{"a manifest changed", check.Manifest, "", changed(func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/log/manifest/") }, flip)},
		{"a manifest for some alone", check.Manifest, "", changed(both(func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/log/manifest/") }, has("User-Agent", "iPhone")), flip)},
		{"a manifest swapped", check.Manifest, "", func(w http.ResponseWriter, r *http.Request, h http.Handler) {
			if strings.HasPrefix(r.URL.Path, "/log/manifest/") {
				for name, data := range honest {
					if strings.HasPrefix(name, "log/manifest/") && "/"+name != r.URL.Path {
						w.Write(data)
						return
					}
				}
			}
			h.ServeHTTP(w, r)
		}},
		{"a manifest that is long", check.Manifest, "", changed(func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/log/manifest/") }, and(strings.Repeat("x", 2<<20)))},
	}
}

// signed is the checkpoint of a host's log, signed by another key.
func signed(t testing.TB, files release.Files, k *release.Key) []byte {
	r, _, err := trust.ReadReleases(func(path string) ([]byte, error) { return files["log/"+path], nil }, now)
	if err != nil {
		t.Fatal(err)
	}
	text, err := trust.SignCheckpoint(r.Tree, k)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(text)
}
