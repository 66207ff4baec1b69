//go:build js && wasm

// Package cloudflare is what a Go program needs on Cloudflare Workers: requests
// that come in, the database D1, settings, and requests to elsewhere. It is the
// Go side of the pool in wasm/edge/worker, whose instances each answer one
// request at a time.
//
// Database, settings and requests to elsewhere come from
// github.com/syumai/workers. What comes in does not: the library splits header
// fields at commas, leaves out what net/http promises, and streams bodies, which
// takes four times as long and leaks; here bodies are small and lengths known.
package cloudflare

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall/js"
	"time"

	"github.com/syumai/workers/cloudflare"
)

// Program is what a Go program does beside answering requests.
type Program struct {
	// Clean erases what has had its time.
	Clean func(context.Context) error
	// Publish publishes what there may be to publish, and returns when to call it
	// again, and whether it did.
	Publish func(context.Context) (wait time.Duration, published bool, err error)
	// Index returns what can be read.
	Index func(context.Context) ([]byte, error)
}

// Serve answers requests with h, and calls the others when it is time to. It does
// not return.
//
// The functions that it gives to instance.js take a request as the fields of
// Incoming in types.d.ts, or nothing, and then a function for the answer.
// Everything goes over at once: each crossing between Go and JavaScript costs.
func Serve(h http.Handler, p Program) {
	platform := Platform()
	platform.Set("handle", js.FuncOf(func(_ js.Value, args []js.Value) any {
		go serve(h, newRequest(args), args[len(args)-1])
		return nil
	}))
	set := func(name string, f func(context.Context) (string, error)) {
		platform.Set(name, js.FuncOf(func(_ js.Value, args []js.Value) any {
			go func() {
				var said string
				status := http.StatusOK
				panicked := try(func() {
					var err error
					if said, err = f(context.Background()); err != nil {
						Log(err)
						status = http.StatusInternalServerError
					}
				})
				args[0].Invoke(status, said, js.Null(), panicked)
			}()
			return nil
		}))
	}
	set("clean", func(ctx context.Context) (string, error) { return "", p.Clean(ctx) })
	set("publish", func(ctx context.Context) (string, error) {
		wait, published, err := p.Publish(ctx)
		said := strconv.FormatInt(wait.Milliseconds(), 10) + " 0"
		if published {
			said = strings.TrimSuffix(said, "0") + "1"
		}
		return said, err
	})
	set("index", func(ctx context.Context) (string, error) {
		index, err := p.Index(ctx)
		return string(index), err
	})
	select {}
}

// Platform is the object in which Go and the entry meet.
func Platform() js.Value { return js.Global().Get("context").Get("platform") }

// Setting is a variable or secret of the worker, "" if it is not set.
func Setting(name string) string { return cloudflare.Getenv(name) }

// Log writes to the worker's log, which `wrangler tail` shows.
func Log(err error) { js.Global().Get("console").Call("error", "error: "+err.Error()) }

// Print writes a line to the worker's log.
func Print(line string) { js.Global().Get("console").Call("log", line) }

// Bytes copies bytes to JavaScript.
func Bytes(b []byte) js.Value {
	v := js.Global().Get("Uint8Array").New(len(b))
	js.CopyBytesToJS(v, b)
	return v
}

func serve(h http.Handler, r *http.Request, answer js.Value) {
	w := &response{header: http.Header{}}
	panicked := try(func() { h.ServeHTTP(w, r) })
	body := js.Null()
	if len(w.body) > 0 && !panicked && r.Method != http.MethodHead {
		body = Bytes(w.body)
	}
	answer.Invoke(max(w.status, http.StatusOK), fieldsOf(w.header), body, panicked)
}

// try reports whether f panicked, as it does too where JavaScript throws. What
// it panicked with may hold something of a request, so the log gets the kind.
func try(f func()) (panicked bool) {
	defer func() {
		if v := recover(); v != nil {
			panicked = true
			Log(fmt.Errorf("panic: %T", v))
		}
	}()
	f()
	return false
}

// newRequest makes what net/http makes of a request.
func newRequest(args []js.Value) *http.Request {
	target, err := url.ParseRequestURI(args[1].String())
	if err != nil {
		target = new(url.URL) // there is nothing at an empty path
	}
	body := body{fault: faults[args[4].String()]}
	if v := args[3]; !v.IsNull() {
		b := make([]byte, v.Length())
		js.CopyBytesToGo(b, v)
		body.Reader.Reset(b)
	}
	r := &http.Request{
		Method: args[0].String(), URL: target, RequestURI: args[1].String(),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: &body, ContentLength: int64(body.Len()),
		RemoteAddr: args[5].String(),
	}
	for line := range strings.SplitSeq(args[2].String(), "\n") {
		// One line a field, whatever commas it has.
		if name, value, ok := strings.Cut(line, ":"); ok {
			r.Header.Add(name, value)
		}
	}
	r.Host = r.Header.Get("Host")
	r.Header.Del("Host")
	if body.fault != nil {
		r.ContentLength = -1
	}
	return r
}

// faults are what may have gone wrong with a body before it came here.
var faults = map[string]error{"late": os.ErrDeadlineExceeded, "cut": io.ErrUnexpectedEOF}

// body is a body as far as it came.
type body struct {
	bytes.Reader
	fault error // instead of its end
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF && b.fault != nil {
		err = b.fault
	}
	return n, err
}

// WriteTo hides the one of bytes.Reader, which knows no fault.
func (b *body) WriteTo(w io.Writer) (int64, error) {
	return io.Copy(w, struct{ io.Reader }{b})
}

func (b *body) Close() error { return nil }

// response keeps an answer until it is whole.
type response struct {
	header http.Header
	status int
	body   []byte
}

func (w *response) Header() http.Header { return w.header }

func (w *response) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

// Write keeps the bytes themselves where they come in one piece: package edge
// never changes what it has sent.
func (w *response) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if w.body == nil {
		w.body = b[:len(b):len(b)]
	} else {
		w.body = append(w.body, b...)
	}
	return len(b), nil
}

// fieldsOf writes header fields, one a line.
func fieldsOf(h http.Header) string {
	var b strings.Builder
	for name, values := range h {
		for _, value := range values {
			b.WriteString(name + ":" + value + "\n")
		}
	}
	return b.String()
}
