package recipe

import (
	"sealbook/wasm/digest"
	"sealbook/wasm/number"
)

// The values below cross the WebAssembly boundary and stand in table.go: append
// only. Their names are those of recipes.json; 0 is none.

// Form is the spelling of a number that is hashed.
type Form uint8

const (
	E164Plus    Form = 1 + iota // +442079460000
	DigitsCC                    // 442079460000
	Intl00                      // 00442079460000
	National0                   // 02079460000, the digits of the national format
	NationalNSN                 // 2079460000, the national significant number
	SpacedIntl                  // +44 20 7946 0000
	RFC3966                     // tel:+44-20-7946-0000
	Email                       // no number but an address
)

var formNames = [...]string{"", "e164_plus", "digits_cc", "intl_00", "national_0", "national_nsn", "spaced_intl", "rfc3966", "email"}

func (f Form) String() string { return name(formNames[:], uint8(f)) }

// Format returns how package number writes the form.
func (f Form) Format() number.Format {
	switch f {
	case DigitsCC:
		return number.Digits
	case Intl00:
		return number.Dialled
	case National0:
		return number.NationalDigits
	case NationalNSN:
		return number.Significant
	case SpacedIntl:
		return number.International
	case RFC3966:
		return number.RFC3966
	}
	return number.E164
}

// Algorithm is what makes the digest. The hashes have the values of
// [digest.Algorithm], the HMACs over them follow in the same order.
type Algorithm uint8

const (
	MD5    = Algorithm(digest.MD5)
	SHA1   = Algorithm(digest.SHA1)
	SHA224 = Algorithm(digest.SHA224)
	SHA256 = Algorithm(digest.SHA256)
	SHA384 = Algorithm(digest.SHA384)
	SHA512 = Algorithm(digest.SHA512)

	HMACMD5    = SHA512 + MD5
	HMACSHA1   = SHA512 + SHA1
	HMACSHA224 = SHA512 + SHA224
	HMACSHA256 = SHA512 + SHA256
	HMACSHA384 = SHA512 + SHA384
	HMACSHA512 = SHA512 + SHA512

	Plain       = HMACSHA512 + 1 // no hash: the text itself
	Unsupported = HMACSHA512 + 2 // listed, not computed
)

var algorithmNames = [...]string{"", "md5", "sha1", "sha224", "sha256", "sha384", "sha512",
	"hmac-md5", "hmac-sha1", "hmac-sha224", "hmac-sha256", "hmac-sha384", "hmac-sha512",
	"plain", "unsupported"}

func (a Algorithm) String() string { return name(algorithmNames[:], uint8(a)) }

func (a Algorithm) keyed() bool { return a >= HMACMD5 && a <= HMACSHA512 }

// hash returns the hash function, also inside an HMAC, and 0 for none.
func (a Algorithm) hash() digest.Algorithm {
	switch {
	case a <= SHA512:
		return digest.Algorithm(a)
	case a <= HMACSHA512:
		return digest.Algorithm(a - SHA512)
	}
	return 0
}

// Encoding is how the digest is written.
type Encoding uint8

const (
	Hex            Encoding = 1 + iota
	HexUpper                // A to F in upper case
	Base64                  // RFC 4648 section 4
	Base64NoPad             // without = at the end
	Base64URL               // RFC 4648 section 5
	Base64URLNoPad          //
	Base64OfHex             // Base64 of the hexadecimal text
	Text                    // of a plain recipe
	NoEncoding              // of an unsupported one
)

var encodingNames = [...]string{"", "hex", "hex-upper", "base64", "base64-nopad", "base64url", "base64url-nopad", "base64-of-hex", "text", "none"}

func (e Encoding) String() string { return name(encodingNames[:], uint8(e)) }

// Kind is what a recipe is used for, or that it is not a published one.
type Kind uint8

const (
	Grid Kind = 1 + iota
	Own
	AdMatching
	ContactDiscovery
	NumberVerification
	CRM
	Observed // on websites, by others than its users
	Mistake  // not what the vendor wants, but what some send
)

var kindNames = [...]string{"", "grid", "own", "ad-matching", "contact-discovery", "number-verification", "crm", "observed", "mistake"}

func (k Kind) String() string { return name(kindNames[:], uint8(k)) }

// Confidence is how well a published recipe is supported; 0 for others.
type Confidence uint8

const (
	OfficialVector Confidence = 1 + iota // the vendor prints an input and its digest
	CodeOrDoc                            // read in the vendor's documentation or in source code
	RecallOnly                           // no source was found to confirm it
)

var confidenceNames = [...]string{"", "confirmed-official-vector", "confirmed-in-code-or-doc-no-vector", "recall-only"}

func (c Confidence) String() string { return name(confidenceNames[:], uint8(c)) }

func name(names []string, i uint8) string {
	if int(i) >= len(names) {
		return ""
	}
	return names[i]
}

// find returns the index of a name, and 0 where there is none.
//
//go:noinline
func find(names []string, s string) uint8 {
	for i := len(names) - 1; i > 0; i-- {
		if names[i] == s {
			return uint8(i)
		}
	}
	return 0
}

// Code says why a name is no recipe. It never holds any of the name.
type Code uint8

const (
	OK            Code = iota
	UnknownRecipe      // no published recipe has this id
	NotComputable      // published, but not computed here
	BadSpec            // a field missing, unknown or out of order, or spaces wrong
	BadForm            // no such form
	BadAlgorithm       // no such algorithm, or not in the grid
	BadEncoding        // no such encoding, or not with this algorithm
	BadTruncation      // not from 1 to one less than the digest's size
	BadTemplate        // too long, {n} not once, or a character that needs a backslash
	BadSalt            // empty, too long, not in the template, or not in its one spelling
	BadKey             // empty, too long, not hexadecimal, or missing for an HMAC
)

var codeNames = [...]string{"OK", "UNKNOWN_RECIPE", "NOT_COMPUTABLE", "BAD_SPEC", "BAD_FORM", "BAD_ALGORITHM", "BAD_ENCODING", "BAD_TRUNCATION", "BAD_TEMPLATE", "BAD_SALT", "BAD_KEY"}

func (c Code) String() string { return name(codeNames[:], uint8(c)) }

// Error is String: the code alone.
func (c Code) Error() string { return c.String() }
