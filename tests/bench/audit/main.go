// Audit measures how fast package audit looks through bytes, natively and on one
// core, for 1,000 contacts and all recipes: as a ratio to a loop over the same
// bytes with a table of 256 entries, each look depending on the one before as in
// any automaton, in the same run and by the processor time of this process, so
// that other load counts little. It also writes the corpus of
// tests/audit to a folder and times an audit of it, for match.mjs to set beside
// other matchers.
//
//	go run ./tests/bench/audit            the ratios, as JSON
//	go run ./tests/bench/audit -corpus D  the corpus and its truth into folder D
//	go run ./tests/bench/audit -samples D each kind as a HAR in folder D, by the clock
package main

import (
	"crypto/tls"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"

	"sealbook/tests/audit/corpus"
	"sealbook/wasm/audit"
	"sealbook/wasm/capture"
	"sealbook/wasm/capture/capturetest"
	"sealbook/wasm/capture/file"
	"sealbook/wasm/number"
)

const million = 1 << 20

func main() {
	to := flag.String("corpus", "", "write the corpus to this `folder`")
	tlsTo := flag.String("tls", "", "write a recording of TLS and its keys to this `folder`")
	samplesTo := flag.String("samples", "", "write the samples to this `folder` and measure them as files, as module.mjs does")
	only := flag.String("only", "", "measure this `kind` of bytes alone")
	rounds := flag.Int("rounds", 5, "measure so many `times`, of which the best counts")
	profile := flag.String("profile", "", "write a processor profile to `file`")
	flag.Parse()
	runtime.GOMAXPROCS(1)
	debug.SetGCPercent(400)
	if *profile != "" {
		f, err := os.Create(*profile)
		check(err)
		check(pprof.StartCPUProfile(f))
		defer pprof.StopCPUProfile()
	}
	if *to != "" {
		writeCorpus(*to)
		return
	}
	if *tlsTo != "" {
		writeTLS(*tlsTo)
		return
	}
	clock := spent
	if *samplesTo != "" {
		clock = passed // beside a browser, of which no other is known
	}
	began := clock()
	auditor := audit.New(book(), audit.Options{})
	out := map[string]any{"build ms": float64(clock()-began) / 1e6}
	type measured struct {
		name         string
		p            []byte
		run          func()
		speed, table float64
	}
	var all []*measured
	for name, p := range samples() {
		if *only != "" && name != *only {
			continue
		}
		run := func() {
			for i := 0; i < len(p); i += million {
				auditor.Message(&capture.Message{Parts: []capture.Part{{Place: capture.Body, Bytes: p[i:min(len(p), i+million)]}}})
			}
		}
		if name == "har" || *samplesTo != "" {
			path := filepath.Join(os.TempDir(), fmt.Sprintf("audit-%d.har", os.Getpid()))
			if *samplesTo != "" {
				path = filepath.Join(*samplesTo, strings.ReplaceAll(name, " ", "-")+".har")
				if name != "har" {
					p = bodies(p)
				}
			}
			check(os.WriteFile(path, p, 0o600))
			if *samplesTo == "" {
				defer os.Remove(path)
			}
			run = func() {
				_, err := file.Read(path, capture.Options{}, func(m *capture.Message) { auditor.Message(m) }, nil)
				check(err)
			}
		}
		all = append(all, &measured{name: name, p: p, run: run})
	}
	for range *rounds { // the best of some, beside the best of the loop; other load comes and goes
		for _, m := range all {
			began := clock()
			m.run()
			if *samplesTo != "" { // the module's report comes with the salted and double digests
				auditor.End()
			}
			m.speed = max(m.speed, float64(len(m.p))/float64(clock()-began)*1e3)
			began = clock()
			auditor.End()
			out[m.name+" end ms"] = float64(clock()-began) / 1e6
			began = clock()
			loop(m.p)
			m.table = max(m.table, float64(len(m.p))/float64(clock()-began)*1e3)
		}
	}
	for _, m := range all {
		out[m.name] = map[string]float64{"MB/s": m.speed, "table MB/s": m.table, "ratio": m.speed / m.table}
	}
	e := json.NewEncoder(os.Stdout)
	e.SetIndent("", "  ")
	check(e.Encode(out))
}

