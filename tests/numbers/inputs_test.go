package numbers

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"

	"sealbook/wasm/number"
)

// TestInputs says what has to be among the inputs of the differential tests, and
// counts it.
func TestInputs(t *testing.T) {
	s, err := NewSource(2)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	regions, homes, kinds, scripts := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[rune]bool{}
	characters := map[rune]bool{}
	lengths := map[string]bool{}
	for range 300_000 {
		in := s.Next()
		homes[in.Region] = true
		letters, odd := 0, false
		for _, r := range in.Text {
			characters[r] = true
			switch {
			case r > 127 && unicode.Is(unicode.Nd, r):
				odd = true
				for _, zero := range zeros {
					if r >= zero && r < zero+10 {
						scripts[zero] = true
					}
				}
			case r < 128 && unicode.IsLetter(r):
				letters++
			}
		}
		units := len(utf16.Encode([]rune(in.Text)))
		for name, is := range map[string]bool{
			"digits of another script": odd, "three letters and more": letters > 2, "a context": strings.Contains(in.Text, ";phone-context="),
			"contexts within contexts": strings.Count(in.Text, ";phone-context=") > 1,
			"an extension of RFC 3966": strings.Contains(in.Text, ";ext="), "a sub-address": strings.Contains(in.Text, ";isub="), "the scheme": strings.HasPrefix(in.Text, "tel:"),
			"249 units": units == 249, "250 units": units == 250, "251 units": units == 251, "250 units and more bytes": units == 250 && len(in.Text) > 250,
			"empty": in.Text == "", "punctuation alone": in.Text != "" && !strings.ContainsFunc(in.Text, func(r rune) bool { return unicode.In(r, unicode.L, unicode.N) }),
			"a plus in the middle": strings.LastIndexAny(in.Text, "+\uff0b") > 0, "several pluses": strings.Contains(in.Text, "++"),
		} {
			if is {
				seen[name]++
			}
		}
		n, err := number.Parse(in.Text, in.Region)
		if err != nil {
			seen[err.Error()]++
			continue
		}
		info := n.Info()
		regions[info.Region] = true
		kinds[info.Region+" "+info.Type.String()] = true
		lengths[fmt.Sprint(n.CallingCode(), " ", info.Possible)] = true
		seen[info.Possible.String()]++
		seen[info.Type.String()]++
		if n.ExtensionLen() > 0 {
			seen["an extension"]++
		}
	}
	for _, name := range []string{"digits of another script", "three letters and more", "a context", "contexts within contexts", "an extension of RFC 3966", "a sub-address", "the scheme",
		"249 units", "250 units", "251 units", "250 units and more bytes", "empty", "punctuation alone", "a plus in the middle", "several pluses", "an extension",
		"INVALID_COUNTRY_CODE", "NOT_A_NUMBER", "TOO_SHORT_AFTER_IDD", "TOO_SHORT_NSN", "TOO_LONG",
		"IS_POSSIBLE", "IS_POSSIBLE_LOCAL_ONLY", "TOO_SHORT", "INVALID_LENGTH",
		"UNKNOWN", "FIXED_LINE", "MOBILE", "FIXED_LINE_OR_MOBILE", "TOLL_FREE", "PREMIUM_RATE", "SHARED_COST", "VOIP", "PERSONAL_NUMBER", "PAGER", "UAN", "VOICEMAIL"} {
		if seen[name] < 10 {
			t.Errorf("%s: %d inputs", name, seen[name])
		}
	}
	for _, region := range append(number.Regions(), "001", "") {
		// Morocco has the numbers of Western Sahara too, and comes first.
		if !regions[region] && region != "EH" {
			t.Errorf("no number of %q", region)
		}
		if home := strings.NewReplacer("001", "ZZ").Replace(region); home != "" && !homes[home] {
			t.Errorf("nothing is read in %q", home)
		}
	}
	if len(scripts) != len(zeros)-1 {
		t.Errorf("digits of %d scripts, not %d", len(scripts), len(zeros)-1)
	}
	for _, e := range s.examples {
		if info := e.number.Info(); !kinds[info.Region+" "+info.Type.String()] {
			t.Errorf("no number of %s of type %v", info.Region, info.Type)
		}
	}
	for _, r := range "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c\ufeff\u200b\u00ad\u00a0\u3000\t\n\r\x00-.()[]/~*+#,;:x\uff0b\uff03\uff0d\uff0e\uff0f\uff08\uff09\uff3b\uff3d\uff5e\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc\u2053\u223c\u2060\u017f\u0131\u0130\u212a\u0301" {
		if !characters[r] {
			t.Errorf("no %U", r)
		}
	}
	t.Logf("%d kinds of number, %d of length, %d characters", len(kinds), len(lengths), len(characters))
}
