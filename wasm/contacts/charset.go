package contacts

import "unicode/utf8"

// A Charset is the encoding of a file, as far as it shows.
type Charset uint8

const (
	UTF8 Charset = iota // also plain ASCII
	UTF16LE
	UTF16BE
	Windows1252 // and ISO-8859-1
	Windows1250
	Windows1251
	GBK // from here on the numbers are read and the letters are not
	Big5
	ShiftJIS
	EUCKR
	unknownCharset
)

var charsetNames = [...]string{"utf-8", "utf-16le", "utf-16be", "windows-1252", "windows-1250", "windows-1251",
	"gbk", "big5", "shift_jis", "euc-kr", ""}

// String gives the label by which web browsers know the encoding.
func (c Charset) String() string { return charsetNames[c] }

// Foreign reports whether there are no tables of the encoding here, so that the
// numbers are read and the letters are not: whoever can decode the file does so
// and hands it over again as UTF-8.
func (c Charset) Foreign() bool { return c >= GBK && c < unknownCharset }

// The upper halves, from 0x80, of Windows-1250 and 1251, and of 1252 as far
// as it is not ISO-8859-1. U+FFFD stands for bytes without a letter.
var cp1252 = [32]uint16{
	0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd,
	0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178,
}

var cp1250 = [128]uint16{
	0x20ac, 0xfffd, 0x201a, 0xfffd, 0x201e, 0x2026, 0x2020, 0x2021, 0xfffd, 0x2030, 0x0160, 0x2039, 0x015a, 0x0164, 0x017d, 0x0179,
	0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0xfffd, 0x2122, 0x0161, 0x203a, 0x015b, 0x0165, 0x017e, 0x017a,
	0x00a0, 0x02c7, 0x02d8, 0x0141, 0x00a4, 0x0104, 0x00a6, 0x00a7, 0x00a8, 0x00a9, 0x015e, 0x00ab, 0x00ac, 0x00ad, 0x00ae, 0x017b,
	0x00b0, 0x00b1, 0x02db, 0x0142, 0x00b4, 0x00b5, 0x00b6, 0x00b7, 0x00b8, 0x0105, 0x015f, 0x00bb, 0x013d, 0x02dd, 0x013e, 0x017c,
	0x0154, 0x00c1, 0x00c2, 0x0102, 0x00c4, 0x0139, 0x0106, 0x00c7, 0x010c, 0x00c9, 0x0118, 0x00cb, 0x011a, 0x00cd, 0x00ce, 0x010e,
	0x0110, 0x0143, 0x0147, 0x00d3, 0x00d4, 0x0150, 0x00d6, 0x00d7, 0x0158, 0x016e, 0x00da, 0x0170, 0x00dc, 0x00dd, 0x0162, 0x00df,
	0x0155, 0x00e1, 0x00e2, 0x0103, 0x00e4, 0x013a, 0x0107, 0x00e7, 0x010d, 0x00e9, 0x0119, 0x00eb, 0x011b, 0x00ed, 0x00ee, 0x010f,
	0x0111, 0x0144, 0x0148, 0x00f3, 0x00f4, 0x0151, 0x00f6, 0x00f7, 0x0159, 0x016f, 0x00fa, 0x0171, 0x00fc, 0x00fd, 0x0163, 0x02d9,
}

var cp1251 = [128]uint16{
	0x0402, 0x0403, 0x201a, 0x0453, 0x201e, 0x2026, 0x2020, 0x2021, 0x20ac, 0x2030, 0x0409, 0x2039, 0x040a, 0x040c, 0x040b, 0x040f,
	0x0452, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0xfffd, 0x2122, 0x0459, 0x203a, 0x045a, 0x045c, 0x045b, 0x045f,
	0x00a0, 0x040e, 0x045e, 0x0408, 0x00a4, 0x0490, 0x00a6, 0x00a7, 0x0401, 0x00a9, 0x0404, 0x00ab, 0x00ac, 0x00ad, 0x00ae, 0x0407,
	0x00b0, 0x00b1, 0x0406, 0x0456, 0x0491, 0x00b5, 0x00b6, 0x00b7, 0x0451, 0x2116, 0x0454, 0x00bb, 0x0458, 0x0405, 0x0455, 0x0457,
	0x0410, 0x0411, 0x0412, 0x0413, 0x0414, 0x0415, 0x0416, 0x0417, 0x0418, 0x0419, 0x041a, 0x041b, 0x041c, 0x041d, 0x041e, 0x041f,
	0x0420, 0x0421, 0x0422, 0x0423, 0x0424, 0x0425, 0x0426, 0x0427, 0x0428, 0x0429, 0x042a, 0x042b, 0x042c, 0x042d, 0x042e, 0x042f,
	0x0430, 0x0431, 0x0432, 0x0433, 0x0434, 0x0435, 0x0436, 0x0437, 0x0438, 0x0439, 0x043a, 0x043b, 0x043c, 0x043d, 0x043e, 0x043f,
	0x0440, 0x0441, 0x0442, 0x0443, 0x0444, 0x0445, 0x0446, 0x0447, 0x0448, 0x0449, 0x044a, 0x044b, 0x044c, 0x044d, 0x044e, 0x044f,
}

