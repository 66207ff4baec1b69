package audit

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"sealbook/wasm/capture"
	"sealbook/wasm/number"
)

func digest256() []byte {
	d := sha256.Sum256([]byte(ada))
	return d[:]
}

// told writes down findings that are more than possible, and those of names.
func told(r *Report) (all []string) {
	for _, f := range r.Findings {
		if f.Certainty > Possible {
			all = append(all, fmt.Sprintf("%v %v %s in %s %s", f.Certainty, f.Kind, f.Value, f.Location, strings.Join(f.Chain, ">")))
		}
	}
	return all
}

// What is found is told once, whole, and in the chain that leads to it.
func TestTold(t *testing.T) {
	std, raw := base64.StdEncoding, base64.RawStdEncoding
	slash := "" // a digest that has both special letters
	for i := 0; !strings.Contains(slash, "/") || !strings.Contains(slash, "+"); i++ {
		d := sha512.Sum384([]byte([]string{ada, ada[1:], "00" + ada[1:], "01134960654", "1134960654"}[i]))
		slash = std.EncodeToString(d[:])
	}
	sum := std.EncodeToString(digest256())
	quoted := func(v any) string {
		p, _ := json.Marshal(v)
		return string(p)
	}
	object := quoted(map[string]string{"tel": "+44 113 496 0654"})
	var br bytes.Buffer
	w := brotli.NewWriterLevel(&br, 11)
	w.Write([]byte(ada[1:]))
	w.Close()
	if br.Len() != 16 {
		t.Fatalf("%d bytes of Brotli are not as many as a digest has", br.Len())
	}
	wide := []byte{0xff, 0xfe}
	for _, c := range []byte(ada) {
		wide = append(wide, c, 0)
	}
	field := append([]byte{0x0a, 32}, digest256()...)
	varint := binary.AppendUvarint(nil, 441134960654)
	message := append(append([]byte{0x08}, varint...), 0x12, 3, 'a', 'b', 'c')
	for _, test := range []struct {
		name  string
		place capture.Place
		of    string // the part's name
		text  string
		want  string // "" for nothing, otherwise certainty, kind, value and chain
	}{
		{"plus for a space, and no other escape", capture.Query, "to", "00+44+113+496+0654", "certain number 00 44 113 496 0654 in query:to form"},
		{"the same in a cookie", capture.Cookie, "p", "0113+496+0654", "likely number 0113 496 0654 in cookie:p form"},
		{"the same in a URL", capture.Header, "Referer", "https://a.example/?to=0113+496+0654", "likely number 0113 496 0654 in header:Referer form"},
		{"a sum", capture.Header, "X-Sum", "0113+496+0654", ""},

		{"Base64", capture.Body, "", `{"h":"` + sum + `"}`, "certain digest " + sum + " in body json"},
		{"Base64, escaped", capture.Query, "h", url.QueryEscape(slash), "certain digest " + slash + " in query:h percent"},
		{"Base64, escaped, in a path", capture.Path, "", "/u/" + url.QueryEscape(slash) + "/status", "certain digest " + slash + " in path percent"},
		{"Base64 without padding", capture.Path, "", "/u/" + strings.NewReplacer("/", "_", "+", "-", "=", "").Replace(sum) + "/status", "certain digest " + strings.NewReplacer("/", "_", "+", "-", "=", "").Replace(sum) + " in path "},
		{"hexadecimal, cut", capture.Body, "", hex.EncodeToString(digest256()[:9]), "certain digest " + hex.EncodeToString(digest256()[:9]) + " in body "},
		{"Base64, cut", capture.Body, "", `["` + raw.EncodeToString(digest256()[:13]) + `"]`, "certain digest " + raw.EncodeToString(digest256()[:13]) + " in body json"},
		{"a field of a message", capture.Body, "", string(field), "certain digest " + hex.EncodeToString(digest256()) + " in body protobuf"},
		{"a field of which a later byte differs", capture.Body, "", string(append(append(field[:12:12], field[12]^1), field[13:]...)), ""},

		{"JSON in JSON", capture.Body, "", quoted(map[string]any{"v": 1, "data": object}), "certain number +44 113 496 0654 in body json>json"},
		{"JSON in JSON in JSON", capture.Body, "", quoted([]string{quoted(map[string]string{"data": object})}), "certain number +44 113 496 0654 in body json>json>json"},
		{"JSON in a form", capture.Body, "", "v=1&data=" + url.QueryEscape(object), "certain number +44 113 496 0654 in body form>json"},
		{"packed in a form", capture.Body, "", "v=1&data=" + url.QueryEscape(gz(object)), "certain number +44 113 496 0654 in body form>gzip>json"},
		{"an integer of a message", capture.Body, "", string(message), "certain number " + hex.EncodeToString(varint) + " in body protobuf"},
		{"text of a message that begins as text does", capture.Body, "", "\n\r" + ada, "certain number " + ada + " in body protobuf"},
		{"text of CBOR", capture.Body, "", "\xa2\x65phone\x6d" + ada + "\x61v\x01", "certain number " + ada + " in body "},
		{"a name before a number of bytes", capture.Header, "Authorization", "Basic " + std.EncodeToString([]byte(sum+":secret")), "certain digest " + sum + " in header:Authorization base64"},

		{"an address is not its name as well", capture.Body, "", "mailto:" + email, "likely email " + email + " in body "},
		{"dashes of all lengths", capture.Cookie, "tel", url.QueryEscape("+44\u2013113\u2010496-0654"), "certain number +44\u2013113\u2010496-0654 in cookie:tel percent"},
		{"groups at the end of a long word", capture.Path, "", "/u/%2B44%20113%20496-0654/status", "certain number +44 113 496-0654 in path percent"},
		{"groups inside a long word", capture.Path, "", "/people/0113-4960654/status", "likely number 0113-4960654 in path "},
		{"UTF-16 as long as a digest", capture.Body, "", `"` + std.EncodeToString(wide) + `"`, "certain number " + ada + " in body base64>utf-16"},
		{"UTF-16 in quoted-printable", capture.Body, "", "=00" + strings.Join(strings.Split(ada[1:], ""), "=00"), "certain number " + ada[1:] + " in body quoted-printable>utf-16"},
		{"Brotli as long as a digest", capture.Body, "", hex.EncodeToString(br.Bytes()), "certain number " + ada[1:] + " in body base16>br"},

		{"the end of a UUID", capture.Body, "", `{"phone_id":"3f2504e0-4f89-11d3-9a0c-` + ada[1:] + `"}`, ""},
		{"its neighbour", capture.Body, "", `{"id":"9a0c-device-` + ada[1:] + `"}`, "certain number " + ada[1:] + " in body json"},
	} {
		m := &capture.Message{Parts: []capture.Part{{Place: test.place, Name: []byte(test.of), Bytes: []byte(test.text)}}}
		if got := strings.Join(told(audit(t, Options{}, m)), ", "); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// Digits grouped as thousands are a number where their key says so.
func TestNamed(t *testing.T) {
	b := new(Book)
	if n, err := number.Parse("+6581234567", ""); err != nil {
		t.Fatal(err)
	} else {
		b.AddNumber(b.Add("Jun Jung"), n)
	}
	if n, err := number.Parse("+4532123456", ""); err != nil {
		t.Fatal(err)
	} else {
		b.AddNumber(b.Add("Ivar Iversen"), n)
	}
	a := New(b, Options{})
	for text, want := range map[string]Certainty{
		`{"phone":"32 123 456"}`: Likely, `{"mobile":"32.123.456"}`: Likely, `{"tel":"8123.4567"}`: Likely,
		`{"total":"32 123 456"}`: none, `{"price":"32.123.456"}`: none, `{"lat":"8123.4567"}`: none, `{"phone":"32.12.34.56"}`: none, `{"phone":"32,123,456"}`: none,
	} {
		a.Message(body(text))
		got := none
		for _, f := range a.End().Findings {
			got = max(got, f.Certainty)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// Salts are taken as parameters have them, and salted and double digests are
// found beside other lines and in the parts of a path.
func TestSaltedPlaces(t *testing.T) {
	salt := []byte{0xc4, 0x5d, 0x46, 0xa0, 0x51, 0xfe, 0x17, 0xf6, 0x8c, 0xd0, 0x37, 0x02}
	salted := sha256.Sum256(append([]byte(ada), salt...))
	inner := sha1.Sum([]byte(ada))
	double := sha512.Sum384([]byte(hex.EncodeToString(inner[:])))
	twice := base64.StdEncoding.EncodeToString(double[:])
	part := func(place capture.Place, name, text string) *capture.Message {
		return &capture.Message{Parts: []capture.Part{{Place: place, Name: []byte(name), Bytes: []byte(text)}}}
	}
	for _, test := range []struct {
		name string
		in   []*capture.Message
		want string
	}{
		{"a salt with escapes", []*capture.Message{part(capture.Query, "salt", url.QueryEscape(base64.StdEncoding.EncodeToString(salt))), body(hex.EncodeToString(salted[:]))},
			"certain digest " + hex.EncodeToString(salted[:]) + " in body "},
		{"a part of a path", []*capture.Message{part(capture.Query, "salt", hex.EncodeToString(salt)), part(capture.Path, "", "/u/"+base64.RawURLEncoding.EncodeToString(salted[:])+"/status")},
			"certain digest " + base64.RawURLEncoding.EncodeToString(salted[:]) + " in path "},
		{"a line before others", []*capture.Message{body("TEL:" + twice + "\r\nEND:VCARD\r\n")}, "certain digest " + twice + " in body "},
		{"with its padding", []*capture.Message{part(capture.Header, "X-Salt", hex.EncodeToString(salt)), body(`{"h":"` + base64.StdEncoding.EncodeToString(salted[:]) + `"}`)},
			"certain digest " + base64.StdEncoding.EncodeToString(salted[:]) + " in body json"},
	} {
		if got := told(audit(t, Options{}, test.in...)); !slices.Equal(got, []string{test.want}) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// All that a message says of a person is told, also where none of it keeps its
// place in what is around it.
func TestAllOfOne(t *testing.T) {
	all := `{"phone":"` + ada + `","email":"` + email + `","h":"` + hx(sha(ada[1:])) + `","name":"` + person + `"}`
	for _, test := range []struct{ text, chain string }{
		{all, "json"},
		{gz(all), "gzip>json"},
		{gz(gz(all)), "gzip>gzip>json"},
		{b64(gz(all)), "base64>gzip>json"},
		{`{"d":"` + b64(b64(all)) + `"}`, "json>base64>base64>json"},
		{gz(`{"d":"` + b64(zl(all)) + `"}`), "gzip>json>base64>zlib>json"},
	} {
		want := []string{
			"certain number " + ada + " in body " + test.chain, "likely email " + email + " in body " + test.chain,
			"certain digest " + hx(sha(ada[1:])) + " in body " + test.chain, "likely name " + person + " in body " + test.chain,
		}
		if got := told(audit(t, Options{}, body(test.text))); !slices.Equal(got, want) {
			t.Errorf("%s: %q", test.chain, got)
		}
	}
}
