package capture_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"crypto/tls"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"sealbook/wasm/capture"
	"sealbook/wasm/capture/capturetest"
)

const secret = `{"phone":"+442079460018","note":"call me"}`

func packed(t testing.TB, how string, p []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch how {
	case "gzip":
		w := gzip.NewWriter(&b)
		w.Write(p)
		err = w.Close()
	case "deflate":
		w := zlib.NewWriter(&b)
		w.Write(p)
		err = w.Close()
	case "br":
		w := brotli.NewWriter(&b)
		w.Write(p)
		err = w.Close()
	case "zstd":
		var w *zstd.Encoder
		if w, err = zstd.NewWriter(&b); err == nil {
			w.Write(p)
			err = w.Close()
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// exchanges are what every format has to hold.
func exchanges(t testing.TB) (all []capturetest.Exchange) {
	all = append(all, capturetest.Exchange{
		Path:           "/users/447911123456?to=%2B442079460018&lang=en",
		Header:         [][2]string{{"Cookie", "id=abc; tel=02079460018"}, {"Referer", "https://shop.example/?q=1"}},
		ResponseHeader: [][2]string{{"Content-Type", "application/json"}, {"Set-Cookie", "seen=1; Path=/"}}, ResponseBody: []byte(`{"ok":true}`),
	})
	for _, how := range []string{"gzip", "deflate", "br", "zstd"} {
		all = append(all, capturetest.Exchange{
			Method: "POST", Path: "/" + how, Body: packed(t, how, []byte(secret)),
			Header:         [][2]string{{"Content-Type", "application/json"}, {"Content-Encoding", how}},
			ResponseHeader: [][2]string{{"Content-Type", "text/plain"}, {"Content-Encoding", how}}, ResponseBody: packed(t, how, []byte("an answer")),
		})
	}
	return append(all,
		capturetest.Exchange{Method: "PUT", Path: "/binary", Host: "Upload.Example.com", Body: []byte("\x08\x96\x01\x12\x05\xff\xfe\x80\x00\x01"), Header: [][2]string{{"Content-Type", "application/x-protobuf"}}, Status: 204},
		capturetest.Exchange{Method: "POST", Path: "/form", Header: [][2]string{{"Content-Type", `multipart/form-data; boundary="XX"`}},
			Body:   []byte("--XX\r\nContent-Disposition: form-data; name=\"contact\"\r\n\r\n+442079460018\r\n--XX\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"me.png\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n--XX--\r\n"),
			Status: 201},
		capturetest.Exchange{Method: "POST", Path: "/grpc.Contacts/Sync", Header: [][2]string{{"Content-Type", "application/grpc"}}, Body: capturetest.GRPC([]byte("first +442079460018"), []byte("second"))},
	)
}

// wants are the lines that describe gives of those.
func wants(skip string) []string {
	var lines []string
	for i, line := range []string{
		"request GET api.example.com: path=/users/447911123456 query:to=%2B442079460018 query:lang=en cookie:id=abc cookie:tel=02079460018 header:Referer=https://shop.example/?q=1",
		`response GET api.example.com 200: cookie:seen=1 body={"ok":true}`,
		"request POST api.example.com: path=/gzip body[gzip]=" + secret,
		"response POST api.example.com 200: body[gzip]=an answer",
		"request POST api.example.com: path=/deflate body[deflate]=" + secret,
		"response POST api.example.com 200: body[deflate]=an answer",
		"request POST api.example.com: path=/br body[br]=" + secret,
		"response POST api.example.com 200: body[br]=an answer",
		"request POST api.example.com: path=/zstd body[zstd]=" + secret,
		"response POST api.example.com 200: body[zstd]=an answer",
		"request PUT upload.example.com: path=/binary body=\x08\x96\x01\x12\x05\xff\xfe\x80\x00\x01",
		"response PUT upload.example.com 204:",
		"request POST api.example.com: path=/form part:contact[multipart]=+442079460018 part:photo[multipart]=PNG",
		"response POST api.example.com 201:",
		"request POST api.example.com: path=/grpc.Contacts/Sync body[grpc]=first +442079460018 body[grpc]=second",
		"response POST api.example.com 200:",
	} {
		if skip == "" || !strings.Contains(line, skip) {
			lines = append(lines, fmt.Sprintf("%d %s", i/2, line))
		}
	}
	return lines
}

// describe is a line that says what matters of a message.
func describe(m *capture.Message) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %v %s %s", m.Index, m.Direction, m.Method, m.Host)
	if m.Protocol != capture.HTTP {
		fmt.Fprintf(&b, " %v", m.Protocol)
	}
	if m.Status != 0 {
		fmt.Fprintf(&b, " %d", m.Status)
	}
	b.WriteByte(':')
	for i := range m.Parts {
		p := &m.Parts[i]
		if p.Place == capture.Header && !strings.EqualFold(string(p.Name), "referer") {
			continue
		}
		fmt.Fprintf(&b, " %s", p.Location())
		if len(p.Chain) > 0 {
			fmt.Fprintf(&b, "%v", p.Chain)
		}
		fmt.Fprintf(&b, "=%s", p.Bytes)
	}
	for _, p := range m.Problems {
		fmt.Fprintf(&b, " !%v", p.Reason)
	}
	return strings.ToLower(b.String())
}

// lines reads a capture and describes its messages; indexes are renumbered in
// order of requests if they are of connections.
func lines(name string, data []byte, o capture.Options, n int, beside map[string][]byte) (all []string, r *capture.Reader) {
	r = read(name, data, o, n, beside, func(m *capture.Message) { all = append(all, describe(m)) })
	return all, r
}

func compare(t *testing.T, what string, got, want []string) {
	t.Helper()
	for i := range want {
		want[i] = strings.ToLower(want[i])
	}
	if slices.Equal(got, want) {
		return
	}
	t.Errorf("%s: %d messages, want %d", what, len(got), len(want))
	for i := range max(len(got), len(want)) {
		var g, w string
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			t.Errorf("  have %q\n  want %q", g, w)
			return
		}
	}
}

func TestFormats(t *testing.T) {
	all := exchanges(t)
	type file struct {
		name, format string
		data         []byte
	}
	files := []file{
		{"a.har", "har", capturetest.HAR(capturetest.Entries(all...))},
		{"a.har.zip", "har", capturetest.HARZip(all...)},
		{"a.har.gz", "har", packed(t, "gzip", capturetest.HAR(capturetest.Entries(all...)))},
		{"a.zhar", "har", packed(t, "deflate", capturetest.HAR(capturetest.Entries(all...)))},
		{"a.har.gz.gz", "har", packed(t, "gzip", packed(t, "gzip", capturetest.HAR(capturetest.Entries(all...))))},
		{"bom.har", "har", append([]byte("\xef\xbb\xbf"), capturetest.HAR(capturetest.Entries(all...))...)},
		{"a.chlsj", "chlsj", capturetest.Chlsj(all...)},
		{"nameless", "chlsj", capturetest.Chlsj(all...)},
		{"a.xml", "burp", capturetest.Burp(true, all...)},
		{"cdata.xml", "burp", capturetest.Burp(false, all...)},
		{"a.saz", "saz", capturetest.SAZ(all...)},
	}
	for _, v := range capturetest.MitmVersions {
		files = append(files, file{fmt.Sprint("flows", v), "mitmproxy", capturetest.Mitm(v, all...)})
	}
	if len(files) != 11+27 {
		t.Fatalf("%d files", len(files))
	}
	for _, f := range files {
		for _, n := range []int{1 << 20, 1000, 7, 1} {
			got, r := lines(f.name, f.data, capture.Options{}, n, nil)
			compare(t, fmt.Sprintf("%s in pieces of %d", f.name, n), got, wants(""))
			if r.About().Format != f.format {
				t.Errorf("%s: format %q", f.name, r.About().Format)
			}
		}
	}
}

// connections describes messages of a pcap whose connections do not matter.
func connections(name string, data []byte, o capture.Options, n int, beside map[string][]byte) (all []string, stamps []int64) {
	read(name, data, o, n, beside, func(m *capture.Message) {
		m.Index, m.InStream = m.InStream, 0
		stamps = append(stamps, m.Time)
		all = append(all, describe(m))
	})
	return all, stamps
}

func TestLinks(t *testing.T) {
	all := exchanges(t)
	seen := 0
	for _, link := range capturetest.Links {
		for _, six := range []bool{false, true} {
			if link == 228 && six || link == 229 && !six {
				continue
			}
			packets := capturetest.Wire{IPv6: six}.Packets(capturetest.HTTP1(all...))
			for _, c := range []capturetest.Capture{{}, {Big: true}, {Nanos: true}, {Big: true, Nanos: true}, {Tags: 1, Trailer: 32}, {Tags: 2}, {PPPoE: true}} {
				c.Link = link
				for format, data := range map[string][]byte{"pcap": c.Pcap(packets...), "pcapng": c.Pcapng(packets...)} {
					got, stamps := connections("x."+format, data, capture.Options{}, 4096, nil)
					compare(t, fmt.Sprintf("%s %+v, IPv6 %v", format, c, six), got, wants(""))
					want := int64(capturetest.Start) + 3e6
					if !c.Nanos {
						want -= want % 1000
					}
					if len(stamps) == 0 || stamps[0] != want {
						t.Errorf("%s %+v: first time is %d, want %d", format, c, stamps[0], want)
					}
					seen++
				}
			}
		}
	}
	if seen != 2*7*(2*len(capturetest.Links)-2) {
		t.Errorf("%d captures", seen)
	}
}

func TestHTTP2(t *testing.T) {
	talk, err := capturetest.HTTP2(exchanges(t)...)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{1 << 20, 1} {
		got, _ := connections("x.pcap", capturetest.Capture{Link: 1}.Pcap(capturetest.Wire{Port: 443, MSS: 77}.Packets(talk)...), capture.Options{}, n, nil)
		for i := range got { // net/http writes fields in any order
			const cookies, referer = " cookie:id=abc cookie:tel=02079460018", " header:referer=https://shop.example/?q=1"
			got[i] = strings.Replace(got[i], referer+cookies, cookies+referer, 1)
		}
		slices.SortStableFunc(got, func(a, b string) int { return strings.Compare(a[:1], b[:1]) })
		compare(t, "HTTP/2", got, wants(""))
	}
}

func TestTLS(t *testing.T) {
	all := exchanges(t)
	seen := 0
	for _, test := range []struct {
		version uint16
		suites  []uint16
	}{
		{tls.VersionTLS13, []uint16{0}},
		{tls.VersionTLS12, []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256, tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA}},
		{tls.VersionTLS11, []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA}},
		{tls.VersionTLS10, []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA}},
	} {
		for _, suite := range test.suites {
			talk, log, err := capturetest.TLS(capturetest.HTTP1(all...), test.version, suite, "api.example.com")
			if err != nil {
				t.Fatalf("%s %s: %v", tls.VersionName(test.version), tls.CipherSuiteName(suite), err)
			}
			packets := capturetest.Wire{Port: 443}.Packets(talk)
			what := tls.VersionName(test.version) + " " + tls.CipherSuiteName(suite)
			plain := capturetest.Capture{Link: 101}
			got, _ := connections("x.pcap", plain.Pcap(packets...), capture.Options{KeyLog: log}, 4096, nil)
			compare(t, what+" with the log given", got, wants(""))
			got, _ = connections("x.pcap", plain.Pcap(packets...), capture.Options{}, 4096, map[string][]byte{"x.keylog": log})
			compare(t, what+" with the log beside", got, wants(""))
			got, _ = connections("x.pcapng", capturetest.Capture{Link: 101, Secrets: log}.Pcapng(packets...), capture.Options{}, 4096, nil)
			compare(t, what+" with the log inside", got, wants(""))
			got, _ = connections("x.pcapng", capturetest.Capture{Link: 101, Secrets: log, Late: true}.Pcapng(packets...), capture.Options{}, 4096, nil)
			compare(t, what+" with the log behind", got, wants(""))
			got, _ = connections("x.pcap", plain.Pcap(packets...), capture.Options{}, 4096, nil)
			for _, side := range []string{"0 request  api.example.com tcp: !no_key", "0 response  api.example.com tcp: !no_key"} {
				if !slices.Contains(got, side) || len(got) != 2 {
					t.Errorf("%s without the log: %q", what, got)
				}
			}
			wrong := bytes.Replace(log, log[len(log)-9:len(log)-1], []byte("00000000"), 1)
			got, _ = connections("x.pcap", plain.Pcap(packets...), capture.Options{KeyLog: wrong}, 4096, nil)
			if !strings.Contains(strings.Join(got, "\n"), "!broken_tls") {
				t.Errorf("%s with a wrong log: %q", what, got)
			}
			seen++
		}
	}
	if seen != 9 {
		t.Errorf("%d connections", seen)
	}
}

