package main

import (
	"bytes"
	"encoding/binary"

	"sealbook/verifier/engine"
	"sealbook/wasm/number"
	"sealbook/wasm/recipe"
)

// calculation is what several recipes have in common: the same whole digest,
// that each cuts and writes in its way. One is computed for all of them.
type calculation struct {
	recipe.Recipe
	name    string // for the engine
	grid    string // "form/algorithm" if it is of the grid
	email   bool
	plain   bool // no hash: texts are compared
	typed   bool // of the text as it stands in the field
	members []member
}

// member is a published recipe.
type member struct {
	id    string
	size  int // bytes of its digest
	class class
}

// calculations are all of the grid and of the published recipes.
func calculations() []calculation {
	var all []calculation
	for form := recipe.E164Plus; form <= recipe.Email; form++ {
		for alg := recipe.MD5; alg <= recipe.SHA512; alg++ {
			grid := form.String() + "/" + alg.String()
			r, err := recipe.Parse(grid + "/hex")
			if err != nil {
				continue // the grid has it not
			}
			all = append(all, calculation{Recipe: r, name: grid + "/hex", grid: grid, email: form == recipe.Email})
		}
	}
	for i := range recipe.Count() {
		r := recipe.At(i)
		if !r.Computable() {
			continue
		}
		m := member{r.ID(), r.Size(), classOf(r.Encoding())}
		own := calculation{Recipe: *r, name: r.ID(), email: r.Form() == recipe.Email, plain: r.Algorithm() == recipe.Plain}
		sum := own.sample()
		known := false
		for k := range all {
			c := &all[k]
			if !own.plain && !c.plain && c.email == own.email && bytes.HasPrefix(c.sample(), sum) {
				c.members = append(c.members, m)
				known = true
				break
			}
		}
		if !known {
			own.members = []member{m}
			all = append(all, own)
		}
	}
	return all
}

func classOf(e recipe.Encoding) class {
	switch e {
	case recipe.Hex, recipe.HexUpper:
		return hexText
	case recipe.Base64OfHex:
		return base64OfHex
	}
	return base64Text
}

// sample is the digest of a number, or an address, that every form writes
// differently.
func (c *calculation) sample() []byte {
	if !c.email {
		n, _ := number.Parse("+442079460018", "")
		return c.Sum(nil, n)
	}
	raw, _ := c.Decode(nil, c.AppendText(nil, []byte("me@example.com")))
	return raw
}

// hit is a row whose digest by a calculation begins as a reading does.
type hit struct {
	reading int32 // -1: the text is that of target
	target  int32
	c       *calculation
}

// check looks the lines that the engine wrote up among the targets, and calls
// then with what it finds; first is the row of the first line.
func (c *calculation) check(e engine.Engine, t *targets, first int, then func(row int, h hit)) {
	var raw [64]byte
	lines := e.Text()[:e.Status().Written]
	for row := first; len(lines) > 0; row++ {
		end := bytes.IndexByte(lines, '\n')
		line := lines[:end]
		lines = lines[end+1:]
		if len(line) == 0 {
			continue
		}
		if c.plain {
			for _, target := range t.byText[string(line)] {
				then(row, hit{-1, target, c})
			}
			continue
		}
		// Most digests are nobody's: their first bytes show it.
		if c.Encoding() == recipe.Hex && len(line) >= 2*minBytes {
			if _, ok := t.byHead[hexHead(line)]; !ok {
				continue
			}
		}
		sum, ok := c.Decode(raw[:0], line)
		if !ok || len(sum) < minBytes {
			continue
		}
		for _, i := range t.byHead[binary.BigEndian.Uint32(sum)] {
			if r := &t.readings[i]; bytes.HasPrefix(sum, r.bytes) {
				then(row, hit{i, r.target, c})
			}
		}
	}
}

// hexHead is the first 4 bytes of lower-case hexadecimal digits.
func hexHead(line []byte) (head uint32) {
	for _, c := range line[:8] {
		head = head<<4 | uint32(c&15+c>>6*9)
	}
	return head
}
