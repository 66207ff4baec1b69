package main

import (
	"net/http"
	"testing"
)

func TestAddress(t *testing.T) {
	for _, c := range []struct{ remote, header, want string }{
		{"192.0.2.7:1234", "", "192.0.2.7"},
		{"[2001:db8:1:2:3:4:5:6]:1234", "", "2001:db8:1:2::/64"},
		{"[::ffff:192.0.2.7]:1234", "", "192.0.2.7"},
		{"[fe80::1%eth0]:1234", "", "fe80::/64"},
		{"192.0.2.7:1234", "198.51.100.1", "198.51.100.1"},
		// What the client made up comes first, what the proxy saw last.
		{"192.0.2.7:1234", "10.0.0.1, 198.51.100.1", "198.51.100.1"},
		{"192.0.2.7:1234", "2001:db8::1", "2001:db8::/64"},
		{"192.0.2.7:1234", "nonsense", "unknown"},
		{"pipe", "", "unknown"},
	} {
		r := &http.Request{RemoteAddr: c.remote, Header: http.Header{}}
		name := ""
		if c.header != "" {
			name = "X-Forwarded-For"
			r.Header.Add(name, "203.0.113.9")
			r.Header.Add(name, c.header)
		}
		if got := address(r, name); got != c.want {
			t.Errorf("%s, %q: %s, want %s", c.remote, c.header, got, c.want)
		}
	}
	// Without the option the header says nothing.
	r := &http.Request{RemoteAddr: "192.0.2.7:1", Header: http.Header{"X-Forwarded-For": {"10.0.0.1"}}}
	if got := address(r, ""); got != "192.0.2.7" {
		t.Errorf("%s", got)
	}
}
