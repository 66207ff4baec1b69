package number

// Format is a way to write a number. The first four are libphonenumber's; the
// others are digits alone, as services hash them.
type Format uint8

const (
	E164           Format = iota // +442079460018, without extension
	International                // +44 20 7946 0018
	National                     // 020 7946 0018
	RFC3966                      // tel:+44-20-7946-0018
	Digits                       // 442079460018
	Dialled                      // 00442079460018
	NationalDigits               // 02079460018: the digits of National, without extension
	Significant                  // 2079460018
)

// MaxText is the most bytes that Append adds: 20 digits, as many of an
// extension, a label and what stands between.
const MaxText = 64

// Format returns the number written so.
func (n Number) Format(f Format) string {
	var buffer [MaxText]byte
	return string(n.Append(buffer[:0], f))
}

// Plain reports whether the format is digits, perhaps behind a plus or zeros,
// which needs no table of layouts: E164, Digits, Dialled or Significant.
func (f Format) Plain() bool { return f == E164 || f == Digits || f == Dialled || f == Significant }

// AppendPlain is Append for a plain format. A program that calls no other is
// built without the layouts, a fifth of core.wasm.
func (n Number) AppendPlain(dst []byte, f Format) []byte {
	if n.plan == 0 {
		return dst
	}
	ready()
	var text [MaxE164 + 3]byte
	from, to := 1, n.PutE164(&text)
	switch f {
	case E164:
		from = 0
	case Dialled:
		dst = append(dst, "00"...)
	case Significant:
		from += int(plans[n.plan].width)
	}
	return append(dst, text[from:to]...)
}

// Append appends the number written so; nothing for the zero Number. It does
// not allocate where dst has room for MaxText more.
func (n Number) Append(dst []byte, f Format) []byte {
	if f.Plain() || n.plan == 0 {
		return n.AppendPlain(dst, f)
	}
	ready()
	var w writer
	w.format = f
	n.write(&w)
	return append(dst, w.text[:w.n]...)
}

// MaxE164 is the most bytes that E.164 has here: a plus, a calling code and 17
// digits.
const MaxE164 = 21

// PutE164 writes the number in E.164, zeros behind it, and answers how many
// bytes it has; none for the zero Number.
func (n Number) PutE164(dst *[MaxE164 + 3]byte) int {
	if n.plan == 0 {
		*dst = [MaxE164 + 3]byte{}
		return 0
	}
	p := &plans[n.plan]
	d := n.significant().behind(uint64(p.digits), int(p.width))
	putWord(dst[0:8], '+'|ascii(d.a&0xfffffff, d.n)<<8)
	putWord(dst[8:16], ascii(d.a>>28&0xffffffff, d.n-7))
	putWord(dst[16:24], ascii(d.a>>60|d.b<<4, d.n-15))
	return 1 + d.n
}

// ascii returns the first k of 8 digits as ASCII, zeros behind them.
//
//go:inline
func ascii(v uint64, k int) uint64 {
	if k <= 0 {
		return 0
	}
	return unpack(v) | 0x3030303030303030>>((64-8*uint(min(k, 8)))&63)
}

// writer holds a number while it is written.
type writer struct {
	text   [MaxText]byte
	n      int
	format Format
}

//go:inline
func (w *writer) put(c byte) {
	w.text[w.n] = c
	w.n++
}

// putDigits writes the first n of some digits.
func (w *writer) putDigits(d digits, n int) {
	for range n {
		w.put(byte(d.a&15) + '0')
		d = d.from(1)
	}
}

//go:noinline
func (w *writer) putText(s string) {
	for i := 0; i < len(s); i++ {
		w.put(s[i])
	}
}

// write writes the number in w's format, one of those with groups.
func (n Number) write(w *writer) {
	f := w.format
	p := &plans[n.plan]
	if f == RFC3966 {
		w.putText("tel:")
	}
	if f == RFC3966 || f == International {
		w.put('+')
		w.putDigits(digits{a: uint64(p.digits)}, int(p.width))
	}
	switch f {
	case International:
		w.put(' ')
	case RFC3966:
		w.put('-')
	}
	if !p.formatted {
		loadFormats(n.plan)
	}
	p.write(w, n.significant())
	if n.extLen == 0 || f == NationalDigits {
		return
	}
	switch {
	case f == RFC3966:
		w.putText(";ext=")
	case p.extension != "":
		w.putText(p.extension)
	default:
		w.putText(" ext. ")
	}
	for i := int(n.extLen) - 1; i >= 0; i-- {
		w.put('0' + n.extensionDigit(i))
	}
}

// write writes the national significant number in the first layout that fits it.
func (p *plan) write(w *writer, d digits) {
	from, to := p.layouts, p.layouts+uint16(p.national)
	national := w.format == National || w.format == NationalDigits
	if !national && p.international > 0 {
		from, to = to, to+uint16(p.international)
	}
	set := sets[d.walk(p.leading)]
	for i := from; i < to; i++ {
		l := &layouts[i]
		if l.leading != 0 && set>>(l.leading-1)&1 == 0 {
			continue
		}
		groups := splits[l.split]
		extra, ok := fits(groups, d.n)
		if !ok {
			continue
		}
		rule := ""
		if national {
			rule = rules[l.rule]
		}
		w.layout(d, groups, extra, forms[l.form], rule)
		return
	}
	w.putDigits(d, d.n)
}

// fits says whether groups can have n digits together, and how many more than
// its least the varying one then has.
func fits(groups string, n int) (extra int, ok bool) {
	width := 0
	for i := 0; i < len(groups); i++ {
		n -= int(groups[i] & 15)
		width += int(groups[i] >> 4)
	}
	return n, n >= 0 && n <= width
}

// layout writes d in a form, whose bytes 1 to 7 stand for groups. rule takes the
// place of the form's first group, which its own byte 1 stands for.
func (w *writer) layout(d digits, groups string, extra int, form, rule string) {
	begin := w.n
	for i := 0; i < len(form); i++ {
		c := form[i]
		if c > 7 {
			w.putMark(c, begin)
			continue
		}
		if rule == "" {
			w.putGroup(d, groups, extra, c)
			continue
		}
		for j := 0; j < len(rule); j++ {
			if rule[j] == 1 {
				w.putGroup(d, groups, extra, c)
			} else {
				w.putMark(rule[j], begin)
			}
		}
		rule = ""
	}
}

// putMark writes a character of a form as the format wants it: digits only, or
// one hyphen between groups and nothing before the first.
//
//go:noinline
func (w *writer) putMark(c byte, begin int) {
	if !isDigit(c) {
		switch w.format {
		case NationalDigits:
			return
		case RFC3966:
			if w.n == begin || w.text[w.n-1] == '-' {
				return
			}
			c = '-'
		}
	}
	w.put(c)
}

// putGroup writes group g, counted from 1.
//
//go:noinline
func (w *writer) putGroup(d digits, groups string, extra int, g byte) {
	for i := 0; i < len(groups); i++ {
		n := int(groups[i] & 15)
		if groups[i] > 15 {
			n += extra
		}
		if i+1 == int(g) {
			w.putDigits(d, n)
			return
		}
		d = d.from(n)
	}
}
