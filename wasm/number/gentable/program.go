package main

// Prefix patterns (international and national prefixes, leading digits) keep
// Perl's order of alternatives and their captures, so they become programs for
// the backtracking matcher in number/match.go. Its operations:
//
//	0x00–0x09     that digit
//	0x0a          any digit
//	0x0b          match
//	0x0c          end of text
//	0x0d 0x0e     the capture begins, ends (the last group alone matters)
//	0x0f n        go on n bytes ahead
//	0x10 n        try what follows, and n bytes ahead if that fails
//	0x80|hi lo    a set of digits, bit d of hi<<8|lo for digit d
//
// n is one byte, or 0xff and two bytes, high first. The offset counts from the
// end of the instruction.
func program(pattern string) []byte {
	if pattern == "" {
		return nil
	}
	n := parsePattern(pattern)
	if n.longest() > maxPrefix {
		panic("pattern: looks at more digits than number/digits.go has at hand: " + pattern)
	}
	groups := 0
	countGroups(n, &groups)
	c := &compiler{last: groups}
	return append(c.emit(n), 0x0b)
}

// maxPrefix is number's constant of that name.
const maxPrefix = 15

// longest returns how many digits can match.
func (n *node) longest() int {
	most, sum := 0, 0
	for _, s := range n.sub {
		most = max(most, s.longest())
		sum += s.longest()
	}
	switch n.op {
	case 's':
		return 1
	case 'r':
		return n.max * sum
	case '|':
		return most
	}
	return sum
}

func countGroups(n *node, count *int) {
	if n.op == '(' {
		*count++
		n.min = *count
	}
	for _, s := range n.sub {
		countGroups(s, count)
	}
}

type compiler struct{ last int }

func offset(n int) []byte {
	if n < 0xff {
		return []byte{byte(n)}
	}
	return []byte{0xff, byte(n >> 8), byte(n)}
}

func (c *compiler) emit(n *node) (out []byte) {
	switch n.op {
	case 's':
		if n.set == anyDigit {
			return []byte{0x0a}
		}
		for d := range 10 {
			if n.set == 1<<d {
				return []byte{byte(d)}
			}
		}
		return []byte{0x80 | byte(n.set>>8), byte(n.set)}
	case 'c':
		for _, s := range n.sub {
			out = append(out, c.emit(s)...)
		}
		return out
	case '|':
		// From the last alternative back, so that every offset is known.
		out = c.emit(n.sub[len(n.sub)-1])
		for i := len(n.sub) - 2; i >= 0; i-- {
			alt := c.emit(n.sub[i])
			alt = append(append(alt, 0x0f), offset(len(out))...)
			out = append(append(append([]byte{0x10}, offset(len(alt))...), alt...), out...)
		}
		return out
	case 'r':
		var tail []byte
		for i := n.max; i > n.min; i-- {
			body := append(c.emit(n.sub[0]), tail...)
			tail = append(append([]byte{0x10}, offset(len(body))...), body...)
		}
		for range n.min {
			out = append(out, c.emit(n.sub[0])...)
		}
		return append(out, tail...)
	case '(':
		if n.min != c.last {
			return c.emit(n.sub[0])
		}
		return append(append([]byte{0x0d}, c.emit(n.sub[0])...), 0x0e)
	case '$':
		return []byte{0x0c}
	}
	panic("pattern: no program for this")
}
