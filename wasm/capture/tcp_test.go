package capture_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"sealbook/wasm/capture"
	"sealbook/wasm/capture/capturetest"
)

// post is an exchange with a body of n bytes that ends in a number.
func post(n int) capturetest.Exchange {
	body := bytes.Repeat([]byte("0123456789abcdef"), n/16+1)[:n-13]
	return capturetest.Exchange{Method: "POST", Path: "/up", Body: append(body, "+442079460018"...), ResponseBody: []byte("done")}
}

var ethernet = capturetest.Capture{Link: 1}

func TestReassembly(t *testing.T) {
	e := post(5000)
	want := []string{"0 request POST api.example.com: path=/up body=" + string(e.Body), "0 response POST api.example.com 200: body=done"}
	packets := capturetest.Wire{}.Packets(capturetest.HTTP1(e))
	// 0-2 handshake, 3-8 request (a head of 70 bytes and 5,000), 9 ack, 10 response.
	swap := func(i, j int) []capturetest.Packet {
		p := append([]capturetest.Packet{}, packets...)
		p[i].Data, p[j].Data = p[j].Data, p[i].Data
		return p
	}
	twice := append(append([]capturetest.Packet{}, packets[:6]...), packets[4:]...)
	overlap := append([]capturetest.Packet{}, packets[:5]...)
	long := capturetest.Wire{MSS: 2000}.Packets(capturetest.HTTP1(e))
	overlap = append(overlap, long[3:]...)
	for name, p := range map[string][]capturetest.Packet{
		"in order":             packets,
		"out of order":         swap(4, 7),
		"the first data last":  swap(3, 8),
		"retransmitted":        twice,
		"overlapping":          overlap,
		"without a SYN":        packets[3:],
		"without the client's": packets[1:],
		"without an end":       packets[:len(packets)-3],
		"around zero":          capturetest.Wire{Sequence: 0xfffff800}.Packets(capturetest.HTTP1(e)),
		"in tiny segments":     capturetest.Wire{MSS: 3}.Packets(capturetest.HTTP1(e)),
	} {
		got, _ := lines("x.pcap", ethernet.Pcap(p...), capture.Options{}, 4096, nil)
		compare(t, name, got, want)
	}
}

// A hole is told, and what stands around it is read.
func TestHoles(t *testing.T) {
	e := post(5000)
	packets := capturetest.Wire{}.Packets(capturetest.HTTP1(e, capturetest.Exchange{Path: "/next"}))
	without := func(i int) []byte {
		return ethernet.Pcap(append(append([]capturetest.Packet{}, packets[:i]...), packets[i+1:]...)...)
	}
	got, _ := lines("x.pcap", without(5), capture.Options{}, 4096, nil)
	all := strings.Join(got, "\n")
	if !strings.Contains(all, "+442079460018 !gap") || !strings.Contains(all, "path=/next") || strings.Count(all, "response") != 2 {
		t.Errorf("a hole in a body: %.300q", got)
	}
	got, _ = lines("x.pcap", without(3), capture.Options{}, 4096, nil)
	all = strings.Join(got, "\n")
	if !strings.Contains(all, "!gap") || !strings.Contains(all, "path=/next") {
		t.Errorf("a hole in a head: %.300q", got)
	}
	got, _ = lines("x.pcap", without(8), capture.Options{}, 4096, nil)
	if all = strings.Join(got, "\n"); !strings.Contains(all, "!gap") || strings.Contains(all, "+442079460018") {
		t.Errorf("a hole at the end of a body: %.300q", got)
	}
	// The end of the capture inside a body, and a snap length.
	got, _ = lines("x.pcap", ethernet.Pcap(packets[:6]...), capture.Options{}, 4096, nil)
	if all = strings.Join(got, "\n"); !strings.Contains(all, "!body_truncated") {
		t.Errorf("a capture that ends: %.300q", got)
	}
	cut := append([]capturetest.Packet{}, packets...)
	for i := range cut {
		cut[i].Data = cut[i].Data[:min(len(cut[i].Data), 600)]
	}
	got, _ = lines("x.pcap", ethernet.Pcap(cut...), capture.Options{}, 4096, nil)
	if all = strings.Join(got, "\n"); !strings.Contains(all, "!gap") || !strings.Contains(all, "!packet_truncated") {
		t.Errorf("a snap length of 600: %.300q", got)
	}
}

