package numbers

import (
	"strings"
	"unicode"
	"unicode/utf16"
)

// cause is why another build answers otherwise.
type cause struct {
	name    string
	applies func(in Input, ours, theirs Answer) bool
}

// nyarukaCauses are tried in order.
var nyarukaCauses = []cause{
	// Java takes ı and İ for i where case does not matter; Go does not.
	{"dotless i", func(in Input, _, _ Answer) bool { return strings.ContainsAny(in.Text, "\u0131\u0130") }},
	// Java counts UTF-16 units, nyaruka bytes.
	{"length in bytes", func(in Input, _, theirs Answer) bool {
		return len(in.Text) > 250 && len(utf16.Encode([]rune(in.Text))) <= 250 && theirs.Code == "TOO_LONG"
	}},
	// Java reads a context at the very beginning, nyaruka does not.
	{"context first", func(in Input, _, _ Answer) bool { return strings.HasPrefix(in.Text, ";phone-context=") }},
	{"scheme behind the context", schemeBehind},
	// It has the metadata 9.0.37, and these have changed since.
	{"metadata", func(_ Input, ours, theirs Answer) bool {
		for _, code := range changedSince {
			if strings.HasPrefix(ours.E164, code) || ours.E164 == "" && strings.HasPrefix(theirs.E164, code) {
				return true
			}
		}
		return false
	}},
}

// changedSince are the calling codes, or the numbers in them, that changed between
// the metadata 9.0.37 and 9.0.40.
var changedSince = []string{"+1273", "+220", "+221", "+243", "+255", "+256", "+263", "+351762", "+372", "+423", "+507", "+597", "+675", "+677", "+84", "+852", "+880", "+90582", "+917978", "+962", "+972"}

// googleCauses are tried in order.
var googleCauses = []cause{
	// JavaScript's numbers are exact to 2^53.
	{"rounded", func(_ Input, ours, theirs Answer) bool {
		return ours.Code == "" && theirs.Code == "" && len(ours.E164) > 16
	}},
	{"folded letters", func(in Input, _, _ Answer) bool { return strings.ContainsAny(in.Text, "\u0131\u0130\u017f\u212a") }},
	// JavaScript knows ASCII, full-width, Arabic and Persian digits alone.
	{"digits of other scripts", func(in Input, _, _ Answer) bool {
		return strings.ContainsFunc(in.Text, func(r rune) bool {
			return unicode.Is(unicode.Nd, r) && r > 127 && (r < 0xff10 || r > 0xff19) && (r < 0x660 || r > 0x669) && (r < 0x6f0 || r > 0x6f9)
		})
	}},
	// It maps those beside letters too, where Java drops them.
	{"digits beside letters", func(in Input, _, _ Answer) bool {
		letters, digits := 0, 0
		for _, r := range in.Text {
			if r < 128 && unicode.IsLetter(r) {
				letters++
			} else if r > 127 && unicode.Is(unicode.Nd, r) {
				digits++
			}
		}
		return letters > 2 && digits > 0
	}},
	// It trims letters and numbers that are neither ASCII nor digits.
	{"trimmed letters", func(in Input, _, _ Answer) bool {
		return strings.ContainsFunc(in.Text, func(r rune) bool { return r > 127 && unicode.In(r, unicode.L, unicode.N) && !unicode.Is(unicode.Nd, r) })
	}},
}

// javaCauses are tried in order.
var javaCauses = []cause{
	{"scheme behind the context", schemeBehind},
	// Debian's version takes any context; those since refuse what is neither
	// digits nor a domain.
	{"context of an older version", func(in Input, ours, _ Answer) bool {
		return strings.Contains(in.Text, ";phone-context=") && ours.Code == "NOT_A_NUMBER"
	}},
	// Java finds that they are digits, and then drops them: it goes over halves.
	{"digits beyond U+FFFF", func(in Input, _, _ Answer) bool {
		return strings.ContainsFunc(in.Text, func(r rune) bool { return r > 0xffff && unicode.Is(unicode.Nd, r) })
	}},
}

// schemeBehind: with "tel:" behind the context Java fails without a reason,
// JavaScript says that it is no number, as we do, and nyaruka overlooks it.
func schemeBehind(in Input, ours, _ Answer) bool {
	context := strings.Index(in.Text, ";phone-context=")
	return context >= 0 && strings.Index(in.Text, "tel:") > context && ours.Code == "NOT_A_NUMBER"
}
