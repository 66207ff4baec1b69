// Package parity holds two engines against each other: the same calls have to
// give the same bytes, codes and failures. One is most often native code and
// the other a module.
//
// [Run] is the whole suite for what core.wasm does, as the command runs it on
// any module; [RunBlind] and [RunFormat] are those for blind.wasm and
// format.wasm. The tests of the published modules use their parts, [Pair],
// [Blinders] and [Inputs], with more inputs and with vectors of their own.
//
// An error says where the two parted, and never on which text.
package parity

import (
	"bytes"
	"fmt"

	"sealbook/verifier/engine"
	"sealbook/wasm/batch"
	"sealbook/wasm/number"
	"sealbook/wasm/recipe"
)

// Options says how much Run does. The zero value does nothing but what takes
// no time.
type Options struct {
	Seed     uint64 // of the random inputs
	Items    int    // random texts, in batches
	Singles  int    // random texts, one a call
	Searches int    // exhaustive searches, each over 40 numbers, of a blind.wasm
	Steps    int    // steps of the OPRF, of a blind.wasm
	Calls    int    // calls in any order with any arguments
}

// Counts is what was alike.
type Counts struct {
	Answers  int `json:"answers"`  // known answers that both gave
	Recipes  int `json:"recipes"`  // computed, of every sort
	Items    int `json:"items"`    // texts that were parsed
	Numbers  int `json:"numbers"`  // of them are numbers
	Digests  int `json:"digests"`  // lines of digests
	Long     int `json:"long"`     // texts of 100 KB and up to the whole buffer
	Searches int `json:"searches"` // exhaustive searches
	Found    int `json:"found"`    // of them found their number
	Steps    int `json:"steps"`    // of the OPRF
	Calls    int `json:"calls"`    // of the engines, all in all
}

// Run holds got against want. It stops at the first difference; the counts are
// of what was alike until then.
func Run(want, got engine.Source, o Options) (c Counts, err error) {
	p, err := NewPair(want, got)
	if err != nil {
		return c, err
	}
	defer p.Want.Close()
	defer p.Got.Close()
	in := NewInputs(o.Seed)
	defer func() {
		c.Items, c.Numbers, c.Digests, c.Calls = p.Items, p.Codes[number.OK], p.Lines, p.Calls
	}()
	if err := p.About(); err != nil {
		return c, fmt.Errorf("other things are built in, such as metadata of another version: %w", err)
	}
	if c.Answers, err = p.Answers(); err != nil {
		return c, err
	}
	if c.Recipes, err = p.Recipes(in); err != nil {
		return c, err
	}
	specs := Specs()
	for left := o.Items; left > 0; {
		n := min(1+in.IntN(12000), left)
		if err := p.Everything(in.Lines(n), 0, in.Mode()|batch.RegionPerLine, Pick(in, specs)); err != nil {
			return c, fmt.Errorf("random texts of seed %d, after %d: %w", o.Seed, p.Items, err)
		}
		left -= n
	}
	var text []byte
	for i := range o.Singles {
		region := in.Region()
		text = in.Append(text[:0], region)
		if in.IntN(4) == 0 {
			text = in.Append(append(text, '\n'), region)
		}
		if err := p.Everything(text, batch.RegionCode(region), in.Mode()|batch.Single, Pick(in, specs)); err != nil {
			return c, fmt.Errorf("random text %d of seed %d: %w", i, o.Seed, err)
		}
	}
	if c.Long, err = p.Long(in); err != nil {
		return c, err
	}
	for i := range o.Calls {
		if err := p.AnyCall(in, specs); err != nil {
			return c, fmt.Errorf("call %d of seed %d: %w", i, o.Seed, err)
		}
	}
	return c, nil
}

