// Package auditor proves that the committed auditor.wasm, run by wazero, writes
// the report that the native build of the same packages writes, byte for byte.
package auditor

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"sealbook/wasm/audit"
	"sealbook/wasm/audit/report"
	"sealbook/wasm/capture"
	"sealbook/wasm/capture/capturetest"
	"sealbook/wasm/contacts/sift"
)

const modulePath = "../../wasm/auditor/auditor.wasm"

// exported is the whole list; a new export is a new line here.
var exported = []string{"_initialize", "abi", "begin", "capture", "end", "feed", "hash", "hashed", "input", "keys", "missing", "output", "page", "people", "report", "requests", "status"}

const inputSize = 256 << 10

// A person is whom to look for; numbers in the spelling of Britain.
type person struct{ name, number, email string }

var folk = []person{
	{"Ada Example", "020 7946 0018", "ada@example.org"},
	{"Bob Example", "+44 113 496 0654", ""},
	{"", "+1 212 555 0123", "carol@example.com"},
}

// rows are people as contacts.wasm writes them.
func rows(all []person) (out []byte) {
	for i, p := range all {
		if p.number != "" {
			out = fmt.Appendf(out, "number\t%d\t1\tmobile\t\t%s\t%s\n", i+1, p.name, p.number)
		}
		if p.email != "" {
			out = fmt.Appendf(out, "email\t%d\t1\t\t\t%s\t%s\n", i+1, p.name, p.email)
		}
	}
	return out
}

// A recording is a capture, with what lies beside it.
type recording struct {
	name   string
	data   []byte
	beside map[string][]byte
	keys   []byte
}

// native audits in this process. page is the report for a complaint.
func native(all []person, salts []string, r recording) (lines, page []byte) {
	book := new(audit.Book)
	filter := sift.Filter{Region: "GB", Drop: sift.Nothing}
	for _, p := range all {
		of := book.Add(p.name)
		if n, reason := filter.Judge([]byte(p.number)); reason == sift.Kept {
			book.AddNumber(of, n)
		}
		if p.email != "" {
			book.AddEmail(of, p.email)
		}
	}
	a := audit.New(book, audit.Options{Salts: salts})
	about := r.read(func(m *capture.Message) { a.Message(m) })
	result := a.End()
	for i := range 1 + len(result.Findings) + len(result.Unreadable) {
		lines = result.AppendLine(lines, i, book, &about)
	}
	c := &report.Capture{Name: r.name, SHA256: fmt.Sprintf("%x", sha256.Sum256(r.data)), Size: int64(len(r.data)), About: about, Report: result}
	if c.Wanted() {
		r.read(c.Message)
	}
	stated := report.Page{Book: book, Captures: []*report.Capture{c}, Salts: len(salts), App: "<an app>", Consent: "none", Made: "today", Tool: "a test"}
	return lines, stated.Append(nil)
}

// read reads the recording in this process.
func (r recording) read(found func(*capture.Message)) capture.About {
	reader := capture.NewReader(capture.Options{KeyLog: r.keys}, found)
	reader.Begin(r.name, int64(len(r.data)))
	for {
		wanted, offset, more := reader.Want()
		if !more {
			return reader.About()
		}
		p, ok := r.data, true
		if wanted != "" {
			p, ok = r.beside[wanted]
		}
		switch {
		case !ok:
			reader.Missing()
		case offset >= int64(len(p)):
			reader.End()
		default:
			reader.Feed(p[offset:min(offset+inputSize, int64(len(p)))])
		}
	}
}

// guest is the module under wazero.
type guest struct {
	t               testing.TB
	m               api.Module
	in, out, status uint32
}

// compiled keeps the module compiled from one instance to the next.
var compiled = wazero.NewCompilationCache()

func load(t testing.TB) *guest {
	t.Helper()
	code, err := os.ReadFile(modulePath)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	runtime := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().WithCompilationCache(compiled))
	t.Cleanup(func() { runtime.Close(ctx) })
	m, err := runtime.InstantiateWithConfig(ctx, code, wazero.NewModuleConfig().WithStartFunctions("_initialize"))
	if err != nil {
		t.Fatal(err)
	}
	g := &guest{t: t, m: m}
	g.in, g.out, g.status = uint32(g.call("input")), uint32(g.call("output")), uint32(g.call("status"))
	return g
}

func (g *guest) call(name string, args ...uint64) int {
	g.t.Helper()
	res, err := g.m.ExportedFunction(name).Call(context.Background(), args...)
	if err != nil {
		g.t.Fatalf("%s trapped: %v", name, err)
	}
	return int(int32(res[0]))
}

// give writes p to the input and calls a function with its length first.
func (g *guest) give(name string, p []byte, args ...uint64) int {
	g.t.Helper()
	if !g.m.Memory().Write(g.in, p) {
		g.t.Fatal("input outside memory")
	}
	return g.call(name, append([]uint64{uint64(len(p))}, args...)...)
}

