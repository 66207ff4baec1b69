package parity

import (
	"math/rand/v2"
	"strings"
	"unicode/utf8"

	"sealbook/wasm/batch"
	"sealbook/wasm/number"
)

// Kinds of input, what share of a hundred each has, and who writes it.
var kinds = []struct {
	name  string
	share int
	write func(*Inputs, []byte, string) []byte
}{
	{"mobile number of the region", 16, (*Inputs).mobile},
	{"one character changed", 10, (*Inputs).changed},
	{"digits after a calling code", 14, (*Inputs).international},
	{"digits as dialled at home", 12, (*Inputs).national},
	{"punctuation of every script", 10, (*Inputs).punctuated},
	{"dialled from abroad", 6, (*Inputs).abroad},
	{"extension", 6, (*Inputs).extension},
	{"RFC 3966", 4, (*Inputs).rfc3966},
	{"letters for digits", 3, (*Inputs).vanity},
	{"inside other text", 4, (*Inputs).embedded},
	{"too many digits", 3, (*Inputs).long},
	{"random bytes", 4, (*Inputs).bytes},
	{"invalid UTF-8", 3, (*Inputs).invalid},
	{"any characters", 3, (*Inputs).characters},
	{"empty or blank", 2, (*Inputs).blank},
}

// Inputs writes texts of every kind, the same ones for the same seed. None
// holds a line feed, which would end it.
type Inputs struct {
	*rand.Rand
	regions []string
	spaces  map[string]*number.Space
	table   []int // kind of each hundredth
	Kinds   []int // how many texts there were of each kind
}

// NewInputs makes the texts of a seed.
func NewInputs(seed uint64) *Inputs {
	in := &Inputs{Rand: rand.New(rand.NewPCG(seed, 0)), regions: number.Regions(), spaces: map[string]*number.Space{}, Kinds: make([]int, len(kinds))}
	for _, r := range in.regions {
		if s, ok := number.Mobiles(r); ok && s.Len() > 0 {
			in.spaces[r] = &s
		}
	}
	for i, k := range kinds {
		for range k.share {
			in.table = append(in.table, i)
		}
	}
	return in
}

// Region is one of the supported ones, and now and then one that is not.
func (in *Inputs) Region() string {
	if in.IntN(50) == 0 {
		return Pick(in, []string{"", "ZZ", "001", "XX", "AQ", "A", "GBR", "99"})
	}
	return Pick(in, in.regions)
}

// KindName is what Kinds[i] counts.
func KindName(i int) string { return kinds[i].name }

// Space is the mobile numbers of a region, nil if it has none.
func (in *Inputs) Space(region string) *number.Space { return in.spaces[region] }

// Pick is any of a list.
func Pick[T any](in *Inputs, of []T) T { return of[in.IntN(len(of))] }

// Lines is n texts as lines "REGION\tTEXT\n".
func (in *Inputs) Lines(n int) []byte {
	var lines []byte
	for range n {
		region := in.Region()
		lines = append(append(lines, region...), '\t')
		lines = append(in.Append(lines, region), '\n')
	}
	return lines
}

// plainFormats are those that the core writes.
var plainFormats = []number.Format{number.E164, number.Digits, number.Dialled, number.Significant}

// Mode is any mode of one region.
func (in *Inputs) Mode() batch.Mode {
	m := batch.Mode(in.IntN(2)) * batch.Info
	if f := in.IntN(2*len(plainFormats) + 1); f > 0 {
		m |= batch.Text(plainFormats[f%len(plainFormats)])
		if f > len(plainFormats) {
			m |= batch.Extension
		}
	}
	return m
}

// Append appends a text to dst, most often one for the region.
func (in *Inputs) Append(dst []byte, region string) []byte {
	kind := in.table[in.IntN(len(in.table))]
	in.Kinds[kind]++
	at := len(dst)
	dst = kinds[kind].write(in, dst, region)
	for i := at; i < len(dst); i++ {
		if dst[i] == '\n' {
			dst[i] = '\r'
		}
	}
	return dst
}

// number is a mobile number of the region, or of another that has some.
func (in *Inputs) number(region string) number.Number {
	s := in.spaces[region]
	for s == nil {
		s = in.spaces[Pick(in, in.regions)]
	}
	return s.At(in.Uint64N(s.Len()))
}

// Digits appends n digits.
func (in *Inputs) Digits(dst []byte, n int) []byte {
	for range n {
		dst = append(dst, byte('0'+in.IntN(10)))
	}
	return dst
}

func (in *Inputs) mobile(dst []byte, region string) []byte {
	return in.number(region).Append(dst, number.Format(in.IntN(int(number.Significant)+1)))
}

func (in *Inputs) changed(dst []byte, region string) []byte {
	at := len(dst)
	dst = in.mobile(dst, region)
	if len(dst) == at {
		return dst
	}
	i := at + in.IntN(len(dst)-at)
	switch in.IntN(3) {
	case 0:
		dst[i] = Pick(in, []byte("0123456789+-() x;#*/."))
	case 1:
		dst = append(dst[:i], dst[i+1:]...)
	case 2:
		dst = append(dst, 0)
		copy(dst[i+1:], dst[i:])
		dst[i] = byte('0' + in.IntN(10))
	}
	return dst
}

func (in *Inputs) international(dst []byte, region string) []byte {
	cc := number.CallingCode(region)
	if cc == 0 || in.IntN(4) == 0 {
		cc = in.IntN(1000)
	}
	return in.Digits(appendInt(append(dst, '+'), cc), 2+in.IntN(14))
}

