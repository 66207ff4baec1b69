package canary

import (
	"fmt"
	"strings"

	"sealbook/wasm/digest"
	"sealbook/wasm/number"
	"sealbook/wasm/recipe"
)

// spellings of a number, all that package number writes and what people and
// programs make of them.
func spellings(n number.Number) map[string]string {
	texts := map[string]string{
		"E.164":                   n.Format(number.E164),
		"digits":                  n.Format(number.Digits),
		"dialled":                 n.Format(number.Dialled),
		"international":           n.Format(number.International),
		"national":                n.Format(number.National),
		"national digits":         n.Format(number.NationalDigits),
		"national significant":    n.Format(number.Significant),
		"RFC 3966":                n.Format(number.RFC3966),
		"percent":                 "%2B" + n.Format(number.Digits),
		"dialled in America":      "011" + n.Format(number.Digits),
		"local part":              n.Format(number.Significant)[3:],
		"international with dots": strings.NewReplacer(" ", ".", "-", ".").Replace(n.Format(number.International)),
	}
	return texts
}

// hashes are the plain hash functions.
var hashes = map[string]digest.Algorithm{
	"MD5": digest.MD5, "SHA-1": digest.SHA1, "SHA-224": digest.SHA224,
	"SHA-256": digest.SHA256, "SHA-384": digest.SHA384, "SHA-512": digest.SHA512,
}

// Number adds a number: its spellings in all encodings, the number itself as
// programs store integers, and its digests.
func (s *Search) Number(what string, n number.Number) {
	for name, text := range spellings(n) {
		s.encodings(what, name, []byte(text))
		for hash, algorithm := range hashes {
			var out [digest.MaxSize]byte
			size := digest.Sum(algorithm, &out, []byte(text))
			s.digest(what, hash+" of "+name, out[:size])
		}
	}
	s.integers(what, "digits", n.Format(number.Digits))
	s.integers(what, "national significant", n.Format(number.Significant))
	for i := range recipe.Count() {
		r := recipe.At(i)
		if !r.Computable() || r.Form() == recipe.Email {
			continue
		}
		s.encodings(what, "recipe "+r.ID(), r.Append(nil, n))
		s.digest(what, "recipe "+r.ID(), r.Sum(nil, n))
	}
}

// E164 adds a number that is written so.
func (s *Search) E164(what, text string) error {
	var n number.Number
	if err := n.UnmarshalText([]byte(text)); err != nil {
		return fmt.Errorf("canary: %s: %w", what, err)
	}
	s.Number(what, n)
	return nil
}

// Text adds a text: a code, a credential.
func (s *Search) Text(what, text string) { s.encodings(what, "text", []byte(text)) }

// Bytes adds binary data of at least 8 bytes: its beginning and end.
func (s *Search) Bytes(what string, b []byte) { s.digest(what, "bytes", b) }

// Secret adds binary data, such as a blinded element, and its digests.
func (s *Search) Secret(what string, b []byte) {
	s.Bytes(what, b)
	for hash, algorithm := range hashes {
		var out [digest.MaxSize]byte
		size := digest.Sum(algorithm, &out, b)
		s.digest(what, hash, out[:size])
	}
}

// beginning is how much of a digest is looked for: cut digests are digests.
const beginning = 8

// digest adds the beginning of binary data that no other has, and its end, as
// bytes and in the encodings of bytes.
func (s *Search) digest(what, name string, b []byte) {
	if len(b) < beginning {
		return // a recipe that cuts so short is found by its text
	}
	s.encodings(what, name+", beginning", b[:beginning])
	s.add(what, name+", end", b[len(b)-beginning:])
}
