package audit

import (
	"math/bits"

	"sealbook/wasm/digest"
	"sealbook/wasm/number"
	"sealbook/wasm/recipe"
)

// A Book is whom to look for: contacts, made ready for any number of captures.
// Add contacts, then hand it to [New]; it never changes after that.
type Book struct {
	contacts []contact
	numbers  []numberOf
	emails   []emailOf

	decimals decimals // spellings in digits
	ending   []uint64 // bitmap of the last seven digits of each spelling
	short    []uint64 // bitmap of integers that fit 4 bytes, in both orders
	words    table    // 8 bytes of digests, fixed64 and float64
	bloom    bloom    // of words
	mails    table    // addresses
	names    nameIndex
	own      []*recipe.Recipe
	secret   [2]uint64 // key of the memo's hash: whoever wrote the capture does not know it
	ready    bool
}

type contact struct {
	name    string
	numbers []int // of Book.numbers
}

type numberOf struct {
	contact int
	n       number.Number
	e164    string // with plus
	code    uint64 // calling code
}

type emailOf struct {
	contact int
	text    string // lower case
}

// Add adds a person and returns its index.
func (b *Book) Add(name string) int {
	b.contacts = append(b.contacts, contact{name: name})
	return len(b.contacts) - 1
}

// AddNumber adds a number of a person. The same number of the same person
// counts once.
func (b *Book) AddNumber(person int, n number.Number) {
	e164 := n.Format(number.E164)
	if e164 == "" {
		return
	}
	c := &b.contacts[person]
	for _, i := range c.numbers {
		if b.numbers[i].e164 == e164 {
			return
		}
	}
	c.numbers = append(c.numbers, len(b.numbers))
	b.numbers = append(b.numbers, numberOf{person, n, e164, uint64(n.CallingCode())})
}

// AddEmail adds an e-mail address of a person, as written; one without a single
// @ is passed over.
func (b *Book) AddEmail(person int, address string) {
	text := lowerString(trimString(address))
	at := 0
	for i := range len(text) {
		if text[i] == '@' {
			at++
		}
	}
	if at != 1 || len(text) < 6 || len(text) > 254 || text[0] == '@' || text[len(text)-1] == '@' {
		return
	}
	for i := range b.emails {
		if b.emails[i].contact == person && b.emails[i].text == text {
			return
		}
	}
	b.emails = append(b.emails, emailOf{person, text})
}

// Contacts counts the people.
func (b *Book) Contacts() int { return len(b.contacts) }

// Numbers counts the numbers.
func (b *Book) Numbers() int { return len(b.numbers) }

// Name returns the name of a person as it was added.
func (b *Book) Name(person int) string { return b.contacts[person].name }

// E164 returns the person's first number, "" if there is none.
func (b *Book) E164(person int) string {
	if of := b.contacts[person].numbers; len(of) > 0 {
		return b.numbers[of[0]].e164
	}
	return ""
}

// owner is a number or an e-mail address: numbers count up from 0, addresses
// down from -1.
type owner int32

func (b *Book) contactOf(o owner) int {
	if o <= nobody {
		return int(nobody - o)
	}
	if o < 0 {
		return b.emails[-1-o].contact
	}
	return b.numbers[o].contact
}

// form is a spelling of a number in digits, or as an integer.
type form uint8

const (
	international form = iota // calling code and national number, 00 before it or not
	trunked                   // a trunk zero after the calling code
	dialled                   // 00 or 011 and such in front
	national0                 // with trunk prefix
	significant               // without
	reversed                  // any of these from the end
)

// withCode reports whether the spelling has the calling code.
func (f form) withCode() bool { return f <= dialled }

