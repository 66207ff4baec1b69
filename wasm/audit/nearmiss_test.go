package audit

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
)

// What looks like a contact and is none. Nothing of it may be certain or likely;
// most of it is no finding at all.
func TestNearMisses(t *testing.T) {
	for _, test := range []struct {
		name, text string
		most       Certainty // none: no finding
	}{
		{"another calling code", "+491134960654", none},
		{"another calling code, parted", "+49 113 496 0654", none},
		{"another calling code, parted once", "+49 1134960654", none},
		{"another calling code, hyphens", "+49-113-496-0654", none},
		{"another calling code, parentheses", "+49 (113) 496 0654", none},
		{"another calling code and trunk zero", "+49 (0) 113 496 0654", none},
		{"another calling code with 00", "0049 113 496 0654", none},
		{"another calling code with 00, one group", "0049 1134960654", none},
		{"another calling code, split", `{"cc":"49","n":"1134960654"}`, none},
		{"another calling code, split in numbers", `{"countryCode":49,"nationalNumber":1134960654}`, none},
		{"another calling code, behind", `{"number":"01134960654","country_code":"+49"}`, none},
		{"another calling code, form", "cc=49&phone=1134960654", none},
		{"another calling code, protobuf", pb(0x0a, "\x08\x31\x10"+varint(1134960654)), none},
		{"another calling code, on a line of its own", "{\n  \"cc\": \"49\",\n  \"number\": \"1134960654\"\n}", none},
		{"another calling code, in XML's lines", "<c>\n  <cc>49</cc>\n  <number>1134960654</number>\n</c>", none},
		{"another calling code, property list", "<plist><dict>\n<key>cc</key>\n<string>49</string>\n<key>phone</key>\n<string>1134960654</string>", none},
		{"another calling code, XML-RPC", "<member><name>cc</name><value><int>49</int></value></member><member><name>phone</name><value><string>1134960654</string></value></member>", none},
		{"another calling code, column", "name,country_code,phone\nBerta,1,2125550199\nAda,49,1134960654\n", none},
		{"another calling code, column behind", "phone;cc\n1134960654;49\n", none},
		{"another calling code, escaped plus", "country_code=%2B49&phone=1134960654", none},
		{"another calling code, in a list", `{"phone":["49","1134960654"]}`, none},
		{"another calling code, in a list of lines", "{\"phone\": [\n  \"49\",\n  \"1134960654\"\n]}", none},
		{"of the record before", `<c><cc>44</cc><n>2079460018</n></c><c><cc>49</cc><n>1134960654</n></c>`, none},
		{"plus before a national number", "+1134960654", Possible},
		{"longer at the end", "4411349606541", none},
		{"longer at the front", "9441134960654", none},
		{"longer at both ends", "2144113496065499", none},
		{"longer, with plus", "+4411349606541", none},
		{"longer, in groups", "44 113 496 0654 12", none},
		{"longer in front, in groups", "12-44-113-496-0654", none},
		{"card", "4411 3496 0654 1234", none},
		{"one digit off", "+441134960655", none},
		{"two digits swapped", "+441134960645", none},
		{"thousands", "441,134,960,654", none},
		{"thousands, dots", "441.134.960.654", none},
		{"thousands of the national number", "1,134,960,654", none},
		{"thousands of the national number, dots", "1.134.960.654", none},
		{"thousands, spaces", "1 134 960 654", none},
		{"thousands, underscores", "1_134_960_654", none},
		{"fraction", "0.441134960654", none},
		{"fraction of the national number", `{"lat":0.1134960654}`, none},
		{"fraction of something", `{"x":3.441134960654}`, none},
		{"decimal point inside", "441134.960654", none},
		{"decimal point inside the national number", "113496.0654", none},
		{"with a fraction", "441134960654.25", none},
		{"exponent of another", "4.41134960654e12", none},
		{"inside hexadecimal digits", "ab441134960654cd", Possible},
		{"inside a word", "x441134960654y", Possible},
		{"varint of another", "\x08" + varint(441134960655), none},
		{"end of a longer varint", "\x08\xff" + varint(441134960654), none},
		{"sha256 of another", hx(sha("+441134960655")), none},
		{"sha256, last digit off", hx(sha(ada))[:63] + "0", none},
		{"sha256, middle digit off", flip(hx(sha(ada)), 40), none},
		{"sha256 base64, near the end", flip(b64(sha(ada)), 40), none},
		{"sha256 raw, last byte off", sha(ada)[:31] + "\x00", none},
		{"sha256 cut to 7", hx(sha(ada))[:14], none},
		{"sha256 cut to 6 in base64", raw64(sha(ada)[:6]), none},
		{"random digest", hx(sha("nothing")), none},
		{"seconds", `{"ts":1700000000}`, none},
		{"milliseconds", `{"ts":1700000000123}`, none},
		{"uuid", "550e8400-e29b-41d4-a716-446655440000", none},
		{"uuid with the digits", "550e8400-e29b-41d4-a716-441134960654", Possible},
		{"order", "ORD-44113-496-06541", none},
		{"email of another domain", "ada.ashdown@example.org.uk", Possible},
		{"longer address", "xada.ashdown@example.org", none},
		{"address with more in front", "not-ada.ashdown@example.org", none},
		{"first name", "Ada", none},
		{"other first name", "Adam Ashdown", none},
		{"longer family name", "Ada Ashdownes", none},
		{"latitude", "44.1134960654", none},
		{"date and more", "2011-34-96 06:54", none},
		{"ip", "44.113.49.60", none},
		{"version", "4.41.134.960.654", none},
		{"negative exponent", "441134960654e-3", Possible},
		{"phone of another region with the same end", "+12024960654", none},
		{"wrong protobuf length", string([]byte{0x0a, 0x03}) + "441134960654999", none},
		{"iban", "GB33BUKB20201555555555", none},
		{"number with 7 leading", "7441134960654", none},
	} {
		r := audit(t, Options{}, body(test.text))
		for _, f := range r.Findings {
			if f.Certainty > test.most {
				t.Errorf("%s: %v %v %q [%s] %d-%d %s", test.name, f.Kind, f.Certainty, f.Value, strings.Join(f.Chain, " "), f.Start, f.End, f.Recipe)
			}
		}
	}
}

