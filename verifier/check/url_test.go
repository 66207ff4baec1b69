package check_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"sealbook/site"
	"sealbook/verifier/check"
	"sealbook/wasm/trust"
)

func TestSlow(t *testing.T) {
	p := newPublisher(t)
	h, err := site.Handler(p.publish(t, "1.0.0"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/core.wasm" {
			<-r.Context().Done()
			return
		}
		h.ServeHTTP(w, r)
	}))
	defer server.Close()
	defer cancel()
	source, err := check.OpenWithin(server.URL, 2*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	policy, err := trust.ParsePolicy(p.policy)
	if err != nil {
		t.Fatal(err)
	}
	r := check.Site(ctx, source, check.Options{Policy: policy, Now: now})
	if !slices.ContainsFunc(r.Findings, func(f check.Finding) bool {
		return f.Code == check.Fetch && f.Reason == "slow" && f.Where == "core.wasm"
	}) {
		t.Errorf("%d %v", r.Exit(), r.Findings)
	}
}

// Nothing but what is on this machine is reached without TLS.
func TestAddresses(t *testing.T) {
	for address, ok := range map[string]bool{
		"https://sealbook.example/": true, "https://sealbook.example/sub": true, "http://127.0.0.1:1/": true, "http://localhost/": true, "http://[::1]/": true,
		"http://sealbook.example/": false, "https://user:pass@sealbook.example/": false, "https://sealbook.example/?q": false, "https://": false, "http://127.0.0.1.example/": false,
	} {
		if _, err := check.Open(address); (err == nil) != ok {
			t.Errorf("%s: %v", address, err)
		}
	}
}
