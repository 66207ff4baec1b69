package batch

import (
	"sealbook/wasm/number"
	"sealbook/wasm/recipe"
)

// About writes what is built in, a line each, fields separated by tabs:
//
//	metadata VERSION
//	region   LETTERS CALLING-CODE   each supported region, in alphabetical order
//	recipe   ID FORM ALGORITHM ENCODING BYTES
//	         each published recipe, in the order of the handles; BYTES of its
//	         digest, 0 where it is no hash
//
// It answers how many lines.
func (b *Batch) About() int {
	out := append(b.Out[:0], "metadata\t"+number.MetadataVersion+"\n"...)
	for i := range number.RegionCount {
		region := number.RegionAt(i)
		out = append(append(append(out, "region\t"...), region...), '\t')
		out = append(appendDecimal(out, number.CallingCode(region)), '\n')
	}
	for i := range recipe.Count() {
		r := recipe.At(i)
		out = append(append(append(out, "recipe\t"...), r.ID()...), '\t')
		out = append(append(out, r.Form().String()...), '\t')
		out = append(append(out, r.Algorithm().String()...), '\t')
		out = append(append(out, r.Encoding().String()...), '\t')
		out = append(appendDecimal(out, r.Size()), '\n')
	}
	items := 1 + number.RegionCount + recipe.Count()
	b.Status = Status{Items: uint32(items), Written: uint32(len(out))}
	return items
}

// appendDecimal writes 0 ≤ n ≤ 999 without leading zeros.
func appendDecimal(dst []byte, n int) []byte {
	if n >= 100 {
		dst = append(dst, byte('0'+n/100))
	}
	if n >= 10 {
		dst = append(dst, byte('0'+n/10%10))
	}
	return append(dst, byte('0'+n%10))
}
