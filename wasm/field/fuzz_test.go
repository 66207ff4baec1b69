package field

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzRead looks for a field that stops the reader, gives a number from outside
// of it, or is read otherwise in two steps than in one.
func FuzzRead(f *testing.F) {
	seeds := []string{"", "+", "020 7946 0018 / 0019", "4.42079460018E+11", "https://wa.me/442079460018", "442079460018:1@s.whatsapp.net",
		"tel:2079460018;phone-context=+44", "%2B44%2", "(((((((1) 2) 3)", "1-800-FLOWERS", "+44 +44 +44 +44", "\xff\u2066+\u0660", "0xx11 3123-4567",
		strings.Repeat("1/", 200), strings.Repeat("020 7946 0018,", 40), "@", "://", "a@b@c", "&nbsp;&nbsp;", "2024-05-12 2024-05-12"}
	for _, s := range seeds {
		f.Add(s, "GB", "", byte(0))
		f.Add(s, "", "44", byte(2))
	}
	f.Fuzz(func(t *testing.T, text, region, country string, habit byte) {
		var r Reader
		o := Options{Region: region, Country: country, Habit: Habit(habit % 3)}
		found, code := r.Read([]byte(text), o)
		if (code == OK) != (len(found) > 0) || len(found) > MaxNumbers {
			t.Fatalf("%v with %d numbers", code, len(found))
		}
		var got []string
		for i := range found {
			n := &found[i]
			if n.From < 0 || n.To > len(text) || n.From >= n.To || n.Length < 3 {
				t.Fatalf("from %d to %d of %d, %d long", n.From, n.To, len(text), n.Length)
			}
			if utf8.ValidString(text) && !utf8.ValidString(text[n.From:n.To]) {
				t.Fatal("a number ends inside a character")
			}
			got = append(got, n.String())
		}
		questions := r.Ask([]byte(text), o)
		answers := make([]Answer, len(questions))
		for i := range questions {
			answers[i] = Know(questions[i].Text(), string(questions[i].Region()))
		}
		again, _ := r.Choose(answers)
		var slow []string
		for i := range again {
			slow = append(slow, again[i].String())
		}
		if strings.Join(got, " ") != strings.Join(slow, " ") {
			t.Fatalf("%v in one step, %v in two", got, slow)
		}
	})
}
