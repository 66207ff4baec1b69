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
	main      uint8  // entry of the main region
	validity  uint16 // automaton whose classes are region and type, 0 until it is read
	regions   string // entries in libphonenumber's order, a byte each
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

func (r *reader) byte() uint8 {
	r.i++
	return r.s[r.i-1]
}

//go:noinline
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
func (r *reader) text(n int) string {
	r.i += n
	return r.s[r.i-n : r.i]
}

//go:noinline
func expandTexts(dst []string, data string) {
	r := reader{s: data}
	for i := 1; i < len(dst); i++ {
		dst[i] = r.text(int(r.number()))
	}
}

func (e *entry) read(r *reader) {
	e.lengths = r.number() << 2
	e.local = r.number() << 2
	e.idd = r.byte()
	e.prefix = r.byte()
	if e.prefix != 0 {
		if n := r.byte(); n > 0 {
			e.moves = true
			e.transform = r.text(int(n) - 1)
		}
	}
	e.leading = r.byte()
}

//go:noinline
func expand() {
	expandTexts(programs[:], programData)
	expandTexts(splits[:], splitData)
	expandTexts(forms[:], formData)
	expandTexts(rules[:], ruleData)
	expandRunes(zeros[:], zeroData)
	expandRunes(letters[:], letterData)
	r := reader{s: regionData}
	for i := 1; i <= regionCount; i++ {
		e := &entries[i]
		e.id = r.text(2)
		e.plan = r.byte()
		e.read(&r)
		byName[int(e.id[0]-'A')*26+int(e.id[1]-'A')] = uint8(i)
	}
	r = reader{s: planData}
	free := uint8(regionCount)
	for i := 1; i <= planCount; i++ {
		p := &plans[i]
		p.code = uint16(r.number())
		p.regions = r.text(int(r.byte()))
		if p.regions == "" {
			free++
			p.main = free
			e := &entries[free]
			e.id = "001"
			e.plan = uint8(i)
			e.code = p.code
			e.read(&r)
		} else {
			p.main = p.regions[0]
			for j := 0; j < len(p.regions); j++ {
				entries[p.regions[j]].code = p.code
			}
		}
		first, count := int(p.code), 1
		p.width = 3
		for first < 100 {
			first *= 10
			count *= 10
			p.width--
		}
		for j := first; j < first+count; j++ {
			byDigits[j] = uint8(i)
		}
		p.extension = r.text(int(r.number()))
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
