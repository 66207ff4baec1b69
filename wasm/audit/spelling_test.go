package audit

import "testing"

// Spellings that people and their devices use, whose groups are parted by more
// than one mark, or which no metadata have.
func TestSpellings(t *testing.T) {
	for _, test := range []struct {
		e164, text string
		want       Certainty
	}{
		{"+493023125123", "+49 (0) 30 / 231 25-123", Certain},
		{"+493023125123", "0049(0)30/23125-123", Certain},
		{"+5491155550123", "+54 9 11 5555-0123", Certain},
		{"+79165550123", "8 916 555-01-23", Likely},
		{"+36305550123", `{"phone":"06-30/555-0123"}`, Likely},
		{"+441134960654", "2113-49 60/65.4", none},
		{"+441134960654", "113-49 60/654", none},

		{"+525555550123", "+52 1 55 5555 0123", Certain},
		{"+525555550123", "5215555550123", Certain},
		{"+525555550123", "044 55 5555 0123", Likely},
		{"+5491155550123", "+54 11 15 5555 0123", Certain},
		{"+5491155550123", "011 15-5555-0123", Likely},
		{"+5492914555012", "0291 15-455-5012", Likely},
		{"+5511955550123", "0 15 11 95555-0123", Likely},
		{"+5531975550123", "553175550123@s.whatsapp.net", Certain},
		{"+5511925550123", "551125550123", none}, // a landline
		{"+2348035550123", "009 234 803 555 0123", Certain},

		{"+441134960654", "+441134960654x12", Certain},
		{"+441134960654", "0113 496 0654x12", Likely},
		{"+441134960654", "+441134960654#12", Certain},
		{"+441134960654", "441134960654:12@s.whatsapp.net", Certain},
		{"+441134960654", "Ada+441134960654ada", Certain}, // columns of a database, with nothing between
		{"+441134960654", "441134960654x12", Possible},
		{"+441134960654", "+4411349606541", none},

		{"+441134960654", `{"phone":["+44","113","496","0654"]}`, Certain},
		{"+441134960654", `{"x":["44","113","496","0654"]}`, none},
		{"+441134960654", "{\n  \"areaCode\": \"113\",\n  \"number\": \"4960654\",\n  \"countryCode\": \"44\"\n}", Certain},
		{"+441134960654", "{\n  \"cc\": \"44\",\n  \"number\": \"1134960654\"\n}", Certain},
		{"+441134960654", "<dict><key>cc</key><string>44</string><key>n</key><string>1134960654</string></dict>", Certain},
		{"+441134960654", "phone,country_code\n1134960654,44\n", Certain},
		{"+6591235550", "name,mobile\nAda,91235550\n", Likely},
	} {
		b := new(Book)
		b.AddNumber(b.Add(""), mustNumber(t, test.e164))
		a := New(b, Options{})
		a.Message(body(test.text))
		got := none
		for _, f := range a.End().Findings {
			got = max(got, f.Certainty)
		}
		if got != test.want {
			t.Errorf("%s as %q: %q, want %q", test.e164, test.text, got, test.want)
		}
	}
	// What stands behind a number of bytes ends with them.
	for _, before := range []string{"\xacphone", "t\x00\x0c", "\x0c", "\x18", "\x6c"} {
		if got := told(audit(t, Options{}, body("\x00\x01\x02"+before+ada[1:]+"t\x00\x05other\x00"))); (len(got) != 1) != (before[0] == 0xac) {
			t.Errorf("behind %q: %q", before, got)
		}
	}
}
