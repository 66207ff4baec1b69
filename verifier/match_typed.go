package main

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"slices"

	"sealbook/wasm/number"
	"sealbook/wasm/recipe"
)

// Many tools hash what stands in the field: rudder-transformer's destinations for
// Google, TikTok and X trim it and no more, others keep its digits. So a number's
// digests are also those of its text as it was typed, in typedForms.
var typedForms = [...]string{"typed", "typed_digits", "typed_plus", "typed_dashes"}

// typedSums are the hashes of such texts that are tried.
var typedSums = [...]struct {
	name string
	sum  func(text []byte) []byte
}{
	{"sha256", func(b []byte) []byte { s := sha256.Sum256(b); return s[:] }},
	{"sha1", func(b []byte) []byte { s := sha1.Sum(b); return s[:] }},
	{"md5", func(b []byte) []byte { s := md5.Sum(b); return s[:] }},
	{"sha512", func(b []byte) []byte { s := sha512.Sum512(b); return s[:] }},
}

// typedCalculations are what a hit of a typed text names, by form and hash.
var typedCalculations = func() (all [len(typedForms)][len(typedSums)]calculation) {
	for f, form := range typedForms {
		for s := range typedSums {
			r, err := recipe.Parse("e164_plus/" + typedSums[s].name + "/hex")
			if err != nil {
				panic(err)
			}
			all[f][s] = calculation{Recipe: r, grid: form + "/" + typedSums[s].name, typed: true}
		}
	}
	return all
}()

// typedText writes the text of a field in a form, nil where that adds nothing.
func typedText(dst, text []byte, form int, region string) []byte {
	dst = dst[:0]
	text = bytes.TrimSpace(text)
	switch typedForms[form] {
	case "typed":
		return append(dst, text...)
	case "typed_digits", "typed_plus":
		if typedForms[form] == "typed_plus" {
			dst = append(dst, '+')
		}
		for _, c := range text {
			if c >= '0' && c <= '9' {
				dst = append(dst, c)
			}
		}
		return dst
	}
	n, code := number.ParseBytes(text, region)
	if code != number.OK {
		return nil
	}
	for _, c := range n.Format(number.National) {
		if c >= '0' && c <= '9' {
			dst = append(dst, byte(c))
		} else if len(dst) > 0 && dst[len(dst)-1] != '-' {
			dst = append(dst, '-')
		}
	}
	return dst
}

// typed looks for the targets among the digests of a field's own text.
func (m *matcher) typed(row int, p *person, then func(int, hit)) {
	var room [256]byte
	var seen [len(typedForms)][]byte
	for f := range typedForms {
		text := typedText(room[:0], p.text, f, m.session.region)
		if len(text) < 5 || slices.ContainsFunc(seen[:f], func(s []byte) bool { return bytes.Equal(s, text) }) {
			continue
		}
		seen[f] = slices.Clone(text)
		for s := range typedSums {
			sum := typedSums[s].sum(text)
			for _, i := range m.targets.byHead[binary.BigEndian.Uint32(sum)] {
				if r := &m.targets.readings[i]; bytes.HasPrefix(sum, r.bytes) {
					then(row, hit{i, r.target, &typedCalculations[f][s]})
				}
			}
		}
	}
}
