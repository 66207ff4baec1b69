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

// matchPrefix runs a program at the beginning of the digits, preferring
// earlier alternatives as Perl and Java do. A digit is a value of 0–9.
func matchPrefix(program string, digits []byte) (m match, ok bool) {
	// Most programs are literals, or begin with them.
	for i := 0; i < len(program); i++ {
		op := program[i]
		if op == opMatch {
			return match{end: i, open: -1}, true
		}
		if op > 9 {
			return run(program, i, digits)
		}
		if i == len(digits) || op != digits[i] {
			return m, false
		}
	}
	return m, false
}

// run goes on behind literals.
//
//go:noinline
func run(program string, begin int, digits []byte) (m match, ok bool) {
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
			failed = at >= len(digits) || op != opAny && op != digits[at]
			at++
		case op >= opSet:
			set := uint32(op&3)<<8 | uint32(program[pc])
			pc++
			failed = at >= len(digits) || set>>digits[at]&1 == 0
			at++
		case op == opMatch:
			return match{at, open, close}, true
		case op == opEnd:
			failed = at != len(digits)
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
