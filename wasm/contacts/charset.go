package contacts

import "unicode/utf8"

// A Charset is the encoding of a file, as far as it shows.
type Charset uint8

const (
	UTF8 Charset = iota // also plain ASCII
	UTF16LE
	UTF16BE
	UTF32LE
	UTF32BE
	UTF7        // RFC 2152
	singleBytes // the first of those in charmap.go
)

const (
	GBK Charset = iota + afterSingleBytes // from here on the numbers are read and the letters are not
	Big5
	ShiftJIS
	EUCKR
	EUCJP
	ISO2022JP
	unknownCharset
)

// String returns the label by which web browsers know the encoding, "" for one that
// is not known.
func (c Charset) String() string {
	switch c {
	case UTF8:
		return "utf-8"
	case UTF16LE:
		return "utf-16le"
	case UTF16BE:
		return "utf-16be"
	case UTF32LE:
		return "utf-32le"
	case UTF32BE:
		return "utf-32be"
	case UTF7:
		return "utf-7"
	case GBK:
		return "gbk"
	case Big5:
		return "big5"
	case ShiftJIS:
		return "shift_jis"
	case EUCKR:
		return "euc-kr"
	case EUCJP:
		return "euc-jp"
	case ISO2022JP:
		return "iso-2022-jp"
	case unknownCharset:
		return ""
	}
	names := singleNames
	for ; ; c-- {
		n := 0
		for names[n] != ' ' {
			n++
		}
		if c == singleBytes {
			return names[:n]
		}
		names = names[n+1:]
	}
}

// upper is the character of a byte from 0x80 on, in an encoding of one byte.
func (c Charset) upper(b byte) rune {
	at := int(c-singleBytes)<<7 | int(b&0x7f)
	return rune(lowHalves[at]) | rune(highHalves[at])<<8
}

// wide reports whether the encoding has to become UTF-8 before a format's reader
// sees it: its letters are no bytes of ASCII.
func (c Charset) wide() bool { return UTF16LE <= c && c < singleBytes }

// single reports whether the encoding has one byte a character.
func (c Charset) single() bool { return singleBytes <= c && c < afterSingleBytes }

// Foreign reports whether there are no tables of the encoding here, so that the
// numbers are read and the letters are not: whoever can decode the file does so
// and hands it over again as UTF-8.
func (c Charset) Foreign() bool { return c >= GBK && c < unknownCharset }

// writeText writes src to dst as UTF-8 on one line and returns its length:
// what is not UTF-8 is read as the given charset, control characters become
// spaces, references of HTML the characters that they stand for, white space at the
// ends goes. It stops where dst is full and reports false for bytes that stayed
// unreadable.
func writeText(dst, src []byte, legacy Charset) (n int, ok bool) {
	src = trim(src)
	ok = true
	if utf8.Valid(src) {
		legacy = UTF8
	}
	for len(src) > 0 {
		c, size := rune(src[0]), 1
		switch {
		case c == '&':
			if u, k := reference(src); k > 0 {
				c, size = u, k
			}
		case c < ' ' || c == 0x7f:
			c = ' '
		case c < 0x80:
		case legacy == UTF8:
			c, size = utf8.DecodeRune(src)
			if c <= 0x9f || c == 0x2028 || c == 0x2029 {
				c = ' '
			}
		case legacy.single():
			c = legacy.upper(src[0])
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
		src = src[size:]
		if n+utf8.RuneLen(c) > len(dst) {
			break
		}
		n += utf8.EncodeRune(dst[n:], c)
	}
	return n, ok
}

// charsetNames are other names of encodings, as CHARSET and XML declarations have
// them, normalised; the first of each line is a label.
const charsetAliases = "windows-1252 iso 8859 1|latin1|latin 1|cp1252|ansi|l1|iso8859 1|us ascii 8\n" +
	"windows-1250 cp1250|x cp1250\n" +
	"windows-1251 cp1251|x cp1251|ansi 1251\n" +
	"windows-1253 cp1253\n" +
	"windows-1254 cp1254|iso 8859 9|latin5|latin 5|iso8859 9\n" +
	"windows-1255 cp1255\n" +
	"windows-1256 cp1256\n" +
	"windows-1257 cp1257\n" +
	"windows-1258 cp1258\n" +
	"windows-874 cp874|tis 620|iso 8859 11\n" +
	"iso-8859-2 latin2|latin 2|l2\n" +
	"iso-8859-4 latin4\n" +
	"iso-8859-8 iso 8859 8 i|iso 8859 8 e\n" +
	"iso-8859-10 latin6\n" +
	"iso-8859-15 latin9|latin 9|latin0\n" +
	"iso-8859-16 latin10\n" +
	"koi8-r koi8|koi\n" +
	"koi8-u koi8 ru\n" +
	"macintosh macroman|mac roman|x mac roman|mac|x macintosh|applemac\n" +
	"x-mac-cyrillic maccyrillic|mac cyrillic\n" +
	"ibm866 cp866|dos 866|866\n" +
	"ibm850 cp850|dos 850|850\n" +
	"ibm852 cp852|dos 852|852\n" +
	"ibm437 cp437|dos 437|437\n" +
	"utf-8 utf8|us ascii|ascii|unicode 1 1 utf 8\n" +
	"gbk gb2312|gb18030|cp936|gb 2312 80|chinese|x gbk\n" +
	"big5 big5 hkscs|cp950|x x big5\n" +
	"shift_jis sjis|shift jis|x sjis|ms kanji|cp932|windows 31j|shiftjis\n" +
	"euc-kr euckr|ks c 5601 1987|ks c 5601|cp949|ksc5601|uhc|windows 949\n" +
	"euc-jp eucjp|x euc jp\n" +
	"iso-2022-jp jis|csiso2022jp\n"

// charsetOf knows the names that the CHARSET parameter of vCard and declarations of
// XML take.
func charsetOf(name []byte) Charset {
	var buf, other, label [maxNormal]byte
	s := normalise(&buf, name)
	for c := UTF8; c < unknownCharset; c++ {
		n := copy(label[:], c.String())
		if len(s) > 2 && same(s[1:len(s)-1], alias(trim(normalise(&other, label[:n])))) {
			return c
		}
	}
	for lines := charsetAliases; len(lines) > 0; {
		blank, end := 0, 0
		for lines[blank] != ' ' {
			blank++
		}
		for lines[end] != '\n' {
			end++
		}
		if is(s, lines[blank+1:end]) {
			for c := UTF8; c < unknownCharset; c++ {
				if c.String() == lines[:blank] {
					return c
				}
			}
		}
		lines = lines[end+1:]
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
