package main

import (
	"fmt"
	"regexp"
	"strings"
)

// The types as package number counts them.
const (
	fixedLine = iota + 1
	mobile
	fixedLineOrMobile
	tollFree
	premiumRate
	sharedCost
	voip
	personalNumber
	pager
	uan
	voicemail
	firstPair // classes from here on name a pair of region and type
)

// tables is everything that package number needs to know, before layout.
type tables struct {
	m        *metadata
	states   *store
	plans    []plan
	regions  []entry // two-letter regions in alphabetical order
	programs texts
	pairs    []pair
	splits   texts
	forms    texts
	rules    texts
}

// plan is a calling code.
type plan struct {
	code          int
	regions       []int  // into tables.regions; nil for a code without geography
	main          entry  // the main region's parsing rules
	validity      *state // classes: see pair
	national      []layout
	international []layout
	extension     string
}

// entry is what parsing needs to know of a region.
type entry struct {
	id          string
	plan        int
	general     *state
	lengths     uint32 // bit n: n digits are possible
	local       uint32 // bit n: n digits can be dialled inside an area
	idd, prefix int    // programs, 0 for none
	transform   string
	transforms  bool
	leading     int // program
}

// pair is a class of a plan with several regions: the region's place in its
// list, and the type.
type pair struct{ region, kind int }

// layout is one way to write a number.
type layout struct {
	leading           string // pattern
	groups            int
	split, form, rule int
}

// texts numbers distinct texts from 1; 0 is the empty one.
type texts struct {
	index map[string]int
	list  []string
}

func (t *texts) of(s string) int {
	if s == "" {
		return 0
	}
	if t.index == nil {
		t.index = map[string]int{}
	}
	i, ok := t.index[s]
	if !ok {
		t.list = append(t.list, s)
		i = len(t.list)
		t.index[s] = i
	}
	return i
}

func compile(m *metadata) *tables {
	t := &tables{m: m, states: newStore()}
	byID := map[string]*region{}
	byCode := map[int]*region{}
	for i := range m.Regions {
		r := &m.Regions[i]
		if r.ID == "001" {
			byCode[r.Code] = r
		} else {
			byID[r.ID] = r
		}
	}
	planOf := map[int]int{}
	for i, c := range m.Codes {
		planOf[c.Code] = i
	}
	place := map[string]int{}
	for i := range m.Regions {
		r := &m.Regions[i]
		if r.ID != "001" {
			place[r.ID] = len(t.regions)
			t.regions = append(t.regions, t.entry(r, planOf[r.Code]))
		}
	}
	for i, c := range m.Codes {
		p := plan{code: c.Code}
		var list []*region
		for _, id := range c.Regions {
			if id == "001" {
				list = append(list, byCode[c.Code])
				continue
			}
			p.regions = append(p.regions, place[id])
			list = append(list, byID[id])
		}
		main := list[0]
		if p.regions != nil {
			p.main = t.regions[p.regions[0]]
		} else {
			p.main = t.entry(main, i)
		}
		p.validity = t.validity(list)
		p.national = t.layouts(main.Formats)
		p.international = t.layouts(main.International)
		p.extension = main.Extension
		t.plans = append(t.plans, p)
	}
	return t
}

func mask(lengths []int) (m uint32) {
	for _, l := range lengths {
		if l > 0 {
			m |= 1 << l
		}
	}
	return m
}

var transformForm = regexp.MustCompile(`^(\d*)\$(\d)$`)

func (t *tables) entry(r *region, plan int) entry {
	e := entry{
		id: r.ID, plan: plan,
		general: t.states.language(r.General.Pattern, false, nil),
		lengths: mask(r.General.Lengths),
		local:   mask(r.General.Local),
		idd:     t.programs.of(string(program(r.IDD))),
		prefix:  t.programs.of(string(program(r.Parse))),
		leading: t.programs.of(string(program(r.Leading))),
	}
	if r.Transform != "" {
		groups := strings.Count(r.Parse, "(") - strings.Count(r.Parse, "(?:")
		f := transformForm.FindStringSubmatch(r.Transform)
		if f == nil || f[2] != fmt.Sprint(groups) {
			panic("transform not understood: " + r.ID)
		}
		e.transforms, e.transform = true, f[1]
	}
	return e
}

