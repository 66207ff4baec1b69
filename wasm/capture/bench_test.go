package capture_test

import (
	"bytes"
	"fmt"
	"testing"

	"sealbook/wasm/capture"
)

// read reads a capture from memory, n bytes at a time.
func read(name string, data []byte, o capture.Options, n int, beside map[string][]byte, found func(*capture.Message)) *capture.Reader {
	r := capture.NewReader(o, found)
	r.Begin(name, int64(len(data)))
	for {
		wanted, offset, more := r.Want()
		if !more {
			return r
		}
		src := data
		if wanted != "" {
			p, ok := beside[wanted]
			if !ok {
				r.Missing()
				continue
			}
			src = p
		}
		if offset >= int64(len(src)) {
			r.End()
			continue
		}
		r.Feed(src[offset:min(offset+int64(n), int64(len(src)))])
	}
}

// largeHAR is a HAR of about n bytes with the usual mixture: headers, JSON in
// strings, and images in base64.
func largeHAR(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"log":{"version":"1.2","creator":{"name":"test","version":"1"},"entries":[`)
	for i := 0; b.Len() < n; i++ {
		if i > 0 {
			b.WriteString(",\n")
		}
		fmt.Fprintf(&b, `{"startedDateTime":"2026-03-05T12:00:00.%03dZ","time":12.5,"request":{"method":"POST","url":"https://api.example.com/v1/items/%d?session=%x&lang=en","httpVersion":"HTTP/2","headers":[`, i%1000, i, i*7919)
		for j := range 14 {
			fmt.Fprintf(&b, `{"name":"x-header-%d","value":"value %d; q=0.9, text/html,application/xhtml+xml"},`, j, i)
		}
		b.WriteString(`{"name":"content-type","value":"application/json"}],"cookies":[],"queryString":[],"postData":{"mimeType":"application/json","text":"{`)
		for j := range 40 {
			fmt.Fprintf(&b, `\"field%d\":\"some value of %d\",`, j, i*j)
		}
		b.WriteString(`\"end\":1}"},"headersSize":-1,"bodySize":-1},"response":{"status":200,"statusText":"","headers":[{"name":"content-type","value":"image/png"}],"content":{"size":-1,"mimeType":"image/png","encoding":"base64","text":"`)
		for j := range 200 {
			fmt.Fprintf(&b, "iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB%02xAAAAA1BMVEUAAACnej3aAAAASUVORK", j)
		}
		b.WriteString(`"},"bodySize":-1},"cache":{},"timings":{"send":1,"wait":2,"receive":3}}`)
	}
	b.WriteString("]}}")
	return b.Bytes()
}

func BenchmarkHAR(b *testing.B) {
	data := largeHAR(8 << 20)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		read("x.har", data, capture.Options{}, 256<<10, nil, func(*capture.Message) {})
	}
}

// BenchmarkTable is what other speeds are compared with: a loop over the bytes
// with a table.
func BenchmarkTable(b *testing.B) {
	data := largeHAR(8 << 20)
	var table [256]uint8
	for i := range table {
		table[i] = uint8(i * 7)
	}
	b.SetBytes(int64(len(data)))
	sum := 0
	for b.Loop() {
		for _, c := range data {
			sum += int(table[c])
		}
	}
	if sum == 1 {
		b.Log(sum)
	}
}
