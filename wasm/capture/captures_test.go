package capture_test

import (
	"os"
	"path/filepath"
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
	for _, test := range []struct {
		name                         string
		requests, responses, sockets int
	}{
		{"har/mitmproxy.zhar", 2, 2, 0},
		{"har/charles.har", 1, 1, 0},
		{"har/chrome.har", 3, 2, 0},
		{"har/chrome-bom-post.har", 1, 1, 0},
		{"har/insomnia.har", 1, 1, 0},
		{"har/mitmproxy-websocket.har", 3, 3, 5},
		{"har/playwright-sha1.har", 1, 1, 0},
		{"har/tweasel-android.har", 14, 14, 0},
		{"mitmproxy/v0.10.mitm", 1, 1, 0},
		{"mitmproxy/v0.18.mitm", 1, 1, 0},
		{"mitmproxy/v7-websocket.mitm", 3, 3, 6},
		{"mitmproxy/v18-httpbin.mitm", 4, 4, 0},
		{"mitmproxy/v20-streamed.mitm", 2, 2, 0},
		{"mitmproxy/v20-websocket.mitm", 3, 3, 5},
		{"mitmproxy/v21-corrupt-gzip.mitm", 1, 1, 0},
		{"pcap/http2-plain-443.pcap", 4, 4, 0},
		{"pcap/http2-continuation-null.pcap", 1, 1, 0},
		{"pcap/http-brotli.pcap", 3, 3, 0},
		{"pcap/sll2.pcap", 1, 0, 0},
		{"pcap/websocket-deflate.pcap", 1, 1, 10},
		{"pcap/pipelined.pcap", 5, 5, 0},
		{"pcap/multipart.pcap", 1, 0, 0},
		{"pcap/missing-syn.pcapng", 1, 1, 0},
		{"pcap/dropped-response.pcap.gz", 1000, 999, 0},
		{"saz/simple.saz", 1, 1, 0},
		{"saz/multipleSessions.saz", 4, 4, 0},
		{"tls/tls12-http.pcap", 1, 1, 0},
		{"tls/tls12-http-dsb.pcapng", 1, 1, 0},
	} {
		c, about := count(t, filepath.Join(dir, test.name), capture.Options{})
		if c.requests != test.requests || c.responses != test.responses || c.sockets != test.sockets {
			t.Errorf("%s: %d/%d, ws %d; want %d/%d, ws %d", test.name, c.requests, c.responses, c.sockets, test.requests, test.responses, test.sockets)
		}
		t.Log(test.name, about.Format, about.Creator, len(about.Tweasel), c.others, c.problems)
	}
}
