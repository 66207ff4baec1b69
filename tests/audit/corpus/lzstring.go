package corpus

import "unicode/utf8"

const (
	lzBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	lzURL    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-"
)

// lzString is lz-string's compressToBase64 (pieroxy, MIT), by its description:
// LZW over letters, the codes written from the lowest bit in six-bit letters from
// the highest.
func lzString(s string) string {
	out := lzPack(s, 6, func(v int) string { return lzBase64[v : v+1] })
	for len(out)%4 != 0 {
		out += "="
	}
	return out
}

// lzPack is lz-string's compression into letters of some bits, of text whose
// letters are below U+0100 or not.
func lzPack(s string, width int, letter func(int) string) string {
	var bits []byte
	put := func(v, n int) {
		for range n {
			bits = append(bits, byte(v&1))
			v >>= 1
		}
	}
	dictionary, fresh := map[string]int{}, map[string]bool{}
	next, enlarge, size := 3, 2, 2
	grow := func() {
		if enlarge--; enlarge == 0 {
			enlarge = 1 << size
			size++
		}
	}
	emit := func(w string) {
		if fresh[w] {
			c, _ := utf8.DecodeRuneInString(w)
			if c < 256 {
				put(0, size)
				put(int(c), 8)
			} else {
				put(1, size)
				put(int(c), 16)
			}
			grow()
			delete(fresh, w)
		} else {
			put(dictionary[w], size)
		}
		grow()
	}
	w := ""
	for _, r := range s {
		c := string(r)
		if _, ok := dictionary[c]; !ok {
			dictionary[c] = next
			next++
			fresh[c] = true
		}
		if _, ok := dictionary[w+c]; ok {
			w += c
			continue
		}
		emit(w)
		dictionary[w+c] = next
		next++
		w = c
	}
	if w != "" {
		emit(w)
	}
	put(2, size)
	bits = append(bits, 0)
	for len(bits)%width != 0 {
		bits = append(bits, 0)
	}
	out := ""
	for i := 0; i < len(bits); i += width {
		v := 0
		for _, b := range bits[i : i+width] {
			v = v<<1 | int(b)
		}
		out += letter(v)
	}
	return out
}