// writeText writes src to dst as UTF-8 on one line and returns its length:
// what is not UTF-8 is read as the given charset, control characters become
// spaces, white space at the ends goes. It stops where dst is full and reports
// false for bytes that stayed unreadable.
func writeText(dst, src []byte, legacy Charset) (n int, ok bool) {
	src = trim(src)
	ok = true
	if utf8.Valid(src) {
		legacy = UTF8
	} else if legacy < Windows1252 {
		legacy = guessCharset(src)
	}
	for len(src) > 0 {
		c, size := rune(src[0]), 1
		if c >= 0x80 {
			switch legacy {
			case UTF8:
				c, size = utf8.DecodeRune(src)
				if c <= 0x9f || c == 0x2028 || c == 0x2029 {
					c = ' '
				}
			case Windows1250:
				c = rune(cp1250[c-0x80])
			case Windows1251:
				c = rune(cp1251[c-0x80])
			case Windows1252:
				if c < 0xa0 {
					c = rune(cp1252[c-0x80])
				}
			default:
				// One mark for each run of letters that cannot be read here.
				// The second byte of a letter may look like ASCII.
				c, size = utf8.RuneError, 0
				for size < len(src) && src[size] >= 0x80 {
					if legacy == ShiftJIS && 0xa1 <= src[size] && src[size] <= 0xdf {
						size++
					} else {
						size = min(size+2, len(src))
					}
				}
			}
			if c == utf8.RuneError && legacy != UTF8 {
				ok = false
			}
		} else if c < ' ' || c == 0x7f {
			c = ' '
		}
		src = src[size:]
		if c < 0x80 {
			if n == len(dst) {
				break
			}
			dst[n] = byte(c)
			n++
			continue
		}
		if n+utf8.RuneLen(c) > len(dst) {
			break
		}
		n += utf8.EncodeRune(dst[n:], c)
	}
	return n, ok
}

// guessCharset tells Cyrillic (long runs of bytes from 0xC0 up) from Western
// letters (single ones between ASCII) from the double bytes of East Asia.
func guessCharset(s []byte) Charset {
	high, runs, cyrillic := 0, 0, 0
	for i, c := range s {
		if c < 0x80 {
			continue
		}
		high++
		if i == 0 || s[i-1] < 0x80 {
			runs++
		}
		if c >= 0xc0 || c == 0xa8 || c == 0xb8 {
			cyrillic++
		}
	}
	switch {
	case high < 2*runs || high < 3:
		return Windows1252
	case cyrillic*20 >= high*19:
		return Windows1251
	case high > 2*runs:
		return unknownCharset
	}
	return Windows1252
}

// charsetOf knows the names that the CHARSET parameter of vCard takes.
func charsetOf(name []byte) Charset {
	var buf [maxNormal]byte
	s := normalise(&buf, name)
	switch {
	case is(s, "utf 8|utf8|us ascii|ascii"):
		return UTF8
	case is(s, "windows 1250|cp1250|iso 8859 2|latin2"):
		return Windows1250
	case is(s, "windows 1251|cp1251"):
		return Windows1251
	case has(s, " iso 8859 | windows 1252 | cp1252 | latin1 "):
		return Windows1252
	case has(s, "gb2312|gbk|gb18030"):
		return GBK
	case has(s, "big5"):
		return Big5
	case has(s, "shift jis|sjis"):
		return ShiftJIS
	case has(s, "euc kr|ks c 5601"):
		return EUCKR
	}
	return unknownCharset
}

// rawPhone reports whether a header in a legacy encoding of East Asia holds
// the word phone, mobile or fax.
func rawPhone(header []byte, c Charset) bool {
	switch c {
	case GBK:
		return has(header, "\xb5\xe7\xbb\xb0|\xca\xd6\xbb\xfa|\xb4\xab\xd5\xe6") // 电话 手机 传真
	case Big5:
		return has(header, "\xb9q\xb8\xdc|\xa4\xe2\xbe\xf7|\xb6\xc7\xafu") // 電話 手機 傳真
	case ShiftJIS:
		return has(header, "\x93d\x98b|\x8cg\x91\xd1") // 電話 携帯
	case EUCKR:
		return has(header, "\xc0\xfc\xc8\xad|\xc8\xde\xb4\xeb\xc6\xf9|\xc6\xd1\xbd\xba") // 전화 휴대폰 팩스
	}
	return false
}

// trim cuts white space, byte order marks and NULs off both ends.
//
//go:noinline
func trim(s []byte) []byte {
	for len(s) > 0 {
		switch {
		case s[0] <= ' ':
			s = s[1:]
		case len(s) >= 2 && s[0] == 0xc2 && s[1] == 0xa0:
			s = s[2:]
		case len(s) >= 3 && s[0] == 0xef && s[1] == 0xbb && s[2] == 0xbf:
			s = s[3:]
		default:
			for len(s) > 0 && s[len(s)-1] <= ' ' {
				s = s[:len(s)-1]
			}
			if n := len(s); n >= 2 && s[n-2] == 0xc2 && s[n-1] == 0xa0 {
				s = s[:n-2]
				continue
			}
			return s
		}
	}
	return s
}
