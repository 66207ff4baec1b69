//go:build old

package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"sealbook/verifier/discovery/discoverytest"
	"sealbook/wasm/edge"
)

// startDirectory runs a directory for a script: $DIRECTORY is where, $KEY its
// key, and the file "code" has the code that was sent last.
func startDirectory(env *testscript.Env) error {
	folder := filepath.Join(env.WorkDir, ".directory")
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	var failed error
	w, err := discoverytest.New(context.Background(), folder, 1, func(m edge.Message) {
		if err := os.WriteFile(filepath.Join(env.WorkDir, "code"), []byte(m.Code+"\n"), 0o600); err != nil {
			failed = err
		}
	})
	if err != nil {
		return err
	}
	env.Defer(func() {
		w.Close()
		if failed != nil {
			panic(failed)
		}
	})
	env.Setenv("DIRECTORY", w.URL)
	env.Setenv("KEY", w.Key)
	env.Values["directory"] = w
	return nil
}

// lies are what a directory can do in a script: lie NAME.
var lieTable = map[string]discoverytest.Lie{
	"no": nil,
	"proof": func(r *http.Request, a *httptest.ResponseRecorder) *httptest.ResponseRecorder {
		if r.URL.Path == "/v1/evaluations" {
			a.Body.Bytes()[a.Body.Len()-1] ^= 1
		}
		return a
	},
	"tags": func(r *http.Request, a *httptest.ResponseRecorder) *httptest.ResponseRecorder {
		if strings.HasSuffix(r.URL.Path, "/tags") {
			b := a.Body.Bytes()
			a.Body = bytes.NewBuffer(b[:len(b)-1])
			a.Header().Set("Content-Length", fmt.Sprint(len(b)-1))
		}
		return a
	},
	"note": func(r *http.Request, a *httptest.ResponseRecorder) *httptest.ResponseRecorder {
		if r.URL.Path == "/v1/directory" {
			a.Body = bytes.NewBuffer(bytes.Replace(a.Body.Bytes(), []byte("5120"), []byte("9999"), 1))
		}
		return a
	},
	"gone": func(*http.Request, *httptest.ResponseRecorder) *httptest.ResponseRecorder { return nil },
}

func lie(ts *testscript.TestScript, neg bool, args []string) {
	w, ok := ts.Value("directory").(*discoverytest.Town)
	if !ok || neg || len(args) != 1 {
		ts.Fatalf("usage: lie NAME, in a script with a directory")
	}
	l, ok := lieTable[args[0]]
	if !ok {
		ts.Fatalf("no such lie")
	}
	w.SetLie(l)
}
