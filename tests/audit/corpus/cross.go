package corpus

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"html"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// A Crossing is a contact in a form, behind up to four encodings in any order.
type Crossing struct {
	Contact Contact
	Kind    string   // number, digest or email; "" for a near miss
	Want    string   // certain or likely
	Form    string   // what stands innermost
	Layers  []string // from the inside out
	Body    []byte
}

// An encoder makes bytes of bytes. Those of text take text alone, and give it.
type encoder struct {
	name string
	text bool   // takes UTF-8 text alone
	to   string // "text", "bytes" or "token": text without what JSON, forms or XML escape
	make func(r *rand.Rand, p []byte) []byte
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

var encoders = []encoder{
	{"percent", false, "text", func(r *rand.Rand, p []byte) []byte {
		if r.IntN(2) == 0 {
			return []byte(each(string(p), pick(r, "%%%02X", "%%%02x")))
		}
		return []byte(url.PathEscape(string(p)))
	}},
	{"form", false, "text", func(r *rand.Rand, p []byte) []byte {
		return []byte(url.Values{"v": {"1"}, "data": {string(p)}}.Encode())
	}},
	{"form value", false, "text", func(r *rand.Rand, p []byte) []byte { return []byte("data=" + url.QueryEscape(string(p)) + "&v=2") }},
	{"base16", false, "token", func(r *rand.Rand, p []byte) []byte {
		s := hex.EncodeToString(p)
		if r.IntN(2) == 0 {
			s = strings.ToUpper(s)
		}
		return []byte(s)
	}},
	{"base16 with marks", false, "token", func(r *rand.Rand, p []byte) []byte {
		sep := pick(r, ":", " ", "-")
		return []byte(strings.TrimSuffix(each(string(p), pick(r, "%02x", "%02X")+sep), sep))
	}},
	{"base32", false, "token", func(r *rand.Rand, p []byte) []byte {
		s := pick(r, base32.StdEncoding, base32.StdEncoding.WithPadding(base32.NoPadding)).EncodeToString(p)
		if r.IntN(3) == 0 {
			s = strings.ToLower(s)
		}
		return []byte(s)
	}},
	{"base58", false, "token", func(r *rand.Rand, p []byte) []byte {
		if len(p) > 180 {
			return b64(p)
		}
		return []byte(base58(string(p)))
	}},
	{"base64", false, "token", func(r *rand.Rand, p []byte) []byte {
		return []byte(pick(r, base64.StdEncoding, base64.RawStdEncoding).EncodeToString(p))
	}},
	{"base64url", false, "token", func(r *rand.Rand, p []byte) []byte {
		return []byte(pick(r, base64.URLEncoding, base64.RawURLEncoding).EncodeToString(p))
	}},
	{"base64 in lines", false, "text", func(r *rand.Rand, p []byte) []byte {
		return []byte(wrapped(base64.StdEncoding.EncodeToString(p), pick(r, 64, 76), pick(r, "\n", "\r\n")))
	}},
	{"entities", true, "text", func(r *rand.Rand, p []byte) []byte {
		out := ""
		form := pick(r, "&#%d;", "&#x%x;", "&#x%X;")
		for _, c := range string(p) {
			out += fmt.Sprintf(form, c)
		}
		return []byte(out)
	}},
	{"xml", true, "text", func(r *rand.Rand, p []byte) []byte {
		return []byte(`<?xml version="1.0"?><r><v>` + html.EscapeString(string(p)) + `</v></r>`)
	}},
	{"json", true, "text", func(r *rand.Rand, p []byte) []byte { return []byte(`{"v":1,"data":` + quoteJSON(string(p)) + `}`) }},
	{"json list", true, "text", func(r *rand.Rand, p []byte) []byte { return []byte(`["a",` + quoteJSON(string(p)) + `,null]`) }},
	{"json escapes", true, "text", func(r *rand.Rand, p []byte) []byte {
		out := []byte(`{"a":"`)
		for _, c := range string(p) {
			if c > 0xffff {
				out = append(out, string(c)...)
				continue
			}
			out = fmt.Appendf(out, pick(r, `\u%04x`, `\u%04X`), c)
		}
		return append(out, `"}`...)
	}},
	{"bytes", false, "text", func(r *rand.Rand, p []byte) []byte {
		list := strings.ReplaceAll(fmt.Sprint(p), " ", pick(r, ",", ", "))
		if r.IntN(3) == 0 {
			var signed []string
			for _, c := range p {
				signed = append(signed, strconv.Itoa(int(int8(c))))
			}
			list = "[" + strings.Join(signed, ",") + "]"
		}
		return []byte(pick(r, list, `{"type":"Buffer","data":`+list+`}`, `{"a":`+list+`,"b":1}`))
	}},
	{"quoted-printable", false, "text", func(r *rand.Rand, p []byte) []byte {
		if r.IntN(2) == 0 {
			return []byte(each(string(p), "=%02X"))
		}
		var b bytes.Buffer
		w := quotedprintable.NewWriter(&b)
		w.Binary = true
		w.Write(p)
		w.Close()
		return b.Bytes()
	}},
	{"utf-16", true, "bytes", func(r *rand.Rand, p []byte) []byte {
		return wide(string(p), pick[binary.AppendByteOrder](r, binary.LittleEndian, binary.BigEndian), r.IntN(2) == 0)
	}},
	{"gzip", false, "bytes", func(r *rand.Rand, p []byte) []byte {
		return compressed(p, func(w io.Writer) (io.WriteCloser, error) {
			z, err := gzip.NewWriterLevel(w, pick(r, 0, 1, 6, 9, -2))
			if r.IntN(2) == 0 {
				z.Name = "data.json"
			}
			return z, err
		})
	}},
	{"zlib", false, "bytes", func(r *rand.Rand, p []byte) []byte {
		return compressed(p, func(w io.Writer) (io.WriteCloser, error) { return zlib.NewWriterLevel(w, pick(r, 1, 6, 9)) })
	}},
	{"deflate", false, "bytes", func(r *rand.Rand, p []byte) []byte {
		return compressed(p, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, pick(r, 1, 6, 9)) })
	}},
	{"br", false, "bytes", func(r *rand.Rand, p []byte) []byte {
		return compressed(p, func(w io.Writer) (io.WriteCloser, error) {
			return brotli.NewWriterLevel(w, pick(r, 1, 4, 6, 11)), nil
		})
	}},
	{"zstd", false, "bytes", func(r *rand.Rand, p []byte) []byte { return zstandards[r.IntN(len(zstandards))].EncodeAll(p, nil) }},
	{"zip", false, "bytes", func(r *rand.Rand, p []byte) []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		f, _ := w.CreateHeader(&zip.FileHeader{Name: pick(r, "data.json", "a/contacts.bin"), Method: pick(r, zip.Store, zip.Deflate)})
		f.Write(p)
		w.Close()
		return b.Bytes()
	}},
	{"chunked", false, "bytes", func(r *rand.Rand, p []byte) []byte { return chunked(p) }},
	{"multipart", false, "bytes", func(r *rand.Rand, p []byte) []byte {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		w.WriteField("v", "1")
		h := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="f"; filename="x.bin"`}, "Content-Type": {"application/octet-stream"}}
		how := r.IntN(4)
		switch how {
		case 0:
			h.Set("Content-Transfer-Encoding", "base64")
			p = []byte(wrapped(base64.StdEncoding.EncodeToString(p), 76, "\r\n"))
		case 1:
			h.Set("Content-Transfer-Encoding", "quoted-printable")
			var q bytes.Buffer
			w := quotedprintable.NewWriter(&q)
			w.Binary = true
			w.Write(p)
			w.Close()
			p = q.Bytes()
		}
		part, _ := w.CreatePart(h)
		part.Write(p)
		w.Close()
		return b.Bytes()
	}},
	{"jwt", true, "token", func(r *rand.Rand, p []byte) []byte {
		e := base64.RawURLEncoding
		return []byte(e.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + e.EncodeToString([]byte(`{"iat":1700000000,"sub":`+quoteJSON(string(p))+`}`)) + "." + token(r, 32))
	}},
	{"protobuf", false, "bytes", func(r *rand.Rand, p []byte) []byte {
		m := append(varint(1, uint64(r.IntN(300))), field(2, p)...)
		if r.IntN(2) == 0 {
			m = append(field(3, m), varint(4, 1)...)
		}
		return m
	}},
	{"grpc", false, "bytes", func(r *rand.Rand, p []byte) []byte {
		m := field(1, p)
		return append(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(m))), m...)
	}},
	{"plist", true, "text", func(r *rand.Rand, p []byte) []byte {
		return []byte(`<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict><key>v</key><string>` + html.EscapeString(string(p)) + `</string></dict></plist>`)
	}},
	{"plist data", false, "text", func(r *rand.Rand, p []byte) []byte {
		return []byte("<?xml version=\"1.0\"?>\n<plist version=\"1.0\">\n<dict>\n\t<key>d</key>\n\t<data>\n\t" + wrapped(base64.StdEncoding.EncodeToString(p), 68, "\n\t") + "\n\t</data>\n</dict>\n</plist>\n")
	}},
	{"binary plist", false, "bytes", func(r *rand.Rand, p []byte) []byte { return plistData(p) }},
	{"lz-string", true, "token", func(r *rand.Rand, p []byte) []byte {
		return []byte(lzString(string(p)))
	}},
	{"lz-string for a URL", true, "token", func(r *rand.Rand, p []byte) []byte {
		return []byte(lzPack(string(p), 6, func(v int) string { return lzURL[v : v+1] }))
	}},
	{"lz-string in bytes", true, "bytes", func(r *rand.Rand, p []byte) []byte {
		return []byte(lzPack(string(p), 16, func(v int) string { return string([]byte{byte(v >> 8), byte(v)}) }))
	}},
	{"lz-string in UTF-16", true, "text", func(r *rand.Rand, p []byte) []byte {
		return []byte(lzPack(string(p), 15, func(v int) string { return string(rune(v + 32)) }) + " ")
	}},
}

var zstandards = func() (list []*zstd.Encoder) {
	for _, level := range []zstd.EncoderLevel{zstd.SpeedFastest, zstd.SpeedDefault, zstd.SpeedBestCompression} {
		e, _ := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(level))
		list = append(list, e)
	}
	return list
}()

// quoteJSON writes a JSON string as JSON.stringify does.
func quoteJSON(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteRune(c)
		case c < ' ':
			fmt.Fprintf(&b, `\u%04x`, c)
		default:
			b.WriteRune(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// plistData is a binary property list: a dictionary of a text and data.
func plistData(p []byte) []byte {
	out := []byte("bplist00")
	var at []int
	mark := func() { at = append(at, len(out)) }
	mark()
	out = append(out, 0xd1, 1, 2)
	mark()
	out = append(out, "\x54data"...)
	mark()
	switch {
	case len(p) < 15:
		out = append(out, 0x40|byte(len(p)))
	case len(p) < 256:
		out = append(out, 0x4f, 0x10, byte(len(p)))
	default:
		out = binary.BigEndian.AppendUint32(append(out, 0x4f, 0x12), uint32(len(p)))
	}
	out = append(out, p...)
	table := len(out)
	for _, i := range at {
		out = binary.BigEndian.AppendUint32(out, uint32(i))
	}
	out = append(out, 0, 0, 0, 0, 0, 0, 4, 1)
	out = binary.BigEndian.AppendUint64(out, 3)
	out = binary.BigEndian.AppendUint64(out, 0)
	return binary.BigEndian.AppendUint64(out, uint64(table))
}

// A spelling is what stands innermost.
type spelling struct {
	name, kind, want string
	make             func(r *rand.Rand, p Contact) []byte
}

func spelled(f func(p Contact) string) func(*rand.Rand, Contact) []byte {
	return func(_ *rand.Rand, p Contact) []byte { return []byte(f(p)) }
}

var spellings = []spelling{
	{"E.164", "number", "certain", spelled(func(p Contact) string { return p.E164 })},
	{"digits", "number", "certain", spelled(digits)},
	{"00", "number", "certain", spelled(func(p Contact) string { return "00" + digits(p) })},
	{"011", "number", "certain", spelled(func(p Contact) string { return "011" + digits(p) })},
	{"spaced", "number", "certain", spelled(func(p Contact) string { return p.Spaced })},
	{"hyphens", "number", "certain", spelled(func(p Contact) string { return strings.ReplaceAll(p.Spaced, " ", "-") })},
	{"dots", "number", "certain", spelled(func(p Contact) string {
		return strings.NewReplacer(" ", ".", "-", ".").Replace(p.Spaced)
	})},
	{"tel URI", "number", "certain", spelled(func(p Contact) string { return "tel:" + p.E164 })},
	{"zero in parentheses", "number", "certain", spelled(func(p Contact) string {
		return "+" + p.Code + "(0)" + p.Significant
	})},
	{"trunk zero", "number", "certain", spelled(func(p Contact) string { return "+" + p.Code + "0" + p.Significant })},
	{"national", "number", "likely", spelled(func(p Contact) string { return p.National })},
	{"significant", "number", "likely", spelled(func(p Contact) string { return p.Significant })},
	{"full width", "number", "certain", spelled(func(p Contact) string { return shifted(p.E164, '０') })},
	{"Arabic digits", "number", "certain", spelled(func(p Contact) string { return shifted(digits(p), '٠') })},
	{"Bengali digits", "number", "certain", spelled(func(p Contact) string { return shifted(p.E164, '০') })},
	{"JSON", "number", "certain", spelled(func(p Contact) string { return `{"phone":"` + p.E164 + `"}` })},
	{"JSON integer", "number", "certain", spelled(func(p Contact) string { return `{"ts":1700000000123,"p":` + digits(p) + `}` })},
	{"JSON exponent", "number", "certain", spelled(func(p Contact) string {
		return `{"p":` + strconv.FormatFloat(float64(integer(p)), 'E', -1, 64) + `}`
	})},
	{"CSV", "number", "certain", spelled(func(p Contact) string { return "id,phone,name\r\n1," + digits(p) + "," + p.Name + "\r\n" })},
	{"two fields", "number", "certain", spelled(func(p Contact) string {
		return `{"countryCode":"` + p.Code + `","number":"` + p.Significant + `"}`
	})},
	{"two fields, other way round", "number", "certain", spelled(func(p Contact) string {
		return `{"nationalNumber":` + p.Significant + `,"countryCode":` + p.Code + `}`
	})},
	{"three fields", "number", "certain", spelled(func(p Contact) string {
		return `{"country":"` + p.Code + `","area":"` + p.Significant[:3] + `","number":"` + p.Significant[3:] + `"}`
	})},
	{"SHA-256", "digest", "certain", spelled(func(p Contact) string { return hexOf(sha256Of(p.E164)) })},
	{"SHA-256 in capitals", "digest", "certain", spelled(func(p Contact) string { return strings.ToUpper(hexOf(sha256Of(digits(p)))) })},
	{"SHA-256 in Base64", "digest", "certain", spelled(func(p Contact) string { return base64.StdEncoding.EncodeToString(sha256Of(p.E164)) })},
	{"SHA-256, raw", "digest", "certain", spelled(func(p Contact) string { return string(sha256Of(p.E164)) })},
	{"SHA-512, raw", "digest", "certain", spelled(func(p Contact) string { return string(sha512Of(p.E164)) })},
	{"SHA-1 cut, raw", "digest", "certain", spelled(func(p Contact) string { return string(sha1Of(p.E164)[:10]) })},
	{"MD5", "digest", "certain", spelled(func(p Contact) string { return hexOf(md5Of(p.National)) })},
	{"MD5, raw", "digest", "certain", spelled(func(p Contact) string { return string(md5Of(digits(p))) })},
	{"SHA-1 in JSON", "digest", "certain", spelled(func(p Contact) string { return `["` + hexOf(sha1Of(digits(p))) + `"]` })},
	{"protobuf varint", "number", "certain", func(_ *rand.Rand, p Contact) []byte { return append(varint(1, 3), varint(2, integer(p))...) }},
	{"protobuf text", "number", "certain", func(_ *rand.Rand, p Contact) []byte { return field(1, field(2, []byte(p.E164))) }},
	{"protobuf digest", "digest", "certain", func(_ *rand.Rand, p Contact) []byte { return field(1, sha256Of(p.E164)) }},
	{"address", "email", "likely", spelled(func(p Contact) string { return p.Email })},
	{"another calling code", "", "", func(r *rand.Rand, p Contact) []byte { return []byte("+" + otherCode(r, p) + p.Significant) }},
	{"longer", "", "", func(r *rand.Rand, p Contact) []byte { return []byte(digits(p) + strconv.Itoa(r.IntN(10))) }},
	{"longer in front", "", "", func(r *rand.Rand, p Contact) []byte { return []byte(strconv.Itoa(r.IntN(8)+2) + digits(p)) }},
	{"thousands", "", "", func(r *rand.Rand, p Contact) []byte { return []byte(thousands(digits(p), ",")) }},
	{"digest of another", "", "", func(r *rand.Rand, p Contact) []byte { return sha256Of("+" + otherCode(r, p) + p.Significant) }},
	{"digest with its end off", "", "", func(r *rand.Rand, p Contact) []byte {
		d := sha256Of(p.E164)
		d[31] ^= 1
		return []byte(hexOf(d))
	}},
	{"fields of another", "", "", func(r *rand.Rand, p Contact) []byte {
		return []byte(`{"countryCode":"` + otherCode(r, p) + `","number":"` + p.Significant + `"}`)
	}},
	{"fields of another, three", "", "", func(r *rand.Rand, p Contact) []byte {
		return []byte(`{"country":"` + otherCode(r, p) + `","area":"` + p.Significant[:3] + `","number":"` + p.Significant[3:] + `"}`)
	}},
	{"varint of another", "", "", func(r *rand.Rand, p Contact) []byte { return append(varint(1, 3), varint(2, integer(p)+1e6)...) }},
}

func control(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' }

// Cross makes n crossings.
func Cross(seed uint64, n int) (list []Crossing, contacts []Contact) {
	r := rand.New(rand.NewPCG(seed, 0xc1))
	contacts = people(r, 40)
	for len(list) < n {
		p := pick(r, contacts...)
		f := spellings[len(list)%len(spellings)]
		c := Crossing{Contact: p, Kind: f.kind, Want: f.want, Form: f.name, Body: f.make(r, p)}
		for range 1 + r.IntN(4) {
			e := pick(r, encoders...)
			if e.text && (!utf8.Valid(c.Body) || e.name != "jwt" && !strings.HasPrefix(e.name, "json") && bytes.ContainsFunc(c.Body, control)) {
				continue
			}
			if n := len(c.Layers); n > 0 && (c.Layers[n-1] == "chunked" || c.Layers[n-1] == "multipart") && e.to == "text" && !strings.HasPrefix(e.name, "base64") && e.name != "bytes" {
				continue // nobody frames what stands in a text
			}
			c.Body = e.make(r, c.Body)
			c.Layers = append(c.Layers, e.name)
		}
		list = append(list, c)
	}
	return list, contacts
}
