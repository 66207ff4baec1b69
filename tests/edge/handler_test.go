package edge_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sealbook/tests/edge/storecases"
	"sealbook/wasm/directory"
	"sealbook/wasm/edge"
	"sealbook/wasm/edge/sqlite"
	"sealbook/wasm/edge/store"
	"sealbook/wasm/oprf"
)

// restartWith starts it again with another configuration.
func (p *inProcess) restartWith(t testing.TB, change func(*edge.Config)) {
	t.Helper()
	p.stop()
	p.start(t, change)
}

func (p *inProcess) begin(t testing.TB, number, address string) (int, directory.Problem, http.Header) {
	t.Helper()
	r, err := http.NewRequest("POST", p.server.URL+"/v1/registrations", strings.NewReader(`{"number":"`+number+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Address", address)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var problem directory.Problem
	if err := json.NewDecoder(res.Body).Decode(&problem); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, problem, res.Header
}

// A network address has its share of codes too, whatever numbers it names.
func TestSendsPerAddress(t *testing.T) {
	p := newInProcess(t)
	p.restartWith(t, func(c *edge.Config) { c.Limits.SendsPerAddress = 4 })
	for i := range 5 {
		status, problem, header := p.begin(t, fmt.Sprintf("+120255501%02d", i), "192.0.2.1")
		if i < 4 && status != 202 || i == 4 && (status != 429 || problem.Code != directory.SendsExceeded || header.Get("Retry-After") != "3600") {
			t.Errorf("send %d: %d %s", i, status, problem.Code)
		}
	}
	if status, _, _ := p.begin(t, "+12025550199", "192.0.2.2"); status != 202 {
		t.Errorf("another address: %d", status)
	}
	p.ahead.Add(int64(time.Hour))
	if status, _, _ := p.begin(t, "+12025550198", "192.0.2.1"); status != 202 {
		t.Errorf("an hour later: %d", status)
	}
	if p.sent != 6 {
		t.Errorf("%d codes were sent", p.sent)
	}
}

// A sender that fails leaves no registration, and says nothing of the number.
func TestSenderFails(t *testing.T) {
	p := newInProcess(t)
	var logged []string
	p.restartWith(t, func(c *edge.Config) { c.Log = func(err error) { logged = append(logged, err.Error()) } })
	p.fail = errors.New("the gateway is down")
	status, problem, _ := p.begin(t, "+12025550101", "")
	if status != 502 || problem.Code != directory.SenderFailed || strings.Contains(problem.Detail, "gateway is") {
		t.Errorf("%d %+v", status, problem)
	}
	var n int
	if err := p.file.Store.Read.QueryRow("SELECT count(*) FROM registrations").Scan(&n); err != nil || n != 0 {
		t.Errorf("%d registrations remain, %v", n, err)
	}
	if len(logged) != 1 || !strings.Contains(logged[0], "the gateway is down") || strings.Contains(logged[0], "2025550101") {
		t.Errorf("logged: %q", logged)
	}
}

// broken is an evaluator that panics.
type broken struct{ edge.Evaluator }

func (broken) Evaluate(blinded []byte, _ *[oprf.RandomSize]byte, _ []byte, _ *[oprf.ProofSize]byte) (int, oprf.Code) {
	if len(blinded) > 32 {
		panic(string(blinded))
	}
	var none []int
	return none[len(blinded)], oprf.OK
}

// A panic is an answer too, and what it says of a request goes nowhere.
func TestPanic(t *testing.T) {
	p := newInProcess(t)
	s := p.suite(t)
	credential := s.Credential(t)
	var logged []string
	p.restartWith(t, func(c *edge.Config) {
		c.Log = func(err error) { logged = append(logged, err.Error()) }
		c.Evaluator = func(key *[32]byte) (edge.Evaluator, error) {
			e, err := edge.Native(key)
			return broken{e}, err
		}
	})
	for range 2 {
		for _, n := range []int{1, 2} {
			status, body, err := raw("POST", p.server.URL+"/v1/evaluations", "application/octet-stream", credential, bytes.Repeat([]byte("0123456789abcdef"), 2*n))
			if err != nil || status != 500 || problemCode(body) != directory.Internal {
				t.Errorf("%d %s %v", status, body, err)
			}
		}
	}
	if all := strings.Join(logged, "\n"); len(logged) != 4 || strings.Contains(all, "0123456789") || !strings.Contains(all, "index out of range") || !strings.Contains(all, "panic with a string") {
		t.Errorf("logged: %q", logged)
	}
	if status, body, err := raw("GET", p.server.URL+"/v1/me", "", credential, nil); err != nil || status != 200 || !bytes.Contains(body, []byte(`"used":0`)) {
		t.Errorf("%d %v", status, err)
	}
}

// Codes are sent for whoever asks, and signed, to the gateway alone.
func TestWebhook(t *testing.T) {
	secret := []byte("0123456789abcdef")
	var got []byte
	var signature string
	status, redirect := 204, ""
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, _ = io.ReadAll(r.Body)
		signature = r.Header.Get("Sealbook-Signature")
		if redirect != "" {
			w.Header().Set("Location", redirect)
		}
		w.WriteHeader(status)
	}))
	defer gateway.Close()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	hook, err := edge.NewWebhook(gateway.URL+"/?token=0f0f0f", secret, client)
	if err != nil {
		t.Fatal(err)
	}
	m := edge.Message{Number: "+12025550101", Code: "123456", Registration: "00", Expires: time.Unix(1_800_000_000, 0)}
	if err := hook.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write(got)
	if want := `{"number":"+12025550101","code":"123456","expires":"2027-01-15T08:00:00Z"}`; string(got) != want {
		t.Errorf("sent %s, want %s", got, want)
	}
	if want := "sha256=" + hex.EncodeToString(mac.Sum(nil)); signature != want {
		t.Errorf("signature %s, want %s", signature, want)
	}
	for _, status = range []int{200, 302, 400, 500} {
		redirect = gateway.URL
		err := hook.Send(t.Context(), m)
		if (err == nil) != (status == 200) {
			t.Errorf("status %d: %v", status, err)
		}
		if err != nil && strings.Contains(err.Error(), "0101") {
			t.Error("the error has the number")
		}
	}
	gateway.Close()
	if err := hook.Send(t.Context(), m); err == nil || strings.Contains(err.Error(), "token") || strings.Contains(err.Error(), "0101") {
		t.Errorf("no gateway: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := hook.Send(ended, m); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	for _, bad := range []string{"", "gateway", "http://gateway.example/", "ftp://gateway.example/", "https://", "://"} {
		if _, err := edge.NewWebhook(bad, secret, client); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	if _, err := edge.NewWebhook("https://gateway.example/", secret[:15], client); err == nil {
		t.Error("a short secret is taken")
	}
}

// The files that are brought up to date are those that are made anew: random
// lives, read from a handler that remembers and from one that does not, and from
// one that has room for one bucket only.
func TestFilesAgree(t *testing.T) {
	file, _ := openFile(t, sqlite.Options{})
	if err := storecases.Seed(file.Store, 300, 0); err != nil {
		t.Fatal(err)
	}
	// What a power cut would do is not the question here.
	if _, err := file.Store.Write.Exec("PRAGMA synchronous = OFF"); err != nil {
		t.Fatal(err)
	}
	handlers := make([]*edge.Handler, 3)
	for i, room := range []int{1 << 20, 0, 40_000} {
		var err error
		handlers[i], err = edge.New(edge.Config{Name: "directory.example", Store: file.Store, Evaluator: edge.Native,
			Now: time.Now, Limits: edge.DefaultLimits(), Consent: directory.Consent, Cache: room})
		if err != nil {
			t.Fatal(err)
		}
	}
	read := func(h *edge.Handler, path string) []byte {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != 200 {
			t.Fatalf("%s: %d %s", path, w.Code, w.Body)
		}
		return w.Body.Bytes()
	}
	r := mathrand.New(mathrand.NewPCG(5, 6))
	life := newLife(t, file.Store, r)
	for step := range 300 {
		for range 1 + r.IntN(3) {
			life.step(step)
		}
		for _, path := range []string{"/v1/buckets/0/tags", "/v1/buckets/0/records"} {
			want := read(handlers[1], path)
			for _, i := range []int{0, 2} {
				if got := read(handlers[i], path); !bytes.Equal(got, want) {
					t.Fatalf("step %d, handler %d: %s differs", step, i, path)
				}
			}
		}
	}
	if life.changes < 300 {
		t.Errorf("only %d changes", life.changes)
	}
}

// life is people who come, change and go, many with equal tags.
type life struct {
	t       *testing.T
	s       *store.Store
	r       *mathrand.Rand
	people  []store.Account
	changes int
}

func newLife(t *testing.T, s *store.Store, r *mathrand.Rand) *life {
	l := &life{t: t, s: s, r: r, people: make([]store.Account, 40)}
	for i := range l.people {
		a := &l.people[i]
		a.Epoch, a.ID[0], a.Credential[0], a.Search = 1, byte(i+1), byte(i+1), true
		a.Tag = [5]byte{byte(i / 3 * 19)}
	}
	return l
}

func (l *life) step(n int) {
	a := &l.people[l.r.IntN(len(l.people))]
	var err error
	switch l.r.IntN(5) {
	case 0, 1, 2:
		a.Listed = l.r.IntN(4) > 0
		a.Record[0], a.Record[1] = byte(n), byte(n>>8)
		reg := store.Registration{Tries: 1, Sent: int64(n), Expires: 1 << 40}
		for i := range reg.ID {
			reg.ID[i] = byte(l.r.Uint32())
		}
		if ok, _, err := l.s.Begin(context.Background(), reg, [32]byte{}, store.SendLimits{Number: 1 << 20, Address: 1 << 20}); err != nil || !ok {
			l.t.Fatal(ok, err)
		}
		err = l.s.Register(context.Background(), *a, reg.ID)
	case 3:
		a.Record[2] = byte(n)
		err = l.s.PutRecord(context.Background(), a.Credential, a.Record)
	case 4:
		_, err = l.s.Withdraw(context.Background(), a.Credential)
	}
	if err == nil {
		l.changes++
	} else if !errors.Is(err, store.ErrNone) {
		l.t.Fatal(err)
	}
}