// build makes the tables.
func (b *Book) build() {
	if b.ready {
		return
	}
	b.ready = true
	b.ending = make([]uint64, endingWords)
	b.keyMemo()
	for i := range b.numbers {
		b.addSpellings(i)
	}
	b.decimals.build()
	b.short = make([]uint64, 1<<9)
	for i := range b.decimals.list {
		if d := &b.decimals.list[i]; d.n == 0 && d.value>>32 == 0 {
			for _, v := range [2]uint32{uint32(d.value), bits.ReverseBytes32(uint32(d.value))} {
				h := shortHash(v)
				b.short[h>>6] |= 1 << (h & 63)
			}
		}
	}
	var out []word
	for i := range b.numbers {
		out = b.addIntegers(out, i)
	}
	out = b.addDigests(out)
	b.words.build(out)
	b.bloom.build(out)
	var mails []word
	for i := range b.emails {
		mails = append(mails, word{hashText(b.emails[i].text), owner(-1 - i), 0})
	}
	b.mails.build(mails)
	b.names.build(b)
}

// keyMemo makes a key of the whole book.
func (b *Book) keyMemo() {
	h := digest.New(digest.SHA256)
	for i := range b.contacts {
		h.WriteString(b.contacts[i].name)
		h.WriteString("\n")
	}
	for i := range b.numbers {
		h.WriteString(b.numbers[i].e164)
		h.WriteString("\n")
	}
	for i := range b.emails {
		h.WriteString(b.emails[i].text)
		h.WriteString("\n")
	}
	var out [digest.MaxSize]byte
	h.Sum(&out)
	b.secret = [2]uint64{bigEndian(out[:]), bigEndian(out[8:])}
}

// addSpellings adds the digits of number i in all forms.
func (b *Book) addSpellings(i int) {
	n := b.numbers[i].n
	var buf [number.MaxText]byte
	whole := append([]byte(nil), n.Append(buf[:0], number.Digits)...)
	nsn := append([]byte(nil), n.Append(buf[:0], number.Significant)...)
	code := whole[:len(whole)-len(nsn)]
	national := append([]byte(nil), n.Append(buf[:0], number.NationalDigits)...)
	add := func(f form, parts ...[]byte) {
		var all []byte
		for _, p := range parts {
			all = append(all, p...)
		}
		if len(all) < 7 || len(all) > 19 {
			return
		}
		b.decimals.add(all, f, owner(i))
		b.mark(all)
	}
	zero := []byte("0")
	for _, with := range [][]byte{nil, []byte("00"), []byte("011"), []byte("0011"), []byte("810"), []byte("010")} {
		f, t := international, trunked
		if with != nil {
			f, t = dialled, dialled
		}
		add(f, with, whole)
		if nsn[0] != '0' {
			add(t, with, code, zero, nsn)
		}
	}
	if string(national) != string(nsn) && string(national) != string(whole) {
		add(national0, national)
	}
	if zeroed := append([]byte("0"), nsn...); string(zeroed) != string(national) && nsn[0] != '0' && len(nsn) > 7 {
		add(national0, zeroed)
	}
	add(significant, nsn)
	for _, text := range [][]byte{whole, national, nsn} {
		if len(text) >= 9 {
			back := make([]byte, len(text))
			for k, c := range text {
				back[len(text)-1-k] = c
			}
			if string(back) != string(text) {
				add(reversed, back)
			}
		}
	}
}

const endingWords = 1 << 11 // 16 KiB: stays in the first-level cache

// mark sets the bit of a spelling's last seven digits.
func (b *Book) mark(digits []byte) {
	tail := uint64(0)
	for _, c := range digits[len(digits)-7:] {
		tail = tail<<4 | uint64(c-'0')
	}
	h := endingHash(tail)
	b.ending[h>>6] |= 1 << (h & 63)
}

// endingHash returns the bit of seven digits, 4 bits each.
func endingHash(tail uint64) uint64 {
	return (tail & 0xfffffff) * 0x9e3779b97f4a7c15 >> (64 - 17)
}

// shortHash returns the bit of 4 bytes.
func shortHash(v uint32) uint32 { return v * 0x9e3779b1 >> (32 - 15) }

// decimals finds digits among the spellings.
type decimals struct {
	list []decimal
	slot []uint32 // index+1 into list; 0 is free
}

type decimal struct {
	value uint64
	n     uint8 // digits, leading zeros counted; 0: any, of an integer
	form  form
	of    owner
}

