package capture_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"sealbook/wasm/capture"
	"sealbook/wasm/capture/capturetest"
)

// feed reads a capture that would not fit into memory: head, then middle so many
// times, then tail. It returns the problems and the most memory that was in use.
func feed(name string, o capture.Options, head string, middle []byte, times int, tail string, found func(*capture.Message)) (most uint64) {
	size := int64(len(head)) + int64(len(middle))*int64(times) + int64(len(tail))
	r := capture.NewReader(o, found)
	r.Begin(name, size)
	for n := 0; ; n++ {
		wanted, at, more := r.Want()
		switch {
		case !more:
			return most
		case wanted != "":
			r.Missing()
		case at < int64(len(head)):
			r.Feed([]byte(head[at:]))
		case at < size-int64(len(tail)):
			r.Feed(middle[(at-int64(len(head)))%int64(len(middle)):])
		case at < size:
			r.Feed([]byte(tail[at-(size-int64(len(tail))):]))
		default:
			r.End()
		}
		if n%256 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
		}
	}
}

// A HAR of 1 GB in a single line, one string of it, takes no more memory than
// its limits say, and the string is told to be too large.
func TestOneLine(t *testing.T) {
	o := capture.Options{MaxBody: 4 << 20}
	chunk := bytes.Repeat([]byte("0123456789abcde "), 1<<14)
	var got []string
	most := feed("x.har", o, `{"log":{"entries":[{"request":{"method":"POST","url":"http://a.example/","headers":[],"postData":{"text":"+442079460018`, chunk, 4<<10, `"}}}]}}`,
		func(m *capture.Message) {
			got = append(got, fmt.Sprint(m.Direction, len(m.Parts), len(m.Parts[len(m.Parts)-1].Bytes), m.Problems))
		})
	if want := "request 2 4194304 [{TOO_LARGE 0}]"; len(got) != 1 || got[0] != want {
		t.Errorf("%q, want %q", got, want)
	}
	if most > 64<<20 {
		t.Errorf("%d MiB in use", most>>20)
	}
}

// 2 GB of entries take no more memory than one.
func TestManyEntries(t *testing.T) {
	item := []byte(`,{"request":{"method":"POST","url":"http://a.example/","headers":[],"postData":{"text":"` + strings.Repeat("0123456789abcde ", 1<<12) + `"}}}`)
	n := 0
	most := feed("x.har", capture.Options{}, `{"log":{"entries":[{"request":{"method":"GET","url":"http://a.example/"}}`, item, 1<<15, `]}}`, func(m *capture.Message) { n++ })
	if n != 1<<15+1 {
		t.Errorf("%d messages", n)
	}
	if most > 64<<20 {
		t.Errorf("%d MiB in use", most>>20)
	}
}

// reasons counts the problems of a capture.
func reasons(name string, data []byte, o capture.Options) map[string]int {
	all := map[string]int{}
	read(name, data, o, 64<<10, nil, func(m *capture.Message) {
		for _, p := range m.Problems {
			all[p.Reason.String()]++
		}
	})
	return all
}

