package capture

import "unicode/utf8"

// A HAR has bodies as text, and what was bytes on the wire may have become text
// in several ways: decoded by the charset that was stated, truly or falsely;
// every byte a code point from 0 to 255 (mitmproxy, ProxyPin); or a mixture.
// wireBytes goes back to the bytes where it can tell. stated is how many bytes
// were sent, -1 if unknown. text is UTF-8 with bytes above 127.
func wireBytes(text, mediaType []byte, stated int64) []byte {
	charset := parameter(mediaType, "charset")
	if len(charset) >= 6 && equalFold(charset[:6], "utf-16") {
		return utf16Bytes(text, charset, stated)
	}
	latin, control, ok := latinBytes(text)
	switch {
	case !ok || stated == int64(len(text)):
		return text
	case stated == int64(len(latin)), control, utf8.Valid(latin):
		// Bytes that are UTF-8 were not by chance, and control characters are
		// not in text.
		return latin
	}
	return text
}

// latinBytes encodes text in Windows-1252, with ISO 8859-1 where that has
// nothing. control reports whether there are control characters other than
// white space.
func latinBytes(text []byte) (latin []byte, control, ok bool) {
	latin = make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		c := text[i]
		if c < 0x80 {
			control = control || c < ' ' && !blank(c) && c != '\f' || c == 0x7f
			latin = append(latin, c)
			i++
			continue
		}
		r, n := utf8.DecodeRune(text[i:])
		i += n
		if r <= 0xff {
			control = control || r < 0xa0
			latin = append(latin, byte(r))
			continue
		}
		found := false
		for j, w := range windows1252 {
			if rune(w) == r {
				latin = append(latin, byte(0x80+j))
				found = true
				break
			}
		}
		if !found {
			return nil, false, false
		}
	}
	return latin, control, true
}

// windows1252 has the characters of 0x80 to 0x9f.
var windows1252 = [32]uint16{
	0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,
	0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
}

// utf16Bytes undoes a UTF-16 that was stated falsely: what it makes of the text
// is text itself.
func utf16Bytes(text, charset []byte, stated int64) []byte {
	big := equalFold(charset, "utf-16be")
	for range 2 {
		p := make([]byte, 0, len(text))
		plain := true
		for i := 0; i < len(text); {
			r, n := utf8.DecodeRune(text[i:])
			i += n
			units := [2]uint16{uint16(r)}
			count := 1
			if r >= 0x10000 {
				units = [2]uint16{0xd800 | uint16((r-0x10000)>>10), 0xdc00 | uint16(r&0x3ff)}
				count = 2
			}
			for _, u := range units[:count] {
				a, b := byte(u), byte(u>>8)
				if big {
					a, b = b, a
				}
				plain = plain && (a >= ' ' || blank(a)) && (b >= ' ' || blank(b))
				p = append(p, a, b)
			}
		}
		if plain && utf8.Valid(p) {
			return p
		}
		if len(charset) > 6 {
			break // the order is stated
		}
		big = !big
	}
	return text
}

// replaced reports whether text holds U+FFFD: bytes are gone.
func replaced(text []byte) bool {
	for i := 0; i+3 <= len(text); i++ {
		j := indexByte(text[i:], 0xef)
		if j < 0 {
			return false
		}
		i += j
		if i+3 <= len(text) && text[i+1] == 0xbf && text[i+2] == 0xbd {
			return true
		}
	}
	return false
}

// parameter returns a parameter of a media type or disposition, without quotes;
// nil if it is not there. name is in lower case.
func parameter(field []byte, name string) []byte {
	for {
		i := indexByte(field, ';')
		if i < 0 {
			return nil
		}
		field = trim(field[i+1:])
		eq := indexAny(field, "=;")
		if eq < 0 {
			return nil
		}
		if field[eq] == ';' {
			field = field[eq:]
			continue
		}
		key, value := trim(field[:eq]), trim(field[eq+1:])
		if len(value) > 0 && value[0] == '"' {
			end := 1
			for end < len(value) && value[end] != '"' {
				if value[end] == '\\' {
					end++
				}
				end++
			}
			end = min(end, len(value))
			field, value = value[end:], value[1:end]
		} else {
			end := indexByte(value, ';')
			if end < 0 {
				end = len(value)
			}
			field, value = value[end:], trim(value[:end])
		}
		if equalFold(key, name) {
			return value
		}
	}
}
