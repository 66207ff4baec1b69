package numbers

import (
	"errors"
	"flag"
	"testing"

	phonenumbers "github.com/nyaruka/phonenumbers/v2"
)

var nyarukaCount = flag.Int("nyaruka", 1_000_000, "inputs to compare with nyaruka's build")

var nyarukaTypes = map[phonenumbers.PhoneNumberType]string{
	phonenumbers.FIXED_LINE: "FIXED_LINE", phonenumbers.MOBILE: "MOBILE", phonenumbers.FIXED_LINE_OR_MOBILE: "FIXED_LINE_OR_MOBILE",
	phonenumbers.TOLL_FREE: "TOLL_FREE", phonenumbers.PREMIUM_RATE: "PREMIUM_RATE", phonenumbers.SHARED_COST: "SHARED_COST",
	phonenumbers.VOIP: "VOIP", phonenumbers.PERSONAL_NUMBER: "PERSONAL_NUMBER", phonenumbers.PAGER: "PAGER", phonenumbers.UAN: "UAN",
	phonenumbers.VOICEMAIL: "VOICEMAIL", phonenumbers.UNKNOWN: "UNKNOWN",
}

var nyarukaPossible = map[phonenumbers.ValidationResult]string{
	phonenumbers.IS_POSSIBLE: "IS_POSSIBLE", phonenumbers.IS_POSSIBLE_LOCAL_ONLY: "IS_POSSIBLE_LOCAL_ONLY", phonenumbers.INVALID_COUNTRY_CODE: "INVALID_COUNTRY_CODE",
	phonenumbers.TOO_SHORT: "TOO_SHORT", phonenumbers.INVALID_LENGTH: "INVALID_LENGTH", phonenumbers.TOO_LONG: "TOO_LONG",
}

func nyaruka(in Input) Answer {
	n, err := phonenumbers.Parse(in.Text, in.Region)
	switch {
	case errors.Is(err, phonenumbers.ErrInvalidCountryCode):
		return Answer{Code: "INVALID_COUNTRY_CODE"}
	case errors.Is(err, phonenumbers.ErrNotANumber):
		return Answer{Code: "NOT_A_NUMBER"}
	case errors.Is(err, phonenumbers.ErrTooShortAfterIDD):
		return Answer{Code: "TOO_SHORT_AFTER_IDD"}
	case errors.Is(err, phonenumbers.ErrTooShortNSN):
		return Answer{Code: "TOO_SHORT_NSN"}
	case errors.Is(err, phonenumbers.ErrNumTooLong):
		return Answer{Code: "TOO_LONG"}
	case err != nil:
		return Answer{Code: err.Error()}
	}
	return Answer{
		E164: phonenumbers.Format(n, phonenumbers.E164), Extension: ascii(n.GetExtension()),
		Region: phonenumbers.GetRegionCodeForNumber(n), Type: nyarukaTypes[phonenumbers.GetNumberType(n)],
		Valid: phonenumbers.IsValidNumber(n), Possible: nyarukaPossible[phonenumbers.IsPossibleNumberWithReason(n)],
		International: ascii(phonenumbers.Format(n, phonenumbers.INTERNATIONAL)), National: ascii(phonenumbers.Format(n, phonenumbers.NATIONAL)),
		RFC3966: ascii(phonenumbers.Format(n, phonenumbers.RFC3966)),
	}
}

func TestNyaruka(t *testing.T) {
	run(t, 1, *nyarukaCount, nyarukaCauses, 1_000_000, nyarukaCounts, func(share []Input, answer func(Input, Answer)) error {
		for _, in := range share {
			answer(in, nyaruka(in))
		}
		return nil
	})
}