// validity returns the automaton of the valid numbers of a calling code, whose
// classes are their region and type. A number's type is the first that
// matches, in libphonenumber's order; its region is the first in the list whose
// leading digits it has, or in which it has a type.
func (t *tables) validity(list []*region) *state {
	type part struct{ leading, first int }
	var parts []*state
	var of []part
	order := []int{premiumRate, tollFree, sharedCost, voip, personalNumber, pager, uan, voicemail, fixedLine, mobile}
	for _, r := range list {
		p := part{leading: -1}
		if r.Leading != "" {
			p.leading = len(parts)
			parts = append(parts, t.states.language(r.Leading, true, nil))
		}
		p.first = len(parts)
		parts = append(parts, t.desc(r.General, r.General))
		for _, d := range []*desc{r.Premium, r.TollFree, r.Shared, r.VoIP, r.Personal, r.Pager, r.UAN, r.Voicemail, r.Fixed, r.Mobile} {
			parts = append(parts, t.desc(d, r.General))
		}
		of = append(of, p)
	}
	kindOf := func(classes []uint8, r *region, first int) int {
		if classes[first] == 0 {
			return 0
		}
		isMobile := classes[first+10] != 0
		for i, kind := range order {
			if classes[first+1+i] == 0 {
				continue
			}
			if kind == fixedLine && (r.Same || isMobile) {
				return fixedLineOrMobile
			}
			if kind == mobile && r.Same {
				return 0
			}
			return kind
		}
		return 0
	}
	return t.states.product(parts, func(classes []uint8) uint8 {
		for i, r := range list {
			p := of[i]
			kind := kindOf(classes, r, p.first)
			if p.leading >= 0 && classes[p.leading] == 0 || p.leading < 0 && kind == 0 {
				continue
			}
			if kind == 0 {
				return 0
			}
			return t.class(i, kind)
		}
		return 0
	})
}

func (t *tables) class(region, kind int) uint8 {
	if region == 0 {
		return uint8(kind)
	}
	for i, p := range t.pairs {
		if p == (pair{region, kind}) {
			return uint8(firstPair + i)
		}
	}
	t.pairs = append(t.pairs, pair{region, kind})
	if firstPair+len(t.pairs) > 255 {
		panic("more pairs of region and type than classes")
	}
	return uint8(firstPair + len(t.pairs) - 1)
}

// desc returns the automaton of a type's numbers. Without lengths of its own a
// type has those of the general description, which the caller also asks.
func (t *tables) desc(d, general *desc) *state {
	if d == nil {
		return nil
	}
	return t.states.language(d.Pattern, false, func(n int) bool {
		return len(d.Lengths) == 0 || d.has(n)
	})
}

func (t *tables) layouts(list []numberFormat) (out []layout) {
	for _, f := range list {
		groups := split(f.Pattern)
		l := layout{groups: len(groups), split: t.splits.of(groups), form: t.forms.of(template(f.Format)), rule: t.rules.of(template(f.Prefix))}
		if n := len(f.Leading); n > 0 {
			l.leading = f.Leading[n-1]
		}
		out = append(out, l)
	}
	return out
}

var group = regexp.MustCompile(`^\(\\d(?:\{(\d+)(?:,(\d+))?\})?\)`)

// split turns a format's pattern, which is nothing but groups of digits of
// which at most one varies in length, into a byte a group: the least length,
// and in the high four bits how much longer it may be.
func split(pattern string) string {
	var out []byte
	varying := 0
	for rest := pattern; rest != ""; {
		g := group.FindStringSubmatch(rest)
		if g == nil {
			panic("format not understood: " + pattern)
		}
		rest = rest[len(g[0]):]
		lo, hi := 1, 1
		if g[1] != "" {
			fmt.Sscan(g[1], &lo)
			hi = lo
		}
		if g[2] != "" {
			fmt.Sscan(g[2], &hi)
			varying++
		}
		if lo > 15 || hi-lo > 15 {
			panic("format too wide: " + pattern)
		}
		out = append(out, byte(lo|(hi-lo)<<4))
	}
	if varying > 1 {
		panic("format varies twice: " + pattern)
	}
	return string(out)
}

// template writes $1 as the byte 1 and so on.
func template(s string) string {
	for i := 1; i < 8; i++ {
		s = strings.ReplaceAll(s, fmt.Sprintf("$%d", i), string(rune(i)))
	}
	return s
}
