package audit

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"

	"sealbook/wasm/capture"
	"sealbook/wasm/number"
)

const (
	ada    = "+441134960654"
	berta  = "+12125550123"
	email  = "ada.ashdown@example.org"
	person = "Ada Ashdown"
)

// testBook has two people.
func testBook(t testing.TB) *Book {
	t.Helper()
	b := new(Book)
	for _, p := range []struct{ name, number, email string }{{person, ada, email}, {"Berta Brook", berta, ""}} {
		n, err := number.Parse(p.number, "")
		if err != nil {
			t.Fatal(err)
		}
		i := b.Add(p.name)
		b.AddNumber(i, n)
		if p.email != "" {
			b.AddEmail(i, p.email)
		}
	}
	return b
}

func body(text string) *capture.Message {
	return &capture.Message{Parts: []capture.Part{{Place: capture.Body, Bytes: []byte(text)}}}
}

func audit(t testing.TB, o Options, messages ...*capture.Message) *Report {
	t.Helper()
	a := New(testBook(t), o)
	for i, m := range messages {
		m.Index = i
		a.Message(m)
	}
	return a.End()
}

func gz(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return b.String()
}

func zl(s string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return b.String()
}

func deflate(s string) string {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, 9)
	w.Write([]byte(s))
	w.Close()
	return b.String()
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
func raw64(s string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(s))
}
func sha(s string) string { d := sha256.Sum256([]byte(s)); return string(d[:]) }
func md(s string) string  { d := md5.Sum([]byte(s)); return string(d[:]) }
func hx(s string) string  { return hex.EncodeToString([]byte(s)) }
func u16(s string, order binary.ByteOrder) string {
	var out []byte
	for _, c := range utf16.Encode([]rune(s)) {
		out = append(out, 0, 0)
		order.PutUint16(out[len(out)-2:], c)
	}
	return string(out)
}
func escaped(s, form string) (out string) {
	for _, c := range []byte(s) {
		out += fmt.Sprintf(form, c)
	}
	return out
}
func pb(tag byte, s string) string { return string(append([]byte{tag, byte(len(s))}, s...)) }
func varint(v uint64) string       { return string(binary.AppendUvarint(nil, v)) }
func fixed(v uint64, order binary.ByteOrder) string {
	b := make([]byte, 8)
	order.PutUint64(b, v)
	return string(b)
}
func b58(s string) string {
	const digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	x := new(big.Int).SetBytes([]byte(s))
	out := ""
	for x.Sign() > 0 {
		m := new(big.Int)
		x.DivMod(x, big.NewInt(58), m)
		out = string(digits[m.Int64()]) + out
	}
	return out
}
func list(s string) string {
	return strings.Trim(strings.Join(strings.Fields(fmt.Sprint([]byte(s))), ","), "")
}

