package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"sealbook/verifier/discovery/discoverytest"
)

// scripted is a directory for a script, which publishes after every change.
type scripted struct {
	mu sync.Mutex
	*discoverytest.Directory
	code     string // the file for the code that was sent last
	cosigned string // the file with what witnesses signed
}

func (d *scripted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if r.URL.Path == "/v2/log/cosigned" && d.Lie == nil {
		http.ServeFile(w, r, d.cosigned)
		return
	}
	d.Directory.ServeHTTP(w, r)
	if r.Method != "GET" {
		d.Publish()
		if err := os.WriteFile(d.code, []byte(d.Code+"\n"), 0o600); err != nil {
			panic(err)
		}
	}
}

// startDirectory runs a directory for a script: $DIRECTORY is where, $KEY its
// key, and the file "code" has the code that was sent last; what is in the file
// "cosigned" it serves as what witnesses signed.
func startDirectory(env *testscript.Env) error {
	d := &scripted{Directory: discoverytest.New(1, time.Now), code: filepath.Join(env.WorkDir, "code"), cosigned: filepath.Join(env.WorkDir, "cosigned")}
	server := httptest.NewServer(d)
	env.Defer(server.Close)
	env.Setenv("DIRECTORY", server.URL)
	env.Setenv("KEY", d.Key())
	env.Setenv("LOG", d.Parameters().Log)
	env.Values["directory"] = d
	return giveWitness(env)
}

// lies are what a directory can do in a script: lie NAME.
var lieTable = map[string]func(*discoverytest.Exchange){
	"no": nil,
	"proof": func(e *discoverytest.Exchange) {
		if e.Method == "POST" {
			e.Body[len(e.Body)-1] ^= 1
		}
	},
	"tags": func(e *discoverytest.Exchange) {
		if strings.HasSuffix(e.Path, "/tags") {
			e.Body = e.Body[:len(e.Body)-1]
		}
	},
	"note": func(e *discoverytest.Exchange) {
		e.Body = bytes.Replace(e.Body, []byte("5120"), []byte("9999"), 1)
	},
	"bits": func(e *discoverytest.Exchange) {
		e.Body = bytes.Replace(e.Body, []byte(`\"bucket_bits\":0`), []byte(`\"bucket_bits\":32`), 1)
	},
	"checkpoint": func(e *discoverytest.Exchange) {
		if strings.HasSuffix(e.Path, "/log/checkpoint") {
			e.Body = bytes.Replace(e.Body, []byte("\n2\n"), []byte("\n1\n"), 1)
		}
	},
	"gone": func(e *discoverytest.Exchange) { e.Err = http.ErrAbortHandler },
}

// lie makes the directory lie; "many" lets it have more people than records are
// read of, "rewind" takes the newest states back, "epoch" begins another, and
// "state" publishes one.
func lie(ts *testscript.TestScript, neg bool, args []string) {
	d, ok := ts.Value("directory").(*scripted)
	if !ok || neg || len(args) != 1 {
		ts.Fatalf("usage: lie NAME, in a script with a directory")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch args[0] {
	case "many":
		var people []discoverytest.Person
		for range 132_000 {
			people = append(people, d.Stranger(d.Draw()))
		}
		d.PutAll(people)
		d.Publish()
		return
	case "rewind":
		d.Rewind(4)
		return
	case "epoch":
		d.NextEpoch()
		d.Publish()
		return
	case "state":
		d.Put(d.Stranger(d.Draw()))
		d.Publish()
		return
	case "renewal":
		d.Renewal = 0
		return
	}
	l, ok := lieTable[args[0]]
	if !ok {
		ts.Fatalf("no such lie")
	}
	d.Lie = l
}
