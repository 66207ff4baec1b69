package capture_test

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sealbook/wasm/capture"
	"sealbook/wasm/capture/capturetest"
)

// fragments cuts a packet of IP into pieces of size bytes, a multiple of 8.
func fragments(p []byte, size, id int) (all [][]byte) {
	six := p[0]>>4 == 6
	head := 20
	if six {
		head = 40
	}
	body := p[head:]
	for at := 0; at < len(body); at += size {
		piece, more := body[at:min(at+size, len(body))], at+size < len(body)
		q := slices.Clone(p[:head])
		if six {
			q[6] = 44
			binary.BigEndian.PutUint16(q[4:], uint16(8+len(piece)))
			h := []byte{p[6], 0, 0, 0, 0, 0, 0, 0}
			binary.BigEndian.PutUint16(h[2:], uint16(at))
			if more {
				h[3] |= 1
			}
			binary.BigEndian.PutUint32(h[4:], uint32(id))
			q = append(q, h...)
		} else {
			binary.BigEndian.PutUint16(q[2:], uint16(20+len(piece)))
			binary.BigEndian.PutUint16(q[4:], uint16(id))
			binary.BigEndian.PutUint16(q[6:], uint16(at/8))
			if more {
				q[6] |= 0x20
			}
		}
		all = append(all, append(q, piece...))
	}
	return all
}

func TestFragments(t *testing.T) {
	e := post(5000)
	want := []string{"0 request POST api.example.com: path=/up body=" + string(e.Body), "0 response POST api.example.com 200: body=done"}
	for _, six := range []bool{false, true} {
		packets := capturetest.Wire{IPv6: six, MSS: 1400}.Packets(capturetest.HTTP1(e))
		for name, change := range map[string]func(pieces [][]byte) [][]byte{
			"in order":  func(p [][]byte) [][]byte { return p },
			"backwards": func(p [][]byte) [][]byte { slices.Reverse(p); return p },
			"twice":     func(p [][]byte) [][]byte { return append(slices.Clone(p[:len(p)-1]), p...) },
		} {
			var cut []capturetest.Packet
			for id, p := range packets {
				for _, piece := range change(fragments(p.Data, 480, id)) {
					cut = append(cut, capturetest.Packet{Time: p.Time, Data: piece})
				}
			}
			got, _ := lines("x.pcap", ethernet.Pcap(cut...), capture.Options{}, 4096, nil)
			compare(t, fmt.Sprintf("%s, IPv6 %v", name, six), got, want)
		}
		// One that never comes is told.
		var cut []capturetest.Packet
		for id, p := range packets {
			pieces := fragments(p.Data, 480, id)
			if len(pieces) > 2 {
				pieces = pieces[1:]
			}
			for _, piece := range pieces {
				cut = append(cut, capturetest.Packet{Time: p.Time, Data: piece})
			}
		}
		got, _ := lines("x.pcap", ethernet.Pcap(cut...), capture.Options{}, 4096, nil)
		if all := strings.Join(got, "\n"); !strings.Contains(all, "!gap") || strings.Contains(all, "+442079460018") {
			t.Errorf("a fragment that is missing, IPv6 %v: %.300q", six, got)
		}
	}
	// Many packets of which only pieces come, and many pieces of one.
	whole := capturetest.Wire{}.UDP(true, make([]byte, 60000)).Data
	for size, count := range map[int]int{8: 2, 1480: 70} {
		var cut []capturetest.Packet
		for id := range count {
			pieces := fragments(whole, size, id)
			for _, piece := range pieces[1:] {
				cut = append(cut, capturetest.Packet{Data: piece})
			}
		}
		got, _ := lines("x.pcap", ethernet.Pcap(cut...), capture.Options{}, 4096, nil)
		if len(got) != 1 || !strings.Contains(got[0], "!gap") {
			t.Errorf("pieces of %d: %.300q", size, got)
		}
	}
}

// What providers and tunnels put around IP.
func TestAround(t *testing.T) {
	e := post(5000)
	want := []string{"0 request POST api.example.com: path=/up body=" + string(e.Body), "0 response POST api.example.com 200: body=done"}
	for _, six := range []bool{false, true} {
		kind, ppp := "\x08\x00", "\x21"
		if six {
			kind, ppp = "\x86\xdd", "\x57"
		}
		outer := func(protocol byte, p []byte) []byte {
			h := []byte{0x45, 0, 0, 0, 0, 1, 0, 0, 64, protocol, 0, 0, 192, 0, 2, 9, 192, 0, 2, 8}
			binary.BigEndian.PutUint16(h[2:], uint16(20+len(p)))
			return append(h, p...)
		}
		for name, around := range map[string]func(p []byte) []byte{
			"MPLS": func(p []byte) []byte {
				return append([]byte("aaaaaabbbbbb\x88\x47\x00\x06\x40\x40\x00\x07\x41\x40"), p...)
			},
			"PPPoE, protocol of one byte": func(p []byte) []byte { return append([]byte("aaaaaabbbbbb\x88\x64\x11\x00\x00\x01\x00\x00"+ppp), p...) },
			"GRE": func(p []byte) []byte {
				return append([]byte("aaaaaabbbbbb\x08\x00"), outer(47, append([]byte("\x00\x00"+kind), p...))...)
			},
			"GRE with key and sequence": func(p []byte) []byte {
				return append([]byte("aaaaaabbbbbb\x08\x00"), outer(47, append([]byte("\x30\x00"+kind+"keyknumb"), p...))...)
			},
			"GRE with Ethernet": func(p []byte) []byte {
				return append([]byte("aaaaaabbbbbb\x08\x00"), outer(47, append([]byte("\x00\x00\x65\x58aaaaaabbbbbb"+kind), p...))...)
			},
		} {
			packets := capturetest.Wire{IPv6: six}.Packets(capturetest.HTTP1(e))
			for i := range packets {
				packets[i].Data = around(packets[i].Data)
			}
			got, _ := lines("x.pcap", framed(packets), capture.Options{}, 4096, nil)
			compare(t, fmt.Sprintf("%s, IPv6 %v", name, six), got, want)
		}
	}
	// ESP is encrypted, labels may be around anything.
	for text, reason := range map[string]string{"\x08\x00E\x00\x00\x20\x00\x01\x00\x00@\x32\x00\x00aaaabbbbciphered....": "!encrypted", "\x88\x47\x00\x07\x41\x40\x00\x00\x00\x00payload": "!unsupported_link"} {
		got, _ := lines("x.pcap", framed([]capturetest.Packet{{Data: []byte("aaaaaabbbbbb" + text)}}), capture.Options{}, 4096, nil)
		if len(got) != 1 || !strings.Contains(got[0], reason) {
			t.Errorf("%q: %q, want %s", text, got, reason)
		}
	}
}

// framed is a pcap of packets that have their Ethernet head.
func framed(packets []capturetest.Packet) []byte {
	p := capturetest.Capture{Link: 101}.Pcap(packets...)
	p[20] = 1
	return p
}
