// Package fields damages phone numbers as people and programs do, and holds
// what package field makes of them against what they were: the right number, none
// or AMBIGUOUS, but never another one.
package fields

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"sealbook/wasm/number"
)

// A Damage is a way in which numbers get into fields. It writes a number, and
// perhaps another of the same region, and says in which region they will be read
// and which numbers a sensible reader sees; none if there is nothing to see.
type Damage struct {
	Name string
	Make func(r *rand.Rand, n, other number.Number) (text, region string, want []number.Number)
}

func one(n number.Number) []number.Number { return []number.Number{n} }

// in makes a damage of one number that is read in its own region.
func in(name string, write func(r *rand.Rand, n number.Number) string) Damage {
	return Damage{name, func(r *rand.Rand, n, _ number.Number) (string, string, []number.Number) {
		return write(r, n), n.Region(), one(n)
	}}
}

// abroad makes one that is read in another region.
func abroad(name string, region string, write func(n number.Number) string) Damage {
	return Damage{name + " in " + region, func(r *rand.Rand, n, _ number.Number) (string, string, []number.Number) {
		return write(n), region, one(n)
	}}
}

// two makes one of two numbers.
func two(name, between string) Damage {
	return Damage{name, func(r *rand.Rand, n, o number.Number) (string, string, []number.Number) {
		f := anyFormat(r)
		return n.Format(f) + between + o.Format(f), n.Region(), []number.Number{n, o}
	}}
}

func pick(r *rand.Rand, list ...string) string { return list[r.IntN(len(list))] }

func anyFormat(r *rand.Rand) number.Format {
	return []number.Format{number.E164, number.International, number.National, number.NationalDigits}[r.IntN(4)]
}

func written(r *rand.Rand, n number.Number) string { return n.Format(anyFormat(r)) }

// inside changes a text at a random place between its second and its last
// character.
func inside(r *rand.Rand, s, put string) string {
	runes := []rune(s)
	i := 1 + r.IntN(len(runes)-1)
	return string(runes[:i]) + put + string(runes[i:])
}

