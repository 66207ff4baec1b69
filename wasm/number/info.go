package number

// Info is what a number's digits tell about it.
type Info struct {
	Region   string // two letters; "001" for a calling code without geography; "" if no region fits
	Type     Type
	Valid    bool // some type's pattern of the region matches
	Possible Possibility
}

// Info returns region, type, validity and possible length at once.
func (n Number) Info() Info {
	ready()
	if n.plan == 0 {
		return Info{Possible: PossibleInvalidCountryCode}
	}
	p := &plans[n.plan]
	d := n.significant()
	info := Info{Possible: entries[p.main].test(d.n)}
	if p.validity == 0 {
		loadAutomata(n.plan)
	}
	c := d.walk(p.validity)
	if c == 0 {
		info.Region = p.regionOfInvalid(d)
		return info
	}
	place := uint8(0)
	if c > uint8(Voicemail) {
		place = pairData[(c-uint8(Voicemail)-1)*2]
		c = pairData[(c-uint8(Voicemail)-1)*2+1]
	}
	info.Valid = true
	info.Type = Type(c)
	info.Region = entries[p.main+place].id
	return info
}

// regionOfInvalid returns the region of a number that is valid in none: the
// only one, or the first whose leading digits it has.
func (p *plan) regionOfInvalid(d digits) string {
	if p.count < 2 {
		return entries[p.main].id
	}
	for i := uint8(0); i < p.count; i++ {
		e := &entries[p.main+i]
		if _, ok := d.match(e.leading); ok {
			return e.id
		}
	}
	return ""
}

// Region returns the number's region as Info does.
func (n Number) Region() string { return n.Info().Region }

// Type returns the number's type, Unknown if it is not valid.
func (n Number) Type() Type { return n.Info().Type }

// Valid says whether a pattern of the number's region matches it. Whether
// somebody answers there is another question.
func (n Number) Valid() bool { return n.Info().Valid }

// Possible says whether the number's length is possible.
func (n Number) Possible() Possibility {
	ready()
	if n.plan == 0 {
		return PossibleInvalidCountryCode
	}
	return entries[plans[n.plan].main].test(int(n.digits))
}

// RegionCount is how many regions are supported.
const RegionCount = regionCount

// RegionAt returns the i-th supported region in alphabetical order, two
// letters; 0 ≤ i < RegionCount.
func RegionAt(i int) string {
	ready()
	return entries[sorted[i]].id
}

// Regions returns the supported regions in alphabetical order.
func Regions() []string {
	list := make([]string, RegionCount)
	for i := range list {
		list[i] = RegionAt(i)
	}
	return list
}

// CallingCode returns the calling code of a region, 0 if it is not one.
func CallingCode(region string) int {
	ready()
	return int(plans[entries[regionOf(region)].plan].code)
}
