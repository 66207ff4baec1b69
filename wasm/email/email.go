// Package email turns an e-mail address into what ad platforms take instead of
// it: SHA-256 of the address in the platform's own normal form. For phone numbers
// see package recipe; for the columns of a customer list, package upload.
//
// All platforms take an address trimmed and in lower case. They differ in what
// else is left out of what stands before the @: dots, a plus and what follows it,
// all but letters and digits; at Gmail, or everywhere. [Recipes] says which, with
// the source of each.
//
// A digest of an address hides it from nobody who can guess it, and addresses are
// guessed by lists of them.
//
// sealbook/emails is the same in JavaScript: its table is made from this one, and
// both are held against tests/vectors/emails.json.
package email

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"sealbook/wasm/recipe"
)

// MaxAddress is the most bytes of an address, without white space around it: 64
// before the @ and 255 behind it (RFC 5321, section 4.5.3.1).
const MaxAddress = 320

// Where says at which domains something is left out.
type Where string

const (
	Keep     Where = "keep"      // nowhere
	Gmail    Where = "gmail"     // gmail.com and googlemail.com
	GmailCom Where = "gmail.com" // gmail.com alone
	All      Where = "all"
)

func (w Where) at(domain []byte) bool {
	switch w {
	case All:
		return true
	case Gmail:
		return string(domain) == "gmail.com" || string(domain) == "googlemail.com"
	case GmailCom:
		return string(domain) == "gmail.com"
	}
	return false
}

// Recipe is how a platform wants addresses.
type Recipe struct {
	ID       string
	Vendor   string
	Dots     Where  // where dots are left out
	Tag      Where  // where a plus and what is behind it are left out
	Symbols  Where  // where all but ASCII letters and digits is left out
	Encoding string // of the SHA-256: "hex" or "base64"

	Confidence recipe.Confidence // how well the source supports it
	Source     string
}

// Lookup finds a recipe by its id.
func Lookup(id string) (*Recipe, bool) {
	for i := range table {
		if table[i].ID == id {
			return &table[i], true
		}
	}
	return nil, false
}

// Recipes returns all of them. They are shared: do not change them.
func Recipes() []Recipe { return table }

// Hash is the name, for [recipe.Parse], of what digests the normal form.
func (r *Recipe) Hash() string { return "email/sha256/" + r.Encoding }

// Append appends the digest of an address. It reports false, and appends nothing,
// for what is no address.
func (r *Recipe) Append(dst, address []byte) ([]byte, bool) {
	var room [MaxAddress]byte
	normal, ok := r.Normalize(room[:0], address)
	if !ok {
		return dst, false
	}
	hash, err := recipe.Parse(r.Hash())
	if err != nil {
		panic(err) // the table names no other encoding
	}
	return hash.AppendText(dst, normal), true
}

// Normalize appends the address that is hashed, at most [MaxAddress] bytes. It
// reports false, and appends nothing, for what is no address: text without
// something on both sides of a single @, with white space or control characters
// inside, that is no UTF-8, or of which nothing is left before the @.
func (r *Recipe) Normalize(dst, address []byte) ([]byte, bool) {
	text := bytes.TrimFunc(address, space)
	at := bytes.IndexByte(text, '@')
	if len(text) > MaxAddress || at <= 0 || at == len(text)-1 || bytes.IndexByte(text[at+1:], '@') >= 0 {
		return dst, false
	}
	for rest := text; len(rest) > 0; {
		c, n := utf8.DecodeRune(rest)
		if c == utf8.RuneError || space(c) || unicode.IsControl(c) {
			return dst, false
		}
		rest = rest[n:]
	}
	var room [MaxAddress]byte
	lower := room[:copy(room[:], text)]
	for i, c := range lower {
		if 'A' <= c && c <= 'Z' {
			lower[i] = c + 'a' - 'A'
		}
	}
	local, domain := lower[:at], lower[at+1:]
	if plus := bytes.IndexByte(local, '+'); plus >= 0 && r.Tag.at(domain) {
		local = local[:plus]
	}
	start := len(dst)
	dots, symbols := r.Dots.at(domain), r.Symbols.at(domain)
	for _, c := range local {
		if c == '.' && dots || symbols && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			continue
		}
		dst = append(dst, c)
	}
	if len(dst) == start {
		return dst, false
	}
	return append(append(dst, '@'), domain...), true
}

// space holds the WhiteSpace and LineTerminator characters of ECMA-262, which
// JavaScript's trim removes.
func space(c rune) bool {
	switch c {
	case '\t', '\n', '\v', '\f', '\r', 0x2028, 0x2029, 0xfeff:
		return true
	}
	return unicode.Is(unicode.Zs, c)
}
