package transcript

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"sealbook/wasm/directory"
	"sealbook/wasm/oprf"
)

// sample is the transcript of the vectors: Ann registers, publishes her record
// and finds Ben, computed by another hand.
func sample(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile("../../tests/vectors/directory.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct{ Transcript string }
	if err := json.Unmarshal(b, &v); err != nil || len(v.Transcript) < 5000 {
		t.Fatalf("%d bytes, %v", len(v.Transcript), err)
	}
	return []byte(v.Transcript)
}

func TestSample(t *testing.T) {
	r, err := Check(sample(t), Options{})
	if err != nil || len(r.Findings) != 0 {
		t.Fatalf("%v %v", r.Findings, err)
	}
	l := r.Learned
	if l.Requests != 14 || l.Unanswered != 1 || l.Registered != 1 || l.Confirmed != 1 || l.Published != 1 || l.Batches[8] != 1 ||
		l.Numbers != 2 || l.Padding != 6 || l.Proofs != 2 || l.Syncs != 2 || l.Lists != 1 || l.Records != 1 || l.Hours != 0 || l.Handles != 0 || l.Returned || l.CredentialGiven {
		t.Errorf("%+v", l)
	}
	said := strings.Join(append(l.Observer(), l.Service()...), "\n")
	for _, part := range []string{"directory.example", "14 requests between 2026-11-26T08:39:01Z and 2026-11-26T08:39:14Z", "1 of 8): 0 to 8 numbers", "published files were read whole"} {
		if !strings.Contains(said, part) {
			t.Errorf("%q is not in\n%s", part, said)
		}
	}
	for _, never := range []string{"+44", "2079460101", "01234567"} {
		if strings.Contains(said, never) {
			t.Errorf("%q is said", never)
		}
	}
}

// Lines of the sample, counted from 1 as findings do.
const (
	registering = iota + 2
	describingFirst
	updatingFirst
	confirming
	publishing
	describing
	updating
	rooting
	listing
	reading
	asking
	evaluating
	withdrawing
	last
)

// Each of these hides something, or is wrong, and is found where it is.
func TestTampered(t *testing.T) {
	field := func(name, value string) func(*directory.Exchange) {
		return func(e *directory.Exchange) {
			e.Request.Headers = append(e.Request.Headers, directory.Field{Name: name, Value: value})
		}
	}
	set := func(name, value string) func(*directory.Exchange) {
		return func(e *directory.Exchange) {
			for i := range e.Request.Headers {
				if e.Request.Headers[i].Name == name {
					e.Request.Headers[i].Value = value
				}
			}
		}
	}
	body := func(from, to string) func(*directory.Exchange) {
		return func(e *directory.Exchange) {
			if !bytes.Contains(e.Request.Body, []byte(from)) {
				panic(from)
			}
			e.Request.Body = bytes.Replace(e.Request.Body, []byte(from), []byte(to), 1)
		}
	}
	flip := func(b []byte, at int) { b[at] ^= 1 }
	answer := func(change func(b []byte) []byte) func(*directory.Exchange) {
		return func(e *directory.Exchange) {
			var b directory.Bytes
			if err := b.UnmarshalText([]byte(e.Response.Body)); err != nil {
				panic(err)
			}
			e.Response.Body = directory.Bytes(change(b)).String()
		}
	}
	path := func(p string) func(*directory.Exchange) {
		return func(e *directory.Exchange) { e.Request.Path = p }
	}
	const any = -2
	for _, c := range []struct {
		why    string
		line   int
		part   Part
		offset int
		change func(e *directory.Exchange)
	}{
		{"a header field that nothing explains", evaluating, Headers, 0, field("x-contacts", "+442079460102")},
		{"a cookie", listing, Headers, 0, field("cookie", "a=b")},
		{"another type of content", evaluating, Headers, 12, set("content-type", "application/json")},
		{"another credential", asking, Headers, any, set("authorization", "Bearer sha256:"+strings.Repeat("0", 64))},
		{"a credential as it is", asking, Headers, 7, set("authorization", "Bearer "+strings.Repeat("A", 43))},
		{"no credential", evaluating, Headers, -1, func(e *directory.Exchange) { e.Request.Headers = e.Request.Headers[:1] }},
		{"another path", asking, Path, 0, func(e *directory.Exchange) { e.Request.Path = "/v2/people" }},
		{"a query", asking, Path, 0, func(e *directory.Exchange) { e.Request.Path += "?q=1" }},
		{"another method", asking, Path, 0, func(e *directory.Exchange) { e.Request.Method = "POST" }},
		{"a registration that no answer gave", confirming, Path, 18, func(e *directory.Exchange) { e.Request.Path = "/v2/registrations/" + strings.Repeat("0", 32) }},
		{"a body where there is none", asking, Body, 0, func(e *directory.Exchange) { e.Request.Body = []byte("x") }},
		{"a body of a file", reading, Body, 0, func(e *directory.Exchange) { e.Request.Body = []byte("x") }},
		{"a second number beside the own", registering, Body, 25, body(`"}`, `","friend":"+442079460102"}`)},
		{"a space in the body", registering, Body, 10, body(`:"`, `: "`)},
		{"a number that is none", registering, Body, 0, body(`+442079460101`, `+44207946010`)},
		{"a code that is a word", confirming, Body, 34, body(`01234567`, `hello!!!`)},
		{"a scope twice", confirming, Body, any, body(`"search",`, `"search","search",`)},
		{"consent to another text", confirming, Body, any, func(e *directory.Exchange) {
			flip(e.Request.Body, bytes.Index(e.Request.Body, []byte("text_sha256"))+14)
		}},
		{"another element of the own number", confirming, Body, 55, func(e *directory.Exchange) {
			e.Request.Body[bytes.Index(e.Request.Body, []byte("blinded"))+10] ^= 3
		}},
		{"an own element of another number", confirming, Item, -1, func(e *directory.Exchange) { e.Items[0].Number = "+442079460102" }},
		{"a record that is not what it is said to be", publishing, Body, 63, func(e *directory.Exchange) { flip(e.Request.Body, 63) }},
		{"a record with another handle", publishing, Body, 12, func(e *directory.Exchange) { flip(e.Record.Handle, 0) }},
		{"a record that is longer", publishing, Body, 64, func(e *directory.Exchange) { e.Request.Body = append(e.Request.Body, 0) }},
		{"a record from nowhere", publishing, Body, 0, func(e *directory.Exchange) { e.Record = nil }},
		{"a byte more than the elements", evaluating, Body, 256, func(e *directory.Exchange) { e.Request.Body = append(e.Request.Body, 7) }},
		{"a byte less", evaluating, Body, 255, func(e *directory.Exchange) { e.Request.Body = e.Request.Body[:255] }},
		{"an element that is something else", evaluating, Body, 224, func(e *directory.Exchange) { copy(e.Request.Body[224:], "+442079460102") }},
		{"a number in a padding element", evaluating, Body, 224, func(e *directory.Exchange) {
			copy(e.Request.Body[224:], e.Request.Body[:32]) // that of a number
		}},
		{"a padding that is a number", evaluating, Item, 7, func(e *directory.Exchange) { copy(e.Items[7].Padding, "+442079460102") }},
		{"a wrong blind", evaluating, Body, 96, func(e *directory.Exchange) { e.Items[3].Blind[0] ^= 1 }},
		{"a blind twice", evaluating, Item, 3, func(e *directory.Exchange) { e.Items[3].Blind = e.Items[2].Blind }},
		{"a blind that is 1", evaluating, Item, 3, func(e *directory.Exchange) { e.Items[3].Blind = append(directory.Bytes{1}, make([]byte, 31)...) }},
		{"a blind that is no scalar", evaluating, Item, 3, func(e *directory.Exchange) { e.Items[3].Blind = bytes.Repeat([]byte{0xff}, 32) }},
		{"another number", evaluating, Body, 0, func(e *directory.Exchange) { e.Items[0].Number = "+12015550124" }},
		{"a number that is a text", evaluating, Item, 0, func(e *directory.Exchange) { e.Items[0].Number = "Ben" }},
		{"items in another order", evaluating, Body, 0, func(e *directory.Exchange) { slices.Reverse(e.Items) }},
		{"no items", evaluating, Body, 0, func(e *directory.Exchange) { e.Items = nil }},
		{"a batch that is not padded", evaluating, Body, -1, func(e *directory.Exchange) {
			e.Items, e.Request.Body, e.Response = e.Items[:2], e.Request.Body[:64], nil
		}},
		{"items that a request has no room for", asking, Item, -1, func(e *directory.Exchange) {
			e.Items = []directory.Item{{Number: "+442079460102", Blind: make([]byte, 32)}}
		}},
		{"an evaluation without its proof", evaluating, Answer, -1, answer(func(b []byte) []byte { return b[:256] })},
		{"a wrong proof", evaluating, Answer, -1, answer(func(b []byte) []byte { b[300] ^= 1; return b })},
		{"a wrong evaluation", evaluating, Answer, -1, answer(func(b []byte) []byte { copy(b[32:64], b[:32]); return b })},
		{"a wrong proof of the own number", confirming, Answer, -1, answer(func(b []byte) []byte {
			b[bytes.Index(b, []byte("proof"))+8] ^= 3
			return b
		})},
		{"a validator", listing, Headers, 0, field("if-none-match", `"1-0-42"`)},
		{"a credential in public", listing, Headers, 0, field("authorization", "Bearer sha256:"+strings.Repeat("0", 64))},
		{"a state that is not the newest", listing, Path, 11, path("/v2/states/42/tags")},
		{"a number in the place of a version", listing, Path, 11, path("/v2/states/+442079460102/tags")},
		{"no file of a state", listing, Path, 11, path("/v2/states/43/people")},
		{"one block of records, by itself", reading, Headers, 0, field("range", "bytes=28-155")},
		{"a range of its own", reading, Headers, 0, field("range", "bytes=28-91")},
		{"a file twice", reading, Path, -1, path("/v2/states/43/tags")},
		{"an hour that is not the newest state's, without a chain before", listing, Path, 12, path("/v2/changes/499000")},
		{"an hour of words", listing, Path, 12, path("/v2/changes/+442079460102")},
		{"the newest hour without its version", listing, Path, 12, path("/v2/changes/498800")},
		{"a size of the log that was never read", updating, Path, 20, path("/v2/log/update?from=442079460102")},
		{"another query", updating, Path, 14, path("/v2/log/update?from=0&q=1")},
		{"parameters that nobody signed", describing, Answer, -1, answer(func(b []byte) []byte { return bytes.Replace(b, []byte("5120"), []byte("9999"), 1) })},
		{"a log that nobody signed", updating, Answer, -1, answer(func(b []byte) []byte { return bytes.Replace(b, []byte("v2/log\n1\n"), []byte("v2/log\n2\n"), 1) })},
		{"another root of the records", listing, Answer, -1, nil},
		{"tags that are not those of the log", listing, Answer, -1, func(e *directory.Exchange) {
			e.Response.Body = "sha256:" + strings.Repeat("0", 64)
		}},
		{"records of another length", reading, Answer, -1, func(e *directory.Exchange) { *e.Response.Bytes++ }},
		{"an evaluation without the log before", evaluating, Path, -1, nil},
		{"tags after the evaluations", last, Path, -1, func(e *directory.Exchange) {
			e.Request.Path, e.Request.Headers = "/v2/states/43/hashes", directory.Fields{}
		}},
		{"a second batch after one that was not full", last, Body, -1, nil},
		{"a batch that is larger than its numbers need", evaluating, Body, -1, nil},
		{"a receipt that nobody signed", withdrawing, Answer, -1, answer(func(b []byte) []byte {
			return bytes.Replace(b, []byte("_version\\\":43"), []byte("_version\\\":44"), 1)
		})},
	} {
		parsed, err := directory.ParseTranscript(sample(t))
		if err != nil {
			t.Fatal(err)
		}
		x := parsed.Exchanges
		switch c.why {
		case "another root of the records":
			x[rooting-2].Response.Body = directory.Bytes(make([]byte, 32)).String()
		case "an evaluation without the log before":
			x[updating-2].Response = nil
			x = slices.Delete(x, rooting-2, asking-2)
			parsed.Exchanges, c.line = x, evaluating-3
		case "a second batch after one that was not full":
			x[last-2] = again(t, x[evaluating-2], 8)
		case "a batch that is larger than its numbers need":
			x[evaluating-2] = again(t, x[evaluating-2], 64)
		default:
			c.change(&x[c.line-2])
		}
		r, err := Check(parsed.Append(nil), Options{})
		if err != nil {
			t.Errorf("%s: %v", c.why, err)
			continue
		}
		if len(r.Findings) == 0 {
			t.Errorf("%s: not found", c.why)
			continue
		}
		f := r.Findings[0]
		if f.Line != c.line || f.Part != c.part || c.offset != any && f.Offset != c.offset {
			t.Errorf("%s: found in %v, not at %d, %s, %d", c.why, f, c.line, c.part, c.offset)
		}
		if text := f.String(); strings.Contains(text, "4420794601") || !strings.HasPrefix(text, "line ") {
			t.Errorf("%s: %s", c.why, text)
		}
	}
}

// again is a batch like another one, with blinds of its own, of a size.
func again(t *testing.T, e directory.Exchange, size int) directory.Exchange {
	t.Helper()
	var p directory.Parameters
	for _, x := range mustParse(t).Exchanges {
		if x.Request.Path == "/v2/directory" {
			var b directory.Bytes
			var said directory.DirectoryAnswer
			verifier, err1 := directory.NewVerifier(mustParse(t).Head.Directory.Key)
			if err := errors.Join(err1, b.UnmarshalText([]byte(x.Response.Body)), json.Unmarshal(b, &said), verifier.Open(said.Note, &p)); err != nil {
				t.Fatal(err)
			}
		}
	}
	public := [oprf.ElementSize]byte(p.PublicKey)
	var c oprf.Client
	c.Init(oprf.VOPRF, &public, new(oprf.Room))
	in := oprf.Inputs{Text: []byte(e.Items[0].Number), End: []uint32{uint32(len(e.Items[0].Number))}}
	e.Items = []directory.Item{{Number: e.Items[0].Number}}
	random := make([]byte, oprf.RandomSize*size)
	drawn := rand.NewChaCha8([32]byte{byte(size)})
	drawn.Read(random)
	for len(e.Items) < size {
		padding := make([]byte, directory.PaddingSize)
		drawn.Read(padding)
		in.Text = append(in.Text, padding...)
		in.End = append(in.End, uint32(len(in.Text)))
		e.Items = append(e.Items, directory.Item{Padding: padding})
	}
	blinds, elements := make([]byte, oprf.ElementSize*size), make([]byte, oprf.ElementSize*size)
	if _, code := c.Blind(in, random, blinds, elements); code != oprf.OK {
		t.Fatal(code)
	}
	for i := range e.Items {
		e.Items[i].Blind = blinds[oprf.ElementSize*i : oprf.ElementSize*(i+1)]
	}
	e.Request.Body, e.Response = elements, nil
	return e
}

func mustParse(t *testing.T) *directory.Transcript {
	t.Helper()
	parsed, err := directory.ParseTranscript(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// Without its registration a transcript needs the account to be explained.
func TestAccount(t *testing.T) {
	parsed := mustParse(t)
	parsed.Exchanges = parsed.Exchanges[publishing-2:]
	r, err := Check(parsed.Append(nil), Options{})
	if err != nil || len(r.Findings) != 1 || r.Findings[0].Part != Body || !r.Learned.CredentialGiven {
		t.Errorf("without the account: %v %v", r, err)
	}
	r, err = Check(parsed.Append(nil), Options{Credential: strings.Repeat("A", 43)})
	if err != nil || len(r.Findings) < 4 || r.Findings[0].Part != Headers {
		t.Errorf("with another account: %v %v", r.Findings, err)
	}
}

// Parameters that clients refuse are a finding, whoever signed them.
func TestFloors(t *testing.T) {
	b, err := os.ReadFile("../../tests/vectors/directory.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		RefusedNotes []struct{ Kind, Why, Error, Note string } `json:"refused_notes"`
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, n := range v.RefusedNotes {
		if n.Kind != "sealbook directory v2" {
			continue
		}
		tried++
		parsed := mustParse(t)
		x := &parsed.Exchanges[describing-2]
		said, _ := json.Marshal(directory.DirectoryAnswer{Key: parsed.Head.Directory.Key, Note: n.Note})
		x.Response.Body = directory.Bytes(said).String()
		r, err := Check(parsed.Append(nil), Options{})
		if err != nil || len(r.Findings) == 0 || r.Findings[0].Line != describing || r.Findings[0].Part != Answer {
			t.Errorf("%s: %v %v", n.Why, r, err)
		}
	}
	if tried != 32 {
		t.Errorf("%d parameters", tried)
	}
}

func TestHead(t *testing.T) {
	whole := string(sample(t))
	other := strings.Replace(whole, `"key":"directory.example+`, `"key":"directory.example+0`, 1)
	if _, err := Check([]byte(other), Options{}); other == whole || !errors.Is(err, ErrHead) {
		t.Errorf("another key: %v", err)
	}
	// Where none was pinned the key is the one that was shown.
	parsed := mustParse(t)
	parsed.Head.Directory.Key = ""
	if r, err := Check(parsed.Append(nil), Options{}); err != nil || len(r.Findings) != 0 || r.Learned.Directory != "directory.example" {
		t.Errorf("no key: %v %v", r, err)
	}
	if _, err := Check([]byte(whole[:len(whole)-1]), Options{}); !errors.Is(err, directory.ErrMalformed) {
		t.Errorf("cut short: %v", err)
	}
}

// Whatever is in a transcript, checking it ends and says where.
func FuzzCheck(f *testing.F) {
	whole := sample(f)
	lines := bytes.SplitAfter(whole, []byte("\n"))
	if len(lines) != 16 {
		f.Fatalf("%d lines", len(lines))
	}
	f.Add(whole)
	for _, line := range lines[1:15] {
		f.Add(append(bytes.Clone(lines[0]), line...))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := Check(b, Options{})
		if err != nil {
			return
		}
		for _, found := range r.Findings {
			if found.Line < 1 || found.Line > bytes.Count(b, []byte("\n")) || found.Reason == "" {
				t.Errorf("%+v", found)
			}
		}
	})
}
