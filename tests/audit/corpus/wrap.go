package corpus

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
)

// A wrap puts a text in something.
type wrap struct {
	class string
	make  func(r *rand.Rand, text string) Request
}

func packed(mime string, f func([]byte) []byte) func(*rand.Rand, string) Request {
	return func(_ *rand.Rand, text string) Request {
		q := post("", mime)
		q.Body = f([]byte(text))
		return q
	}
}

func inJSON(f func([]byte) []byte) func(*rand.Rand, string) Request {
	return func(r *rand.Rand, text string) Request {
		return post(`{"v":2,"payload":"`+base64.StdEncoding.EncodeToString(f([]byte(text)))+`"}`, "application/json")
	}
}

var wraps = []wrap{
	{"gzip", packed("application/gzip", gz)},
	{"zlib", packed("application/octet-stream", zl)},
	{"deflate", packed("application/octet-stream", fl)},
	{"br", packed("application/octet-stream", br)},
	{"zstd", packed("application/octet-stream", zs)},
	{"zip", packed("application/zip", zipped)},
	{"base64 of gzip", inJSON(gz)},
	{"base64 of zlib", inJSON(zl)},
	{"base64 of deflate", inJSON(fl)},
	{"base64 of br", inJSON(br)},
	{"base64 of zstd", inJSON(zs)},
	{"base64 of zip", inJSON(zipped)},
	{"base64 twice", inJSON(b64)},
	{"base64 of UTF-16", inJSON(func(p []byte) []byte { return wide(string(p), binary.LittleEndian, false) })},
	{"chunked inside", packed("application/octet-stream", chunked)},
	{"lz-string", func(_ *rand.Rand, text string) Request {
		return post(`{"lz":"`+lzString(text)+`"}`, "application/json")
	}},
	{"gzip of base16", packed("application/gzip", func(p []byte) []byte { return gz([]byte(hexOf(p))) })},
	{"percent of base64 of gzip", func(_ *rand.Rand, text string) Request {
		return post("d="+url.QueryEscape(base64.StdEncoding.EncodeToString(gz([]byte(text)))), "application/x-www-form-urlencoded")
	}},
	{"four deep", inJSON(func(p []byte) []byte { return gz([]byte(url.QueryEscape(string(b64(zl(p)))))) })},
	{"protobuf of gzip", packed("application/x-protobuf", func(p []byte) []byte { return append(varint(1, 4), field(2, gz(p))...) })},
	{"gRPC frame of gzip", packed("application/octet-stream", func(p []byte) []byte {
		z := gz(p)
		return append(binary.BigEndian.AppendUint32([]byte{1}, uint32(len(z))), z...)
	})},
	{"file behind a header of its own", packed("application/octet-stream", func(p []byte) []byte { return append([]byte("\x01\x02HDR\x00\x00\xff"), gz(p)...) })},
}

// A layer is an encoding that others can be around.
type layer struct {
	name string
	make func([]byte) []byte
}

var layers = []layer{
	{"percent", func(p []byte) []byte { return []byte(each(string(p), "%%%02X")) }},
	{"form", func(p []byte) []byte { return []byte("a=" + url.QueryEscape(string(p))) }},
	{"base16", func(p []byte) []byte { return []byte(hexOf(p)) }},
	{"base32", func(p []byte) []byte { return []byte(base32.StdEncoding.EncodeToString(p)) }},
	{"base64", b64},
	{"base64url", func(p []byte) []byte { return []byte(base64.RawURLEncoding.EncodeToString(p)) }},
	{"entities", func(p []byte) []byte { return []byte(entities(string(p))) }},
	{"bytes", func(p []byte) []byte { return []byte(strings.ReplaceAll(fmt.Sprint(p), " ", ",")) }},
	{"gzip", gz}, {"zlib", zl}, {"deflate", fl}, {"br", br}, {"zstd", zs},
	{"zip", zipped}, {"chunked", chunked},
	{"protobuf", func(p []byte) []byte { return append(varint(1, 150), field(2, p)...) }},
	{"json", func(p []byte) []byte {
		out := []byte(`{"a":"`)
		for _, c := range p {
			out = fmt.Appendf(out, `\u%04x`, c)
		}
		return append(out, `"}`...)
	}},
}
