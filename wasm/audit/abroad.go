package audit

// abroad adds spellings of mobile numbers that are in use besides those of their
// metadata: digits that a country puts into a number, or drops, by where one
// dials from.
func abroad(code, nsn []byte, add func(f form, parts ...[]byte)) {
	text := func(s string) []byte { return []byte(s) }
	switch string(code) {
	case "52": // Mexico, up to 2019: 1 behind the calling code, 01, 044 or 045 before the number
		add(international, code, text("1"), nsn)
		for _, prefix := range [...]string{"01", "044", "045"} {
			add(national0, text(prefix), nsn)
		}
	case "54": // Argentina: 9 before the area code from abroad, 15 behind it at home
		if nsn[0] != '9' || len(nsn) != 11 {
			return
		}
		for area := 3; area <= 5; area++ { // behind the 9, two to four digits
			add(international, code, nsn[1:area], text("15"), nsn[area:])
			add(national0, text("0"), nsn[1:area], text("15"), nsn[area:])
			add(significant, nsn[1:area], text("15"), nsn[area:])
		}
		add(significant, nsn[1:])
	case "55": // Brazil: 0 and the carrier's two digits at home; without the 9 of 2012, which only mobile numbers have
		for _, carrier := range [...]string{"12", "14", "15", "21", "24", "25", "31", "41", "43"} {
			add(national0, text("0"), text(carrier), nsn)
		}
		if len(nsn) == 11 && nsn[2] == '9' && nsn[3] >= '6' {
			add(international, code, nsn[:2], nsn[3:])
		}
	}
}