// Specs are texts for Recipe of every sort: published, of the grid, own, and
// malformed.
func Specs() (specs []string) {
	for i := range recipe.Count() {
		specs = append(specs, recipe.At(i).ID())
	}
	return append(specs,
		"e164_plus/sha256/hex", "digits_cc/md5/hex/10", "intl_00/sha1/base64", "national_0/sha512/hex", "national_nsn/sha384/hex",
		"spaced_intl/sha224/hex", "rfc3966/sha256/hex/16",
		`form=e164_plus alg=sha256 enc=hex template="{n}{salt}" salt="pepper"`,
		`form=digits_cc alg=hmac-sha512 enc=base64url-nopad trunc=9 template="x{n}" key=00ff`,
		"", "nobody/knows/this", "e164_plus/sha256/hex/0", "form=e164_plus alg=sha256 enc=hex", `form=e164_plus alg=sha256 enc=hex salt=pepper template="{n}{salt}"`,
		"form= alg=", "\xff\xfe")
}

// Recipes tries every recipe, published and of the grid, on numbers of every
// region and on the same as texts. It answers how many could be computed.
func (p *Pair) Recipes(in *Inputs) (known int, err error) {
	var lines []byte
	for _, region := range number.Regions() {
		if s := in.Space(region); s != nil {
			lines = fmt.Appendf(lines, "%s\t%s\n", region, s.At(in.Uint64N(s.Len())))
		}
	}
	specs := Specs()
	for form := recipe.E164Plus; form <= recipe.Email; form++ {
		for algorithm := recipe.MD5; algorithm <= recipe.SHA512; algorithm++ {
			for _, e := range []recipe.Encoding{recipe.Hex, recipe.HexUpper, recipe.Base64, recipe.Base64URLNoPad, recipe.Base64OfHex} {
				name := form.String() + "/" + algorithm.String() + "/" + e.String()
				specs = append(specs, name, name+"/10")
			}
		}
	}
	for _, spec := range specs {
		handle, err := p.Recipe(spec)
		if err != nil {
			return known, err
		}
		if handle < 0 {
			continue
		}
		known++
		if err := p.Everything(lines, 0, batch.RegionPerLine, spec); err != nil {
			return known, err
		}
	}
	return known, nil
}

// Long tries texts of 100 KB and up to the whole buffer.
func (p *Pair) Long(in *Inputs) (texts int, err error) {
	for _, part := range []string{"+", "0", "7", " ", "\u0660", "\uff11", "\xe2\x80", "+44 20 7946 0018 ext. 1", ";phone-context=+44", "((", "1-800-FLOWERS"} {
		for _, n := range []int{100 << 10, batch.InputSize} {
			long := bytes.Repeat([]byte(part), n/len(part))
			for _, m := range []batch.Mode{in.Mode(), in.Mode() | batch.Single, in.Mode() | batch.RegionPerLine} {
				if err := p.Everything(long, batch.RegionCode("GB"), m, "bereal"); err != nil {
					return texts, fmt.Errorf("%d bytes: %w", n, err)
				}
				texts++
			}
		}
	}
	return texts, nil
}

// AnyCall makes any call with arguments that are often wrong.
func (p *Pair) AnyCall(in *Inputs, specs []string) error {
	numbers := []int{-1 << 31, -2, -1, 0, 1, 2, 31, 32, 33, 40, 41, 48, 8191, 8192, 8193, 1 << 18, 1<<18 + 1, 1<<31 - 1}
	a, b := Pick(in, numbers), Pick(in, numbers)
	switch in.IntN(5) {
	case 0:
		return p.Digest(a, min(b, 0))
	case 1:
		return p.Hash(in.Append(nil, "GB"), a, batch.Mode(in.IntN(8)))
	case 2:
		return p.Parse(in.Lines(in.IntN(4)), in.Uint32()>>in.IntN(32), batch.Mode(in.Uint32()>>in.IntN(32)), nil)
	case 3:
		_, err := p.Recipe(Pick(in, specs))
		return err
	}
	return p.DigestOnce(a, b)
}
