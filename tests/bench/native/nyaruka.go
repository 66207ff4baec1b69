package main

import (
	phonenumbers "github.com/nyaruka/phonenumbers/v2"

	"sealbook/tests/bench/messy"
)

// nyaruka is the port of libphonenumber to Go, on the same texts. Its answers
// are "" where a text is no number.
func nyaruka(m measurer) (times map[string]float64, answers []string) {
	times = map[string]float64{
		"parse": m.median(func() { each(m.books, func(text, region string) { sink += byte(len(parse(text, region))) }) }),
		"info": m.median(func() {
			each(m.books, func(text, region string) {
				n, err := phonenumbers.Parse(text, region)
				if err != nil {
					return
				}
				sink += byte(len(phonenumbers.Format(n, phonenumbers.E164)) + len(phonenumbers.GetRegionCodeForNumber(n)) + int(phonenumbers.GetNumberType(n)))
				if phonenumbers.IsValidNumber(n) {
					sink++
				}
			})
		}),
	}
	each(m.books, func(text, region string) { answers = append(answers, parse(text, region)) })
	return times, answers
}

// parse returns a text as E.164.
func parse(text, region string) string {
	n, err := phonenumbers.Parse(text, region)
	if err != nil {
		return ""
	}
	return phonenumbers.Format(n, phonenumbers.E164)
}

func each(books []messy.Book, f func(text, region string)) {
	for _, book := range books {
		for _, text := range book.Texts {
			f(text, book.Region)
		}
	}
}
