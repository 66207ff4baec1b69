package number

// Code says why a text is not a number, with libphonenumber's own names. It is
// an error, and errors.Is finds it: errors.Is(err, number.TooLong).
type Code uint8

const (
	// OK: there is a number.
	OK Code = iota
	// InvalidCountryCode: the calling code does not exist, or neither the text
	// nor the region says which it is.
	InvalidCountryCode
	// NotANumber: nothing in the text can be a phone number.
	NotANumber
	// TooShortAfterIDD: almost nothing follows the international prefix.
	TooShortAfterIDD
	// TooShortNSN: fewer than 2 digits are left of the national number.
	TooShortNSN
	// TooLong: more than 17 digits are left of it, or the text is longer than
	// 250 UTF-16 units.
	TooLong
)

// String returns libphonenumber's name, such as TOO_SHORT_NSN.
func (c Code) String() string {
	switch c {
	case OK:
		return "OK"
	case InvalidCountryCode:
		return "INVALID_COUNTRY_CODE"
	case NotANumber:
		return "NOT_A_NUMBER"
	case TooShortAfterIDD:
		return "TOO_SHORT_AFTER_IDD"
	case TooShortNSN:
		return "TOO_SHORT_NSN"
	case TooLong:
		return "TOO_LONG"
	}
	return "UNKNOWN"
}

// Error returns the same as String.
func (c Code) Error() string { return c.String() }

// Type is what a number is for, as far as its digits tell.
type Type uint8

const (
	Unknown Type = iota // no pattern of its region matches: it is not valid
	FixedLine
	Mobile
	FixedLineOrMobile
	TollFree
	PremiumRate
	SharedCost
	VoIP
	PersonalNumber
	Pager
	UAN
	Voicemail
)

// String returns libphonenumber's name, such as FIXED_LINE_OR_MOBILE.
func (t Type) String() string {
	switch t {
	case FixedLine:
		return "FIXED_LINE"
	case Mobile:
		return "MOBILE"
	case FixedLineOrMobile:
		return "FIXED_LINE_OR_MOBILE"
	case TollFree:
		return "TOLL_FREE"
	case PremiumRate:
		return "PREMIUM_RATE"
	case SharedCost:
		return "SHARED_COST"
	case VoIP:
		return "VOIP"
	case PersonalNumber:
		return "PERSONAL_NUMBER"
	case Pager:
		return "PAGER"
	case UAN:
		return "UAN"
	case Voicemail:
		return "VOICEMAIL"
	}
	return "UNKNOWN"
}

// Possibility says whether a number's length is possible in its calling code,
// the weaker sister of validity.
type Possibility uint8

const (
	IsPossible                 Possibility = iota
	IsPossibleLocalOnly                    // only when dialled inside its area
	PossibleInvalidCountryCode             // the zero Number alone
	PossibleTooShort
	PossibleInvalidLength // between possible lengths
	PossibleTooLong
)

// String returns libphonenumber's name, such as IS_POSSIBLE_LOCAL_ONLY.
func (p Possibility) String() string {
	switch p {
	case IsPossible:
		return "IS_POSSIBLE"
	case IsPossibleLocalOnly:
		return "IS_POSSIBLE_LOCAL_ONLY"
	case PossibleInvalidCountryCode:
		return "INVALID_COUNTRY_CODE"
	case PossibleTooShort:
		return "TOO_SHORT"
	case PossibleInvalidLength:
		return "INVALID_LENGTH"
	}
	return "TOO_LONG"
}