func TestWebSocket(t *testing.T) {
	said := []capturetest.Said{{Client: true, Data: []byte("hello +442079460018 hello +442079460018")}, {Data: []byte("an answer, an answer")}, {Client: true, Data: []byte("hello +442079460018 again")},
		{Client: true, Data: bytes.Repeat([]byte("long "), 30_000)}}
	for _, packs := range []bool{false, true} {
		chain := ""
		if packs {
			chain = "[permessage-deflate]"
		}
		want := []string{
			"0 request get ws.example.com: path=/live", "0 response get ws.example.com 101:",
			"0 request get ws.example.com websocket: websocket[0]" + chain + "=hello +442079460018 hello +442079460018",
			"0 response get ws.example.com websocket: websocket[1]" + chain + "=an answer, an answer",
			"0 request get ws.example.com websocket: websocket[2]" + chain + "=hello +442079460018 again",
			"0 request get ws.example.com websocket: websocket[3]" + chain + "=" + strings.Repeat("long ", 30_000),
		}
		data := capturetest.Capture{Link: 1}.Pcap(capturetest.Wire{}.Packets(capturetest.WebSocket("/live", packs, said...))...)
		got, _ := lines("x.pcap", data, capture.Options{}, 1000, nil)
		compare(t, fmt.Sprintf("packed %v", packs), got, want)
	}
	// Fragments, with a ping between, and inside TLS.
	talk := capturetest.WebSocket("/live", false)
	for _, frame := range [][]byte{capturetest.Frame(0x01, []byte("+44207"), true), capturetest.Frame(0x89, []byte("ping"), true), capturetest.Frame(0x80, []byte("9460018"), true)} {
		talk = append(talk, capturetest.Said{Client: true, Data: frame})
	}
	talk, log, err := capturetest.TLS(talk, tls.VersionTLS13, 0, "ws.example.com")
	if err != nil {
		t.Fatal(err)
	}
	got, _ := lines("x.pcap", capturetest.Capture{Link: 1}.Pcap(capturetest.Wire{}.Packets(talk)...), capture.Options{KeyLog: log}, 1000, nil)
	compare(t, "fragments", got, []string{"0 request get ws.example.com: path=/live", "0 response get ws.example.com 101:",
		"0 request get ws.example.com websocket: websocket[0]=ping", "0 request get ws.example.com websocket: websocket[0]=+442079460018"})
}

func TestMitmMessages(t *testing.T) {
	said := []capturetest.Said{{Client: true, Data: []byte("+442079460018")}, {Data: []byte("ok")}, {Client: true, Data: []byte("bye")}}
	seen := 0
	for version := 7; version <= 21; version++ {
		data := capturetest.MitmMessages(version, "tcp", said...)
		data = append(data, capturetest.MitmMessages(version, "udp", said...)...)
		data = append(data, capturetest.MitmMessages(version, "websocket", said...)...)
		want := []string{
			"0 request  server.example.com tcp: body=+442079460018bye", "0 response  server.example.com tcp: body=ok",
			"1 request  server.example.com udp: body=+442079460018", "1 response  server.example.com udp: body=ok", "1 request  server.example.com udp: body=bye",
		}
		host := " server.example.com"
		if version >= 12 {
			want = append(want, "2 request get ws.example.com: path=/live", "2 response get ws.example.com 101:")
			host = "get ws.example.com"
		}
		want = append(want, "2 request "+host+" websocket: websocket[0]=+442079460018", "2 response "+host+" websocket: websocket[1]=ok", "2 request "+host+" websocket: websocket[2]=bye")
		got, _ := lines("flows", data, capture.Options{}, 50, nil)
		compare(t, fmt.Sprintf("version %d", version), got, want)
		seen++
	}
	if seen != 15 {
		t.Error("versions are missing")
	}
}
