// Package number turns what people write as a phone number into E.164.
package number

// Stand-in for bring-up; the real thing replaces this file.

type Code uint8

const (
	OK Code = iota
	InvalidCountryCode
	NotANumber
	TooShortAfterIDD
	TooShortNSN
	TooLong
)

func (c Code) String() string {
	switch c {
	case InvalidCountryCode:
		return "INVALID_COUNTRY_CODE"
	case NotANumber:
		return "NOT_A_NUMBER"
	case TooShortAfterIDD:
		return "TOO_SHORT_AFTER_IDD"
	case TooShortNSN:
		return "TOO_SHORT_NSN"
	case TooLong:
		return "TOO_LONG"
	}
	return "OK"
}
func (c Code) Error() string { return c.String() }

type Type uint8

const (
	Unknown Type = iota
	FixedLine
	Mobile
	FixedLineOrMobile
	TollFree
	PremiumRate
	SharedCost
	VoIP
	PersonalNumber
	Pager
	UAN
	Voicemail
)

var typeNames = [...]string{"UNKNOWN", "FIXED_LINE", "MOBILE", "FIXED_LINE_OR_MOBILE", "TOLL_FREE", "PREMIUM_RATE", "SHARED_COST", "VOIP", "PERSONAL_NUMBER", "PAGER", "UAN", "VOICEMAIL"}

func (t Type) String() string { return typeNames[t] }

type Possibility uint8

const (
	IsPossible Possibility = iota
	IsPossibleLocalOnly
	PossibleInvalidCountryCode
	PossibleTooShort
	PossibleInvalidLength
	PossibleTooLong
)

type Format uint8

const (
	E164 Format = iota
	International
	National
	RFC3966
	Digits
	Dialled
	NationalDigits
	Significant
)

// MaxText is the most bytes that Append writes.
const MaxText = 96

const MetadataVersion = "9.0.40"

type Number struct {
	cc       uint16
	national uint64
	zeros    uint8
}

type Info struct {
	Region   string
	Type     Type
	Valid    bool
	Possible Possibility
}

var regions = []string{"AU", "DE", "FI", "FR", "GB", "US"}
var codes = []uint16{61, 49, 358, 33, 44, 1}

func Regions() []string { return regions }
func CallingCode(region string) int {
	for i, r := range regions {
		if r == region {
			return int(codes[i])
		}
	}
	return 0
}
func Parse(text, region string) (Number, error) {
	n, c := ParseBytes([]byte(text), region)
	if c != OK {
		return n, c
	}
	return n, nil
}
func ParseBytes(text []byte, region string) (Number, Code) {
	var d [20]byte
	k := 0
	plus := false
	for _, c := range text {
		if c == '+' && k == 0 {
			plus = true
		}
		if c >= '0' && c <= '9' {
			if k == 17 {
				return Number{}, TooLong
			}
			d[k] = c - '0'
			k++
		}
	}
	if k < 3 {
		return Number{}, NotANumber
	}
	n := Number{cc: uint16(CallingCode(region))}
	s := d[:k]
	if plus {
		n.cc = 0
		for _, c := range codes {
			l := 1
			v := uint16(s[0])
			for v < c && l < 3 {
				v = v*10 + uint16(s[l])
				l++
			}
			if v == c {
				n.cc = c
				s = s[l:]
				break
			}
		}
	} else if region != "US" && s[0] == 0 {
		s = s[1:]
	}
	if n.cc == 0 {
		return Number{}, InvalidCountryCode
	}
	for _, c := range s {
		n.national = n.national*10 + uint64(c)
	}
	return n, OK
}
func appendUint(dst []byte, v uint64) []byte {
	var b [20]byte
	i := len(b)
	for {
		i--
		b[i] = byte('0' + v%10)
		v /= 10
		if v == 0 {
			return append(dst, b[i:]...)
		}
	}
}
func (n Number) CallingCode() int { return int(n.cc) }
func (n Number) Append(dst []byte, f Format) []byte {
	switch f {
	case E164:
		dst = append(dst, '+')
	case International:
		return appendUint(append(appendUint(append(dst, '+'), uint64(n.cc)), ' '), n.national)
	case RFC3966:
		return appendUint(append(appendUint(append(dst, "tel:+"...), uint64(n.cc)), '-'), n.national)
	case Dialled:
		dst = append(dst, "00"...)
	case National, NationalDigits:
		if n.cc != 1 {
			dst = append(dst, '0')
		}
		return appendUint(dst, n.national)
	case Significant:
		return appendUint(dst, n.national)
	}
	return appendUint(appendUint(dst, uint64(n.cc)), n.national)
}
func (n Number) Format(f Format) string { return string(n.Append(nil, f)) }
func (n Number) String() string         { return n.Format(E164) }
func (n Number) Region() string {
	for i, c := range codes {
		if c == n.cc {
			return regions[i]
		}
	}
	return ""
}
func (n Number) Info() Info            { return Info{n.Region(), Mobile, true, IsPossible} }
func (n Number) Type() Type            { return Mobile }
func (n Number) Valid() bool           { return true }
func (n Number) Possible() Possibility { return IsPossible }

// Extension writes the extension's ASCII digits.
func (n Number) AppendExtension(dst []byte) []byte { return dst }

type Space struct{ cc uint16 }

func Mobiles(region string) (Space, bool) { c := CallingCode(region); return Space{uint16(c)}, c != 0 }
func (s *Space) Len() uint64              { return 10000000 }
func (s *Space) At(i uint64) Number       { return Number{cc: s.cc, national: 400000000 + i} }
