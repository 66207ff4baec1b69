package corpus

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/big"
	"math/rand/v2"
	"net/http/httputil"
	"strings"
	"unicode/utf16"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

func token(r *rand.Rand, n int) string { return base64.RawURLEncoding.EncodeToString(bytesOf(r, n)) }
func hexOf(p []byte) string            { return hex.EncodeToString(p) }
func sha256Of(s string) []byte         { d := sha256.Sum256([]byte(s)); return d[:] }
func sha1Of(s string) []byte           { d := sha1.Sum([]byte(s)); return d[:] }
func md5Of(s string) []byte            { d := md5.Sum([]byte(s)); return d[:] }
func sha512Of(s string) []byte         { d := sha512.Sum512([]byte(s)); return d[:] }
func sha384Of(s string) []byte         { d := sha512.Sum384([]byte(s)); return d[:] }
func sha224Of(s string) []byte         { d := sha256.Sum224([]byte(s)); return d[:] }
func hmacOf(key, s string) []byte {
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(s))
	return m.Sum(nil)
}

// field writes a protobuf field of bytes.
func field(number int, p []byte) []byte {
	out := binary.AppendUvarint(nil, uint64(number)<<3|2)
	out = binary.AppendUvarint(out, uint64(len(p)))
	return append(out, p...)
}
func varint(number int, v uint64) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(nil, uint64(number)<<3), v)
}

func gz(p []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(p)
	w.Close()
	return b.Bytes()
}
func zl(p []byte) []byte {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	w.Write(p)
	w.Close()
	return b.Bytes()
}
func fl(p []byte) []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, 6)
	w.Write(p)
	w.Close()
	return b.Bytes()
}
func br(p []byte) []byte {
	var b bytes.Buffer
	w := brotli.NewWriter(&b)
	w.Write(p)
	w.Close()
	return b.Bytes()
}

// One encoder serves all: making one costs more than what it does here.
var zstandard, _ = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))

func zs(p []byte) []byte { return zstandard.EncodeAll(p, nil) }

func zipped(p []byte) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, _ := w.Create("data.json")
	f.Write(p)
	w.Close()
	return b.Bytes()
}
func b64(p []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(p)) }
func chunked(p []byte) []byte {
	var b bytes.Buffer
	w := httputil.NewChunkedWriter(&b)
	for len(p) > 9 {
		w.Write(p[:9])
		p = p[9:]
	}
	w.Write(p)
	w.Close()
	b.WriteString("\r\n")
	return b.Bytes()
}

func each(s, form string) string {
	out := ""
	for _, c := range []byte(s) {
		out += fmt.Sprintf(form, c)
	}
	return out
}

func entities(s string) string { return each(s, "&#%d;") }

func wrapped(s string, n int, end string) string {
	var parts []string
	for len(s) > n {
		parts = append(parts, s[:n])
		s = s[n:]
	}
	return strings.Join(append(parts, s), end)
}

func wide(s string, order binary.AppendByteOrder, mark bool) (out []byte) {
	if mark {
		out = order.AppendUint16(out, 0xfeff)
	}
	for _, c := range utf16.Encode([]rune(s)) {
		out = order.AppendUint16(out, c)
	}
	return out
}

func base58(s string) string {
	const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	x, m, out := new(big.Int).SetBytes([]byte(s)), new(big.Int), ""
	for x.Sign() > 0 {
		x.DivMod(x, big.NewInt(58), m)
		out = string(alphabet[m.Int64()]) + out
	}
	for i := 0; i < len(s) && s[i] == 0; i++ {
		out = "1" + out
	}
	return out
}

// bplist writes a binary property list: an array of two texts, the second in
// UTF-16.
func bplist(a, b string) []byte {
	out := []byte("bplist00")
	at := []byte{byte(len(out))}
	out = append(out, 0xa2, 1, 2)
	at = append(at, byte(len(out)))
	out = append(append(out, 0x50|byte(len(a))), a...)
	at = append(at, byte(len(out)))
	w := wide(b, binary.BigEndian, false)
	if n := len(w) / 2; n < 15 {
		out = append(out, 0x60|byte(n))
	} else {
		out = append(out, 0x6f, 0x10, byte(n))
	}
	out = append(out, w...)
	table := len(out)
	out = append(out, at...)
	out = append(out, 0, 0, 0, 0, 0, 0, 1, 1)
	out = binary.BigEndian.AppendUint64(out, 3)
	out = binary.BigEndian.AppendUint64(out, 0)
	return binary.BigEndian.AppendUint64(out, uint64(table))
}

// lzString is lz-string's compressToBase64 (pieroxy, MIT), by its description:
// LZW over letters, the codes written from the lowest bit in six-bit letters from
// the highest.
func lzString(s string) string {
	var bits []byte
	put := func(v, n int) {
		for range n {
			bits = append(bits, byte(v&1))
			v >>= 1
		}
	}
	dictionary, fresh := map[string]int{}, map[string]bool{}
	next, enlarge, width := 3, 2, 2
	grow := func() {
		if enlarge--; enlarge == 0 {
			enlarge = 1 << width
			width++
		}
	}
	emit := func(w string) {
		if fresh[w] {
			put(0, width)
			put(int(w[0]), 8)
			grow()
			delete(fresh, w)
		} else {
			put(dictionary[w], width)
		}
		grow()
	}
	w := ""
	for i := range len(s) {
		c := s[i : i+1]
		if _, ok := dictionary[c]; !ok {
			dictionary[c] = next
			next++
			fresh[c] = true
		}
		if _, ok := dictionary[w+c]; ok {
			w += c
			continue
		}
		emit(w)
		dictionary[w+c] = next
		next++
		w = c
	}
	if w != "" {
		emit(w)
	}
	put(2, width)
	for len(bits)%6 != 0 {
		bits = append(bits, 0)
	}
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	out := ""
	for i := 0; i < len(bits); i += 6 {
		v := 0
		for _, b := range bits[i : i+6] {
			v = v<<1 | int(b)
		}
		out += string(alphabet[v])
	}
	for len(out)%4 != 0 {
		out += "="
	}
	return out
}
