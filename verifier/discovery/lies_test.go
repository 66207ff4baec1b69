//go:build old

package discovery_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "sealbook/verifier/discovery"
	"sealbook/verifier/discovery/discoverytest"
	"sealbook/wasm/directory"
)

// at lies in the answer to requests whose path ends so.
func at(path string, change func(a *httptest.ResponseRecorder)) discoverytest.Lie {
	return func(r *http.Request, a *httptest.ResponseRecorder) *httptest.ResponseRecorder {
		if strings.HasSuffix(r.URL.Path, path) {
			change(a)
		}
		return a
	}
}

// set puts another body in.
func set(a *httptest.ResponseRecorder, body []byte) {
	a.Body = bytes.NewBuffer(body)
	a.Header().Set("Content-Length", fmt.Sprint(len(body)))
}

// body lies in the body.
func body(path string, change func(b []byte) []byte) discoverytest.Lie {
	return at(path, func(a *httptest.ResponseRecorder) { set(a, change(a.Body.Bytes())) })
}

func flip(i int) func(b []byte) []byte {
	return func(b []byte) []byte { b[(i+len(b))%len(b)] ^= 1; return b }
}

// field lies in a field of JSON.
func field(path, name string, change func(old string) string) discoverytest.Lie {
	return body(path, func(b []byte) []byte {
		var all map[string]any
		if err := json.Unmarshal(b, &all); err != nil {
			panic(err)
		}
		all[name] = change(all[name].(string))
		out, err := json.Marshal(all)
		if err != nil {
			panic(err)
		}
		return out
	})
}

func letter(old string) string {
	if old[4] == 'A' {
		return old[:4] + "B" + old[5:]
	}
	return old[:4] + "A" + old[5:]
}

// keysOf are the keys of a directory with a seed of the tests.
func keysOf(seed byte) *directory.Keys {
	k, err := directory.NewKeys([32]byte{seed}, "directory.example")
	if err != nil {
		panic(err)
	}
	return k
}

// resigned signs what a note says anew, changed.
func resigned[S any, P interface {
	*S
	directory.Statement
}](change func(s P)) func(string) string {
	return func(note string) string {
		k := keysOf(1)
		v, err := directory.NewVerifier(k.Verifier())
		if err != nil {
			panic(err)
		}
		s := P(new(S))
		if err := v.Open(note, s); err != nil {
			panic(err)
		}
		change(s)
		if note, err = k.Sign(s); err != nil {
			panic(err)
		}
		return note
	}
}

