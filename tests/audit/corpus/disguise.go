package corpus

import (
	"bytes"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"html"
	"math"
	"math/rand/v2"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
)

// A disguise hides a contact in a request.
type disguise struct {
	class, kind, want string
	make              func(r *rand.Rand, p Contact) Request
}

func post(body, mime string) Request {
	return Request{Method: "POST", Host: "api.vendor.example", Path: "/v1/upload", Body: []byte(body), Type: mime}
}

func asJSON(value func(r *rand.Rand, p Contact) string) func(*rand.Rand, Contact) Request {
	return func(r *rand.Rand, p Contact) Request {
		return post(fmt.Sprintf(`{"id":"%s","n":%d,"data":"%s"}`, token(r, 9), r.IntN(1000), value(r, p)), "application/json")
	}
}

func bare(value func(p Contact) string) func(*rand.Rand, Contact) Request {
	return func(r *rand.Rand, p Contact) Request {
		return post(fmt.Sprintf(`{"id":"%s","data":%s}`, token(r, 9), value(p)), "application/json")
	}
}

func binaryBody(value func(r *rand.Rand, p Contact) []byte) func(*rand.Rand, Contact) Request {
	return func(r *rand.Rand, p Contact) Request {
		q := post("", "application/octet-stream")
		q.Body = value(r, p)
		return q
	}
}

func query(value func(p Contact) string) func(*rand.Rand, Contact) Request {
	return func(r *rand.Rand, p Contact) Request {
		return Request{Method: "GET", Host: "track.example", Path: "/pixel", Query: [][2]string{{"e", "view"}, {"u", value(p)}}}
	}
}

func digits(p Contact) string { return p.E164[1:] }
func integer(p Contact) uint64 {
	v, _ := strconv.ParseUint(digits(p), 10, 64)
	return v
}
func mustHex(s string) string { b, _ := hex.DecodeString(s); return string(b) }

func grouped(s, sep string, sizes ...int) string {
	var parts []string
	for i := 0; len(s) > 0; i++ {
		n := sizes[i%len(sizes)]
		if n > len(s) || i >= len(sizes)-1 && len(sizes) > 1 && i == len(sizes)-1 {
			n = len(s)
		}
		parts = append(parts, s[:n])
		s = s[n:]
	}
	return strings.Join(parts, sep)
}

func shifted(s string, zero rune) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return zero + c - '0'
		}
		if c == '+' && zero == '０' {
			return '＋'
		}
		return c
	}, s)
}

