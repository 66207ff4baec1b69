package batch

import (
	"sealbook/wasm/number"
	"sealbook/wasm/recipe"
)

// maxTarget is the longest digest that is searched for, as text: a recipe that
// hashes nothing gives the number back inside its template.
const maxTarget = recipe.MaxText

// search is an exhaustive search under way: which of a region's mobile numbers
// has a digest.
type search struct {
	space  number.Space
	recipe recipe.Recipe
	target [maxTarget]byte
	length int // bytes of target; 0 before a search has begun
	sum    [recipe.MaxText]byte
}

// SearchBegin prepares to find the number that has a digest, among the valid
// mobile numbers of a region. The first length bytes of the input are a recipe,
// in named bytes as [Batch.Recipe] reads it, and the digest. Status holds how
// many numbers there are: Written the lower half, High the upper. With [Spec],
// Status.High is the [recipe.Code] that says why.
func (b *Blinder) SearchBegin(length int, region uint32, named int) Failure {
	b.search.length = 0
	if length < 0 || length > InputSize || named < 0 || named > length {
		return Length
	}
	r, _, code, failure := find(view(b.Input[:named]), &b.made)
	if failure != 0 {
		b.Status = Status{High: uint32(code)}
		return failure
	}
	var letters [4]byte
	home, ok := unpackRegion(region, &letters)
	if !ok {
		return Region
	}
	if length-named > maxTarget {
		return Digest
	}
	s := &b.search
	target, ok := r.Decode(s.target[:0], b.Input[named:length])
	if !ok || len(target) == 0 {
		return Digest
	}
	if !s.space.Reset(home) {
		return Space
	}
	s.recipe.Assign(r)
	s.length = len(target)
	size := s.space.Len()
	b.Status = Status{Written: uint32(size), High: uint32(size >> 32)}
	return 0
}

// Search tries count numbers from the one numbered from. It answers 1 when one
// has the digest, with its E.164 form as text, and 0 otherwise. Numbers beyond
// the last are not there and not found.
func (b *Blinder) Search(from uint64, count int) (int, Failure) {
	s := &b.search
	if s.length == 0 || count < 0 {
		return 0, State
	}
	b.Status = Status{}
	for size := s.space.Len(); count > 0 && from < size; count, from = count-1, from+1 {
		n := s.space.At(from)
		b.Status.Items++
		if s.recipe.Match(s.sum[:], n, s.target[:s.length]) {
			b.Status.Written = uint32(len(n.Append(b.Out[:0], number.E164)))
			return 1, 0
		}
	}
	return 0, 0
}
