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
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge"
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
	r, err := http.NewRequest("POST", p.server.URL+"/v2/registrations", strings.NewReader(`{"number":"`+number+`"}`))
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
	p.restartWith(t, func(c *edge.Config) { c.Limits.SendsAddress = 4 })
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

// Around many addresses of one site there is a /48, which has its share; and all
// that have no address share one.
func TestSendsPerNetwork(t *testing.T) {
	p := newInProcess(t)
	var logged []string
	p.restartWith(t, func(c *edge.Config) {
		c.Limits.SendsAddress, c.Limits.SendsNetwork = 4, 6
		c.Log = func(err error) { logged = append(logged, err.Error()) }
	})
	p.publish(t)
	n := 0
	sent := func(times int, address string) (sent int) {
		for range times {
			n++
			if status, _, _ := p.begin(t, fmt.Sprintf("+1%d55501%02d", 201+n/100, n%100), address); status == 202 {
				sent++
			}
		}
		return sent
	}
	for _, c := range []struct {
		address string
		want    int
	}{
		{"2001:db8:1:1::1", 4}, {"2001:db8:1:1::2", 0}, {"2001:db8:1:2::1", 2}, {"2001:db8:1:3::1", 0}, {"2001:db8:2:1::1", 4},
		{"192.0.2.1", 4}, {"192.0.2.1:5555", 0}, {"::ffff:192.0.2.1", 0}, {"192.0.2.2", 4}, {"192.0.2.3:1", 4},
		{"", 4}, {"unknown", 0}, {"not an address", 0},
	} {
		if got := sent(5, c.address); got != c.want {
			t.Errorf("%q: %d codes, want %d", c.address, got, c.want)
		}
	}
	if len(logged) != 1 || !strings.Contains(logged[0], "without an address") {
		t.Errorf("logged: %q", logged)
	}
}

// A calling code has its share, and so have all together: an operator is not
// made to pay without bound, wherever requests come from.
func TestSendsInAll(t *testing.T) {
	p := newInProcess(t)
	p.restartWith(t, func(c *edge.Config) { c.Limits.SendsCalling, c.Limits.SendsTotal = 5, 8 })
	count := map[string]int{}
	for i := range 10 {
		for kind, number := range map[string]string{"+1": fmt.Sprintf("+120255501%02d", i), "+44": fmt.Sprintf("+4420794600%02d", i)} {
			if status, problem, _ := p.begin(t, number, fmt.Sprintf("192.0.2.%d", i)); status == 202 {
				count[kind]++
			} else if problem.Code != directory.SendsExceeded {
				t.Errorf("%d %s", status, problem.Code)
			}
		}
	}
	if count["+1"] > 5 || count["+44"] > 5 || count["+1"]+count["+44"] != 8 || p.sent != 8 {
		t.Errorf("sent %v", count)
	}
}

