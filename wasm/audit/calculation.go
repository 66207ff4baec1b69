package audit

import (
	"sealbook/wasm/digest"
	"sealbook/wasm/number"
	"sealbook/wasm/recipe"
)

// A calculation makes a digest of a number or address.
type calculation struct {
	name string // of the grid without encoding, or the id of a published recipe
	alg  recipe.Algorithm
	r    *recipe.Recipe
}

// published are the recipes that are not in the grid: keyed and salted ones.
func published() (list []*recipe.Recipe) {
	sample, _ := number.Parse("+442079460018", "")
	var buf [recipe.MaxText]byte
	var sum [digest.MaxSize]byte
	for i := range recipe.Count() {
		r := recipe.At(i)
		if !r.Computable() || r.Algorithm() == recipe.Plain {
			continue
		}
		plain := false
		for _, f := range gridForms {
			if a := digest.Algorithm(r.Algorithm()); a <= digest.SHA512 {
				digest.Sum(a, &sum, sample.Append(buf[:0], f.format))
				plain = plain || string(sum[:r.Size()]) == string(r.Sum(buf[:0], sample))
			}
		}
		if !plain {
			list = append(list, r)
		}
	}
	return list
}

// preimages appends what is hashed of an owner, in the order of gridForms, or
// the address alone; spellings that are the same as one before are empty.
func (b *Book) preimages(dst [][]byte, o owner) [][]byte {
	if o < 0 {
		return append(dst, []byte(b.emails[-1-o].text))
	}
	start := len(dst)
	for i := range gridForms {
		text := b.numbers[o].n.Append(make([]byte, 0, 24), gridForms[i].format)
		for _, before := range dst[start:] {
			if string(before) == string(text) {
				text = nil
			}
		}
		dst = append(dst, text)
	}
	return dst
}

// addDigests adds the first 8 bytes of each digest of the grid and of the
// published recipes. Its calculation is form*6 + algorithm-1, or behind these a
// published recipe; of addresses the form is that behind the numbers'.
func (b *Book) addDigests(out []word) []word {
	var sum [digest.MaxSize]byte
	b.own = published()
	var texts [][]byte
	for k := -len(b.emails); k < len(b.numbers); k++ {
		o := owner(k)
		texts = b.preimages(texts[:0], o)
		for f, text := range texts {
			if text == nil {
				continue
			}
			if o < 0 {
				f = len(gridForms)
			}
			for a := digest.MD5; a <= digest.SHA512; a++ {
				digest.Sum(a, &sum, text)
				calc := uint16(f*gridAlgorithms + int(a) - 1)
				out = append(out, word{bigEndian(sum[:]), o, calc})
				if a == digest.MD5 { // the middle half, which many call MD5 too
					out = append(out, word{bigEndian(sum[4:]), o, calc | wordMiddle})
				}
			}
		}
		for i, r := range b.own {
			raw, ok := b.sumOf(r, o)
			if ok {
				out = append(out, word{bigEndian(raw), o, uint16(ownCalculations + i)})
			}
		}
	}
	return out
}

// sumOf computes a published recipe for an owner.
func (b *Book) sumOf(r *recipe.Recipe, o owner) ([]byte, bool) {
	var buf [recipe.MaxText]byte
	if o >= 0 {
		raw := r.Sum(buf[:0], b.numbers[o].n)
		return append([]byte(nil), raw...), len(raw) >= 8
	}
	if r.Form() != recipe.Email {
		return nil, false
	}
	text := r.AppendText(buf[:0], []byte(b.emails[-1-o].text))
	return r.Decode(nil, text)
}

// calculate computes what a word of the table stands for, and names it.
func (b *Book) calculate(w word, sum *[digest.MaxSize]byte) (size int, name string) {
	calc := int(w.what &^ wordMiddle)
	if calc >= ownCalculations {
		r := b.own[calc-ownCalculations]
		raw, _ := b.sumOf(r, w.of)
		return copy(sum[:], raw), r.ID()
	}
	f, a := calc/gridAlgorithms, digest.Algorithm(calc%gridAlgorithms+1)
	if w.of < 0 {
		size = digest.Sum(a, sum, []byte(b.emails[-1-w.of].text))
		return size, "email/" + recipe.Algorithm(a).String()
	}
	size = digest.Sum(a, sum, b.numbers[w.of].n.Append(make([]byte, 0, 24), gridForms[f].format))
	name = gridForms[f].name + "/" + recipe.Algorithm(a).String()
	if w.what&wordMiddle != 0 {
		copy(sum[:], sum[4:12])
		return 8, name + "/middle"
	}
	return size, name
}
