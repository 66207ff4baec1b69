package number

// entry is what parsing needs to know of a region, or of a calling code
// without geography.
type entry struct {
	general   uint16 // automaton of the general description, 0 until it is read
	lengths   uint32 // bit n: n digits are possible
	local     uint32 // bit n: n digits can be dialled inside an area
	transform string // digits that a transformed number begins with
	id        string // two letters, or 001 without geography
	code      uint16
	plan      uint8
	idd       uint8 // program
	prefix    uint8 // program
	leading   uint8 // program, whole for regions that share their calling code
	moves     bool  // the national prefix's capture replaces it
}

// plan is a calling code.
type plan struct {
	code      uint16
	width     uint8  // digits of the code, 1–3
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

// stateCount is room for the states of all automata: those that tell digits
// apart from 1 on, tails and leaves from the end back.
const stateCount = 1 + nodeCount + tailCount + leafCount

// The tables, expanded from the strings of tables.go. Index 0 is none.
var (
	entries  [1 + regionCount + globalCount]entry
	plans    [1 + planCount]plan
	programs [programCount]string
	byDigits [1000]uint8    // three digits a calling code begins, or is: plan
	byName   [26 * 26]uint8 // two letters: entry
	sorted   [regionCount]uint8
	next     [stateCount * 10]uint16
	class    [stateCount]uint8
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
	expandTexts(programs[:], programData)
	expandTexts(splits[:], splitData)
	expandTexts(forms[:], formData)
	expandTexts(rules[:], ruleData)
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
	r := reader{s: transformData}
	for r.i < len(r.s) {
		e := &entries[r.byte()]
		e.moves = true
		e.transform = r.text(int(r.number()))
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
			e.code = code
			e.plan = uint8(i)
			if e.id == "00" {
				e.id = "001"
			} else {
				byName[int(e.id[0]-'A')*26+int(e.id[1]-'A')] = used
			}
			used++
		}
		first, count := int(code), 1
		p.width = 3
		for first < 100 {
			first *= 10
			count *= 10
			p.width--
		}
		for j := first; j < first+count; j++ {
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

// matches says whether the general description matches the digits.
func (e *entry) matches(digits []byte) bool {
	if e.general == 0 {
		loadAutomata(e.plan)
	}
	return walk(e.general, digits) != 0
}

// walk answers the class that the automaton gives to all of the digits, 0 for
// none.
//
//go:nobounds
func walk(state uint16, digits []byte) uint8 {
	s := uint32(state)
	for _, d := range digits {
		s = uint32(next[s*10+uint32(d)])
		if s == 0 {
			return 0
		}
	}
	return class[s]
}

//go:nobounds
func planOfDigits(d []byte) uint8 {
	if len(d) == 0 || d[0] == 0 {
		return 0
	}
	i := uint32(d[0]) * 100
	if len(d) > 1 {
		i += uint32(d[1]) * 10
	}
	if len(d) > 2 {
		i += uint32(d[2])
	}
	if i >= uint32(len(byDigits)) {
		return 0
	}
	p := byDigits[i]
	if int(plans[p].width) > len(d) {
		return 0
	}
	return p
}

//go:nobounds
func planOfCode(code uint16) uint8 {
	if code == 0 || code > 999 {
		return 0
	}
	i := uint32(code)
	for i < 100 {
		i *= 10
	}
	if p := byDigits[i]; plans[p].code == code {
		return p
	}
	return 0
}

// regionOf answers the entry of two upper-case letters, 0 for anything else.
//
//go:nobounds
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
