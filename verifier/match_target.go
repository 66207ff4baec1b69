package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"sync/atomic"

	"sealbook/verifier/stream"
)

// minBytes is how short a cut digest may be. Four bytes of a thousand people
// under fifty recipes coincide with a given digest once in 86,000 times.
const minBytes = 4

// class is a way to write bytes as text, whatever the variant.
type class uint8

const (
	hexText class = iota
	base64Text
	base64OfHex // the Base64 of the hexadecimal text
)

// targets are the digests that are looked for.
type targets struct {
	texts    []string // as given
	found    []atomic.Bool
	readings []reading
	byHead   map[uint32][]int32 // readings by their first bytes
	byText   map[string][]int32 // texts, for recipes that do not hash
	useless  []bool             // no digest, however it is read
}

// reading is a target taken as bytes in one of the ways it can be.
type reading struct {
	target int32
	class  class
	bytes  []byte
}

// newTargets reads digests as they are pasted: in hexadecimal or Base64 of any
// variant, whole or cut, perhaps with a word for the algorithm before them.
func newTargets(texts []string) *targets {
	t := &targets{
		texts: texts, found: make([]atomic.Bool, len(texts)), useless: make([]bool, len(texts)),
		byHead: make(map[uint32][]int32), byText: make(map[string][]int32),
	}
	for i, text := range texts {
		bare := strip(text)
		t.byText[bare] = append(t.byText[bare], int32(i))
		before := len(t.readings)
		t.read(int32(i), hexText, unhex(bare))
		b := unbase64(bare)
		t.read(int32(i), base64Text, b)
		t.read(int32(i), base64OfHex, unhex(string(b)))
		t.useless[i] = len(t.readings) == before
	}
	return t
}

func (t *targets) read(target int32, c class, b []byte) {
	if len(b) < minBytes || len(b) > 64 {
		return
	}
	head := binary.BigEndian.Uint32(b)
	t.byHead[head] = append(t.byHead[head], int32(len(t.readings)))
	t.readings = append(t.readings, reading{target, c, b})
}

// strip takes off what people paste along with a digest.
func strip(text string) string {
	text = strings.Trim(strings.TrimSpace(text), `"'`+"`")
	for _, end := range []string{"…", "..."} {
		text = strings.TrimSuffix(text, end)
	}
	low := strings.ToLower(text)
	for _, lead := range []string{"0x", "md5:", "sha1:", "sha-1:", "sha224:", "sha256:", "sha-256:", "sha384:", "sha512:", "sha-512:", "sha256-", "sha384-", "sha512-"} {
		if strings.HasPrefix(low, lead) {
			return text[len(lead):]
		}
	}
	return percent.Replace(text)
}

// percent undoes what URLs do to Base64.
var percent = strings.NewReplacer("%2B", "+", "%2b", "+", "%2F", "/", "%2f", "/", "%3D", "=", "%3d", "=")

// unhex reads hexadecimal digits, also with colons or blanks between them; nil
// if text is anything else. Half a byte at the end of a cut text is left out.
func unhex(text string) []byte {
	var b []byte
	digits, high := 0, byte(0)
	for i := range len(text) {
		c := text[i]
		var v byte
		switch {
		case c >= '0' && c <= '9':
			v = c - '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			v = c | 0x20 - 'a' + 10
		case (c == ':' || c == ' ') && i > 0:
			continue
		default:
			return nil
		}
		if digits++; digits%2 == 1 {
			high = v << 4
		} else {
			b = append(b, high|v)
		}
	}
	return b
}

// unbase64 reads Base64 in the standard or the URL alphabet, with padding or
// without; nil if text is anything else. Of a cut text the last bits that make
// no byte are left out.
func unbase64(text string) []byte {
	text = strings.TrimRight(text, "=")
	if strings.ContainsAny(text, "-_") {
		text = strings.NewReplacer("-", "+", "_", "/").Replace(text)
	}
	if len(text)%4 == 1 {
		text = text[:len(text)-1]
	}
	b, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return nil
	}
	return b
}

// spelling is the encoding of the grid in which a target is written.
func (r *reading) spelling(text string) string {
	text = strip(text)
	switch {
	case r.class == base64OfHex:
		return "base64-of-hex"
	case r.class == hexText && text == strings.ToUpper(text) && text != strings.ToLower(text):
		return "hex-upper"
	case r.class == hexText:
		return "hex"
	}
	name := "base64"
	if strings.ContainsAny(text, "-_") {
		name = "base64url"
	}
	if !strings.HasSuffix(text, "=") && len(r.bytes)%3 != 0 {
		name += "-nopad"
	}
	return name
}

// readHashes reads digests, a line each, blank lines left out.
func readHashes(in io.Reader) ([]string, error) {
	var texts []string
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), stream.MaxRow)
	n := 0
	for lines.Scan() {
		n++
		line := lines.Bytes()
		if bytes.IndexByte(line, 0) >= 0 {
			return nil, &stream.InputError{Line: n, Reason: stream.Binary}
		}
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte(mark))
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			texts = append(texts, string(line))
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, &stream.InputError{Line: n + 1, Reason: stream.TooLong}
	case err != nil:
		return nil, &stream.InputError{Line: n + 1, Reason: stream.Unreadable, Err: err}
	}
	return texts, nil
}
