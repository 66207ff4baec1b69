package audit

// A word is 8 bytes to look for, in the order in which they stand, and what
// they mean.
type word struct {
	key  uint64
	of   owner
	what uint16
}

// A table finds words by key; several may have the same.
type table struct {
	list []word
	slot []uint32 // index+1 into list; 0 is free
}

func (t *table) build(list []word) {
	t.list = list
	size := 16
	for size < 2*len(list) {
		size *= 2
	}
	t.slot = make([]uint32, size)
	for i := range list {
		at := mix(list[i].key) & uint64(size-1)
		for t.slot[at] != 0 {
			at = (at + 1) & uint64(size-1)
		}
		t.slot[at] = uint32(i + 1)
	}
}

// first returns a place to begin a walk over the words with a key; next goes on
// and returns nil at the end.
func (t *table) first(key uint64) walk {
	return walk{t: t, key: key, at: mix(key) & uint64(len(t.slot)-1)}
}

type walk struct {
	t   *table
	key uint64
	at  uint64
}

func (w *walk) next() *word {
	if len(w.t.slot) == 0 {
		return nil
	}
	for w.t.slot[w.at] != 0 {
		e := &w.t.list[w.t.slot[w.at]-1]
		w.at = (w.at + 1) & uint64(len(w.t.slot)-1)
		if e.key == w.key {
			return e
		}
	}
	return nil
}

// nextDigest is next, without numbers that stand as they are.
func (w *walk) nextDigest() *word {
	for {
		if e := w.next(); e == nil || e.what < wordFixed64 {
			return e
		}
	}
}

// A bloom is a filter before a table: each key sets three bits of one 64-bit
// word, so that a look is one access to memory. With 24 bits a key it lets one
// in some hundred others pass.
type bloom struct {
	bits  []uint64
	shift uint
	first [1 << 13]uint64 // two bits a key, before that: 64 KiB, which stay near
}

// may reports whether a key, mixed, may be in the table.
func (b *bloom) may(h uint64) bool {
	y := b.first[h>>20&(1<<13-1)]
	if y>>(h>>33&63)&(y>>(h>>39&63))&1 == 0 {
		return false
	}
	x := b.bits[h>>(b.shift&63)]
	return x>>(h&63)&(x>>(h>>6&63))&(x>>(h>>12&63))&1 != 0
}

func (b *bloom) build(list []word) {
	size := uint(6) // log2 of the words
	for 64<<size < 24*len(list) {
		size++
	}
	b.bits = make([]uint64, 1<<size)
	b.shift = 64 - size
	for i := range list {
		h := mix(list[i].key)
		b.first[h>>20&(1<<13-1)] |= 1<<(h>>33&63) | 1<<(h>>39&63)
		b.bits[h>>b.shift] |= 1<<(h&63) | 1<<(h>>6&63) | 1<<(h>>12&63)
	}
}

// mix spreads a key over 64 bits. Fixed integers differ in few of them.
func mix(x uint64) uint64 {
	x ^= x >> 32
	x *= 0x9e3779b97f4a7c15
	return x ^ x>>29
}

// bigEndian reads 8 bytes.
func bigEndian(p []byte) uint64 {
	_ = p[7]
	return uint64(p[0])<<56 | uint64(p[1])<<48 | uint64(p[2])<<40 | uint64(p[3])<<32 | uint64(p[4])<<24 | uint64(p[5])<<16 | uint64(p[6])<<8 | uint64(p[7])
}

// hashText is FNV-1a with a last mix, for the few texts that are looked up.
func hashText(s string) uint64 {
	h := uint64(0xcbf29ce484222325)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 0x100000001b3
	}
	return mix(h)
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c | 0x20
	}
	return c
}

func lowerString(s string) string {
	b := []byte(s)
	for i := range b {
		b[i] = lower(b[i])
	}
	return string(b)
}

func trimString(s string) string {
	for len(s) > 0 && s[0] <= ' ' {
		s = s[1:]
	}
	for len(s) > 0 && s[len(s)-1] <= ' ' {
		s = s[:len(s)-1]
	}
	return s
}

func isDigit(c byte) bool { return c-'0' < 10 }

func isLetter(c byte) bool { return c|0x20-'a' < 26 }

func isAlnum(c byte) bool { return isDigit(c) || isLetter(c) }

// unhex returns a digit's value, and 255 for what is none.
func unhex(c byte) byte {
	switch {
	case isDigit(c):
		return c - '0'
	case c|0x20-'a' < 6:
		return c | 0x20 - 'a' + 10
	}
	return 255
}

// index returns where sub begins in p, from a place on, and -1.
func index(p []byte, sub string, from int) int {
	for i := from; i+len(sub) <= len(p); i++ {
		if p[i] == sub[0] && string(p[i:i+len(sub)]) == sub {
			return i
		}
	}
	return -1
}

func hasPrefix(p []byte, s string) bool {
	if len(p) < len(s) {
		return false
	}
	for i := range len(s) { // TinyGo would copy p to compare it
		if p[i] != s[i] {
			return false
		}
	}
	return true
}