func (in *Inputs) national(dst []byte, _ string) []byte {
	dst = append(dst, Pick(in, []string{"", "0", "0", "1", "8", "06", "01"})...)
	return in.Digits(dst, 3+in.IntN(11))
}

// punctuation is what people and programs put between digits, and what looks
// like it.
var punctuation = strings.Split("- |-|\u2010|\u2011|\u2012|\u2013|\u2014|\u2015|\u2212|\u30fc|\uff0d|\uff0f| |\u00a0|\u00ad|\u200b|\u2060|\u3000|(|)|\uff08|\uff09|\uff3b|\uff3d|.|\uff0e|[|]|/|~|\u2053|\u223c|\uff5e|x|,|\t|\u202a|\u202c|\u200e|\ufeff|*|#|_|:|\u00b7|'", "|")

// zeros of the decimal digits of some scripts.
var zeros = []rune{'0', '\uff10', '\u0660', '\u06f0', '\u0966', '\u09e6', '\u0e50', '\u1040', '\u17e0', '\U0001d7ce', '\U0001d7f6', '\u2080', '\u2460'}

func (in *Inputs) punctuated(dst []byte, region string) []byte {
	var plain [64]byte
	zero := '0'
	if in.IntN(3) == 0 {
		zero = Pick(in, zeros)
	}
	if in.IntN(8) == 0 {
		dst = append(dst, Pick(in, []string{"\uff0b", "++", " +", "(+", "tel:", "\u207a"})...)
	}
	for _, c := range in.number(region).Append(plain[:0], Pick(in, []number.Format{number.E164, number.National, number.International})) {
		if c >= '0' && c <= '9' {
			dst = utf8.AppendRune(dst, zero+rune(c-'0'))
		} else {
			dst = append(dst, c)
		}
		if in.IntN(4) == 0 {
			dst = append(dst, Pick(in, punctuation)...)
		}
	}
	return dst
}

func (in *Inputs) abroad(dst []byte, region string) []byte {
	dst = append(dst, Pick(in, []string{"00", "011", "0011", "810", "8~10", "009", "119", "00 ", "011 ", "0", "14", "+00", "00+"})...)
	return in.number(region).Append(dst, number.Digits)
}

func (in *Inputs) extension(dst []byte, region string) []byte {
	dst = in.mobile(dst, region)
	dst = append(dst, Pick(in, []string{" ext. ", " x", "x ", " extn ", ";ext=", " \u0434\u043e\u0431 ", " #", "~", ",,", ",", " int ", " anexo", " e.x.t ", " extensi\u00f3n ", " \uff45\uff58\uff54 ", "-", " X: "})...)
	dst = in.Digits(dst, in.IntN(12))
	if in.IntN(4) == 0 {
		dst = append(dst, '#')
	}
	return dst
}

func (in *Inputs) rfc3966(dst []byte, region string) []byte {
	dst = append(dst, Pick(in, []string{"tel:", "TEL:", "", "tel:+"})...)
	dst = in.mobile(dst, region)
	dst = append(dst, Pick(in, []string{";phone-context=", ";phone-context=+", ";isub=", ";ext=", ";phone-context=example.com", ";a=b;phone-context=+44", ";phone-context=+44;phone-context=+1"})...)
	return in.Digits(dst, in.IntN(5))
}

func (in *Inputs) vanity(dst []byte, _ string) []byte {
	dst = append(dst, Pick(in, []string{"1-800-", "0800 ", "1300 ", "+1 800 ", "800"})...)
	for range in.IntN(12) {
		dst = append(dst, Pick(in, []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefxyz-")))
	}
	return dst
}

func (in *Inputs) embedded(dst []byte, region string) []byte {
	dst = append(dst, Pick(in, []string{"call ", "Tel.: ", "(", "\"", "\u96fb\u8a71", "me@example.com ", "1/2/2020 ", "\u00a9", "<", "a+"})...)
	dst = in.mobile(dst, region)
	return append(dst, Pick(in, []string{" now", ")", "\"", "\u3002", ", or else", "\\", "/12", " ext", "\u0000", "a"})...)
}

func (in *Inputs) long(dst []byte, _ string) []byte {
	if in.IntN(2) == 0 {
		dst = append(dst, '+')
	}
	return in.Digits(dst, 14+in.IntN(300))
}

func (in *Inputs) bytes(dst []byte, _ string) []byte {
	for range in.IntN(40) {
		dst = append(dst, byte(in.Uint32()))
	}
	return dst
}

func (in *Inputs) invalid(dst []byte, region string) []byte {
	at := len(dst)
	dst = in.punctuated(dst, region)
	for range 1 + in.IntN(3) {
		dst[at+in.IntN(len(dst)-at)] = Pick(in, []byte{0x80, 0xbf, 0xc0, 0xc1, 0xe2, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xfe, 0xff})
	}
	return dst
}

func (in *Inputs) characters(dst []byte, _ string) []byte {
	for range in.IntN(20) {
		dst = utf8.AppendRune(dst, rune(in.IntN(0x110000)))
		if in.IntN(3) == 0 {
			dst = in.Digits(dst, 1)
		}
	}
	return dst
}

func (in *Inputs) blank(dst []byte, _ string) []byte {
	return append(dst, Pick(in, []string{"", "", " ", "\t", "\r", "\u00a0", "+", "0", "\x00", "\u3000"})...)
}

// appendInt writes n ≥ 0 in decimal.
func appendInt(dst []byte, n int) []byte {
	if n >= 10 {
		dst = appendInt(dst, n/10)
	}
	return append(dst, byte('0'+n%10))
}
