package contacts

// HeaderKey returns the form in which headers, labels and keys are compared: two
// that differ in case, accents or punctuation alone have the same.
func HeaderKey(header string) string {
	var buf [maxNormal]byte
	return string(normalise(&buf, []byte(header)))
}

// roleOf says what a column with this normalised header holds.
func roleOf(s []byte) (Role, Label) {
	if len(s) < 3 {
		return Unused, NoLabel
	}
	switch {
	case among(unnumbered(s), countryExact):
		return CountryColumn, NoLabel
	case among(unnumbered(s), areaExact):
		return AreaColumn, NoLabel
	case among(s, givenExact):
		return GivenName, NoLabel
	case among(s, familyExact):
		return FamilyName, NoLabel
	case among(s, middleExact):
		return MiddleName, NoLabel
	case among(s, fullExact):
		return FullName, NoLabel
	case among(s, nickExact):
		return Nickname, NoLabel
	case among(s, companyExact):
		return Company, NoLabel
	}
	if has(s, mailWords) && !has(s, mailNot) {
		switch {
		case has(s, typeWords):
			// Google's "E-mail 1 - Type" is a label; Outlook's "E-mail Type"
			// says SMTP. "E-mail 2 Type" may be either: see endCell.
			if index(s, " e mail ") == 0 && numbered(s) && has(s, " type | label ") {
				return EmailLabel, NoLabel
			}
			return Unused, NoLabel
		case has(s, nameWords):
			return Unused, NoLabel
		}
		l := labelOf(s)
		if l != Home && l != Work {
			l = NoLabel
		}
		return EmailColumn, l
	}
	if has(s, telexWords) {
		return Unused, NoLabel
	}
	if index(s, " phone ") == 0 && numbered(s) && (has(s, " type | label ")) {
		return NumberLabel, NoLabel
	}
	if among(s, numberExact) {
		return NumberColumn, labelOf(s)
	}
	if has(s, phoneNot) {
		return Unused, NoLabel
	}
	if has(s, phoneWords) || has(s, faxWords) || has(s, pagerWords) || has(s, cellHeader) {
		return NumberColumn, labelOf(s)
	}
	return Unused, NoLabel
}

// unnumbered cuts the number off the end of a header, as of "area code 2".
func unnumbered(s []byte) []byte {
	if n := len(s); n > 4 && '0' <= s[n-2] && s[n-2] <= '9' && s[n-3] == ' ' {
		return s[:n-2]
	}
	return s
}

// numbered reports whether the second or third word is a number, as in
// "phone 1 value" and "e mail 2 label".
func numbered(s []byte) bool {
	for i := 1; i+1 < len(s); i++ {
		if s[i] == ' ' && '0' <= s[i+1] && s[i+1] <= '9' {
			return true
		}
	}
	return false
}
