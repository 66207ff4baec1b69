package number

// entry is what parsing needs to know of a region, or of a calling code
// without geography.
type entry struct {
	general        uint16 // automaton of the general description, 0 until it is read
	lengths        uint32 // bit n: n digits are possible
	local          uint32 // bit n: n digits can be dialled inside an area
	transform      uint16 // digits that a rewritten number begins with, the first lowest
	id             string // two letters, or 001 without geography
	plan           uint8
	idd            uint8 // program
	prefix         uint8 // program
	leading        uint8 // program, whole for regions that share their calling code
	moves          bool  // the national prefix's capture replaces it
	transformWidth uint8
}

// plan is a calling code.
type plan struct {
	code      uint16
	digits    uint16 // of the code, the first lowest
	width     uint8  // how many, 1–3
	main      uint8  // entry of the main region; the others follow
	count     uint8  // regions, or 1 without geography
	validity  uint16 // automaton whose classes are region and type, 0 until it is read
	extension string // what goes before an extension, "" for the usual

	formatted     bool   // the rest has been read
	leading       uint16 // automaton of leading digits, whose classes are sets
	layouts       uint16 // first
	national      uint8  // how many
	international uint8  // how many, behind the national ones
}

// layout is a way to write a national number.
type layout struct {
	leading uint8 // bit of the set plus one, 0 for any digits
	split   uint8
	form    uint8
	rule    uint8
}

// A state is a place in next and class, or with this bit one in tails.
const tailBit = 0x8000

// tail is where further digits don't matter, only how many there are.
type tail struct {
	lengths uint32 // bit n: accepted if n more digits follow
	class   uint8
	next    uint16 // the tail after one more digit
}

// The tables, expanded from the strings of tables.go. Index 0 is none.
var (
	entries  [1 + regionCount + globalCount]entry
	plans    [1 + planCount]plan
	programs [programCount]program
	byDigits [0x99a]uint8   // three digits that a calling code begins or is, the first lowest: plan
	byName   [26 * 26]uint8 // two letters: entry
	sorted   [regionCount]uint8
	next     [(1 + nodeCount) * 10]uint16
	class    [1 + nodeCount]uint8
	tails    [1 + tailCount + leafCount]tail
	layouts  [layoutCount]layout
	splits   [splitCount]string
	forms    [formCount]string
	rules    [ruleCount]string
)

// reader takes values off a string of tables.go.
type reader struct {
	s string
	i int
}

//go:nobounds
func (r *reader) byte() uint8 {
	r.i++
	return r.s[r.i-1]
}

//go:noinline
//go:nobounds
func (r *reader) number() (v uint32) {
	for shift := uint(0); ; shift += 7 {
		c := r.byte()
		v |= uint32(c&127) << shift
		if c < 128 {
			return v
		}
	}
}

//go:noinline
//go:nobounds
func (r *reader) text(n int) string {
	r.i += n
	return r.s[r.i-n : r.i]
}

//go:noinline
//go:nobounds
func expandTexts(dst []string, data string) {
	r := reader{s: data}
	for i := 1; i < len(dst); i++ {
		dst[i] = r.text(int(r.number()))
	}
}

//go:noinline
//go:nobounds
func expand() {
	r := reader{s: programData}
	for i := 1; i < len(programs); i++ {
		programs[i].set(r.text(int(r.number())))
	}
	expandRunes(zeros[:], zeroData)
	expandRunes(letters[:], letterData)
	// One column of regionData after the other.
	const count = regionCount + globalCount
	for i := 0; i < count; i++ {
		e := &entries[i+1]
		e.id = regionData[2*i : 2*i+2]
		column := regionData[2*count+i:]
		e.lengths = uint32(column[0])<<2 | uint32(column[count])<<10
		e.local = uint32(column[2*count])<<2 | uint32(column[3*count])<<10
		e.idd = column[4*count]
		e.prefix = column[5*count]
		e.leading = column[6*count]
	}
	r = reader{s: transformData}
	for r.i < len(r.s) {
		e := &entries[r.byte()]
		e.moves = true
		text := r.text(int(r.number()))
		e.transform = uint16(nibbles(text))
		e.transformWidth = uint8(len(text))
	}
	code := uint16(0)
	used := uint8(1)
	for i := 1; i <= planCount; i++ {
		p := &plans[i]
		code += uint16(planData[i-1])
		p.code = code
		p.main = used
		p.count = planData[planCount+i-1]
		for range p.count {
			e := &entries[used]
			e.plan = uint8(i)
			if e.id == "00" {
				e.id = "001"
			} else {
				byName[int(e.id[0]-'A')*26+int(e.id[1]-'A')] = used
			}
			used++
		}
		p.width = 1
		for limit := uint16(10); code >= limit; limit *= 10 {
			p.width++
		}
		p.digits = uint16(decimalDigits(uint64(code), int(p.width)).a)
		for j := int(p.digits); j < len(byDigits); j += 1 << (4 * p.width) {
			byDigits[j] = uint8(i)
		}
	}
	r = reader{s: extensionData}
	for r.i < len(r.s) {
		p := &plans[r.byte()]
		p.extension = r.text(int(r.number()))
	}
	n := 0
	for _, id := range &byName { // not a copy
		if id != 0 {
			sorted[n] = id
			n++
		}
	}
}

// general says whether the region's general description matches the digits.
//
//go:inline
func (d digits) general(e *entry) bool {
	if e.general == 0 {
		loadAutomata(e.plan)
	}
	return d.walk(e.general) != 0
}

// walk returns the class that the automaton gives to all of the digits, 0 for
// none.
//
//go:nobounds
//go:inline
func (d digits) walk(state uint16) uint8 {
	if d.n > maxNational {
		return 0
	}
	a, b := d.a, d.b
	n := uint32(d.n)
	for s := uint32(state); ; n-- {
		if s >= tailBit {
			t := &tails[s&^tailBit]
			return t.class & -uint8(t.lengths>>n&1)
		}
		if n == 0 || s == 0 {
			return class[s]
		}
		s = uint32(next[s*10+uint32(a&15)])
		a = a>>4 | b<<60
		b >>= 4
	}
}

// classOf returns the class of numbers that end in a state.
func classOf(state uint16) uint8 {
	if state < tailBit {
		return class[state]
	}
	t := &tails[state&^tailBit]
	return t.class & -uint8(t.lengths&1)
}

// after returns where a digit leads.
func after(state uint16, d int) uint16 {
	if state < tailBit {
		return next[int(state)*10+d]
	}
	return tails[state&^tailBit].next
}

// plan returns the calling code that the digits begin with, 0 for none.
//
//go:nobounds
//go:inline
func (d digits) plan() uint8 {
	i := d.a & 0xfff
	if i >= uint64(len(byDigits)) {
		return 0
	}
	p := byDigits[i]
	if int(plans[p].width) > d.n {
		return 0
	}
	return p
}

// regionOf returns the entry of two upper-case letters, 0 for anything else.
//
//go:nobounds
//go:inline
func regionOf(id string) uint8 {
	if len(id) != 2 {
		return 0
	}
	a, b := uint32(id[0]-'A'), uint32(id[1]-'A')
	if a >= 26 || b >= 26 {
		return 0
	}
	return byName[a*26+b]
}