// spent is the processor time of this process.
func spent() time.Duration {
	var u syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

var start = time.Now()

// passed is the time since this process began.
func passed() time.Duration { return time.Since(start) }

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
}

var tableOf = func() (t [256]uint8) {
	for i := range t {
		t[i] = uint8(i*167 + 13)
	}
	return t
}()

var sum uint8

// loop is what the ratios are to.
func loop(p []byte) {
	state := sum
	for _, c := range p {
		state = tableOf[state^c]
	}
	sum = state
}

func book() *audit.Book {
	b := new(audit.Book)
	for i := range 1000 {
		n, err := number.Parse(fmt.Sprintf("+44113496%04d", i), "")
		check(err)
		p := b.Add(fmt.Sprintf("Person%d Family%d", i, i))
		b.AddNumber(p, n)
		b.AddEmail(p, fmt.Sprintf("person%d@example.org", i))
	}
	return b
}

// samples are 4 MB of each kind of bytes.
func samples() map[string][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	raw := func(n int) []byte {
		p := make([]byte, n)
		for i := range p {
			p[i] = byte(r.Uint32())
		}
		return p
	}
	words := strings.Fields("lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna aliqua the quick brown fox jumps over a lazy dog")
	word := func() string { return words[r.IntN(len(words))] }
	const size = 4 * million
	var events, prose, hexes, bases strings.Builder
	for events.Len() < size {
		fmt.Fprintf(&events, `{"event":"%s_%s","timestamp":%d,"session_id":"%x","properties":{"screen":"%s %s","duration":%d,"success":true,"item":"%s","price":%d.%02d}},`+"\n",
			word(), word(), 1700000000000+r.IntN(1e9), raw(8), word(), word(), r.IntN(5000), word(), r.IntN(100), r.IntN(100))
	}
	for prose.Len() < size {
		prose.WriteString(word())
		prose.WriteByte(' ')
		if r.IntN(12) == 0 {
			fmt.Fprintf(&prose, "%d. ", r.IntN(2000))
		}
	}
	for hexes.Len() < size {
		hexes.WriteString(hex.EncodeToString(raw(32)) + "\n")
	}
	for bases.Len() < size {
		bases.WriteString(base64.StdEncoding.EncodeToString(raw(32)) + "\n")
	}
	binary := raw(size)
	return map[string][]byte{"events": []byte(events.String()), "prose": []byte(prose.String()), "hex digests": []byte(hexes.String()), "base64 digests": []byte(bases.String()),
		"binary": binary, "har": har(r, events.String(), prose.String(), binary)}
}

// bodies is a HAR of requests with pieces of bytes.
func bodies(p []byte) []byte {
	var entries []any
	for i := 0; i < len(p); i += million / 4 {
		piece := p[i:min(len(p), i+million/4)]
		data := map[string]any{"text": string(piece)}
		if !utf8.Valid(piece) {
			data = map[string]any{"text": base64.StdEncoding.EncodeToString(piece), "encoding": "base64"}
		}
		entries = append(entries, map[string]any{"request": map[string]any{"method": "POST", "url": "https://api.example/", "headers": []any{}, "postData": data}})
	}
	out, err := json.Marshal(map[string]any{"log": map[string]any{"entries": entries}})
	check(err)
	return out
}

