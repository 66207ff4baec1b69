// Package recipe turns a phone number into what platforms exchange instead of
// it: which spelling of the number is hashed, how, and how the digest is
// written. It knows the published recipes by id, a grid of the usual
// combinations by name, and takes recipes of one's own with a salt or a key.
//
// None of this hides a number. A region's numbers are few enough to try them
// all, and a salt that goes along with the digest changes nothing about that;
// package batch does it for any recipe here. For finding common contacts
// without giving the address book away see package oprf.
//
// # Names
//
// A recipe is named in one of three ways, and [Parse] reads all of them:
//
//	signal-legacy                    the id of a published recipe
//	e164_plus/sha256/hex             one of the grid: form, algorithm, encoding
//	e164_plus/sha256/hex/10          the same, cut to the first 10 bytes
//	form=e164_plus alg=sha256 enc=hex template="{n}{salt}" salt="pepper"
//
// The last is an own recipe. Its fields stand in this order with one space
// between them; those in brackets may be missing:
//
//		form=FORM alg=ALGORITHM enc=ENCODING [trunc=BYTES] template="TEXT" [salt=SALT] [key=HEX]
//
//	  - FORM is e164_plus (+442079460000), digits_cc (442079460000), intl_00
//	    (00442079460000), national_0 (02079460000, the digits of the national
//	    format), national_nsn (2079460000), spaced_intl (+44 20 7946 0000),
//	    rfc3966 (tel:+44-20-7946-0000) or email. The spaced and the RFC 3966 form
//	    carry an extension where the number has one.
//	  - ALGORITHM is md5, sha1, sha224, sha256, sha384 or sha512; hmac- and one of
//	    these, and then key is there; or plain, which hashes nothing.
//	  - ENCODING is hex, hex-upper, base64, base64-nopad, base64url,
//	    base64url-nopad, or base64-of-hex, which is the Base64 of the hexadecimal
//	    text (a mistake seen in practice); for plain it is text.
//	  - BYTES cuts the digest: from 1 to one less than its size, in decimal.
//	  - TEXT is what is hashed, at most 128 bytes of UTF-8 as written: {n} once for
//	    the number, {salt} at most twice and only if there is a salt. Backslashes
//	    stand before a literal ", \, { or }, and nowhere else. No control
//	    characters.
//	  - SALT is 1 to 64 bytes: in double quotes with a backslash before " and \,
//	    or, for bytes that are no UTF-8 or have control characters, 0x and
//	    lower-case hexadecimal digits.
//	  - HEX is the HMAC key, 1 to 128 bytes in lower-case hexadecimal digits.
//
// The grid takes the forms, the plain hashes and the encodings but text. Every
// recipe has exactly one name: what [Parse] accepts, [Recipe.String] gives back
// byte by byte. Recipes are equal, with ==, when their names are.
//
// # E-mail addresses
//
// A recipe of form email hashes addresses instead of numbers, by
// [Recipe.AppendText]: with white space at both ends removed (the characters
// that JavaScript's trim removes) and the ASCII letters A to Z in lower case.
// Letters beyond ASCII stay as they are; vendors disagree on those.
//
// # Buffers
//
// Nothing here allocates as long as dst has room: [MaxText] bytes for a
// number, [Recipe.TextRoom] for a text. What is hashed is put together in the
// room that the digest takes afterwards.
package recipe

import (
	"sealbook/wasm/digest"
	"sealbook/wasm/number"
)

// Limits on an own recipe, in bytes.
const (
	MaxTemplate = 128 // as written, between the quotes
	MaxSalt     = 64
	MaxKey      = 128
)

const (
	// MaxText is the room, in bytes, that Append and Sum want behind dst.
	MaxText = MaxTemplate + 2*MaxSalt + number.MaxText
	// MaxDigest is the longest text of a digest: SHA-512 in Base64 of its
	// hexadecimal digits.
	MaxDigest = 172
)

// Recipe is a way to hash a number. The zero Recipe is none and gives nothing.
// It holds the salt and the key of an own recipe: as secret as they are.
type Recipe struct {
	id         string // of a published recipe; a constant
	template   [MaxTemplate]byte
	salt       [MaxSalt]byte
	key        [MaxKey]byte
	mac        digest.Key // key, made ready
	templates  uint8      // bytes of template
	salts      uint8      // bytes of salt
	keys       uint8      // bytes of key
	form       Form
	algorithm  Algorithm
	encoding   Encoding
	truncation uint8
	kind       Kind
	confidence Confidence
}