func TestConnections(t *testing.T) {
	proxied := capturetest.Talk{{Client: true, Data: []byte("CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\n\r\n")}, {Data: []byte("HTTP/1.1 200 Connection established\r\n\r\n")}}
	inner, log, err := capturetest.TLS(capturetest.HTTP1(post(100)), 0x0304, 0, "api.example.com")
	if err != nil {
		t.Fatal(err)
	}
	smtp := capturetest.Talk{{Data: []byte("220 mail.example\r\n")}, {Client: true, Data: []byte("EHLO +442079460018\r\n")}, {Data: []byte("250 STARTTLS\r\n")}, {Client: true, Data: []byte("STARTTLS\r\n")}, {Data: []byte("220 go\r\n")}}
	body := post(100).Body
	for _, test := range []struct {
		name string
		talk capturetest.Talk
		want []string
	}{
		{"behind CONNECT", append(proxied, inner...), []string{"0 request CONNECT api.example.com:", "0 response CONNECT api.example.com 200:",
			"0 request POST api.example.com: path=/up body=" + string(body), "0 response POST api.example.com 200: body=done"}},
		{"absolute form", capturetest.Talk{{Client: true, Data: []byte("GET http://a.example/x?n=1 HTTP/1.1\r\nHost: other\r\n\r\n")}, {Data: []byte("HTTP/1.0 200 OK\r\n\r\nup to the end")}},
			[]string{"0 request GET a.example: path=/x query:n=1", "0 response GET a.example 200: body=up to the end"}},
		{"pipelined, chunked with a trailer, 100 Continue, HEAD", capturetest.Talk{
			{Client: true, Data: []byte("POST /1 HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nReferer: late\r\n\r\nHEAD /2 HTTP/1.1\r\nHost: a.example\r\n\r\nGET /3 HTTP/1.1\r\nHost: a.example\r\n\r\n")},
			{Data: []byte("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\nHTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n")}},
			[]string{"0 request POST a.example: path=/1 header:referer=late body[chunked]=hello world", "0 request HEAD a.example: path=/2", "0 request GET a.example: path=/3",
				"0 response POST a.example 100:", "0 response POST a.example 200: body=ok", "0 response HEAD a.example 200:", "0 response GET a.example 304:"}},
		{"STARTTLS", append(smtp, inner...), []string{"0 response  198.51.100.7:80 tcp: body=220 mail.example\r\n250 STARTTLS\r\n220 go\r\n", "0 request  198.51.100.7:80 tcp: body=EHLO +442079460018\r\nSTARTTLS\r\n",
			"0 request POST api.example.com: path=/up body=" + string(body), "0 response POST api.example.com 200: body=done"}},
		{"SSH", capturetest.Talk{{Data: []byte("SSH-2.0-x\r\n")}, {Client: true, Data: []byte("SSH-2.0-y\r\n")}},
			[]string{"0 response  198.51.100.7:80 tcp: body=SSH-2.0-x\r\n !ENCRYPTED", "0 request  198.51.100.7:80 tcp: body=SSH-2.0-y\r\n !ENCRYPTED"}},
		{"a broken chunk", capturetest.Talk{{Client: true, Data: []byte("POST /1 HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\nGET /2 HTTP/1.1\r\nHost: a.example\r\n\r\n")}},
			[]string{"0 request POST a.example: path=/1 body[chunked]=hello !MALFORMED", "0 request GET a.example: path=/2"}},
	} {
		for _, n := range []int{1000, 1} {
			got, _ := lines("x.pcap", ethernet.Pcap(capturetest.Wire{MSS: n}.Packets(test.talk)...), capture.Options{KeyLog: log}, 4096, nil)
			if n == 1 && test.name == "STARTTLS" {
				continue // its first record is taken for more of the same
			}
			compare(t, fmt.Sprintf("%s, %d bytes at a time", test.name, n), got, test.want)
		}
	}
}

