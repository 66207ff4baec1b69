package capture_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sealbook/wasm/capture"
	"sealbook/wasm/capture/file"
)

// counts are what a capture holds.
type counts struct {
	requests, responses, sockets, others int
	problems                             map[capture.Reason]int
}

// count reads a capture.
func count(t testing.TB, path string, o capture.Options) (c counts, about capture.About) {
	t.Helper()
	c.problems = map[capture.Reason]int{}
	about, err := file.Read(path, o, func(m *capture.Message) {
		for _, p := range m.Problems {
			c.problems[p.Reason]++
		}
		switch {
		case m.Index < 0:
		case m.Protocol == capture.WebSocket:
			c.sockets++
		case m.Protocol != capture.HTTP:
			c.others++
		case m.Direction == capture.Request:
			c.requests++
		default:
			c.responses++
		}
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c, about
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// captures is the folder of real captures, which are not in the repository.
func captures(t testing.TB) string {
	dir := os.Getenv("SEALBOOK_CAPTURES")
	if dir == "" {
		for _, up := range []string{"../../../shared/captures", "../../../../shared/captures"} {
			if _, err := os.Stat(up); err == nil {
				dir = up
			}
		}
	}
	if dir == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("the captures are not there: SEALBOOK_CAPTURES has to name their folder")
		}
		return ""
	}
	return dir
}

func TestCaptures(t *testing.T) {
	dir := captures(t)
	if dir == "" {
		t.Log("no real captures: neither SEALBOOK_CAPTURES nor ../shared/captures; only those of the generator are read")
		return
	}
	read := map[string]bool{}
	for _, test := range []struct {
		name                         string
		requests, responses, sockets int
		problems                     string // of a capture that has some
	}{
		{"har/mitmproxy.zhar", 2, 2, 0, ""},
		{"har/charles.har", 1, 1, 0, ""},
		{"har/chrome.har", 3, 2, 0, ""},
		{"har/chrome-bom-post.har", 1, 1, 0, ""},
		{"har/insomnia.har", 1, 1, 0, ""},
		{"har/mitmproxy-websocket.har", 3, 3, 5, ""},
		{"har/playwright-sha1.har", 1, 1, 0, ""},
		{"har/tweasel-android.har", 14, 14, 0, ""},
		{"har/broken.har", 0, 0, 0, "map[BAD_CAPTURE:1]"},
		{"mitmproxy/v0.10.mitm", 1, 1, 0, ""},
		{"mitmproxy/v0.18.mitm", 1, 1, 0, ""},
		{"mitmproxy/v7-websocket.mitm", 3, 3, 6, ""},
		{"mitmproxy/v18-httpbin.mitm", 4, 4, 0, ""},
		{"mitmproxy/v20-streamed.mitm", 2, 2, 0, "map[BODY_STREAMED:2]"},
		{"mitmproxy/v20-websocket.mitm", 3, 3, 5, ""},
		{"mitmproxy/v21-corrupt-gzip.mitm", 1, 1, 0, "map[BROKEN_ENCODING:1]"},
		{"pcap/http2-plain-443.pcap", 4, 4, 0, ""},
		{"pcap/http2-continuation-null.pcap", 1, 1, 0, ""},
		{"pcap/http-brotli.pcap", 3, 3, 0, ""},
		{"pcap/sll2.pcap", 1, 0, 0, ""},
		{"pcap/websocket-deflate.pcap", 1, 1, 10, ""},
		{"pcap/pipelined.pcap", 5, 5, 0, ""},
		{"pcap/multipart.pcap", 1, 0, 0, ""},
		{"pcap/missing-syn.pcapng", 1, 1, 0, ""},
		{"pcap/dropped-response.pcap.gz", 1000, 999, 0, "map[GAP:1]"},
		{"saz/simple.saz", 1, 1, 0, ""},
		{"saz/multipleSessions.saz", 4, 4, 0, ""},
		{"tls/tls12.pcap", 0, 0, 0, ""},
		{"tls/tls13.pcap", 0, 0, 0, ""},
		{"tls/tls12-http.pcap", 1, 1, 0, ""},
		{"tls/tls12-http-dsb.pcapng", 1, 1, 0, ""},
	} {
		read[test.name] = true
		c, _ := count(t, filepath.Join(dir, test.name), capture.Options{})
		if c.requests != test.requests || c.responses != test.responses || c.sockets != test.sockets {
			t.Errorf("%s: %d/%d, ws %d; want %d/%d, ws %d", test.name, c.requests, c.responses, c.sockets, test.requests, test.responses, test.sockets)
		}
		if got := fmt.Sprint(c.problems); got != or(test.problems, "map[]") {
			t.Errorf("%s: problems %s, want %s", test.name, got, test.problems)
		}
	}
	// All of the folder, but for key logs and the body that a HAR names.
	found := 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		name, _ := filepath.Rel(dir, path)
		if err != nil || d.IsDir() || filepath.Ext(path) == ".keylog" || filepath.Ext(path) == ".txt" || name == "SOURCES.md" {
			return err
		}
		found++
		if !read[filepath.ToSlash(name)] {
			t.Errorf("%s was not read", name)
		}
		return nil
	})
	if err != nil || found != len(read) {
		t.Errorf("%d captures, %d read: %v", found, len(read), err)
	}
	for _, test := range []struct{ name, want string }{
		{"tls/tls12.pcap", "0 request  example.ulfheim.net tcp: body=ping|0 response  example.ulfheim.net tcp: body=pong"},
		{"tls/tls13.pcap", "0 request  example.ulfheim.net tcp: body=ping|0 response  example.ulfheim.net tcp: body=pong"},
		{"tls/../tls/tls12-http.pcap", "0 request get heise.de:|0 response get heise.de 301: body="},
		{"har/playwright-sha1.har", "0 request get no.playwright:|0 response get no.playwright 200: body=hello, world"},
	} {
		var got []string
		if _, err := file.Read(filepath.Join(dir, test.name), capture.Options{}, func(m *capture.Message) { got = append(got, describe(m)) }, nil); err != nil {
			t.Fatal(err)
		}
		if all := strings.Join(got, "|"); !strings.HasPrefix(all, test.want) {
			t.Errorf("%s: %q", test.name, all)
		}
	}
	// Before decryption there is nothing.
	data, err := os.ReadFile(filepath.Join(dir, "tls/tls12-http.pcap"))
	if err != nil {
		t.Fatal(err)
	}
	got, _ := lines("alone.pcap", data, capture.Options{}, 4096, nil)
	compare(t, "TLS without its key log", got, []string{"0 request  heise.de tcp: !NO_KEY", "0 response  heise.de tcp: !NO_KEY"})
	// Where broken.har breaks.
	if _, err := file.Read(filepath.Join(dir, "har/broken.har"), capture.Options{}, func(m *capture.Message) {
		if m.Problems[0].Offset != 22 {
			t.Errorf("broken.har breaks at byte %d", m.Problems[0].Offset)
		}
	}, nil); err != nil {
		t.Fatal(err)
	}
}