// Assign makes r a copy of from. It is *r = *from; TinyGo makes that a load and
// a store for each byte, two kilobytes of code.
func (r *Recipe) Assign(from *Recipe) {
	r.id = from.id
	copy(r.template[:], from.template[:])
	copy(r.salt[:], from.salt[:])
	copy(r.key[:], from.key[:])
	r.mac = from.mac
	r.templates, r.salts, r.keys = from.templates, from.salts, from.keys
	r.form, r.algorithm, r.encoding = from.form, from.algorithm, from.encoding
	r.truncation, r.kind, r.confidence = from.truncation, from.kind, from.confidence
}

// ID returns the id of a published recipe, and "" for any other.
func (r *Recipe) ID() string { return r.id }

// Form returns which spelling of the number is hashed.
func (r *Recipe) Form() Form { return r.form }

// Algorithm returns the hash function.
func (r *Recipe) Algorithm() Algorithm { return r.algorithm }

// Encoding returns how the digest is written.
func (r *Recipe) Encoding() Encoding { return r.encoding }

// Truncation returns to how many bytes the digest is cut, 0 for not at all.
func (r *Recipe) Truncation() int { return int(r.truncation) }

// Kind returns what the recipe is used for.
func (r *Recipe) Kind() Kind { return r.kind }

// Confidence returns how well the recipe's source supports it.
func (r *Recipe) Confidence() Confidence { return r.confidence }

// Computable reports whether the recipe can be computed here. Two published
// ones cannot: they are listed because people look for them.
func (r *Recipe) Computable() bool {
	return r.algorithm != 0 && r.algorithm != Unsupported
}

// Size returns the bytes of the raw digest after truncation, 0 for a plain
// recipe, whose output is as long as its text.
func (r *Recipe) Size() int {
	if r.truncation != 0 {
		return int(r.truncation)
	}
	return r.algorithm.hash().Size()
}

// Append appends the digest of a number, as text. A recipe for e-mail
// addresses, one that is not computable, and the zero number add nothing.
func (r *Recipe) Append(dst []byte, n number.Number) []byte {
	return r.digest(preimage[formatted](r, dst, n), len(dst))
}

// AppendPlain is Append for a recipe whose form is a plain format. A program
// that calls no other is built without the layouts of the others.
func (r *Recipe) AppendPlain(dst []byte, n number.Number) []byte {
	return r.digest(preimage[plain](r, dst, n), len(dst))
}

// digest puts the digest in the place of what is hashed, which begins at start.
func (r *Recipe) digest(dst []byte, start int) []byte {
	if r.algorithm == Plain || len(dst) == start {
		return dst
	}
	var out [digest.MaxSize]byte
	r.sum(&out, dst[start:])
	return r.encode(dst[:start], &out)
}

// Sum appends the digest of a number as raw bytes, truncated; for a plain
// recipe its text.
func (r *Recipe) Sum(dst []byte, n number.Number) []byte {
	start := len(dst)
	dst = preimage[formatted](r, dst, n)
	if r.algorithm == Plain || len(dst) == start {
		return dst
	}
	var out [digest.MaxSize]byte
	r.sum(&out, dst[start:])
	return append(dst[:start], out[:r.Size()]...)
}

// Match reports whether raw, from [Recipe.Decode], is the digest of the number.
// It works in buf, which wants room for [MaxText] bytes.
func (r *Recipe) Match(buf []byte, n number.Number, raw []byte) bool {
	return len(raw) > 0 && equal(r.Sum(buf[:0], n), raw)
}

// sum hashes p, which is not empty.
//
//go:noinline
func (r *Recipe) sum(out *[digest.MaxSize]byte, p []byte) {
	if r.algorithm.keyed() {
		r.mac.Sum(out, p)
		return
	}
	digest.Sum(r.algorithm.hash(), out, p)
}

// writer writes numbers: in all formats, or, where no layouts are to be linked,
// in the plain ones.
type writer interface {
	write(dst []byte, n number.Number, f number.Format) []byte
}

type formatted struct{}

func (formatted) write(dst []byte, n number.Number, f number.Format) []byte { return n.Append(dst, f) }

type plain struct{}

func (plain) write(dst []byte, n number.Number, f number.Format) []byte { return n.AppendPlain(dst, f) }

// preimage appends what is hashed for a number.
//
//go:noinline
func preimage[W writer](r *Recipe, dst []byte, n number.Number) []byte {
	var w W
	if !r.Computable() || r.form == Email || n == (number.Number{}) {
		return dst
	}
	var p parts
	for {
		switch part := r.next(&p); part.what {
		case 0:
			return dst
		case theNumber:
			dst = w.write(dst, n, r.form.Format())
		case theSalt:
			dst = append(dst, r.salt[:r.salts]...)
		default:
			dst = append(dst, r.template[part.from:part.to]...)
		}
	}
}

// equal is spelled out: TinyGo makes strings to compare them.
//
//go:noinline
func equal(a, b []byte) bool {
	if len(a) != len(b) {
		return false
	}
	for i, c := range a {
		if c != b[i] {
			return false
		}
	}
	return true
}
