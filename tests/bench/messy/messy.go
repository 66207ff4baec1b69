// Package messy writes phone numbers as address books hold them: most of them
// good, in every way to write a number down, with what sticks to them. The
// same seed gives the same texts, so that all libraries read the same.
package messy

import (
	"math/rand/v2"
	"strings"

	"sealbook/wasm/number"
)

// Regions are the homes of the address books; each has its share of the texts.
var Regions = []string{"US", "GB", "DE", "FR", "IN", "BR", "CN", "IT", "AR", "MX", "RU", "AU"}

// Book is an address book of a region.
type Book struct {
	Region string   `json:"region"`
	Texts  []string `json:"texts"`
}

// Books makes n texts in all.
func Books(seed uint64, n int) []Book {
	w := writer{rand.New(rand.NewPCG(seed, 1)), map[string]*number.Space{}}
	books := make([]Book, len(Regions))
	for i, region := range Regions {
		books[i] = Book{region, make([]string, n*(i+1)/len(Regions)-n*i/len(Regions))}
		for j := range books[i].Texts {
			books[i].Texts[j] = w.text(region)
		}
	}
	return books
}

type writer struct {
	*rand.Rand
	spaces map[string]*number.Space
}

// number is a mobile number of the region, or now and then one with other
// first digits: a landline, a service or nothing at all.
func (w writer) number(region string) number.Number {
	s := w.spaces[region]
	if s == nil {
		space, _ := number.Mobiles(region)
		s = &space
		w.spaces[region] = s
	}
	n := s.At(w.Uint64N(s.Len()))
	if w.IntN(4) > 0 {
		return n
	}
	digits := []byte(n.Format(number.Significant))
	for i := range min(3, len(digits)) {
		digits[i] = byte('0' + w.IntN(10))
	}
	if other, err := number.Parse(string(digits), region); err == nil {
		return other
	}
	return n
}

func pick[T any](w writer, of ...T) T { return of[w.IntN(len(of))] }

func (w writer) text(home string) string {
	region, abroad := home, w.IntN(5) == 0
	if abroad {
		region = pick(w, Regions...)
	}
	n := w.number(region)
	var s string
	switch k := w.IntN(20); {
	case abroad && k < 4:
		s = pick(w, "00", "011", "0011", "00 ") + n.Format(number.Digits)
	case abroad || k < 7:
		s = n.Format(pick(w, number.International, number.E164, number.International, number.RFC3966))
	case k < 14:
		s = n.Format(number.National)
	case k < 17:
		s = n.Format(number.NationalDigits)
	default:
		s = w.grouped(n.Format(pick(w, number.National, number.E164)))
	}
	switch w.IntN(25) {
	case 0:
		s += pick(w, " ext. ", " x", ";ext=", " #") + string(rune('1'+w.IntN(9))) + "07"
	case 1:
		s = pick(w, "Tel: ", "mobile ", "(home) ", "\u260e ", "tel:") + s
	case 2:
		s = strings.ReplaceAll(s, " ", pick(w, "\u00a0", ".", "-", "/", "\u2011", "  "))
	case 3:
		s = pick(w, " ", "\u202a", "\t", "") + s + pick(w, " ", "\u202c", "\r", " (work)")
	case 4:
		s = strings.Map(func(c rune) rune {
			if c >= '0' && c <= '9' {
				return c - '0' + '\uff10'
			}
			return c
		}, s)
	case 5:
		if w.IntN(2) == 0 {
			s = pick(w, "", "-", "n/a", "ask her", "1", "someone@example.com", "1-800-FLOWERS", "*100#", "911", "12/05/1980")
		}
	}
	return s
}

// grouped puts marks of one kind between digits where no format would.
func (w writer) grouped(s string) string {
	mark := pick(w, " ", "-", ".", "/")
	var b strings.Builder
	for _, c := range s {
		if c < '0' || c > '9' {
			if c == '+' {
				b.WriteRune(c)
			}
			continue
		}
		b.WriteRune(c)
		if w.IntN(3) == 0 {
			b.WriteString(mark)
		}
	}
	return strings.TrimSuffix(b.String(), mark)
}