func TestDatagrams(t *testing.T) {
	quic := append([]byte{0xc3, 0, 0, 0, 1, 8}, make([]byte, 1194)...)
	dns := []byte("\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x0c442079460018\x07example\x03com\x00\x00\x01\x00\x01")
	packets := []capturetest.Packet{
		capturetest.Wire{}.UDP(true, quic), capturetest.Wire{}.UDP(false, quic), capturetest.Wire{}.UDP(true, []byte("short")),
		capturetest.Wire{Port: 53}.UDP(true, dns),
		capturetest.Wire{Port: 5000}.UDP(true, []byte("hello +442079460018")), capturetest.Wire{Port: 5000}.UDP(false, []byte("ok")),
		capturetest.Wire{Port: 5684}.UDP(true, []byte("\x16\xfe\xfd\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01x")),
	}
	got, _ := lines("x.pcap", ethernet.Pcap(packets...), capture.Options{}, 4096, nil)
	compare(t, "datagrams", got, []string{
		"0 request  198.51.100.7:443 udp: !QUIC",
		"1 request  198.51.100.7:53 dns: body[dns]=442079460018.example.com.\n body=" + string(dns),
		"2 request  198.51.100.7:5000 udp: body=hello +442079460018", "2 response  198.51.100.7:5000 udp: body=ok",
		"3 request  198.51.100.7:5684 udp: !NO_KEY",
	})
}

// Indexes are those of connections in order of their first packets.
func TestIndexes(t *testing.T) {
	var packets []capturetest.Packet
	for i := range 5 {
		w := capturetest.Wire{Client: uint16(40000 + i), Sequence: uint32(i)}
		packets = append(packets, w.Packets(capturetest.HTTP1(capturetest.Exchange{Path: fmt.Sprint("/", i, "/a")}, capturetest.Exchange{Path: fmt.Sprint("/", i, "/b")}))...)
	}
	// The ports of the first, used again.
	packets = append(packets, capturetest.Wire{Sequence: 99999}.Packets(capturetest.HTTP1(capturetest.Exchange{Path: "/5/a"}))...)
	var got []string
	read("x.pcap", ethernet.Pcap(packets...), capture.Options{}, 4096, nil, func(m *capture.Message) {
		if m.Direction == capture.Request {
			got = append(got, fmt.Sprintf("%d.%d %s", m.Index, m.InStream, m.Target))
		}
	})
	compare(t, "indexes", got, strings.Split("0.0 /0/a,0.1 /0/b,1.0 /1/a,1.1 /1/b,2.0 /2/a,2.1 /2/b,3.0 /3/a,3.1 /3/b,4.0 /4/a,4.1 /4/b,5.0 /5/a", ","))
}

// A message in many packets is not moved with each: a frame of 24 MB in packets
// of 100 bytes would move 3 TB.
func TestManyPackets(t *testing.T) {
	long := bytes.Repeat([]byte("0123456789abcdef"), 24<<16)
	talk := append(capturetest.WebSocket("/live", false), capturetest.Said{Data: capturetest.Frame(0x81, long, false)})
	n := 0
	read("x.pcap", capturetest.Capture{Link: 101}.Pcap(capturetest.Wire{MSS: 100}.Packets(talk)...), capture.Options{}, 1<<20, nil, func(m *capture.Message) {
		if m.Protocol == capture.WebSocket && bytes.Equal(m.Parts[0].Bytes, long) && len(m.Problems) == 0 {
			n++
		}
	})
	if n != 1 {
		t.Errorf("%d messages", n)
	}
}
