package check_test

import (
	"bytes"
	"compress/gzip"
	"net/http"

	"sealbook/verifier/check"
	"sealbook/verifier/release"
)

func bomb() []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	zeros := make([]byte, 1<<20)
	for range 64 {
		z.Write(zeros)
	}
	z.Close()
	return b.Bytes()
}

// answerLies are answers of which no whole file comes.
func answerLies(honest release.Files) []lie {
	return []lie{
		{"a bomb", check.Fetch, "core.wasm", raw("core.wasm", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bomb())
		})},
		{"an unknown coding", check.Fetch, "core.wasm", raw("core.wasm", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "rot13")
			w.Write(honest["core.wasm"])
		})},
		{"a coding that is none", check.Fetch, "core.wasm", raw("core.wasm", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			w.Write(honest["core.wasm"])
		})},
		{"a coding with more behind it", check.Fetch, "core.wasm", raw("core.wasm", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			z.Write(honest["core.wasm"])
			z.Close()
			w.Write([]byte("more"))
		})},
		{"a wrong length", check.Fetch, "core.wasm", raw("core.wasm", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "100")
			w.Write(honest["core.wasm"])
		})},
		{"no end", check.Fetch, "core.wasm", raw("core.wasm", func(w http.ResponseWriter, r *http.Request) {
			block := make([]byte, 1<<20)
			for range 20 {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		})},
		{"a connection that breaks", check.Fetch, "core.wasm", raw("core.wasm", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })},
	}
}
