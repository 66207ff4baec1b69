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
	text    string // in lower case, or as written
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
// @ is passed over. It is also looked for without what is behind a plus, and of
// Gmail, which passes over dots, without these: so platforms want it hashed.
func (b *Book) AddEmail(person int, address string) {
	address = trimString(address)
	text := lowerString(address)
	local, domain, ok := cutAt(text)
	if !ok || len(text) < 6 || len(text) > 254 || local == "" || domain == "" {
		return
	}
	b.addEmail(person, text)
	b.addEmail(person, address)
	untagged := local
	for i := range len(local) {
		if local[i] == '+' && i > 0 {
			untagged = local[:i]
			break
		}
	}
	b.addEmail(person, untagged+"@"+domain)
	if plain := mailbox(text); plain != "" {
		b.addEmail(person, plain)
		b.addEmail(person, plain[:len(plain)-len(gmail)]+domain)
	}
}

func (b *Book) addEmail(person int, text string) {
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
	for _, with := range [][]byte{nil, []byte("00"), []byte("011"), []byte("0011"), []byte("810"), []byte("010"), []byte("001"), []byte("009"), []byte("990")} {
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
	abroad(code, nsn, add)
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

// What a word in the table is, besides a digest: see calculations.
const (
	wordFixed64 uint16 = 0xff00 + iota
	wordFixed64National
	wordFloat
	wordFloatNational
)

// gridForms are the forms of numbers in the grid.
var gridForms = [...]struct {
	name   string
	format number.Format
}{
	{"e164_plus", number.E164}, {"digits_cc", number.Digits}, {"intl_00", number.Dialled}, {"national_0", number.NationalDigits},
	{"national_nsn", number.Significant}, {"spaced_intl", number.International}, {"rfc3966", number.RFC3966},
}

const gridAlgorithms = 6
const (
	wordMiddle      = 0x4000
	ownCalculations = (len(gridForms) + 1) * gridAlgorithms
)
