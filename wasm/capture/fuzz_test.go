package capture_test

import (
	"crypto/tls"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sealbook/wasm/capture"
	"sealbook/wasm/capture/capturetest"
)

// small are limits that fuzzing can reach.
var small = capture.Options{MaxBody: 1 << 16, MaxHead: 1 << 12, MaxDepth: 50, MaxStreams: 8, MaxBuffered: 1 << 17, MaxUnpacked: 1 << 20}

// FuzzReader reads anything, whole and in pieces, which must give the same.
func FuzzReader(f *testing.F) {
	all := exchanges(f)
	add := func(name string, data []byte) { f.Add(name, data, uint8(5)) }
	add("a.har", capturetest.HAR(capturetest.Entries(all...)))
	add("a.zip", capturetest.HARZip(all[:2]...))
	add("a.saz", capturetest.SAZ(all[:2]...))
	add("a.xml", capturetest.Burp(false, all[:3]...))
	add("a.chlsj", capturetest.Chlsj(all...))
	add("flows", capturetest.Mitm(20, all...))
	add("flows", capturetest.MitmMessages(20, "websocket", capturetest.Said{Client: true, Data: []byte("x")}))
	add("flows", capturetest.MitmMessages(20, "tcp", capturetest.Said{Client: true, Data: []byte("x")}))
	add("a.gz", packed(f, "gzip", capturetest.HAR(capturetest.Entries(all[0]))))
	http1 := capturetest.Wire{}.Packets(capturetest.HTTP1(all...))
	for _, link := range capturetest.Links {
		add("a.pcap", capturetest.Capture{Link: link}.Pcap(http1[:8]...))
	}
	var pieces []capturetest.Packet
	for id, p := range http1[:8] {
		for _, piece := range fragments(p.Data, 24, id) {
			pieces = append(pieces, capturetest.Packet{Data: piece})
		}
	}
	add("a.pcap", capturetest.Capture{Link: 101}.Pcap(pieces...))
	add("a.pcapng", capturetest.Capture{Link: 1, Big: true}.Pcapng(http1...))
	h2, err := capturetest.HTTP2(all...)
	if err != nil {
		f.Fatal(err)
	}
	add("a.pcap", capturetest.Capture{Link: 101}.Pcap(capturetest.Wire{}.Packets(h2)...))
	add("a.pcap", capturetest.Capture{Link: 101}.Pcap(capturetest.Wire{}.Packets(capturetest.WebSocket("/", true, capturetest.Said{Client: true, Data: []byte("hello hello")}))...))
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		talk, log, err := capturetest.TLS(capturetest.HTTP1(all[:2]...), version, 0, "a.example")
		if err != nil {
			f.Fatal(err)
		}
		add("a.pcapng", capturetest.Capture{Link: 101, Secrets: log}.Pcapng(capturetest.Wire{}.Packets(talk)...))
	}
	for _, test := range harTraps {
		add("a.har", []byte(test.har))
	}
	if dir := captures(f); dir != "" {
		paths, err := filepath.Glob(filepath.Join(dir, "*", "*"))
		if err != nil || len(paths) < 30 {
			f.Fatal(paths, err)
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			if len(data) < 10_000 {
				add(filepath.Base(path), data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, name string, data []byte, cut uint8) {
		beside := map[string][]byte{"there": []byte("body")}
		whole, _ := lines(name, data, small, 1<<20, beside)
		pieces, _ := lines(name, data, small, int(cut)+1, beside)
		if !slices.Equal(whole, pieces) {
			for i := range max(len(whole), len(pieces)) {
				if i >= len(whole) || i >= len(pieces) || whole[i] != pieces[i] {
					t.Fatalf("message %d in pieces of %d: %.200q; whole: %.200q", i, int(cut)+1, pieces[min(i, len(pieces)):], whole[min(i, len(whole)):])
				}
			}
		}
	})
}
