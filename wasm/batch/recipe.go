package batch

import (
	"sealbook/wasm/number"
	"sealbook/wasm/recipe"
)

// Recipe finds the recipe that the first length bytes of the input name: the
// id of a published one, the name of one of the grid, or an own recipe, as
// [recipe.Parse] reads them. Published ones have the handles from 0; the
// others take one of [MaxOwn] slots in turn, so that the ninth replaces the
// first. With [Spec], Status.High is the [recipe.Code] that says why.
func (b *Batch) Recipe(length int) (int, Failure) {
	if length < 0 || length > InputSize {
		return 0, Length
	}
	_, published, code, failure := find(view(b.Input[:length]), &b.made)
	if failure != 0 {
		b.Status = Status{High: uint32(code)}
		return 0, failure
	}
	if published >= 0 {
		return published, 0
	}
	slot := b.nextOwn
	b.own[slot].Assign(&b.made)
	b.nextOwn = (slot + 1) % MaxOwn
	b.ownUsed = max(b.ownUsed, slot+1)
	return recipe.Count() + slot, 0
}

// find returns the recipe that a text names. A published one has its index; an
// own one is written to made and has index -1.
func find(text string, made *recipe.Recipe) (r *recipe.Recipe, index int, code recipe.Code, failure Failure) {
	for i := range recipe.Count() {
		if r := recipe.At(i); r.ID() == text {
			if !r.Computable() {
				return nil, i, recipe.OK, NotComputable
			}
			return r, i, recipe.OK, 0
		}
	}
	switch code := made.Set(text); code {
	case recipe.OK:
		return made, -1, code, 0
	case recipe.UnknownRecipe:
		return nil, -1, code, Recipe
	default:
		return nil, -1, code, Spec
	}
}

// lookup returns the recipe of a handle.
func (b *Batch) lookup(handle int) (*recipe.Recipe, Failure) {
	switch n := recipe.Count(); {
	case handle < 0 || handle >= n+b.ownUsed:
		return nil, Recipe
	case handle >= n:
		return &b.own[handle-n], 0
	case !recipe.At(handle).Computable():
		return nil, NotComputable
	}
	return recipe.At(handle), 0
}

// Digest writes a line for each number of the last Parse from the one numbered
// first: its digest by the recipe, or nothing where the item had an error. A
// recipe whose form is no plain format fails with [Form]: its digest is that of
// the text that [Formatter] writes, by [Batch.Hash].
func (b *Batch) Digest(handle, first int) (int, Failure) {
	r, failure := b.lookup(handle)
	if failure != 0 {
		return 0, failure
	}
	if first < 0 || first > b.parsed {
		return 0, State
	}
	if !r.Form().Format().Plain() {
		return 0, Form
	}
	items, written := 0, 0
	for i := first; i < b.parsed && TextSize-written > recipe.MaxText; i++ {
		if b.Records[i][0] == byte(number.OK) {
			written += len(r.AppendPlain(b.Out[written:written:TextSize], b.numbers[i]))
		}
		b.Out[written] = '\n'
		written++
		items++
	}
	b.Status = Status{Items: uint32(items), Written: uint32(written)}
	return items, 0
}

// Hash writes a line for each item of the input: the digest of the item's text
// as it is, whatever form the recipe wants of a number; a recipe for e-mail
// addresses trims and lower-cases it first. Only [Single] is a mode here. The
// numbers of the last Parse stay.
func (b *Batch) Hash(length, handle int, mode Mode) (int, Failure) {
	if length < 0 || length > InputSize {
		return 0, Length
	}
	if mode&^Single != 0 {
		return 0, BadMode
	}
	how, failure := b.lookup(handle)
	if failure != 0 {
		return 0, failure
	}
	r := reader{in: b.Input[:length], single: mode&Single != 0}
	items, written := 0, 0
	for items < MaxItems {
		item, end, more := r.next()
		// A plain recipe gives the text back, so room is asked for by its length.
		if !more || TextSize-written <= how.TextRoom(len(item)) {
			break
		}
		written += len(how.AppendText(b.Out[written:written:TextSize], item))
		b.Out[written] = '\n'
		written++
		r.at = end
		items++
	}
	b.Status = Status{Items: uint32(items), Consumed: uint32(r.at), Written: uint32(written)}
	return items, 0
}
