package number

// Operations of a prefix program; gentable/program.go describes them.
const (
	opAny   = 0x0a
	opMatch = 0x0b
	opEnd   = 0x0c
	opOpen  = 0x0d
	opClose = 0x0e
	opJump  = 0x0f
	opSplit = 0x10
	opSet   = 0x80
)

// branch is a place to return to when what was tried fails.
type branch struct {
	pc          uint16
	at          uint8
	open, close int8
}

// match is where a program's match ends, and what its last group captured.
type match struct {
	end         int
	open, close int // open < 0: nothing captured
}

// program is how a prefix is matched.
type program struct {
	text    string // all of it
	literal uint64 // the digits that it begins with
	mask    uint64 // their bits
	width   uint8  // how many there are, before other operations
	whole   bool   // nothing follows them
}

// set finds the literal at the program's beginning. Most are nothing else.
func (p *program) set(text string) {
	p.text = text
	for int(p.width) < len(text) && text[p.width] <= 9 {
		p.literal |= uint64(text[p.width]) << (4 * p.width)
		p.mask |= 15 << (4 * p.width)
		p.width++
	}
	p.whole = text[p.width] == opMatch
}

// match runs a program at the beginning of the digits, preferring earlier
// alternatives as Perl and Java do. Program 0 matches nothing.
//
//go:inline
func (d digits) match(id uint8) (m match, ok bool) {
	p := &programs[id]
	if d.a&p.mask != p.literal || d.n < int(p.width) || id == 0 {
		return m, false
	}
	if p.whole {
		return match{end: int(p.width), open: -1}, true
	}
	return d.run(p.text, int(p.width))
}

// run goes on behind literals.
//
//go:noinline
func (d digits) run(program string, begin int) (m match, ok bool) {
	var stack [16]branch
	depth := 0
	pc, at := begin, begin
	open, close := -1, -1
	for {
		op := program[pc]
		pc++
		failed := false
		switch {
		case op <= opAny:
			failed = at >= d.n || op != opAny && op != d.at(at)
			at++
		case op >= opSet:
			set := uint32(op&3)<<8 | uint32(program[pc])
			pc++
			failed = at >= d.n || set>>d.at(at)&1 == 0
			at++
		case op == opMatch:
			return match{at, open, close}, true
		case op == opEnd:
			failed = at != d.n
		case op == opOpen:
			open, close = at, -1
		case op == opClose:
			close = at
		default:
			n := int(program[pc])
			pc++
			if n == 0xff {
				n = int(program[pc])<<8 | int(program[pc+1])
				pc += 2
			}
			if op == opJump {
				pc += n
				break
			}
			if depth == len(stack) {
				return m, false
			}
			stack[depth] = branch{uint16(pc + n), uint8(at), int8(open), int8(close)}
			depth++
		}
		if failed {
			if depth == 0 {
				return m, false
			}
			depth--
			b := &stack[depth]
			pc, at, open, close = int(b.pc), int(b.at), int(b.open), int(b.close)
		}
	}
}