func TestBad(t *testing.T) {
	zeros := packed(t, "gzip", make([]byte, 64<<20))
	bomb := capturetest.Exchange{Method: "POST", Header: [][2]string{{"Content-Encoding", "gzip"}}, Body: zeros}
	many := make([]capturetest.Exchange, 100)
	for i := range many {
		many[i] = bomb
	}
	deep := `{"log":{"x":` + strings.Repeat(`[`, 1<<20)
	looped := capturetest.Tnet([][2]any{{"version", 20}, {"request", nil}})
	matryoshka := []byte("x")
	for range 20 {
		matryoshka = packed(t, "gzip", matryoshka)
	}
	streams := []capturetest.Packet{}
	for i := range 300 {
		streams = append(streams, capturetest.Wire{Client: uint16(1000 + i), NoFIN: true}.Packets(capturetest.Talk{{Client: true, Data: []byte("POST / HTTP/1.1\r\nContent-Length: 5000\r\n\r\nabc")}})...)
	}
	for _, test := range []struct {
		name, file string
		data       []byte
		o          capture.Options
		want       string
	}{
		{"a body that unpacks to 64 MiB", "flows", capturetest.Mitm(20, bomb), capture.Options{MaxBody: 1 << 20}, "TOO_LARGE"},
		{"a hundred of them", "flows", capturetest.Mitm(20, many...), capture.Options{MaxUnpacked: 128 << 20}, "UNPACKS_TOO_LARGE"},
		{"a capture that unpacks to 64 MiB", "x.har.gz", zeros, capture.Options{MaxUnpacked: 1 << 20}, "UNPACKS_TOO_LARGE"},
		{"deep JSON", "x.har", []byte(deep), capture.Options{}, "TOO_DEEP"},
		{"gzip in gzip in gzip", "x", matryoshka, capture.Options{}, ""},
		{"a flow without anything", "flows", looped, capture.Options{}, ""},
		{"a flow that says it is huge", "flows", []byte("9999999999:7:version"), capture.Options{}, "BAD_CAPTURE"},
		{"a flow that is larger than the limit", "flows", append(capturetest.Mitm(20, post(100_000)), capturetest.Mitm(20, post(100))...), capture.Options{MaxBody: 1000, MaxHead: 1000}, "TOO_LARGE"},
		{"half a flow", "flows", capturetest.Mitm(20, post(100))[:200], capture.Options{}, "TRUNCATED"},
		{"half a pcap", "x.pcap", ethernet.Pcap(capturetest.Wire{}.Packets(capturetest.HTTP1(post(3000)))...)[:2000], capture.Options{}, "TRUNCATED"},
		{"a link type nobody uses", "x.pcap", capturetest.Capture{Link: 147}.Pcap(capturetest.Wire{}.Packets(capturetest.HTTP1(post(30)))...), capture.Options{}, "UNSUPPORTED_LINK"},
		{"more connections than the limit", "x.pcap", ethernet.Pcap(streams...), capture.Options{MaxStreams: 100}, "BODY_TRUNCATED"},
		{"more bytes than the limit", "x.pcap", ethernet.Pcap(streams...), capture.Options{MaxBuffered: 100}, "BUFFERED"},
		{"Charles's binary", "x.chls", []byte("x"), capture.Options{}, "EXPORT_AS_HAR"},
		{"Charles 5's, a zip", "X.CHLZ", capturetest.SAZ(post(30)), capture.Options{}, "EXPORT_AS_HAR"},
		{"the same in a zip", "x.zip", zipOf(t, "folder/x.chlz", capturetest.SAZ(post(30))), capture.Options{}, "EXPORT_AS_HAR"},
		{"Proxyman's", "x.proxymanlog", []byte("x"), capture.Options{}, "EXPORT_AS_HAR"},
		{"Proxyman's, second version", "x.proxymanlogv2", []byte("x"), capture.Options{}, "EXPORT_AS_HAR"},
		{"half a zip", "x.saz", capturetest.SAZ(post(30))[:100], capture.Options{}, "BAD_CAPTURE"},
		{"a zip with a password", "x.saz", encrypted(capturetest.SAZ(post(30))), capture.Options{}, "PASSWORD"},
		{"half a gzip", "x.har.gz", packed(t, "gzip", largeHAR(1<<16))[:2000], capture.Options{}, "TRUNCATED"},
		{"half of Burp's", "x.xml", capturetest.Burp(true, post(3000))[:2000], capture.Options{}, "TRUNCATED"},
		{"an unknown Content-Encoding", "flows", capturetest.Mitm(20, capturetest.Exchange{Method: "POST", Body: []byte("x"), Header: [][2]string{{"Content-Encoding", "compress"}}}), capture.Options{}, "UNKNOWN_ENCODING"},
	} {
		got := reasons(test.file, test.data, test.o)
		if test.want != "" && got[test.want] == 0 || test.want == "" && len(got) > 0 {
			t.Errorf("%s: %v, want %s", test.name, got, test.want)
		}
	}
}

// zipOf is an archive of one member.
func zipOf(t *testing.T, name string, data []byte) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	m, err := w.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	m.Write(data)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// encrypted sets the flag of encryption in all headers of an archive.
func encrypted(p []byte) []byte {
	for _, magic := range []string{"PK\x03\x04", "PK\x01\x02"} {
		at := 6
		if magic[2] == 1 {
			at = 8
		}
		for i := 0; ; {
			j := bytes.Index(p[i:], []byte(magic))
			if j < 0 {
				break
			}
			p[i+j+at] |= 1
			i += j + 4
		}
	}
	return p
}

// A member of a zip that unpacks without end is given up.
func TestZipBomb(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range []string{"har.har", "body.bin"} {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if name == "har.har" {
			io.WriteString(f, `{"log":{"entries":[{"request":{"method":"POST","url":"http://a.example/","postData":{"_file":"body.bin"}}}]}}`)
			continue
		}
		for range 64 {
			f.Write(make([]byte, 1<<20))
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if got := reasons("x.har.zip", b.Bytes(), capture.Options{MaxBody: 1 << 20}); got["TOO_LARGE"] != 1 {
		t.Error(got)
	}
}