// Damages are all of them.
func Damages() (list []Damage) {
	for _, region := range []string{"", "DE", "AT", "ID", "US", "GB", "IN", "BR", "JP", "ES", "CN", "RU"} {
		list = append(list,
			abroad("no plus", region, func(n number.Number) string { return n.Format(number.Digits) }),
			abroad("00", region, func(n number.Number) string { return n.Format(number.Dialled) }),
		)
	}
	for _, between := range []string{" / ", "/", " | ", ";", ", ", " or ", " & ", "\n", "  ", " - ", " und ", "、", " ó "} {
		list = append(list, two(fmt.Sprintf("two with %q", between), between))
	}
	list = append(list,
		in("as written", written),
		in("no trunk zero", func(_ *rand.Rand, n number.Number) string { return n.Format(number.Significant) }),
		in("no plus at home", func(_ *rand.Rand, n number.Number) string { return n.Format(number.Digits) }),
		in("(0) behind the code", func(r *rand.Rand, n number.Number) string {
			return fmt.Sprintf("+%d%s%s", n.CallingCode(), pick(r, " (0) ", "(0)", " (0)", " [0] "), n.Format(number.Significant))
		}),
		in("label before", func(r *rand.Rand, n number.Number) string {
			return pick(r, "Tel: ", "Mobile ", "Home:", "тел. ", "電話：", "📞 ", "Ines Field: ", "m. ", "T ", "Handy - ") + written(r, n)
		}),
		in("name behind", func(r *rand.Rand, n number.Number) string {
			return written(r, n) + pick(r, " (Ines)", " Ines Field", " - Tom", " home", " (work)", ", Ulf", " [privat]", " моб", " (自宅)", " / Ute")
		}),
		in("extension", func(r *rand.Rand, n number.Number) string {
			return written(r, n) + pick(r, " ext 12", " x12", " Durchwahl 12", " poste 12", " ramal 12", " int. 12", " доб. 12", " #12", " wew. 123", " App. 4", "p123", "w1", ",,12#", " 内線 12", " ext.")
		}),
		in("item", func(r *rand.Rand, n number.Number) string {
			return pick(r, "1) ", "12. ", "3: ", "(4) ", "5 - ", "2.) ", "7)  ") + written(r, n)
		}),
		in("link", func(r *rand.Rand, n number.Number) string {
			d := n.Format(number.Digits)
			return pick(r, "https://wa.me/"+d, "wa.me/+"+d, d+"@s.whatsapp.net", d+"@c.us", "tel:+"+d, "tel:%2B"+d, "sms:+"+d, "whatsapp://send?phone="+d,
				"https://api.whatsapp.com/send?phone=%2B"+d+"&text=hi", "sip:+"+d+"@example.org", n.Format(number.RFC3966), d+":12@s.whatsapp.net", "tg://resolve?phone="+d)
		}),
		in("letters O and l", func(r *rand.Rand, n number.Number) string {
			s := written(r, n)
			if r.IntN(2) == 0 {
				return strings.ReplaceAll(s, "0", pick(r, "O", "o"))
			}
			return strings.ReplaceAll(s, "1", pick(r, "l", "I"))
		}),
		in(".0 and exponent", func(r *rand.Rand, n number.Number) string {
			d := n.Format(number.Digits)
			return pick(r, d+".0", d+",00", d[:1]+"."+d[1:]+fmt.Sprintf("E+%02d", len(d)-1))
		}),
		in("invisible", func(r *rand.Rand, n number.Number) string {
			return inside(r, "\u2066"+written(r, n)+"\u2069", pick(r, "\u200b", "\u202f", "\ufe0f", "\u2060", "\u200e", "\u00ad", "\ufeff"))
		}),
		in("other digits", func(r *rand.Rand, n number.Number) string {
			first := []rune{'٠', '۰', '०', '০', '๐', '０', '𝟎', '᠐'}[r.IntN(8)]
			return strings.Map(func(c rune) rune {
				if c >= '0' && c <= '9' {
					return first + c - '0'
				}
				return c
			}, written(r, n))
		}),
		in("doubled code", func(r *rand.Rand, n number.Number) string {
			code := fmt.Sprint(n.CallingCode())
			return pick(r, "+"+code+" +", "+"+code, "00"+code+" +", "+"+code+" 00", "00"+code+"00", "(+"+code+") +") + n.Format(number.Digits)
		}),
		in("plus before national", func(r *rand.Rand, n number.Number) string { return "+" + n.Format(number.NationalDigits) }),
		Damage{"last digits", func(r *rand.Rand, n, _ number.Number) (string, string, []number.Number) {
			s := n.Format(anyFormat(r))
			d := n.String()
			tail := fmt.Sprintf("%02d", r.IntN(100))
			var m number.Number
			if len(s) < 3 || !digits(s[len(s)-2:]) || m.UnmarshalText([]byte(d[:len(d)-2]+tail)) != nil || !m.Valid() || m.Region() != n.Region() || m == n {
				return s, n.Region(), one(n)
			}
			return s + pick(r, "/", " / ", " or ", " & ", " oder ") + tail, n.Region(), []number.Number{n, m}
		}},
		Damage{"masked", func(r *rand.Rand, n, _ number.Number) (string, string, []number.Number) {
			s := written(r, n)
			k := 2 + r.IntN(3)
			i := len(s) - k - r.IntN(2)
			return s[:i] + strings.Repeat(pick(r, "X", "*", "x", "•", ".", "?"), k) + s[i+k:], n.Region(), nil
		}},
		Damage{"letters inside", func(r *rand.Rand, n, _ number.Number) (string, string, []number.Number) {
			s := n.Format(number.E164)
			i := 4 + r.IntN(len(s)-5)
			return s[:i] + pick(r, "ab", "xyz", "q", "fgh", "ö") + s[i:], n.Region(), nil
		}},
		Damage{"rounded", func(r *rand.Rand, n, _ number.Number) (string, string, []number.Number) {
			d := n.Format(number.Digits)
			return fmt.Sprintf("%s.%sE+%02d", d[:1], d[1:4+r.IntN(2)], len(d)-1), n.Region(), nil
		}},
		Damage{"date", func(r *rand.Rand, n, _ number.Number) (string, string, []number.Number) {
			return pick(r, "2024-05-12", "12.05.2024", "31/12/1999", "1999-12-31", "2021-1-31", "05-12-1984"), n.Region(), nil
		}},
	)
	return list
}

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }
