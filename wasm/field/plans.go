package field

// A plan is a change of a numbering plan. People keep the numbers that they
// wrote down before it, and they reach nobody any more; what they are now, a
// rule tells. A rule never touches a number that is valid today, and what it
// makes must be valid: this table says what changed, package number what is.
type plan struct {
	repair Repair
	region string
	code   string                               // calling code
	long   uint8                                // digits of an old national number, without trunk zero
	now    func(dst, old []byte) ([]byte, bool) // appends the national number of today
}

// The sources are the regulators' announcements, where they are not at hand the
// ITU's operational bulletin or the press of the day.
var plans = [...]plan{
	// IFT: since 3 August 2019 no 1 between +52 and a mobile number, and none of
	// the prefixes 01, 044 and 045 inside the country (python-phonenumbers#306).
	{OldPlanMX, "MX", "52", 11, func(dst, old []byte) ([]byte, bool) {
		return append(dst, old[1:]...), old[0] == '1'
	}},
	{OldPlanMX, "MX", "52", 12, func(dst, old []byte) ([]byte, bool) {
		return append(dst, old[2:]...), old[0] == '4' && (old[1] == '4' || old[1] == '5') // 044, 045
	}},
	// ARTCI: 8 digits to 10 on 31 January 2021, two digits of the operator in
	// front. Of a mobile number the second digit told the operator, of a fixed one
	// the third.
	{OldPlanCI, "CI", "225", 8, func(dst, old []byte) ([]byte, bool) {
		front := "01"
		switch {
		case old[0] == '2' && old[2] == '8':
			front = "21"
		case (old[0] == '2' || old[0] == '3') && old[2] == '0':
			front = "25"
		case old[0] == '2' || old[0] == '3':
			front = "27"
		case old[1] >= '7':
			front = "07"
		case old[1] >= '4':
			front = "05"
		}
		return append(append(dst, front...), old...), true
	}},
	// ANATEL, Resolution 553 of 2010: a 9 in front of mobile numbers, behind the
	// area code; from 29 July 2012 (11) to 6 November 2016 (the south).
	{OldPlanBR, "BR", "55", 10, func(dst, old []byte) ([]byte, bool) {
		return append(append(append(dst, old[:2]...), '9'), old[2:]...), old[2] >= '6'
	}},
	// The same behind 0 and the two digits of a carrier, as in 015 11 8123 4567.
	{OldPlanBR, "BR", "55", 12, func(dst, old []byte) ([]byte, bool) {
		return append(append(append(dst, old[2:4]...), '9'), old[4:]...), old[4] >= '6' && (old[0] != '5' || old[1] != '5')
	}},
	// ARCEP Bénin: 8 digits to 10 on 30 November 2024, 01 in front of all.
	{OldPlanBJ, "BJ", "229", 8, func(dst, old []byte) ([]byte, bool) {
		return append(append(dst, "01"...), old...), true
	}},
	// Ministry of Information and Communications, decision 798/QĐ-BTTTT: mobile
	// numbers of 11 digits to 10, from 15 September 2018.
	{OldPlanVN, "VN", "84", 10, func(dst, old []byte) ([]byte, bool) {
		const changes = "120:70 121:79 122:77 126:76 128:78 123:83 124:84 125:85 127:81 129:82 " +
			"162:32 163:33 164:34 165:35 166:36 167:37 168:38 169:39 186:56 188:58 199:59 "
		for i := 0; i < len(changes); i += 7 {
			if changes[i] == old[0] && changes[i+1] == old[1] && changes[i+2] == old[2] {
				return append(append(dst, changes[i+4:i+6]...), old[3:]...), true
			}
		}
		return dst, false
	}},
	// ART Cameroon: 8 digits to 9 on 21 November 2014, a 6 in front of mobile
	// numbers. (Of the fixed ones some changed otherwise.)
	{OldPlanCM, "CM", "237", 8, func(dst, old []byte) ([]byte, bool) {
		return append(append(dst, '6'), old...), old[0] == '7' || old[0] == '9'
	}},
	// CRC, Resolution 5826: 60 in front of area code and fixed number, from
	// 1 September 2021.
	{OldPlanCO, "CO", "57", 8, func(dst, old []byte) ([]byte, bool) {
		return append(append(dst, "60"...), old...), old[0] != '3' && old[0] != '0'
	}},
	// SENATEL: a 9 in front of mobile numbers, from 30 September 2012.
	{OldPlanEC, "EC", "593", 8, func(dst, old []byte) ([]byte, bool) {
		return append(append(dst, '9'), old...), old[0] >= '5'
	}},
	// ICTA: a 5 in front of mobile numbers, from 1 September 2013.
	{OldPlanMU, "MU", "230", 7, func(dst, old []byte) ([]byte, bool) {
		return append(append(dst, '5'), old...), old[0] == '7' || old[0] == '9'
	}},
}

// migrate appends what the digits of an international number, without plus,
// are by a plan; false if the plan says nothing about them.
func (p *plan) migrate(dst, digits []byte) ([]byte, bool) {
	if len(digits) < len(p.code)+int(p.long) || !hasPrefix(digits, p.code) {
		return dst, false
	}
	old := digits[len(p.code):]
	if len(old) == int(p.long)+1 && old[0] == '0' {
		old = old[1:]
	}
	if len(old) != int(p.long) {
		return dst, false
	}
	return p.now(append(dst, p.code...), old)
}

//go:noinline
func hasPrefix(s []byte, text string) bool {
	if len(s) < len(text) {
		return false
	}
	for i := 0; i < len(text); i++ {
		if s[i] != text[i] {
			return false
		}
	}
	return true
}