// What a directory shows of itself is believed only as far as it is signed.
func TestLiesOfItself(t *testing.T) {
	w := newTown(t, 1)
	other := newTown(t, 2)
	for _, c := range []struct {
		why  string
		code Code
		key  string
		lie  discoverytest.Lie
	}{
		{"another directory's key", Key, other.Key, nil},
		{"a key that is none", Key, "directory.example+1", nil},
		{"a note that was altered", Note, w.Key, field("/directory", "note", func(n string) string { return strings.Replace(n, `"budget":5120`, `"budget":9999`, 1) })},
		{"no note", Note, w.Key, field("/directory", "note", func(string) string { return "" })},
		{"a public key that is none", Note, w.Key, field("/directory", "note", resigned(func(p *directory.Parameters) { p.PublicKey = bytes.Repeat([]byte{0xff}, 32) }))},
		{"a body cut short", Answer, w.Key, body("/directory", func(b []byte) []byte { return b[:len(b)/2] })},
		{"no JSON", Answer, w.Key, body("/directory", func([]byte) []byte { return []byte("<html>") })},
		{"megabytes", Size, w.Key, body("/directory", func([]byte) []byte { return make([]byte, 3<<20) })},
		{"a redirection", Refused, w.Key, at("/directory", func(a *httptest.ResponseRecorder) {
			a.Code = 302
			a.Header().Set("Location", other.URL+"/v1/directory")
		})},
		{"a page of a gateway", Refused, w.Key, at("/directory", func(a *httptest.ResponseRecorder) { a.Code = 502; set(a, []byte("<html>+442079460101")) })},
	} {
		w.SetLie(c.lie)
		_, err := Open(t.Context(), w.URL, Options{Key: c.key})
		if !errors.Is(err, c.code) || strings.Contains(err.Error(), "4420794") {
			t.Errorf("%s: %v", c.why, err)
		}
	}
	if other.Came() != nil {
		t.Error("a redirection was followed")
	}
	w.SetLie(nil)
	for _, address := range []string{"http://directory.example", "ftp://localhost", "localhost", "", "mailto:a@b"} {
		if _, err := Open(t.Context(), address, Options{}); !errors.Is(err, Input) {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// A registration is believed only with a proof and the right receipt.
func TestLiesOfARegistration(t *testing.T) {
	w := newTown(t, 1)
	d := w.open()
	receipt := func(change func(r *directory.Receipt)) func(string) string { return resigned(change) }
	for _, c := range []struct {
		why  string
		code Code
		lie  func(path string) discoverytest.Lie
	}{
		{"a wrong proof", Proof, func(p string) discoverytest.Lie { return field(p, "proof", letter) }},
		{"another evaluation", Proof, func(p string) discoverytest.Lie { return field(p, "evaluated", letter) }},
		{"a proof of another length", Answer, func(p string) discoverytest.Lie { return field(p, "proof", func(s string) string { return s[:40] }) }},
		{"a credential of another length", Answer, func(p string) discoverytest.Lie {
			return field(p, "credential", func(s string) string { return s[:40] })
		}},
		{"a receipt that is not signed", Note, func(p string) discoverytest.Lie {
			return field(p, "receipt", func(s string) string { return strings.Replace(s, `"bucket":0`, `"bucket":1`, 1) })
		}},
		{"a receipt for another account", ReceiptWrong, func(p string) discoverytest.Lie {
			return field(p, "receipt", receipt(func(r *directory.Receipt) { r.Account = strings.Repeat("0", 32) }))
		}},
		{"a receipt for another tag", ReceiptWrong, func(p string) discoverytest.Lie {
			return field(p, "receipt", receipt(func(r *directory.Receipt) { *r.Tag = make([]byte, 5) }))
		}},
		{"a receipt for another bucket", ReceiptWrong, func(p string) discoverytest.Lie {
			return field(p, "receipt", receipt(func(r *directory.Receipt) { r.Bucket = 7 }))
		}},
		{"a receipt for more than was allowed", ReceiptWrong, func(p string) discoverytest.Lie {
			return field(p, "receipt", receipt(func(r *directory.Receipt) { r.Scopes = directory.Scopes() }))
		}},
		{"consent to another text", ReceiptWrong, func(p string) discoverytest.Lie {
			return field(p, "receipt", receipt(func(r *directory.Receipt) { r.ConsentSHA256 = strings.Repeat("0", 64) }))
		}},
		{"another epoch", Epoch, func(p string) discoverytest.Lie {
			return body(p, func(b []byte) []byte { return bytes.Replace(b, []byte(`"epoch":`), []byte(`"epoch":1`), 1) })
		}},
	} {
		c1 := w.begin(d, ann, 1, directory.Discoverable)
		w.SetLie(c.lie("/" + c1.Registration))
		mine, err := d.Confirm(t.Context(), c1)
		w.SetLie(nil)
		if !errors.Is(err, c.code) || mine.Credential != "" {
			t.Errorf("%s: %v", c.why, err)
		}
	}
	// The code is used up if only the record could not be published.
	c := w.begin(d, ann, 1, directory.Scopes()...)
	w.SetLie(func(r *http.Request, a *httptest.ResponseRecorder) *httptest.ResponseRecorder {
		if r.Method == "PUT" {
			return nil
		}
		return a
	})
	mine, err := d.Confirm(t.Context(), c)
	w.SetLie(nil)
	if !errors.Is(err, Network) || mine.Credential == "" {
		t.Fatalf("%v", err)
	}
	if err := d.Publish(t.Context(), mine.Credential, mine.RecordKey, c.Record); err != nil {
		t.Error(err)
	}
	// A wrong code says how many tries are left.
	c = w.begin(d, ann, 1, directory.Search)
	c.Code = string('0'+(c.Code[0]-'0'+1)%10) + c.Code[1:]
	_, err = d.Confirm(t.Context(), c)
	if e, ok := errors.AsType[*Error](err); !ok || !errors.Is(err, directory.CodeWrong) || e.Problem.TriesLeft == nil || *e.Problem.TriesLeft != 4 {
		t.Errorf("a wrong code: %v", err)
	}
	w.SetLie(field("/v1/me", "receipt", resigned(func(r *directory.Withdrawal) { r.Account = strings.Repeat("0", 32) })))
	if _, _, err := d.Withdraw(t.Context(), mine.Credential, mine.Receipt.Account); !errors.Is(err, ReceiptWrong) {
		t.Errorf("a receipt of another withdrawal: %v", err)
	}
}

// A search that is lied to finds nothing, and leaves the state as it was; told
// the truth again it goes on.
func TestLiesOfASearch(t *testing.T) {
	w := newTown(t, 1)
	d := w.open()
	for i := range 10 {
		w.join(d, stranger(i), 9, directory.Discoverable)
	}
	mine := w.join(d, ann, 1)
	w.join(d, ben, 2)
	epoch := func(b []byte) []byte { binary.BigEndian.PutUint32(b[4:], 99); return b }
	once := func(path, header, value string) discoverytest.Lie {
		return at(path, func(a *httptest.ResponseRecorder) { a.Header().Set(header, value) })
	}
	for _, c := range []struct {
		why  string
		code Code
		warm bool // with a state that has tags, so that a delta is asked for
		lie  discoverytest.Lie
	}{
		{"a wrong proof", Proof, false, body("/evaluations", flip(-1))},
		{"an evaluation that is none", Proof, false, body("/evaluations", func(b []byte) []byte { copy(b, bytes.Repeat([]byte{0xff}, 32)); return b })},
		{"two evaluations exchanged", Proof, false, body("/evaluations", func(b []byte) []byte {
			first := bytes.Clone(b[:32])
			copy(b, b[32:64])
			copy(b[32:64], first)
			return b
		})},
		{"an evaluation too few", Answer, false, body("/evaluations", func(b []byte) []byte { return b[32:] })},
		{"an evaluation too many", Size, false, body("/evaluations", func(b []byte) []byte { return append(b, b[:32]...) })},
		{"another epoch's evaluation", Epoch, false, once("/evaluations", "Sealbook-Epoch", "99")},
		{"a body that is shorter than said", Network, false, at("/evaluations", func(a *httptest.ResponseRecorder) { a.Body.Truncate(100) })},
		{"tags cut short", TagsWrong, false, body("/tags", func(b []byte) []byte { return b[:len(b)-1] })},
		{"tags out of order", TagsWrong, false, body("/tags", func(b []byte) []byte { b[28] = 0xff; return b })},
		{"tags of another bucket", TagsWrong, false, body("/tags", func(b []byte) []byte { b[8], b[15] = 8, 1; return b })},
		{"tags of another epoch", Epoch, false, body("/tags", epoch)},
		{"records of another epoch", Epoch, false, body("/records", func(b []byte) []byte {
			if len(b) == 28 {
				return epoch(b)
			}
			return b
		})},
		{"records of another count", RecordWrong, false, body("/records", func(b []byte) []byte {
			if len(b) == 28 {
				b[27]++
			}
			return b
		})},
		{"records of ever another version", TagsWrong, false, body("/records", func(b []byte) []byte {
			if len(b) == 28 {
				b[23]++
			}
			return b
		})},
		{"records without the name of their state", RecordWrong, false, at("/records", func(a *httptest.ResponseRecorder) { a.Header().Del("Etag") })},
		{"a block cut short", RecordWrong, false, body("/records", func(b []byte) []byte {
			if len(b) > 28 {
				return b[:len(b)-64]
			}
			return b
		})},
		{"the whole file in place of a block", Refused, false, at("/records", func(a *httptest.ResponseRecorder) { a.Code = 200 })},
		{"a delta cut short", TagsWrong, true, body("/delta", func(b []byte) []byte { return b[:39] })},
		{"a delta of another epoch", Epoch, true, body("/delta", epoch)},
		{"a delta backwards", TagsWrong, true, body("/delta", func(b []byte) []byte { b[31] = 0; b[23] = 9; return b })},
	} {
		path := filepath.Join(t.TempDir(), "state")
		search := Search{Credential: mine.Credential, Numbers: []string{ben, "+442079460199"}}
		var err error
		if search.State, err = LoadState(path, d); err != nil {
			t.Fatal(err)
		}
		if c.warm {
			if _, err := d.Discover(t.Context(), search); err != nil {
				t.Fatal(err)
			}
		}
		known := search.State.Known()
		before, _ := os.ReadFile(path)
		w.SetLie(c.lie)
		r, err := d.Discover(t.Context(), search)
		w.SetLie(nil)
		if !errors.Is(err, c.code) || r.Found != nil {
			t.Errorf("%s: %v", c.why, err)
		}
		after, _ := os.ReadFile(path)
		evaluated := c.code != Proof && c.code != Answer && c.code != Size && !strings.Contains(c.why, "evaluation") && c.code != Network
		if !evaluated && !bytes.Equal(before, after) {
			t.Errorf("%s: the state was changed", c.why)
		}
		if evaluated && !c.warm && search.State.Known() != known+2 {
			t.Errorf("%s: what was paid for is lost", c.why)
		}
		// Told the truth, the same goes on.
		if search.State, err = LoadState(path, d); err != nil {
			t.Fatal(err)
		}
		r, err = d.Discover(t.Context(), search)
		if err != nil || len(r.Found) != 1 || r.Found[0].Number != ben || evaluated && r.Counts.Charged != 0 {
			t.Errorf("%s: afterwards %+v %v", c.why, r, err)
		}
	}
}

// A delta of another history, and a record that was altered, are no errors: the
// whole file settles the one, and nobody vouches for the other.
func TestHarmless(t *testing.T) {
	w := newTown(t, 1)
	d := w.open()
	mine := w.join(d, ann, 1)
	w.join(d, ben, 2)
	search := Search{Credential: mine.Credential, Numbers: []string{ben}, State: NewState(d)}
	if _, err := d.Discover(t.Context(), search); err != nil {
		t.Fatal(err)
	}
	w.SetLie(body("/delta", func(b []byte) []byte { b[35] = 0; b[39] = 1; return append(b[:40], 1, 2, 3, 4, 5) }))
	if r, err := d.Discover(t.Context(), search); err != nil || len(r.Found) != 1 {
		t.Errorf("a delta that removes what is not there: %+v %v", r, err)
	}
	w.SetLie(body("/records", func(b []byte) []byte {
		if len(b) == 28 {
			return b
		}
		return make([]byte, len(b))
	}))
	if r, err := d.Discover(t.Context(), search); err != nil || len(r.Found) != 0 || r.Counts.Unopened != 1 {
		t.Errorf("altered records: %+v %v", r, err)
	}
}

// A connection may be lost at any request; what was paid for stays paid.
func TestLostConnections(t *testing.T) {
	w := newTown(t, 1)
	d := w.open()
	mine := w.join(d, ann, 1)
	w.join(d, ben, 2)
	for lost := range 4 {
		path := filepath.Join(t.TempDir(), "state")
		state, err := LoadState(path, d)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		w.SetLie(func(r *http.Request, a *httptest.ResponseRecorder) *httptest.ResponseRecorder {
			if n++; n == lost+1 {
				return nil
			}
			return a
		})
		w.Came()
		search := Search{Credential: mine.Credential, Numbers: []string{ben}, State: state}
		if _, err := d.Discover(t.Context(), search); !errors.Is(err, Network) {
			t.Errorf("request %d: %v", lost, err)
		}
		if came := w.Came(); len(came) != lost+1 {
			t.Errorf("request %d: %d came; one was repeated", lost, len(came))
		}
		w.SetLie(nil)
		if search.State, err = LoadState(path, d); err != nil {
			t.Fatal(err)
		}
		charged := 8
		if lost > 0 {
			charged = 0
		}
		if r, err := d.Discover(t.Context(), search); err != nil || len(r.Found) != 1 || r.Counts.Charged != charged {
			t.Errorf("request %d: afterwards %+v %v", lost, r, err)
		}
	}
}

func TestSlowAndCancelled(t *testing.T) {
	w := newTown(t, 1)
	w.SetLie(func(r *http.Request, a *httptest.ResponseRecorder) *httptest.ResponseRecorder {
		select {
		case <-r.Context().Done():
		case <-time.After(5 * time.Second):
		}
		return nil
	})
	began := time.Now()
	if _, err := Open(t.Context(), w.URL, Options{Timeout: 50 * time.Millisecond}); !errors.Is(err, Slow) {
		t.Error(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := Open(ctx, w.URL, Options{}); !errors.Is(err, Cancelled) {
		t.Error(err)
	}
	if time.Since(began) > 4*time.Second {
		t.Error("the wait was not cut short")
	}
}

// A damaged state, or one of another directory, is seen.
func TestStates(t *testing.T) {
	w, other := newTown(t, 1), newTown(t, 2)
	d := w.open()
	mine := w.join(d, ann, 1)
	path := filepath.Join(t.TempDir(), "state")
	state, err := LoadState(path, d)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Discover(t.Context(), Search{Credential: mine.Credential, Numbers: []string{ben}, State: state}); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadState(path, other.open()); !errors.Is(err, StateWrong) {
		t.Errorf("of another directory: %v", err)
	}
	whole, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(whole, []byte(ben)) {
		t.Fatal(err)
	}
	sealed := func(text string) []byte { return []byte(text + "\n" + directory.TextSHA256(text) + "\n") }
	line, _, _ := strings.Cut(string(whole), "\n")
	for _, c := range []struct {
		why   string
		code  Code
		state []byte
	}{
		{"a bit", StateWrong, flip(100)(bytes.Clone(whole))},
		{"cut short", StateWrong, whole[:len(whole)-1]},
		{"of another version", StateWrong, sealed(strings.Replace(line, `"version":1`, `"version":2`, 1))},
		{"of a later epoch", Epoch, sealed(strings.Replace(line, `"epoch":`, `"epoch":9`, 1))},
		{"of another public key", Key, sealed(strings.Replace(line, `"public_key":"`, `"public_key":"AAAA`, 1))},
	} {
		if err := os.WriteFile(path, c.state, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadState(path, d); !errors.Is(err, c.code) {
			t.Errorf("%s: %v", c.why, err)
		}
	}
}

// Drops of an answer buy no time.
func TestDrops(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			out.Write([]byte(" "))
			out.(http.Flusher).Flush()
			time.Sleep(20 * time.Millisecond)
		}
	}))
	defer server.Close()
	began := time.Now()
	if _, err := Open(t.Context(), server.URL, Options{Timeout: 100 * time.Millisecond}); !errors.Is(err, Slow) {
		t.Error(err)
	}
	if time.Since(began) > 3*time.Second {
		t.Error("it was waited for")
	}
}