// Every disguise, one by one.
func TestDisguises(t *testing.T) {
	mac := hmac.New(sha256.New, []byte("\x85\xad\xf8\x22\x69\x53\xf3\xd9\x6c\xfd\x5d\x09\xbf\x29\x55\x5e\xb9\x55\xfc\xd8\xaa\x5e\xc4\xf9\xfc\xd8\x69\xe2\x58\x37\x07\x23"))
	mac.Write([]byte("441134960654"))
	threema := string(mac.Sum(nil))
	s1 := sha1.Sum([]byte(ada))
	s512 := sha512.Sum512([]byte("441134960654"))
	for _, test := range []struct {
		name, text string
		certainty  Certainty
		kind       Kind
		chain      string
	}{
		{"plain", `{"phone":"+441134960654"}`, Certain, Number, "json"},
		{"digits", `{"x":"441134960654"}`, Certain, Number, "json"},
		{"integer", `{"x":441134960654}`, Certain, Number, "json"},
		{"decimal", `{"x":441134960654.0}`, Certain, Number, "json"},
		{"exponent", `{"x":4.41134960654e11}`, Certain, Number, "json"},
		{"exponent plus", `{"x":4.41134960654E+11}`, Certain, Number, "json"},
		{"prefix 00", "00441134960654", Certain, Number, ""},
		{"prefix 011", "011 44 113 496 0654", Certain, Number, ""},
		{"national", `{"x":"01134960654"}`, Likely, Number, "json"},
		{"national, grouped", `call 0113 496 0654 now`, Likely, Number, ""},
		{"national, parentheses", `call (0113) 496-0654 now`, Likely, Number, ""},
		{"national without zero", `{"x":1134960654}`, Likely, Number, "json"},
		{"trunk zero", "+4401134960654", Certain, Number, ""},
		{"trunk zero in parentheses", "+44 (0) 113 496 0654", Certain, Number, ""},
		{"grouped", "+44 113 496 0654", Certain, Number, ""},
		{"grouped, dots", "+44.113.496.0654", Certain, Number, ""},
		{"grouped in pairs", "44-11-34-96-06-54", Certain, Number, ""},
		{"grouped, single", "4 4 1 1 3 4 9 6 0 6 5 4", Certain, Number, ""},
		{"american", "+1 (212) 555-0123", Certain, Number, ""},
		{"american, usual", "+1 212-555-0123", Certain, Number, ""},
		{"american, national", "tel: 212-555-0123.", Likely, Number, ""},
		{"full width", "＋４４１１３４９６０６５４", Certain, Number, ""},
		{"arabic digits", "+٤٤١١٣٤٩٦٠٦٥٤", Certain, Number, ""},
		{"no-break spaces", "+44\u00a0113\u00a0496\u00a00654", Certain, Number, ""},
		{"no-break hyphens", "+44\u2011113\u2011496\u20110654", Certain, Number, ""},
		{"bidi marks", "\u202a+44 113 496 0654\u202c", Certain, Number, ""},
		{"split", `{"cc":"44","n":"1134960654"}`, Certain, Number, "json"},
		{"split, numbers", `{"country_code":44,"number":1134960654}`, Certain, Number, "json"},
		{"split, behind", `{"number":"1134960654","countryCode":"+44"}`, Certain, Number, "json"},
		{"split, form", `cc=44&phone=1134960654`, Certain, Number, "form"},
		{"split, array", `["44","1134960654"]`, Certain, Number, "json"},
		{"reversed", `{"x":"456069431144"}`, Possible, Number, "json"},
		{"jid", `441134960654@c.us`, Certain, Number, ""},
		{"json key", `{"441134960654":1}`, Certain, Number, "json"},
		{"json escapes", `{"x":"\u002b\u0034\u0034\u0031\u0031\u0033\u0034\u0039\u0036\u0030\u0036\u0035\u0034"}`, Certain, Number, "json"},
		{"json newline", `{"x":"a\n441134960654"}`, Certain, Number, "json"},
		{"percent", url.QueryEscape(ada), Certain, Number, "percent"},
		{"form", "a=1&b=" + url.QueryEscape("+44 113 496 0654"), Certain, Number, "form"},
		{"percent of all", escaped(ada, "%%%02x"), Certain, Number, "percent"},
		{"percent twice", url.QueryEscape(url.QueryEscape(ada)), Certain, Number, "percent percent"},
		{"entities", "<p>&#43;&#52;&#52;&#49;&#49;&#51;&#52;&#57;&#54;&#48;&#54;&#53;&#52;</p>", Certain, Number, "entities"},
		{"entities in hex", "<p>&#x2b;44113&#x34;960654</p>", Certain, Number, "entities"},
		{"quoted-printable", "=2B=34=34=31=31=33=34=39=36=30=36=35=34", Certain, Number, "quoted-printable"},
		{"soft line breaks", "TEL:+44113=\r\n4960654", Certain, Number, "quoted-printable"},
		{"base16", hx(ada), Certain, Number, "base16"},
		{"BASE16", strings.ToUpper(hx(ada)), Certain, Number, "base16"},
		{"base16 with colons", strings.Trim(escaped(ada, ":%02x"), ":"), Certain, Number, "base16"},
		{"base16 in C", escaped(ada, `\x%02x`), Certain, Number, "json"},
		{"base16 with spaces", strings.Trim(escaped(ada, " %02X"), " "), Certain, Number, "base16"},
		{"base32", base32.StdEncoding.EncodeToString([]byte(ada)), Certain, Number, "base32"},
		{"base32, lower", strings.ToLower(base32.StdEncoding.WithPadding(-1).EncodeToString([]byte(ada))), Certain, Number, "base32"},
		{"base58", b58(ada), Certain, Number, "base58"},
		{"base64", b64(ada), Certain, Number, "base64"},
		{"base64 in a sentence", "token=" + b64(ada) + ";", Certain, Number, "base64"},
		{"base64url", raw64("??>+441134960654"), Certain, Number, "base64url"},
		{"base64 behind a slash", "v1/tokens/" + raw64(ada), Certain, Number, "base64"},
		{"base64 of base64", b64(b64(ada)), Certain, Number, "base64 base64"},
		{"base64 in json", `{"a":"` + b64(`{"n":"`+ada+`"}`) + `"}`, Certain, Number, "json base64 json"},
		{"base64 in json, slashes", `{"a":"` + strings.ReplaceAll(b64("??>??>"+ada), "/", `\/`) + `"}`, Certain, Number, "json base64"},
		{"base64 in lines", "MIME\n" + wrap(b64(strings.Repeat("lorem ipsum ", 20)+ada+strings.Repeat(" dolor", 20)), 76), Certain, Number, "base64"},
		{"bytes", `{"a":[` + strings.Trim(list(ada), "[]") + `]}`, Certain, Number, "json bytes"},
		{"utf-16", u16(ada+" hello", binary.LittleEndian), Certain, Number, "utf-16"},
		{"utf-16be", u16(ada+" hello", binary.BigEndian), Certain, Number, "utf-16"},
		{"gzip", gz(ada), Certain, Number, "gzip"},
		{"zlib", zl(ada), Certain, Number, "zlib"},
		{"deflate", deflate(ada), Certain, Number, "deflate"},
		{"base64 of gzip of json", b64(gz(`{"x":"` + ada + `"}`)), Certain, Number, "base64 gzip json"},
		{"base64 of deflate", b64(deflate(ada)), Certain, Number, "base64 deflate"},
		{"four deep", `{"d":"` + b64(gz(url.QueryEscape(hx(`{"n":"`+ada+`"}`)))) + `"}`, Certain, Number, "json base64 gzip base16 json"},
		{"chunked", "5\r\n+4411\r\n8\r\n34960654\r\n0\r\n\r\n", Certain, Number, "chunked"},
		{"jwt", raw64(`{"alg":"none"}`) + "." + raw64(`{"sub":"`+ada+`"}`) + ".", Certain, Number, "jwt json"},
		{"protobuf string", pb(0x0a, "hello") + pb(0x12, ada) + "\x18\x05", Certain, Number, "protobuf"},
		{"protobuf string before digits", pb(0x0a, "441134960654") + pb(0x32, "99"), Certain, Number, "protobuf"},
		{"protobuf varint", "\x08" + varint(441134960654), Certain, Number, "protobuf"},
		{"protobuf zigzag", "\x08" + varint(441134960654*2), Certain, Number, "protobuf"},
		{"protobuf fixed64", "\x09" + fixed(441134960654, binary.LittleEndian), Likely, Number, "protobuf"},
		{"protobuf double", "\x09" + fixed(math.Float64bits(441134960654), binary.LittleEndian), Likely, Number, "protobuf"},
		{"protobuf nested", pb(0x0a, pb(0x12, pb(0x1a, ada))), Certain, Number, "protobuf"},
		{"protobuf split", pb(0x0a, "\x08\x2c\x10"+varint(1134960654)), Certain, Number, "protobuf"},
		{"base64 of protobuf", b64("\x08" + varint(441134960654) + "\x10\x01"), Certain, Number, "base64 protobuf"},
		{"varint among bytes", "\xff\x00\x01\x7e" + varint(441134960654) + "\x00\xff\xfe", Certain, Number, ""},
		{"fixed64 big", "\xff\x00\x01\xfe" + fixed(441134960654, binary.BigEndian) + "\x00\xff\xfe", Likely, Number, ""},
		{"float64 big", "\xff\x00\x01\xfe" + fixed(math.Float64bits(441134960654), binary.BigEndian) + "\x00\xff\xfe", Likely, Number, ""},
		{"fixed32", "\xff\x00\x01\xfe\xff" + fixed(1134960654, binary.BigEndian)[4:] + "\x00\xff\xfe", Possible, Number, ""},
		{"xml plist", `<?xml version="1.0"?><plist version="1.0"><dict><key>p</key><string>+441134960654</string></dict></plist>`, Certain, Number, "plist"},
		{"plist data", `<plist version="1.0"><data>` + "\n\t" + b64(ada) + "\n\t</data></plist>", Certain, Number, "plist base64"},
		{"sha256 hex", `{"h":"` + hx(sha(ada)) + `"}`, Certain, Digest, "json"},
		{"sha256 HEX", strings.ToUpper(hx(sha("441134960654"))), Certain, Digest, ""},
		{"sha256 base64", b64(sha(ada)), Certain, Digest, ""},
		{"sha256 base64url", raw64(sha(ada)), Certain, Digest, ""},
		{"sha256 raw", "\x00\x01\xff" + sha(ada), Certain, Digest, ""},
		{"sha256 in protobuf", pb(0x0a, sha(ada)), Certain, Digest, "protobuf"},
		{"sha256 national", hx(sha("01134960654")), Certain, Digest, ""},
		{"sha256 significant", hx(sha("1134960654")), Certain, Digest, ""},
		{"sha256 00", hx(sha("00441134960654")), Certain, Digest, ""},
		{"sha256 spaced", hx(sha("+44 113 496 0654")), Certain, Digest, ""},
		{"sha256 tel", hx(sha("tel:+44-113-496-0654")), Certain, Digest, ""},
		{"sha256 cut to 8", hx(sha(ada)[:8]), Certain, Digest, ""},
		{"sha256 cut to 10 in base64", raw64(sha(ada)[:10]), Certain, Digest, ""},
		{"sha1 cut to 10, as signal", base64.RawStdEncoding.EncodeToString(s1[:10]), Certain, Digest, ""},
		{"sha512", hx(string(s512[:])), Certain, Digest, ""},
		{"sha512 base64", b64(string(s512[:])), Certain, Digest, ""},
		{"md5", hx(md(ada)), Certain, Digest, ""},
		{"md5, middle", hx(md(ada)[4:12]), Certain, Digest, ""},
		{"md5 behind a name", "sha256-" + b64(md(ada)), Certain, Digest, ""},
		{"digest in a path", "/v1/lookup/" + raw64(sha(ada)) + "/x", Certain, Digest, ""},
		{"digest list", hx(sha("1")) + hx(sha(ada)) + hx(sha("2")), Certain, Digest, ""},
		{"digest blob in base64", b64(sha("1") + sha(ada) + sha("2")), Certain, Digest, "base64"},
		{"base64 of hex", b64(hx(sha(ada))), Certain, Digest, "base64"},
		{"threema", hx(threema), Certain, Digest, ""},
		{"threema base64", b64(threema), Certain, Digest, ""},
		{"matrix", raw64(sha("441134960654 msisdn matrixrocks")), Certain, Digest, ""},
		{"observed salt", hx(sha(ada + "QX4QkKEU")), Certain, Digest, ""},
		{"salt beside it", `{"salt":"s3cr3t","h":"` + hx(sha("s3cr3t"+ada)) + `"}`, Certain, Digest, "json"},
		{"salt beside it, hmac", `{"h":"` + b64(hm("pepper12", ada)) + `","pepper":"pepper12"}`, Certain, Digest, "json"},
		{"sha256 of md5", hx(sha(hx(md(ada)))), Certain, Digest, ""},
		{"sha256 of sha256, raw", hx(sha(sha(ada))), Certain, Digest, ""},
		{"email", `{"e":"Ada.Ashdown@example.org"}`, Likely, Email, "json"},
		{"email, percent", "e=ada.ashdown%40example.org", Likely, Email, "form"},
		{"email sha256", hx(sha(email)), Certain, Digest, ""},
		{"name", `{"n":"Ada Ashdown"}`, Possible, Name, "json"},
		{"name, other order", `{"n":"Ashdown, Ada"}`, Possible, Name, "json"},
		{"name, two fields", `{"first":"Ada","last":"ASHDOWN"}`, Possible, Name, "json"},
		{"vcard", "BEGIN:VCARD\r\nTEL;TYPE=CELL:+44 113 496 0654\r\nEND:VCARD", Certain, Number, ""},
		{"csv", "Ada,+441134960654\nBerta,1", Certain, Number, ""},
		{"list with spaces", "441134960654 441134960655 441134960656", Certain, Number, ""},
		{"group chat", "441134960654-1604000000@g.us", Certain, Number, ""},
		{"multipart", "--xyz\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n" + gz(ada) + "\r\n--xyz--\r\n", Certain, Number, "multipart gzip"},
	} {
		r := audit(t, Options{}, body(test.text))
		var got []string
		ok := false
		for _, f := range r.Findings {
			chain := strings.Join(f.Chain, " ")
			got = append(got, fmt.Sprintf("%v %v %q [%s] %d-%d %s", f.Kind, f.Certainty, f.Value, chain, f.Start, f.End, f.Recipe))
			if f.Kind == test.kind && f.Certainty == test.certainty && chain == test.chain {
				ok = true
			}
		}
		if !ok {
			t.Errorf("%s: got %q, want %v %v [%s]; unreadable %v", test.name, got, test.kind, test.certainty, test.chain, r.Unreadable)
		}
	}
}

func hm(key, s string) string {
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(s))
	return string(m.Sum(nil))
}

func wrap(s string, n int) (out string) {
	for len(s) > n {
		out += s[:n] + "\r\n"
		s = s[n:]
	}
	return out + s
}

func mustNumber(t testing.TB, e164 string) number.Number {
	t.Helper()
	n, err := number.Parse(e164, "")
	if err != nil {
		t.Fatalf("%s: %v", e164, err)
	}
	return n
}