// Kinds of numbers that an operator names get codes too, and pages of origins
// that one names may ask.
func TestNamedByOperator(t *testing.T) {
	p := newInProcess(t)
	p.restartWith(t, func(c *edge.Config) {
		c.Kinds, c.Origins = []string{"TOLL_FREE", edge.NonGeographic}, []string{"https://app.example"}
	})
	for number, want := range map[string]int{"+18002345678": 202, "+881612345678": 202, "+19002530000": 403} {
		if status, _, _ := p.begin(t, number, ""); status != want {
			t.Errorf("%s…: %d, want %d", number[:4], status, want)
		}
	}
	for origin, want := range map[string]int{"https://app.example": 400, "http://app.example": 403, "https://app.example:444": 403, "https://app.example.org": 403} {
		r, err := http.NewRequest("POST", p.server.URL+"/v2/registrations", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Origin", origin)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		allowed := res.Header.Get("Access-Control-Allow-Origin")
		if res.StatusCode != want || (allowed == origin) != (want == 400) {
			t.Errorf("%s: %d, %q", origin, res.StatusCode, allowed)
		}
	}
	c := p.config(t, p.file.Store, p.files)
	for _, change := range []func(*edge.Config){
		func(c *edge.Config) { c.Kinds = []string{"mobile"} },
		func(c *edge.Config) { c.Origins = []string{"https://app.example/"} },
		func(c *edge.Config) { c.Origins = []string{"*"} },
		func(c *edge.Config) { c.Limits.CodeDigits = 6 },
		func(c *edge.Config) { c.Limits.Budget = 1023 },
		func(c *edge.Config) { c.Limits.SendsNetwork = 0 },
	} {
		bad := c
		if change(&bad); true {
			if _, err := edge.New(bad); err == nil {
				t.Errorf("taken: %+v %q %q", bad.Limits, bad.Kinds, bad.Origins)
			}
		}
	}
}

// counting counts multiplications.
type counting struct {
	edge.Evaluator
	evaluated, outputs *atomic.Int64
}

func (c counting) Evaluate(blinded []byte, random *[oprf.RandomSize]byte, evaluated []byte, proof *[oprf.ProofSize]byte) (int, oprf.Code) {
	c.evaluated.Add(int64(len(blinded) / 32))
	return c.Evaluator.Evaluate(blinded, random, evaluated, proof)
}

func (c counting) Output(out *[oprf.OutputSize]byte, input []byte) oprf.Code {
	c.outputs.Add(1)
	return c.Evaluator.Output(out, input)
}

// Nothing is multiplied for who has no account, no code or no budget: what is
// looked up and charged comes first.
func TestOrderOfWork(t *testing.T) {
	p := newInProcess(t)
	var evaluated, outputs atomic.Int64
	p.restartWith(t, func(c *edge.Config) {
		c.Evaluator = func(key *[32]byte) (edge.Evaluator, error) {
			e, err := edge.Native(key)
			return counting{e, &evaluated, &outputs}, err
		}
	})
	s := p.suite(t)
	credential := s.Credential(t)
	begin := func(number string) string {
		status, body, err := raw("POST", p.server.URL+"/v2/registrations", "application/json", "", []byte(`{"number":"`+number+`"}`))
		var begun directory.BeginAnswer
		if err != nil || status != 202 || json.Unmarshal(body, &begun) != nil {
			t.Fatal(status, err)
		}
		return begun.Registration
	}
	registration := begin("+12055550101")
	before := [2]int64{evaluated.Load(), outputs.Load()}
	confirm := func(id, code string) (int, directory.Code) {
		body, err := json.Marshal(directory.ConfirmRequest{Number: "+12055550101", Code: code, Blinded: generator(),
			Consent: directory.ConsentRequest{TextSHA256: directory.ConsentSHA256, Scopes: directory.Scopes()}})
		if err != nil {
			t.Fatal(err)
		}
		status, answer, err := raw("POST", p.server.URL+"/v2/registrations/"+id, "application/json", "", body)
		if err != nil {
			t.Fatal(err)
		}
		return status, problemCode(answer)
	}
	if _, code := confirm(strings.Repeat("0", 32), "12345678"); code != directory.RegistrationUnknown {
		t.Errorf("an unknown registration: %s", code)
	}
	for range 5 {
		if _, code := confirm(registration, "1"); code != directory.CodeWrong {
			t.Errorf("a wrong code: %s", code)
		}
	}
	if _, code := confirm(registration, "1"); code != directory.CodeExpired {
		t.Errorf("without tries: %s", code)
	}
	for bearer, want := range map[string]directory.Code{"": directory.CredentialMissing, strings.Repeat("A", 43): directory.CredentialUnknown} {
		if _, body, err := raw("POST", p.server.URL+"/v2/evaluations", "application/octet-stream", bearer, eight()); err != nil || problemCode(body) != want {
			t.Errorf("%s %v", body, err)
		}
	}
	if after := [2]int64{evaluated.Load(), outputs.Load()}; after != before {
		t.Errorf("multiplied for nothing: %v, then %v", before, after)
	}
	// With a budget, exactly what was charged; also for elements that are none.
	batch := bytes.Repeat(generator(), 1024)
	copy(batch[32*1023:], make([]byte, 32))
	for i := range 8 {
		_, body, err := raw("POST", p.server.URL+"/v2/evaluations", "application/octet-stream", credential, batch)
		want := directory.ElementInvalid
		if i >= 5 {
			want = directory.BudgetExceeded
		}
		if err != nil || problemCode(body) != want {
			t.Errorf("batch %d: %s %v", i, body, err)
		}
	}
	if got := evaluated.Load() - before[0]; got != 5120 {
		t.Errorf("%d elements for a budget of 5120", got)
	}
}

// A sender that fails leaves no registration, and says nothing of the number.
func TestSenderFails(t *testing.T) {
	p := newInProcess(t)
	var logged []string
	p.restartWith(t, func(c *edge.Config) { c.Log = func(err error) { logged = append(logged, err.Error()) } })
	p.fail = errors.New("the gateway is down")
	status, problem, _ := p.begin(t, "+12025550101", "192.0.2.1")
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
	if len(blinded) > 256 {
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
		for _, n := range []int{8, 64} {
			status, body, err := raw("POST", p.server.URL+"/v2/evaluations", "application/octet-stream", credential, bytes.Repeat([]byte("0123456789abcdef"), 2*n))
			if err != nil || status != 500 || problemCode(body) != directory.Internal {
				t.Errorf("%d %s %v", status, body, err)
			}
		}
	}
	if all := strings.Join(logged, "\n"); len(logged) != 4 || strings.Contains(all, "0123456789") || !strings.Contains(all, "index out of range") || !strings.Contains(all, "panic with a string") {
		t.Errorf("logged: %q", logged)
	}
	if status, body, err := raw("GET", p.server.URL+"/v2/me", "", credential, nil); err != nil || status != 200 || !bytes.Contains(body, []byte(`"used":144`)) {
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
	m := edge.Message{Number: "+12025550101", Code: "12345678", Registration: "00", Expires: time.Unix(1_800_000_000, 0)}
	if err := hook.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write(got)
	if want := `{"number":"+12025550101","code":"12345678","expires":"2027-01-15T08:00:00Z"}`; string(got) != want {
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
