package canary

import (
	"encoding/ascii85"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"unicode/utf16"
)

// encodings adds bytes as they are and in the ways in which programs write
// bytes down.
func (s *Search) encodings(what, name string, b []byte) {
	s.add(what, name, b)
	reversed := slices.Clone(b)
	slices.Reverse(reversed)
	s.add(what, name+", reversed", reversed)
	text := hex.EncodeToString(b)
	s.add(what, name+", hex", []byte(text))
	s.add(what, name+", hex in capitals", []byte(strings.ToUpper(text)))
	s.add(what, name+", hex of hex", []byte(hex.EncodeToString([]byte(text))))
	s.wide(what, name, string(b))
	s.wide(what, name+", hex", text)
	s.wide(what, name+", hex in capitals", strings.ToUpper(text))
	for _, e := range []struct {
		name     string
		encoding interface{ AppendEncode(dst, src []byte) []byte }
		group    int // bytes that become whole digits
		digits   int
	}{
		{"base64", base64.RawStdEncoding, 3, 4},
		{"base64url", base64.RawURLEncoding, 3, 4},
		{"base32", base32.StdEncoding.WithPadding(base32.NoPadding), 5, 8},
		{"base32hex", base32.HexEncoding.WithPadding(base32.NoPadding), 5, 8},
	} {
		for offset := range e.group {
			s.add(what, fmt.Sprintf("%s, %s at offset %d", name, e.name, offset), inner(e.encoding, b, offset, e.group, e.digits))
		}
	}
	out := make([]byte, ascii85.MaxEncodedLen(len(b)))
	s.add(what, name+", ascii85", out[:ascii85.Encode(out, b[:len(b)/4*4])])
	escaped := ""
	for _, c := range b {
		escaped += fmt.Sprintf("%%%02X", c)
	}
	s.add(what, name+", percent", []byte(escaped))
}

// inner is what becomes of b in an encoding, wherever it stands behind offset
// other bytes: the digits that depend on b alone.
func inner(e interface{ AppendEncode(dst, src []byte) []byte }, b []byte, offset, group, digits int) []byte {
	encoded := e.AppendEncode(nil, append(make([]byte, offset), b...))
	bitsPerDigit := 8 * group / digits
	from := (8*offset + bitsPerDigit - 1) / bitsPerDigit
	to := 8 * (offset + len(b)) / bitsPerDigit
	return encoded[from:to]
}

// wide adds text with two and four bytes a character.
func (s *Search) wide(what, name, text string) {
	for _, c := range []byte(text) {
		if c >= 0x80 {
			return // no text
		}
	}
	var le, be, le4 []byte
	for _, c := range utf16.Encode([]rune(text)) {
		le = binary.LittleEndian.AppendUint16(le, c)
		be = binary.BigEndian.AppendUint16(be, c)
		le4 = binary.LittleEndian.AppendUint32(le4, uint32(c))
	}
	s.add(what, name+", UTF-16LE", le)
	s.add(what, name+", UTF-16BE", be)
	s.add(what, name+", UTF-32LE", le4)
}

// integers adds a number written as one.
func (s *Search) integers(what, name, digits string) {
	n, ok := new(big.Int).SetString(digits, 10)
	if !ok || !n.IsUint64() {
		return
	}
	v := n.Uint64()
	big := n.Bytes() // as SQLite stores it, but for leading zeros
	s.add(what, name+", integer", big)
	little := slices.Clone(big)
	slices.Reverse(little)
	s.add(what, name+", little-endian integer", little)
	s.add(what, name+", protobuf varint", binary.AppendUvarint(nil, v))
	s.add(what, name+", zigzag varint", binary.AppendVarint(nil, int64(v)))
	s.add(what, name+", integer in hex", []byte(fmt.Sprintf("%x", v)))
	s.add(what, name+", integer in hex capitals", []byte(fmt.Sprintf("%X", v)))
	s.add(what, name+", integer in base 36", []byte(n.Text(36)))
	s.add(what, name+", integer in base 62", []byte(n.Text(62)))
	// As JavaScript and spreadsheets hold it.
	float := binary.BigEndian.AppendUint64(nil, math.Float64bits(float64(v)))
	s.add(what, name+", float", float)
	slices.Reverse(float)
	s.add(what, name+", little-endian float", float)
	// Packed decimals: both orders of the halves, from either end, and ended as
	// telephone networks do.
	for name2, text := range map[string]string{"": digits, " and a zero": digits + "0", " and a zero before": "0" + digits, " and F": digits + "f"} {
		if len(text)%2 != 0 {
			continue
		}
		packed, err := hex.DecodeString(text)
		if err != nil {
			continue
		}
		s.add(what, name+", BCD"+name2, packed)
		swapped := make([]byte, len(packed))
		for i, b := range packed {
			swapped[i] = b<<4 | b>>4
		}
		s.add(what, name+", swapped BCD"+name2, swapped)
	}
	// One digit a byte.
	unpacked := []byte(digits)
	for i := range unpacked {
		unpacked[i] -= '0'
	}
	s.add(what, name+", a digit a byte", unpacked)
}