func (g *guest) state() (s [8]uint32) {
	b, ok := g.m.Memory().Read(g.status, 32)
	if !ok {
		g.t.Fatal("status outside memory")
	}
	for i := range s {
		s[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return s
}

func (g *guest) written() string {
	b, ok := g.m.Memory().Read(g.out, g.state()[2])
	if !ok {
		g.t.Fatal("output outside memory")
	}
	return string(b)
}

// begin starts with people and salts.
func (g *guest) begin(all []person, salts []string) {
	g.t.Helper()
	options := "region\tGB\n"
	for _, s := range salts {
		options += "salt\t" + s + "\n"
	}
	if n := g.give("begin", []byte(options)); n != 0 {
		g.t.Fatalf("begin: %d", n)
	}
	for _, row := range bytes.SplitAfter(rows(all), []byte("\n")) {
		if n := g.give("people", row); n != 0 {
			g.t.Fatalf("people: %d, memory %d", n, g.m.Memory().Size())
		}
	}
}

// audit looks through a recording, fed in pieces of n bytes.
func (g *guest) audit(r recording, n int) []byte {
	g.t.Helper()
	if r.keys != nil {
		if n := g.give("keys", r.keys); n != 0 {
			g.t.Fatalf("keys: %d", n)
		}
	}
	for at := 0; at < len(r.data); at += inputSize {
		g.give("hash", r.data[at:min(at+inputSize, len(r.data))])
	}
	if n := g.call("hashed"); n != 0 || g.written() != fmt.Sprintf("%x", sha256.Sum256(r.data)) {
		g.t.Fatalf("%s: hashed: %d", r.name, n)
	}
	g.feed(r, n, g.give("capture", []byte(r.name), uint64(uint32(len(r.data))), 0))
	return g.report()
}

// page makes the report for a complaint of the one recording that was audited.
func (g *guest) page(r recording, n int) []byte {
	g.t.Helper()
	g.feed(r, n, g.call("requests", 0))
	if n := g.give("page", []byte("app\t<an app>\nconsent\tnone\nmade\ttoday\ntool\ta test\n")); n != 0 {
		g.t.Fatalf("page: %d", n)
	}
	return g.report()
}

// feed gives the module what it wants of a recording.
func (g *guest) feed(r recording, n, more int) {
	g.t.Helper()
	for more == 1 {
		s, wanted := g.state(), g.written()
		p, ok := r.data, true
		if wanted != "" {
			p, ok = r.beside[wanted]
		}
		offset := int(uint64(s[3]) | uint64(s[4])<<32)
		switch {
		case !ok:
			more = g.call("missing")
		case offset >= len(p):
			more = g.call("end")
		default:
			more = g.give("feed", p[offset:min(offset+n, len(p))])
		}
	}
	if more != 0 {
		g.t.Fatalf("%s: %d", r.name, more)
	}
}

func (g *guest) report() []byte {
	g.t.Helper()
	var out []byte
	for {
		again := g.call("report")
		out = append(out, g.written()...)
		if again == 0 {
			return out
		}
		if again != 1 {
			g.t.Fatalf("report: %d", again)
		}
	}
}

// recordings are captures of every format that this project makes, and the real
// ones if they are there.
func recordings(t testing.TB) (all []recording) {
	leak := []byte(`{"phone":"+442079460018","sha256":"` + "d2b4ae9bd8d4b8e1b2a2b8cf1d6bd3b0ac2b3ba0ee0ea83dff2c1c4a8c1d1d1e" + `","mail":"ada@example.org","list":["0113 496 0654","12125550123"]}`)
	exchanges := []capturetest.Exchange{
		{Path: "/hello?to=%2B442079460018", ResponseBody: []byte("hello")},
		{Method: "POST", Path: "/sync", Header: [][2]string{{"Content-Type", "application/json"}}, Body: leak, ResponseBody: leak},
		{Method: "POST", Path: "/lost", Header: [][2]string{{"Content-Encoding", "gzip"}}, Body: []byte("not gzip at all")},
	}
	add := func(name string, data []byte) {
		all = append(all, recording{name: name, data: data})
	}
	add("a.har", capturetest.HAR(capturetest.Entries(exchanges...)))
	add("a.har.zip", capturetest.HARZip(exchanges...))
	add("a.chlsj", capturetest.Chlsj(exchanges...))
	add("a.xml", capturetest.Burp(true, exchanges...))
	add("a.saz", capturetest.SAZ(exchanges...))
	add("a.mitm", capturetest.Mitm(20, exchanges...))
	add("a.vcf.bin", leak)
	add("a.chls", leak)
	add("empty", nil)
	talk, log, err := capturetest.TLS(capturetest.HTTP1(exchanges...), tls.VersionTLS13, 0, "api.example.com")
	if err != nil {
		t.Fatal(err)
	}
	packets := capturetest.Wire{Port: 443}.Packets(talk)
	pcap := capturetest.Capture{Link: 1}.Pcap(packets...)
	add("nokey.pcap", pcap)
	all = append(all, recording{"beside.pcap", pcap, map[string][]byte{"beside.keylog": log}, nil})
	add("inside.pcapng", capturetest.Capture{Link: 101, Secrets: log}.Pcapng(packets...))
	h2, err := capturetest.HTTP2(exchanges...)
	if err != nil {
		t.Fatal(err)
	}
	add("h2.pcap", capturetest.Capture{Link: 1}.Pcap(capturetest.Wire{}.Packets(h2)...))
	for _, name := range []string{"a.har", "h2.pcap"} {
		for _, r := range all {
			if r.name == name {
				add("cut-"+name, r.data[:len(r.data)*2/3])
			}
		}
	}
	dir := os.Getenv("SEALBOOK_CAPTURES")
	if dir == "" {
		dir = "../../../shared/captures"
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) < 31 && os.Getenv("CI") != "" {
		t.Fatal("the captures are not there: SEALBOOK_CAPTURES has to name their folder")
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		r := recording{name: filepath.Base(path), data: data, beside: map[string][]byte{}}
		for _, other := range paths {
			if filepath.Dir(other) == filepath.Dir(path) {
				r.beside[filepath.Base(other)], _ = os.ReadFile(other)
			}
		}
		all = append(all, r)
	}
	return all
}

func TestModule(t *testing.T) {
	g := load(t)
	var names []string
	for name := range g.m.ExportedFunctionDefinitions() {
		names = append(names, name)
	}
	slices.Sort(names)
	if !slices.Equal(names, exported) {
		t.Errorf("exports %q", names)
	}
	code, err := os.ReadFile(modulePath)
	if err != nil {
		t.Fatal(err)
	}
	compiled, err := wazero.NewRuntime(t.Context()).CompileModule(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(compiled.ImportedFunctions()) + len(compiled.ImportedMemories()); n != 0 {
		t.Errorf("%d imports", n)
	}
}

func TestSameReport(t *testing.T) {
	salts := []string{"pepper1"}
	found := 0
	all := recordings(t)
	for _, r := range all {
		want, page := native(folk, salts, r)
		for _, n := range []int{inputSize, 1000} {
			g := load(t) // as the package does: an audit has a memory of its own
			g.begin(folk, salts)
			got := g.audit(r, n)
			if got := g.page(r, n); !bytes.Equal(got, page) {
				t.Errorf("%s: the page differs: %d bytes, %d natively", r.name, len(got), len(page))
			}
			if !bytes.Equal(got, want) {
				g1, w1 := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
				for i := range max(len(g1), len(w1)) {
					if i >= len(g1) || i >= len(w1) || !bytes.Equal(g1[i], w1[i]) {
						t.Errorf("%s: line %d of %d, %d natively\n have %.300s\n want %.300s", r.name, i, len(g1), len(w1), bytes.Join(g1[min(i, len(g1)):], nil), bytes.Join(w1[min(i, len(w1)):], nil))
						break
					}
				}
			}
		}
		for _, line := range bytes.Split(bytes.TrimSpace(want), []byte("\n")) {
			var o struct{ Type, Verdict, Certainty string }
			if err := json.Unmarshal(line, &o); err != nil {
				t.Fatalf("%s: %v in %.200s", r.name, err, line)
			}
			if o.Type == "finding" {
				found++
			}
		}
		first, _, _ := strings.Cut(string(want), "\n")
		switch r.name {
		case "a.har", "beside.pcap", "inside.pcapng", "h2.pcap", "a.saz":
			if !strings.Contains(first, `"verdict":"found"`) {
				t.Errorf("%s: %s", r.name, first)
			}
		case "nokey.pcap", "a.chls", "empty":
			if !strings.Contains(first, `"verdict":"cannot tell"`) {
				t.Errorf("%s: %s", r.name, first)
			}
		}
	}
	if found < 50 || len(all) < 15 {
		t.Errorf("%d findings in %d recordings", found, len(all))
	}
}

func TestMisuse(t *testing.T) {
	g := load(t)
	for _, call := range []struct {
		name string
		args []uint64
		want int
	}{
		{"people", []uint64{0}, -9}, {"keys", []uint64{0}, -9}, {"capture", []uint64{0, 0, 0}, -9}, {"feed", []uint64{1}, -9}, {"end", nil, -9}, {"missing", nil, -9}, {"report", nil, -9}, {"hash", []uint64{0}, -9}, {"hashed", nil, -9}, {"requests", []uint64{0}, -9}, {"page", []uint64{0}, -9},
		{"begin", []uint64{1 << 20}, -1}, {"begin", []uint64{0xffffffff}, -1}, {"begin", []uint64{0}, 0}, {"people", []uint64{1 << 20}, -1}, {"feed", []uint64{0}, -1},
	} {
		if got := g.call(call.name, call.args...); got != call.want {
			t.Errorf("%s%v: %d, want %d", call.name, call.args, got, call.want)
		}
	}
	if n := g.give("begin", []byte("colour\tred\n")); n != -3 {
		t.Errorf("an option that there is not: %d", n)
	}
	g.begin(folk, nil)
	if n := g.give("people", []byte("number\tx\t1\n")); n != -2 {
		t.Errorf("a row that is none: %d", n)
	}
}
