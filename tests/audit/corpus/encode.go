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
	"io"
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

// compressed is p behind what a compressor writes.
func compressed(p []byte, open func(w io.Writer) (io.WriteCloser, error)) []byte {
	var b bytes.Buffer
	w, err := open(&b)
	if err != nil {
		panic(err)
	}
	w.Write(p)
	w.Close()
	return b.Bytes()
}
func gz(p []byte) []byte {
	return compressed(p, func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil })
}
func zl(p []byte) []byte {
	return compressed(p, func(w io.Writer) (io.WriteCloser, error) { return zlib.NewWriter(w), nil })
}
func fl(p []byte) []byte {
	return compressed(p, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, 6) })
}
func br(p []byte) []byte {
	return compressed(p, func(w io.Writer) (io.WriteCloser, error) { return brotli.NewWriter(w), nil })
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
