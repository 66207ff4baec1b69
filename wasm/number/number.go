// Package number turns what people write as a phone number into a number, and
// a number into E.164 and the other ways to write it. Its answers are those of
// Google's libphonenumber, the Java edition, with the metadata that
// [MetadataVersion] names.
//
// [Parse] reads a text in a region, which says how to read a number that does
// not begin with a plus; [Number.Append] and [Number.Format] write it;
// [Number.Info] tells its region, type, validity and whether its length is
// possible. Errors are a [Code].
//
// How strict to be is the caller's choice, by what is asked:
//
//   - [Number.UnmarshalText] takes E.164 and nothing else: what programs wrote.
//   - [Parse] takes what people write, as libphonenumber does: the first thing
//     in the text that looks like a number, of any shape, with a calling code and
//     2 to 17 digits. "911" in US is +1911, which cannot be called from anywhere.
//   - [Number.Possible] then asks whether the calling code has numbers of that
//     length, which numbering plans seldom change.
//   - [Number.Valid] asks whether the number lies in a range that its region has
//     given out, as far as the metadata knows: ranges given out since are not
//     valid before it is refreshed.
//
// Parse has no strict mode of its own: what one caller calls junk another has in
// all of its data. Whoever reads contacts finds emergency and short numbers told
// apart in package sealbook/wasm/contacts/sift.
//
// A region is two capital letters as in ISO 3166-1, such as GB. No region ("" or
// libphonenumber's "ZZ") means that a text must bring its calling code. "001" is
// what [Number.Region] answers for calling codes without a country, such as +800;
// as a region to read in it is none.
//
// Where builds of libphonenumber disagree, Java's answer is ours, but for two
// things: every decimal digit of Unicode counts, also those beyond U+FFFF, which
// Java's loop over UTF-16 units drops from the number after it has accepted
// them; and an extension is kept in ASCII digits. A byte that is not UTF-8 is
// read as U+FFFD.
//
// There are no regular expressions here. What the metadata says in them is
// compiled by gentable:
//
//   - general descriptions, and region, type and validity of each calling code,
//     into minimal automata over digits, one step a digit;
//   - the leading digits that choose a format into automata too, and formats
//     into lengths of groups;
//   - international and national prefixes, which need Perl's order and
//     captures, into programs of a few bytes for a backtracking matcher.
//
// The tables lie in strings. Those of a group of calling codes are expanded when
// first needed (in builds by the standard toolchain, all at start), into fixed
// arrays; nothing is ever allocated. decode.go tells how they are written.
package number

//go:generate go run ./gentable -dir .

// Number is a phone number as libphonenumber understands it: a calling code, a
// national significant number of 2 to 17 digits that may begin with zeros, and
// perhaps an extension. Numbers are equal when == says so. The zero Number is
// no number; Parse never answers it without a code.
type Number struct {
	national uint64 // the national significant number's first 16 digits, 4 bits each, the first lowest
	ext      uint64 // the extension's last 16 digits, 4 bits each, the last lowest
	extHigh  uint16 // those before, up to 4
	last     uint8  // the national significant number's 17th digit
	digits   uint8  // how many digits the national significant number has, 2–17
	plan     uint8  // the calling code
	extLen   uint8  // 0–20
}

// MaxExtension is the most digits that an extension has.
const MaxExtension = 20

// CallingCode returns the calling code, 1–999; 0 for the zero Number.
func (n Number) CallingCode() int { return int(plans[n.plan].code) }

// Extension returns the extension's digits as ASCII, "" if there is none.
// Extensions keep their zeros.
func (n Number) Extension() string {
	if n.extLen == 0 {
		return ""
	}
	return string(n.AppendExtension(nil))
}

// ExtensionLen returns how many digits the extension has, 0–MaxExtension.
func (n Number) ExtensionLen() int { return int(n.extLen) }

// AppendExtension appends the extension's digits, at most MaxExtension bytes.
func (n Number) AppendExtension(dst []byte) []byte {
	for i := int(n.extLen) - 1; i >= 0; i-- {
		dst = append(dst, '0'+n.extensionDigit(i))
	}
	return dst
}

// extensionDigit returns the extension's digit i, counted from the last.
func (n Number) extensionDigit(i int) byte {
	if i >= 16 {
		return byte(n.extHigh>>(4*uint(i-16))) & 15
	}
	return byte(n.ext>>(4*uint(i))) & 15
}

// String returns the number in E.164, "" for the zero Number.
func (n Number) String() string {
	var buffer [MaxText]byte
	return string(n.AppendPlain(buffer[:0], E164))
}

// MarshalText returns the number in E.164, followed by ";ext=" and the
// extension if there is one. The zero Number is the empty text.
func (n Number) MarshalText() ([]byte, error) { return n.appendText(nil), nil }

// AppendText appends what MarshalText answers.
func (n Number) AppendText(dst []byte) ([]byte, error) { return n.appendText(dst), nil }

func (n Number) appendText(dst []byte) []byte {
	dst = n.AppendPlain(dst, E164)
	if n.extLen != 0 {
		dst = append(dst, ";ext="...)
		dst = n.AppendExtension(dst)
	}
	return dst
}

// UnmarshalText reads what MarshalText writes and nothing else: for text from
// people there is Parse. Its error is a Code.
func (n *Number) UnmarshalText(text []byte) error {
	got, code := unmarshal(text)
	if code != OK {
		return code
	}
	*n = got
	return nil
}

func unmarshal(text []byte) (Number, Code) {
	ready()
	var n Number
	if len(text) == 0 {
		return n, OK
	}
	if text[0] != '+' {
		return Number{}, NotANumber
	}
	var t tally
	i, k := 1, 0
	for ; i < len(text) && isDigit(text[i]); i++ {
		if k == 20 {
			return Number{}, TooLong
		}
		t[k] = text[i] - '0'
		k++
	}
	if k < 3 {
		if i < len(text) {
			return Number{}, NotANumber
		}
		return Number{}, TooShortAfterIDD
	}
	d := t.pack(k)
	n.plan = d.plan()
	if n.plan == 0 {
		return Number{}, InvalidCountryCode
	}
	n.setNational(d.from(int(plans[n.plan].width)))
	switch {
	case n.digits < 2:
		return Number{}, TooShortNSN
	case n.digits > maxNational:
		return Number{}, TooLong
	}
	if i == len(text) {
		return n, OK
	}
	const label = ";ext="
	if len(text)-i <= len(label) || len(text)-i > len(label)+MaxExtension {
		return Number{}, NotANumber
	}
	for k := range label {
		if text[i+k] != label[k] {
			return Number{}, NotANumber
		}
	}
	for _, c := range text[i+len(label):] {
		if !isDigit(c) {
			return Number{}, NotANumber
		}
		n.addExtension(uint64(c - '0'))
	}
	return n, OK
}

//go:inline
func isDigit(c byte) bool { return c-'0' < 10 }

func (n *Number) addExtension(digit uint64) {
	n.extHigh = n.extHigh<<4 | uint16(n.ext>>60)
	n.ext = n.ext<<4 | digit
	n.extLen++
}

// setNational sets the national significant number, of at most 17 digits if it
// is to be one.
//
//go:inline
func (n *Number) setNational(d digits) {
	n.national, n.last, n.digits = d.a, uint8(d.b&15), uint8(d.n)
}

// significant returns the digits of the national significant number.
//
//go:inline
func (n *Number) significant() digits {
	return digits{a: n.national, b: uint64(n.last), n: int(n.digits)}
}