// har is a HAR as browsers write it: scripts, JSON, pictures in Base64 of which
// some come again, and the same headers each time.
func har(r *rand.Rand, events, prose string, binary []byte) []byte {
	type object = map[string]any
	var entries []object
	headers := []object{}
	for _, h := range [][2]string{{"User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"},
		{"Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"}, {"Accept-Language", "en-GB,en;q=0.9"},
		{"Cookie", "session=8f14e45fceea167a5a36dedd4bea2543; _ga=GA1.2.1182736452.1700000000; theme=dark"}, {"Referer", "https://shop.example/category/42?page=3"}} {
		headers = append(headers, object{"name": h[0], "value": h[1]})
	}
	total := 0
	for i := 0; total < 6*million; i++ {
		content := object{}
		switch i % 4 {
		case 0:
			at := r.IntN(len(events) - 30000)
			content = object{"mimeType": "application/json", "text": events[at : at+20000], "size": 20000}
			total += 20000
		case 1:
			at := r.IntN(len(prose) - 60000)
			content = object{"mimeType": "text/html", "text": "<html>" + prose[at:at+40000], "size": 40006}
			total += 40000
		default:
			at := 40000 * r.IntN(40)
			content = object{"mimeType": "image/jpeg", "text": base64.StdEncoding.EncodeToString(append([]byte("\xff\xd8\xff\xe0"), binary[at:at+30000]...)), "encoding": "base64", "size": 30004}
			total += 40000
		}
		entries = append(entries, object{"startedDateTime": "2026-05-01T10:00:00.000Z", "time": 1,
			"request":  object{"method": "GET", "url": fmt.Sprintf("https://shop.example/assets/%d/file.bin?v=%d", i, i), "httpVersion": "HTTP/1.1", "headers": headers, "queryString": []object{}, "cookies": []object{}, "headersSize": -1, "bodySize": 0},
			"response": object{"status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1", "headers": headers, "cookies": []object{}, "content": content, "redirectURL": "", "headersSize": -1, "bodySize": -1}, "cache": object{}, "timings": object{}})
	}
	out, err := json.Marshal(object{"log": object{"version": "1.2", "creator": object{"name": "bench", "version": "1"}, "entries": entries}})
	check(err)
	return out
}

// writeCorpus writes the corpus, its address book and its truth to a folder, and
// how long the audit of it took.
func writeCorpus(dir string) {
	c := corpus.Make(1)
	check(os.MkdirAll(dir, 0o700))
	var names []string
	for name, data := range c.Files {
		check(os.WriteFile(filepath.Join(dir, name), data, 0o600))
		names = append(names, name)
	}
	check(os.WriteFile(filepath.Join(dir, "book.vcf"), []byte(c.Book), 0o600))
	b := new(audit.Book)
	for _, p := range c.Contacts {
		n, err := number.Parse(p.Spaced, "")
		check(err)
		i := b.Add(p.Name)
		b.AddNumber(i, n)
		b.AddEmail(i, p.Email)
	}
	type hit struct {
		File  string `json:"file"`
		Index int    `json:"index"`
		E164  string `json:"e164"`
	}
	hits := []hit{}
	began := spent()
	a := audit.New(b, audit.Options{})
	for _, name := range names {
		_, err := file.Read(filepath.Join(dir, name), capture.Options{}, func(m *capture.Message) { a.Message(m) }, nil)
		check(err)
		for _, f := range a.End().Findings {
			if !f.Sent.Response && f.Certainty >= audit.Likely || f.Kind == audit.Name {
				hits = append(hits, hit{name, f.Sent.Index, f.E164})
			}
		}
	}
	took := spent() - began
	truth, err := json.Marshal(map[string]any{"contacts": c.Contacts, "planted": c.Planted, "near": c.Near, "found": hits, "ms": float64(took) / 1e6})
	check(err)
	check(os.WriteFile(filepath.Join(dir, "truth.json"), truth, 0o600))
}

// writeTLS writes tls.pcap, in which a number is sent, and tls.keylog.
func writeTLS(dir string) {
	talk, keys, err := capturetest.TLS(capturetest.HTTP1(capturetest.Exchange{Method: "POST", Path: "/sync", Body: []byte(`{"phone":"+442079460018"}`), ResponseBody: []byte("ok")}), tls.VersionTLS13, 0, "api.vendor.example")
	check(err)
	check(os.WriteFile(filepath.Join(dir, "tls.pcap"), capturetest.Capture{Link: 1}.Pcap(capturetest.Wire{Port: 443}.Packets(talk)...), 0o600))
	check(os.WriteFile(filepath.Join(dir, "tls.keylog"), keys, 0o600))
}