func flip(s string, at int) string {
	c := s[at]
	for _, d := range []byte("aA0") {
		if d != c {
			return s[:at] + string(d) + s[at+1:]
		}
	}
	return s
}

// A ZIP+4 or an IPv4 address whose digits are a contact's number.
func TestPunctuation(t *testing.T) {
	b := new(Book)
	p := b.Add("")
	for _, e164 := range []string{"+34612345678", "+351912345678", "+33123456789", "+4791234567", "+66812345678"} {
		b.AddNumber(p, mustNumber(t, e164))
	}
	for _, test := range []struct {
		text string
		want Certainty
	}{
		{"61234-5678", none}, {"612.345.678", none}, {"612,345,678", none}, {"612 345 678", Possible},
		{"phone: 612 345 678", Likely}, {"612345678", Likely}, {"91.234.56.78", none}, {"91.2.345.67", Possible},
		{`{"phone":"91234567"}`, Likely}, {`{"x":"91234567"}`, Possible}, {"0812345678", Likely}, {"81234-5678", none},
		{"+33 1 23 45 67 89", Certain}, {"01 23 45 67 89", Likely}, {"to=91234567", Likely}, {"tomato=91234567", Possible},
		{"+46 91 23 45 67", none}, {"+47 91 23 45 67", Certain}, {"4791234567", Certain}, {`{"msisdn":"91 23 45 67"}`, Likely},
	} {
		a := New(b, Options{})
		a.Message(body(test.text))
		got := none
		for _, f := range a.End().Findings {
			got = max(got, f.Certainty)
		}
		if got != test.want {
			t.Errorf("%q: %v, want %v", test.text, got, test.want)
		}
	}
}

// A gigabyte of chance has no certain number; a hundred megabytes stand for it.
func TestChance(t *testing.T) {
	b := new(Book)
	p := b.Add("")
	for i := range 1000 {
		b.AddNumber(p, mustNumber(t, fmt.Sprintf("+44113496%04d", i)))
	}
	a := New(b, Options{})
	x := uint64(1)
	buf := make([]byte, 1<<16)
	for range 32 {
		for i := 0; i < len(buf); i += 8 {
			x ^= x << 13
			x ^= x >> 7
			x ^= x << 17
			binary.LittleEndian.PutUint64(buf[i:], x)
		}
		a.Message(body(string(buf)))
	}
	for _, f := range a.End().Findings {
		if f.Certainty >= Likely {
			t.Errorf("%v %v %q", f.Kind, f.Certainty, f.Value)
		}
	}
}