func reverse(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

func noise(r *rand.Rand, middle []byte) []byte {
	// Bytes below 0x80 beside it, so that a varint has its own beginning.
	return append(append(append(bytesOf(r, 40), 1), middle...), append([]byte{0}, bytesOf(r, 40)...)...)
}

var disguises = []disguise{
	{"E.164", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return p.E164 })},
	{"digits", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return digits(p) })},
	{"00 prefix", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return "00" + digits(p) })},
	{"011 prefix", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return "011" + digits(p) })},
	{"011 prefix, grouped", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return "011 " + p.Spaced[1:] })},
	{"national", "number", "likely", asJSON(func(_ *rand.Rand, p Contact) string { return p.National })},
	{"national without trunk zero", "number", "likely", asJSON(func(_ *rand.Rand, p Contact) string { return p.Significant })},
	{"trunk zero after the calling code", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return "+" + p.Code + "0" + p.Significant })},
	{"trunk zero in parentheses", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string {
		return "+" + p.Code + " (0) " + grouped(p.Significant, " ", 3, 3, 9)
	})},
	{"spaces", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return p.Spaced })},
	{"dots", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string {
		return "+" + p.Code + "." + grouped(p.Significant, ".", 3, 3, 9)
	})},
	{"hyphens", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string {
		return p.Code + "-" + grouped(p.Significant, "-", 3, 3, 9)
	})},
	{"slashes", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string {
		return "+" + p.Code + "/" + grouped(p.Significant, "/", 4, 9)
	})},
	{"pairs", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return "+" + grouped(digits(p), " ", 2) })},
	{"parentheses", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string {
		return "+" + p.Code + " (" + p.Significant[:3] + ") " + p.Significant[3:6] + "-" + p.Significant[6:]
	})},
	{"national, grouped", "number", "likely", asJSON(func(_ *rand.Rand, p Contact) string { return grouped(p.National, " ", 4, 3, 9) })},
	{"no-break spaces", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return strings.ReplaceAll(p.Spaced, " ", "\u00a0") })},
	{"bidi marks", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return "\u202d" + p.Spaced + "\u202c" })},
	{"split over fields", "number", "certain", bare(func(p Contact) string {
		return fmt.Sprintf(`{"countryCode":"%s","phoneNumber":"%s"}`, p.Code, p.Significant)
	})},
	{"split over fields, plus", "number", "certain", bare(func(p Contact) string {
		return fmt.Sprintf(`{"cc":"+%s","nn":"%s"}`, p.Code, p.Significant)
	})},
	{"split over fields, integers", "number", "certain", bare(func(p Contact) string {
		return fmt.Sprintf(`{"country_code":%s,"national_number":%s}`, p.Code, p.Significant)
	})},
	{"split over fields, behind", "number", "certain", bare(func(p Contact) string {
		return fmt.Sprintf(`{"number":"%s","dial_code":"+%s"}`, p.Significant, p.Code)
	})},
	{"split over parameters", "number", "certain", func(_ *rand.Rand, p Contact) Request {
		return Request{Method: "GET", Host: "api.vendor.example", Path: "/check", Query: [][2]string{{"cc", p.Code}, {"phone", p.Significant}}}
	}},
	{"split over form fields", "number", "certain", func(_ *rand.Rand, p Contact) Request {
		return post("country="+p.Code+"&phone="+p.Significant+"&v=2", "application/x-www-form-urlencoded")
	}},
	{"full width", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return shifted(p.E164, '０') })},
	{"Arabic digits", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return shifted(p.E164, '٠') })},
	{"Persian digits", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return shifted(p.E164, '۰') })},
	{"Devanagari digits", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return shifted(digits(p), '०') })},
	{"integer", "number", "certain", bare(digits)},
	{"decimal", "number", "certain", bare(func(p Contact) string { return digits(p) + ".0" })},
	{"exponent", "number", "certain", bare(func(p Contact) string { return strconv.FormatFloat(float64(integer(p)), 'e', -1, 64) })},
	{"reversed", "number", "possible", asJSON(func(_ *rand.Rand, p Contact) string { return reverse(digits(p)) })},
	{"key of an object", "number", "certain", bare(func(p Contact) string { return fmt.Sprintf(`{"%s":true}`, digits(p)) })},
	{"list", "number", "certain", bare(func(p Contact) string {
		return fmt.Sprintf(`["+15005550100","%s","+15005550101"]`, p.E164)
	})},
	{"JID", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return digits(p) + "@s.whatsapp.net" })},
	{"tel URI", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return "tel:" + strings.ReplaceAll(p.Spaced, " ", "-") })},
	{"path", "number", "certain", func(_ *rand.Rand, p Contact) Request {
		return Request{Method: "GET", Host: "api.vendor.example", Path: "/v1/lookup/" + digits(p) + "/presence"}
	}},
	{"path, percent", "number", "certain", func(_ *rand.Rand, p Contact) Request {
		return Request{Method: "GET", Host: "api.vendor.example", Path: "/v1/lookup/%2B" + digits(p)}
	}},
	{"query", "number", "certain", query(func(p Contact) string { return "%2B" + digits(p) })},
	{"query with plus as it is", "number", "certain", query(func(p Contact) string { return p.E164 })},
	{"query, form", "number", "certain", query(func(p Contact) string { return url.QueryEscape(p.Spaced) })},
	{"query, base64", "number", "certain", query(func(p Contact) string { return url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(p.E164))) })},
	{"header", "number", "certain", func(_ *rand.Rand, p Contact) Request {
		return Request{Method: "GET", Host: "api.vendor.example", Path: "/", Header: [][2]string{{"X-Msisdn", digits(p)}}}
	}},
	{"referer", "number", "certain", func(_ *rand.Rand, p Contact) Request {
		return Request{Method: "GET", Host: "cdn.example", Path: "/x.js", Header: [][2]string{{"Referer", "https://shop.example/?tel=%2B" + digits(p)}}}
	}},
	{"basic authorization", "number", "certain", func(_ *rand.Rand, p Contact) Request {
		return Request{Method: "GET", Host: "api.vendor.example", Path: "/", Header: [][2]string{{"Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte(p.E164+":secret"))}}}
	}},
	{"cookie", "number", "certain", func(_ *rand.Rand, p Contact) Request {
		return Request{Method: "GET", Host: "api.vendor.example", Path: "/", Header: [][2]string{{"Cookie", "sid=abc; ph=" + url.QueryEscape(p.E164) + "; x=1"}}}
	}},
	{"form", "number", "certain", func(_ *rand.Rand, p Contact) Request {
		return post("v=1&to="+url.QueryEscape(p.Spaced)+"&x=%7B%7D", "application/x-www-form-urlencoded")
	}},
	{"multipart", "number", "certain", func(_ *rand.Rand, p Contact) Request {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		w.SetBoundary("xYzZyX0123456789")
		w.WriteField("v", "1")
		w.WriteField("phone", p.E164)
		w.Close()
		return post(b.String(), w.FormDataContentType())
	}},
	{"multipart with a file in gzip", "number", "certain", func(_ *rand.Rand, p Contact) Request {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		w.SetBoundary("xYzZyX0123456789")
		part, _ := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="f"; filename="c.gz"`}, "Content-Type": {"application/gzip"}})
		part.Write(gz([]byte(p.E164 + "\n")))
		w.Close()
		return post(b.String(), w.FormDataContentType())
	}},
	{"vCard", "number", "certain", func(_ *rand.Rand, p Contact) Request {
		return post("BEGIN:VCARD\r\nVERSION:2.1\r\nTEL;CELL:"+p.E164+"\r\nEND:VCARD\r\n", "text/vcard")
	}},
	{"CSV", "number", "certain", func(_ *rand.Rand, p Contact) Request {
		return post("id,phone\n1,"+p.E164+"\n2,\n", "text/csv")
	}},
	{"XML", "number", "certain", func(_ *rand.Rand, p Contact) Request {
		return post("<c><phone>"+p.Spaced+"</phone></c>", "text/xml")
	}},
	{"XML attribute with entities", "number", "certain", func(_ *rand.Rand, p Contact) Request {
		return post(`<c phone="`+entities(p.E164)+`"/>`, "text/xml")
	}},
	{"property list", "number", "certain", func(_ *rand.Rand, p Contact) Request {
		return post(`<?xml version="1.0"?><plist version="1.0"><dict><key>phones</key><array><string>`+html.EscapeString(p.Spaced)+`</string></array></dict></plist>`, "application/x-plist")
	}},
	{"property list, data", "number", "certain", func(_ *rand.Rand, p Contact) Request {
		return post("<plist version=\"1.0\"><data>\n\t"+wrapped(base64.StdEncoding.EncodeToString([]byte(strings.Repeat("filler ", 12)+p.E164+" more")), 60, "\n\t")+"\n\t</data></plist>", "application/x-plist")
	}},
	{"binary property list", "number", "certain", binaryBody(func(_ *rand.Rand, p Contact) []byte { return bplist(p.E164, p.Name) })},
	{"JSON escapes", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string {
		out := ""
		for _, c := range p.E164 {
			out += fmt.Sprintf(`\u%04x`, c)
		}
		return out
	})},
	{"JSON in JSON", "number", "certain", bare(func(p Contact) string { return strconv.Quote(`{"a":"x` + "\n" + digits(p) + `"}`) })},
	{"bytes", "number", "certain", bare(func(p Contact) string { return strings.ReplaceAll(fmt.Sprint([]byte(p.E164)), " ", ",") })},
	{"bytes, spaced", "number", "certain", bare(func(p Contact) string { return strings.ReplaceAll(fmt.Sprint([]byte(p.E164)), " ", ", ") })},
	{"base16", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return hexOf([]byte(p.E164)) })},
	{"BASE16", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return strings.ToUpper(hexOf([]byte(digits(p)))) })},
	{"base16 with colons", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return strings.TrimSuffix(each(p.E164, "%02x:"), ":") })},
	{"base16 with spaces", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return strings.TrimSpace(each(p.E164, "%02X ")) })},
	{"base32", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return base32.StdEncoding.EncodeToString([]byte(p.E164)) })},
	{"base32 without padding", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string {
		return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString([]byte(digits(p))))
	})},
	{"base58", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return base58(p.E164) })},
	{"base64", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return base64.StdEncoding.EncodeToString([]byte(p.E164)) })},
	{"base64 of a national number", "number", "likely", asJSON(func(_ *rand.Rand, p Contact) string { return base64.StdEncoding.EncodeToString([]byte(p.National)) })},
	{"base64url", "number", "certain", asJSON(func(_ *rand.Rand, p Contact) string {
		return base64.RawURLEncoding.EncodeToString([]byte("\xff\xfe?>" + p.E164))
	})},
	{"base64 in lines", "number", "certain", func(_ *rand.Rand, p Contact) Request {
		return post("Content-Transfer-Encoding: base64\r\n\r\n"+wrapped(base64.StdEncoding.EncodeToString([]byte(strings.Repeat("nothing to see here ", 9)+p.E164+strings.Repeat(" nor here", 9))), 76, "\r\n"), "message/rfc822")
	}},
	{"quoted-printable", "number", "certain", func(_ *rand.Rand, p Contact) Request {
		var b bytes.Buffer
		w := quotedprintable.NewWriter(&b)
		w.Write([]byte(strings.Repeat("é", 11) + p.E164 + strings.Repeat(" ü", 20)))
		w.Close()
		return post(b.String(), "text/plain")
	}},
	{"quoted-printable, all of it", "number", "certain", func(_ *rand.Rand, p Contact) Request {
		return post(each(p.E164, "=%02X"), "text/plain")
	}},
	{"UTF-16", "number", "certain", binaryBody(func(_ *rand.Rand, p Contact) []byte { return wide("phone "+p.E164, binary.LittleEndian, true) })},
	{"UTF-16, big", "number", "certain", binaryBody(func(_ *rand.Rand, p Contact) []byte { return wide("phone "+p.E164, binary.BigEndian, false) })},
	{"JWT", "number", "certain", func(r *rand.Rand, p Contact) Request {
		e := base64.RawURLEncoding
		return Request{Method: "GET", Host: "api.vendor.example", Path: "/", Header: [][2]string{{"Authorization", "Bearer " + e.EncodeToString([]byte(`{"alg":"HS256"}`)) + "." + e.EncodeToString([]byte(`{"sub":"`+p.E164+`","iat":1700000000}`)) + "." + token(r, 32)}}}
	}},
	{"varint", "number", "certain", binaryBody(func(r *rand.Rand, p Contact) []byte {
		return append(field(1, []byte("hello")), varint(2, integer(p))...)
	})},
	{"varint in zigzag", "number", "certain", binaryBody(func(r *rand.Rand, p Contact) []byte {
		return append(field(1, []byte("hello")), varint(2, integer(p)*2)...)
	})},
	{"varint among bytes", "number", "certain", binaryBody(func(r *rand.Rand, p Contact) []byte { return noise(r, binary.AppendUvarint(nil, integer(p))) })},
	{"packed varints", "number", "certain", binaryBody(func(r *rand.Rand, p Contact) []byte {
		return field(3, binary.AppendUvarint(binary.AppendUvarint(nil, 15005550100), integer(p)))
	})},
	{"varint, national", "number", "possible", binaryBody(func(r *rand.Rand, p Contact) []byte {
		v, _ := strconv.ParseUint(p.Significant, 10, 64)
		return append(field(1, []byte("hello")), varint(2, v)...)
	})},
	{"protobuf PhoneNumber", "number", "certain", binaryBody(func(r *rand.Rand, p Contact) []byte {
		cc, _ := strconv.ParseUint(p.Code, 10, 64)
		v, _ := strconv.ParseUint(p.Significant, 10, 64)
		return field(4, append(varint(1, cc), varint(2, v)...))
	})},
	{"protobuf string", "number", "certain", binaryBody(func(r *rand.Rand, p Contact) []byte {
		return append(append(field(1, bytesOf(r, 8)), field(6, []byte(p.E164))...), varint(6, 3)...)
	})},
	{"protobuf, nested", "number", "certain", binaryBody(func(r *rand.Rand, p Contact) []byte {
		return field(1, field(2, append(varint(9, 1), field(3, []byte(digits(p)))...)))
	})},
	{"protobuf fixed64", "number", "likely", binaryBody(func(r *rand.Rand, p Contact) []byte {
		return binary.LittleEndian.AppendUint64([]byte{0x08, 0x01, 0x11}, integer(p))
	})},
	{"protobuf double", "number", "likely", binaryBody(func(r *rand.Rand, p Contact) []byte {
		return binary.LittleEndian.AppendUint64([]byte{0x08, 0x01, 0x11}, math.Float64bits(float64(integer(p))))
	})},
	{"fixed64, big", "number", "likely", binaryBody(func(r *rand.Rand, p Contact) []byte { return noise(r, binary.BigEndian.AppendUint64(nil, integer(p))) })},
	{"fixed64, little", "number", "likely", binaryBody(func(r *rand.Rand, p Contact) []byte {
		return noise(r, binary.LittleEndian.AppendUint64(nil, integer(p)))
	})},
	{"float64, big", "number", "likely", binaryBody(func(r *rand.Rand, p Contact) []byte {
		return noise(r, binary.BigEndian.AppendUint64(nil, math.Float64bits(float64(integer(p)))))
	})},
	{"gRPC in base64", "number", "certain", asJSON(func(r *rand.Rand, p Contact) string {
		m := field(1, []byte(p.E164))
		return base64.StdEncoding.EncodeToString(append(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(m))), m...))
	})},
	{"SHA-256", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return hexOf(sha256Of(p.E164)) })},
	{"SHA-256 of digits, capitals", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return strings.ToUpper(hexOf(sha256Of(digits(p)))) })},
	{"SHA-256 of 00", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return hexOf(sha256Of("00" + digits(p))) })},
	{"SHA-256, national", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return hexOf(sha256Of(p.National)) })},
	{"SHA-256, significant", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return hexOf(sha256Of(p.Significant)) })},
	{"SHA-256, spaced", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return hexOf(sha256Of(p.Spaced)) })},
	{"SHA-256 in Base64", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return base64.StdEncoding.EncodeToString(sha256Of(p.E164)) })},
	{"SHA-256 in base64url", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return base64.RawURLEncoding.EncodeToString(sha256Of(p.E164)) })},
	{"SHA-256 in Base64 in a query", "digest", "certain", query(func(p Contact) string { return url.QueryEscape(base64.StdEncoding.EncodeToString(sha256Of(p.E164))) })},
	{"SHA-256 in base32", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return base32.StdEncoding.EncodeToString(sha256Of(p.E164)) })},
	{"SHA-256 in base58", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return base58(string(sha256Of(p.E164))) })},
	{"SHA-256 cut to 8 bytes", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return hexOf(sha256Of(p.E164)[:8]) })},
	{"SHA-256 cut to 10 bytes in Base64", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string {
		return base64.RawStdEncoding.EncodeToString(sha256Of(p.E164)[:10])
	})},
	{"SHA-256 cut to 16 bytes", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return hexOf(sha256Of(digits(p))[:16]) })},
	{"SHA-256, raw", "digest", "certain", binaryBody(func(r *rand.Rand, p Contact) []byte { return noise(r, sha256Of(p.E164)) })},
	{"SHA-1, raw, cut to 10 bytes", "digest", "certain", binaryBody(func(r *rand.Rand, p Contact) []byte { return noise(r, sha1Of(p.E164)[:10]) })},
	{"SHA-256 in protobuf", "digest", "certain", binaryBody(func(r *rand.Rand, p Contact) []byte { return append(varint(1, 7), field(2, sha256Of(p.E164))...) })},
	{"SHA-256 list in one text", "digest", "certain", asJSON(func(r *rand.Rand, p Contact) string {
		return hexOf(bytesOf(r, 32)) + hexOf(sha256Of(p.E164)) + hexOf(bytesOf(r, 32))
	})},
	{"SHA-256 list in Base64", "digest", "certain", asJSON(func(r *rand.Rand, p Contact) string {
		return base64.StdEncoding.EncodeToString(append(append(bytesOf(r, 32), sha256Of(p.E164)...), bytesOf(r, 32)...))
	})},
	{"MD5", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return hexOf(md5Of(digits(p))) })},
	{"MD5 in Base64", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return base64.StdEncoding.EncodeToString(md5Of(p.E164)) })},
	{"SHA-1", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return hexOf(sha1Of(p.Significant)) })},
	{"SHA-224", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return hexOf(sha224Of(p.E164)) })},
	{"SHA-384", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return hexOf(sha384Of(p.E164)) })},
	{"SHA-512", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return hexOf(sha512Of(p.E164)) })},
	{"SHA-512 in Base64", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return base64.StdEncoding.EncodeToString(sha512Of(digits(p))) })},
	{"Signal", "digest", "certain", func(_ *rand.Rand, p Contact) Request {
		return Request{Method: "GET", Host: "api.vendor.example", Path: "/v1/directory/" + base64.RawURLEncoding.EncodeToString(sha1Of(p.E164)[:10])}
	}},
	{"Matrix", "digest", "certain", bare(func(p Contact) string {
		return `{"algorithm":"sha256","pepper":"matrixrocks","addresses":["` + base64.RawURLEncoding.EncodeToString(sha256Of(digits(p)+" msisdn matrixrocks")) + `"]}`
	})},
	{"Matrix with the server's pepper", "digest", "certain", bare(func(p Contact) string {
		return `{"addresses":["` + base64.RawURLEncoding.EncodeToString(sha256Of(digits(p)+" msisdn blackp3pper")) + `"],"lookup_pepper":"blackp3pper"}`
	})},
	{"Threema", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string {
		return base64.StdEncoding.EncodeToString(hmacOf(mustHex("85adf8226953f3d96cfd5d09bf29555eb955fcd8aa5ec4f9fcd869e258370723"), digits(p)))
	})},
	{"UID2 by mistake", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string {
		return base64.StdEncoding.EncodeToString([]byte(hexOf(sha256Of(p.E164))))
	})},
	{"salt before", "digest", "certain", bare(func(p Contact) string {
		return `{"salt":"s4ltl4ke","h":"` + hexOf(sha256Of("s4ltl4ke"+p.E164)) + `"}`
	})},
	{"salt behind, with a colon", "digest", "certain", bare(func(p Contact) string {
		return `{"h":"` + hexOf(md5Of(digits(p)+":s4ltl4ke")) + `","salt":"s4ltl4ke"}`
	})},
	{"salt in hexadecimal", "digest", "certain", bare(func(p Contact) string {
		return `{"hash_salt":"` + hexOf([]byte("\x01\x02saltbyte")) + `","h":"` + hexOf(sha256Of("\x01\x02saltbyte"+p.E164)) + `"}`
	})},
	{"HMAC with the salt", "digest", "certain", bare(func(p Contact) string {
		return `{"pepper":"p3pperm1nt","h":"` + hexOf(hmacOf("p3pperm1nt", digits(p))) + `"}`
	})},
	{"SHA-256 of MD5", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return hexOf(sha256Of(hexOf(md5Of(p.E164)))) })},
	{"SHA-256 twice", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return hexOf(sha256Of(string(sha256Of(digits(p))))) })},
	{"address", "email", "likely", asJSON(func(_ *rand.Rand, p Contact) string { return p.Email })},
	{"address in capitals", "email", "likely", asJSON(func(_ *rand.Rand, p Contact) string { return strings.ToUpper(p.Email) })},
	{"address in a query", "email", "likely", query(func(p Contact) string { return url.QueryEscape(p.Email) })},
	{"address in Base64", "email", "likely", asJSON(func(_ *rand.Rand, p Contact) string { return base64.StdEncoding.EncodeToString([]byte(p.Email)) })},
	{"SHA-256 of the address", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return hexOf(sha256Of(p.Email)) })},
	{"MD5 of the address", "digest", "certain", asJSON(func(_ *rand.Rand, p Contact) string { return hexOf(md5Of(p.Email)) })},
	{"name", "name", "possible", asJSON(func(_ *rand.Rand, p Contact) string { return p.Name })},
	{"name, family name first", "name", "possible", asJSON(func(_ *rand.Rand, p Contact) string {
		a, b, _ := strings.Cut(p.Name, " ")
		return b + ", " + a
	})},
}
