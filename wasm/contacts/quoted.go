package contacts

import "unicode/utf8"

// Quoted-printable text in an encoding of East Asia is as good as ASCII: no decoder
// that stands before the reader sees its letters. So a Reader gives them as they
// are: quotedCharset plus the encoding's place behind GBK, and then quotedByte plus
// each byte, all in a plane of Unicode that nobody uses. Package contacts/file and
// sealbook/contacts put the letters in their place.
const (
	quotedByte    = 0xf0000
	quotedCharset = 0xf0100
)

// maxQuoted is how many bytes of a value are looked at.
const maxQuoted = MaxName

// quote returns a value in an encoding of two bytes a letter with its letters in that
// form.
func quote(s []byte, c Charset) []byte {
	out := make([]byte, 0, 4*len(s))
	inside, wide := false, false
	for i := 0; i < len(s); {
		n := 1 // bytes of the letter
		switch {
		case c == ISO2022JP && s[i] == 0x1b:
			n = min(3, len(s)-i)
			wide = n == 3 && s[i+1] == '$'
		case c == ISO2022JP && wide:
			n = min(2, len(s)-i)
		case s[i] < 0x80:
			out = append(out, s[i])
			inside = false
			i++
			continue
		case c != ShiftJIS || s[i] < 0xa1 || s[i] > 0xdf:
			n = min(2, len(s)-i)
		}
		if !inside {
			out = utf8.AppendRune(out, quotedCharset+rune(c-GBK))
			inside = true
		}
		for ; n > 0; n-- {
			out = utf8.AppendRune(out, quotedByte+rune(s[i]))
			i++
		}
	}
	return out
}

// quoteArchived is for what stands in a file of an archive, which no decoder can
// stand before either.
func (r *Reader) quoteArchived(raw []byte) []byte {
	if r.archive.inside && r.legacy.Foreign() && (!utf8.Valid(raw) || r.legacy == ISO2022JP) {
		return quote(raw[:min(len(raw), maxQuoted)], r.legacy)
	}
	return raw
}

// Unquote returns text with its quoted letters decoded: decode takes their bytes.
func Unquote(text []byte, decode func(c Charset, letters []byte) []byte) []byte {
	for from := 0; from < len(text); from++ {
		if text[from] != 0xf3 { // as each of them begins
			continue
		}
		u, size := utf8.DecodeRune(text[from:])
		if u < quotedCharset || u > quotedCharset+rune(unknownCharset-GBK-1) {
			continue
		}
		var letters []byte
		to := from + size
		for to < len(text) {
			b, size := utf8.DecodeRune(text[to:])
			if b < quotedByte || b > quotedByte+0xff {
				break
			}
			letters = append(letters, byte(b))
			to += size
		}
		decoded := decode(GBK+Charset(u-quotedCharset), letters)
		rest := Unquote(text[to:], decode)
		return append(append(append([]byte(nil), text[:from]...), decoded...), rest...)
	}
	return text
}
