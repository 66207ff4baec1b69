//go:build js && wasm

// D1 runs the store's cases in workerd, on D1. It answers GET /v2/cases with how
// many there are, and POST /v2/cases/N with what case N found.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"sealbook/tests/edge/storecases"
	"sealbook/wasm/edge/cloudflare"
	"sealbook/wasm/edge/store"
)

func main() {
	tables := cloudflare.Open()
	cases := append(storecases.Cases, own...)
	handler := func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/v2/panic":
			panic("canary")
		case "/v2/exit":
			os.Exit(3)
		}
		if wait, ok := strings.CutPrefix(r.URL.Path, "/v2/wait/"); ok {
			if err := waitFor(wait, tables); err != nil {
				panic(err)
			}
		}
		var answer any = len(cases)
		if text, ok := strings.CutPrefix(r.URL.Path, "/v2/cases/"); ok {
			i, err := strconv.Atoi(text)
			if err != nil || i >= len(cases) {
				w.WriteHeader(http.StatusNotFound)
				return
			}
			answer = run(cases[i], tables)
		}
		body, err := json.Marshal(answer)
		if err != nil {
			panic(err)
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.Write(body)
	}
	cloudflare.Serve(http.HandlerFunc(handler), cloudflare.Program{
		Clean:   func(context.Context) error { return nil },
		Publish: func(context.Context) (time.Duration, bool, error) { return time.Hour, false, nil },
		Index:   func(context.Context) ([]byte, error) { return []byte("{}"), nil },
	})
}

// waitFor leaves a timer behind, as the runtime does too when it collects
// garbage, or waits for one and asks the database.
func waitFor(text string, tables *store.Store) error {
	text, leave := strings.CutSuffix(text, "/leave")
	wait, err := time.ParseDuration(text)
	if err != nil {
		return err
	}
	if leave {
		time.AfterFunc(wait, func() {})
		return nil
	}
	time.Sleep(wait)
	var n int
	return tables.Read.QueryRowContext(ctx, "SELECT 1").Scan(&n)
}

// result is what a case found.
type result struct {
	Name   string
	Errors []string
}

// findings is the storecases.T of one case.
type findings struct {
	mu     sync.Mutex
	errors []string
}

func (f *findings) Errorf(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.errors = append(f.errors, fmt.Sprintf(format, args...))
}

// fatal ends a case.
type fatal struct{}

func (f *findings) Fatalf(format string, args ...any) {
	f.Errorf(format, args...)
	panic(fatal{})
}

func run(c storecases.Case, s *store.Store) result {
	f := &findings{}
	func() {
		defer func() {
			switch v := recover().(type) {
			case nil, fatal:
			default:
				f.Errorf("panic: %v", v)
			}
		}()
		if err := storecases.Reset(s); err != nil {
			f.Fatalf("reset: %v", err)
		}
		c.Run(f, s)
	}()
	return result{c.Name, f.errors}
}
