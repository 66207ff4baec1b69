package contacts

// A country is two capital letters or the digits of a calling code, zeros behind.
type country [3]byte

// of returns it as a slice of buf.
func (c country) of(buf *[3]byte) []byte {
	*buf = c
	n := 0
	for n < len(buf) && buf[n] != 0 {
		n++
	}
	return buf[:n]
}

// setCountry takes what stands in a column of countries, for the numbers that
// follow.
func (r *Reader) setCountry(text []byte) { r.country = countryOf(r, text) }

// countryOf reads "44", "+44", "0044", "GB", "GBR" and names.
//
//go:noinline
func countryOf(r *Reader, text []byte) (c country) {
	text = trim(text)
	if n := digits(text); n > 0 {
		i := 0
		for _, d := range text {
			if d < '0' || d > '9' {
				continue
			}
			if d == '0' && i == 0 {
				continue // the 00 before it
			}
			if i == len(c) {
				return country{}
			}
			c[i] = d
			i++
		}
		if c[0] == '1' { // +1-684 has its area code there
			return country{'1'}
		}
		return c
	}
	s := normalise(&r.normal, text)
	if len(s) == 4 {
		a, b := s[1], s[2]
		if 'a' <= a && a <= 'z' && 'a' <= b && b <= 'z' {
			if a == 'u' && b == 'k' {
				a, b = 'g', 'b'
			}
			return country{a - 32, b - 32}
		}
	}
	return countryNamed(s)
}

// countryNamed knows the names by which columns call a country: its code of three
// letters, its name in English, in eighteen languages that much is exported in, and
// in its own.
func countryNamed(s []byte) country {
	h := CountryHash(trim(s))
	for table := countryHashes; len(table) > 3; {
		to := 3 + 3*int(table[2])
		for i := 3; i < to; i += 3 {
			if uint32(table[i])|uint32(table[i+1])<<8|uint32(table[i+2])<<16 == h {
				return country{table[0], table[1]}
			}
		}
		table = table[to:]
	}
	return country{}
}

// CountryHash is that of a normalised name, 24 bits: one in 14,000 other texts has that
// of a country.
func CountryHash(name []byte) uint32 { return hash(name) >> 8 }
