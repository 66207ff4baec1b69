package numbers

import (
	"strings"
	"unicode"

	"sealbook/wasm/number"
)

// Answer is what a build says about an input, with libphonenumber's names.
type Answer struct {
	Code          string `json:"code,omitempty"` // the error; everything else is then empty
	E164          string `json:"e164,omitempty"`
	Extension     string `json:"extension,omitempty"` // as ASCII digits
	Region        string `json:"region,omitempty"`
	Type          string `json:"type,omitempty"`
	Valid         bool   `json:"valid,omitempty"`
	Possible      string `json:"possible,omitempty"`
	International string `json:"international,omitempty"`
	National      string `json:"national,omitempty"`
	RFC3966       string `json:"rfc3966,omitempty"`
}

// Ours is the answer of package number.
func Ours(in Input) Answer {
	n, err := number.Parse(in.Text, in.Region)
	if err != nil {
		return Answer{Code: err.Error()}
	}
	info := n.Info()
	return Answer{
		E164: n.Format(number.E164), Extension: n.Extension(),
		Region: info.Region, Type: info.Type.String(), Valid: info.Valid, Possible: info.Possible.String(),
		International: n.Format(number.International), National: n.Format(number.National), RFC3966: n.Format(number.RFC3966),
	}
}

// zeros has the first digit of every run of ten decimal digits.
var zeros = func() (list []rune) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if unicode.Is(unicode.Nd, r) {
			list = append(list, r)
			r += 9
		}
	}
	return list
}()

// ascii writes every decimal digit as an ASCII one.
func ascii(s string) string {
	return strings.Map(func(r rune) rune {
		if r > 127 {
			for _, zero := range zeros {
				if r >= zero && r < zero+10 {
					return '0' + r - zero
				}
			}
		}
		return r
	}, s)
}