func (d *decimals) add(digits []byte, f form, of owner) {
	v := uint64(0)
	for _, c := range digits {
		v = v*10 + uint64(c-'0')
	}
	d.list = append(d.list, decimal{v, uint8(len(digits)), f, of})
	if digits[0] != '0' && (f == international || f == significant) {
		d.list = append(d.list, decimal{v, 0, f, of})
	}
}

func (d *decimals) hash(value uint64, n uint8) uint64 {
	return mix(value ^ uint64(n)*0xd6e8feb86659fd93)
}

func (d *decimals) build() {
	size := 16
	for size < 2*len(d.list) {
		size *= 2
	}
	d.slot = make([]uint32, size)
	for i := range d.list {
		at := d.hash(d.list[i].value, d.list[i].n) & uint64(size-1)
		for d.slot[at] != 0 {
			at = (at + 1) & uint64(size-1)
		}
		d.slot[at] = uint32(i + 1)
	}
}

// each calls f for every number that is spelled so, as long as it says true.
func (d *decimals) each(value uint64, n uint8, f func(*decimal)) {
	if len(d.slot) == 0 {
		return
	}
	mask := uint64(len(d.slot) - 1)
	for at := d.hash(value, n) & mask; d.slot[at] != 0; at = (at + 1) & mask {
		if e := &d.list[d.slot[at]-1]; e.value == value && e.n == n {
			f(e)
		}
	}
}

// has reports whether any number is spelled so.
func (d *decimals) has(value uint64, n uint8) bool {
	if len(d.slot) == 0 {
		return false
	}
	mask := uint64(len(d.slot) - 1)
	for at := d.hash(value, n) & mask; d.slot[at] != 0; at = (at + 1) & mask {
		if e := &d.list[d.slot[at]-1]; e.value == value && e.n == n {
			return true
		}
	}
	return false
}

// What a word in the table is, besides a digest: see calculations.
const (
	wordFixed64 uint16 = 0xff00 + iota
	wordFixed64National
	wordFloat
	wordFloatNational
)

// addIntegers adds fixed64 and float64 of number i in both orders of bytes.
func (b *Book) addIntegers(out []word, i int) []word {
	n := b.numbers[i].n
	var buf [number.MaxText]byte
	add := func(digits []byte, fixed, float uint16) {
		v := uint64(0)
		if len(digits) > 15 || len(digits) < 8 {
			return // float64 has no more, and fewer are too few to tell
		}
		for _, c := range digits {
			v = v*10 + uint64(c-'0')
		}
		for _, w := range []word{
			{v, owner(i), fixed}, {bits.ReverseBytes64(v), owner(i), fixed},
			{floatBits(v), owner(i), float}, {bits.ReverseBytes64(floatBits(v)), owner(i), float},
		} {
			out = append(out, w)
		}
	}
	add(n.Append(buf[:0], number.Digits), wordFixed64, wordFloat)
	if nsn := n.Append(buf[:0], number.Significant); nsn[0] != '0' {
		add(nsn, wordFixed64National, wordFloatNational)
	}
	return out
}

// floatBits returns the bits of a float64 of an integer below 2^53.
func floatBits(v uint64) uint64 {
	if v == 0 {
		return 0
	}
	top := bits.Len64(v) - 1
	return uint64(1023+top)<<52 | v<<(52-uint(top))&(1<<52-1)
}

// A calculation makes a digest of a number or address.
type calculation struct {
	name string // of the grid without encoding, or the id of a published recipe
	alg  recipe.Algorithm
	r    *recipe.Recipe
}

// gridForms are the forms of numbers in the grid.
var gridForms = [...]struct {
	name   string
	format number.Format
}{
	{"e164_plus", number.E164}, {"digits_cc", number.Digits}, {"intl_00", number.Dialled}, {"national_0", number.NationalDigits},
	{"national_nsn", number.Significant}, {"spaced_intl", number.International}, {"rfc3966", number.RFC3966},
}

const gridAlgorithms = 6

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

const (
	wordMiddle      = 0x4000
	ownCalculations = (len(gridForms) + 1) * gridAlgorithms
)

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
