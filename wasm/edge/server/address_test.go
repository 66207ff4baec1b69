package main

import (
	"net/http"
	"testing"
)

// With a port or without: some proxies write one.
func TestAddress(t *testing.T) {
	tested := 0
	for _, c := range []struct{ remote, header, want string }{
		{"192.0.2.7:1234", "", "192.0.2.7"},
		{"[2001:db8:1:2:3:4:5:6]:1234", "", "2001:db8:1:2:3:4:5:6"},
		{"[::ffff:192.0.2.7]:1234", "", "192.0.2.7"},
		{"[fe80::1%eth0]:1234", "", "fe80::1"},
		{"192.0.2.7:1234", "198.51.100.1", "198.51.100.1"},
		{"192.0.2.7:1234", "198.51.100.1:5555", "198.51.100.1"},
		{"192.0.2.7:1234", "[2001:db8::1]:5555", "2001:db8::1"},
		{"192.0.2.7:1234", "[2001:db8::1]", "2001:db8::1"},
		{"192.0.2.7:1234", "::ffff:198.51.100.1", "198.51.100.1"},
		// What the client made up comes first, what the proxy saw last.
		{"192.0.2.7:1234", "10.0.0.1, 198.51.100.1", "198.51.100.1"},
		{"192.0.2.7:1234", "2001:db8::1", "2001:db8::1"},
		{"192.0.2.7:1234", "nonsense", "invalid IP"},
		{"192.0.2.7:1234", "[2001:db8::1", "invalid IP"},
		{"192.0.2.7:1234", "198.51.100.1:", "invalid IP"},
		{"pipe", "", "invalid IP"},
	} {
		tested++
		r := &http.Request{RemoteAddr: c.remote, Header: http.Header{}}
		name := ""
		if c.header != "" {
			name = "X-Forwarded-For"
			r.Header.Add(name, "203.0.113.9")
			r.Header.Add(name, c.header)
		}
		if got := address(r, name).String(); got != c.want {
			t.Errorf("%s, %q: %s, want %s", c.remote, c.header, got, c.want)
		}
	}
	if tested != 15 {
		t.Errorf("%d cases", tested)
	}
	// Without the option the header says nothing; with it, its absence does.
	r := &http.Request{RemoteAddr: "192.0.2.7:1", Header: http.Header{"X-Forwarded-For": {"10.0.0.1"}}}
	if got := address(r, "").String(); got != "192.0.2.7" {
		t.Errorf("%s", got)
	}
	if got := address(r, "X-Real-Ip"); got.IsValid() {
		t.Errorf("%s", got)
	}
}
