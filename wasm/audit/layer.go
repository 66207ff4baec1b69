package audit

import "slices"

// A layer is bytes to look at: those of a part, or what came of undoing an
// encoding around some of another layer's.
type layer struct {
	p      []byte
	parent *layer
	step   string // what was undone; "" for the part's own bytes
	shape  string // what the bytes are, where that counts as a step too: "json", "form", "plist"
	kind   layerKind
	at     span   // of the parent
	moves  []move // for mapped layers
	depth  int
	bounds bool   // the bytes are one whole value, such as a string of a protobuf message
	key    string // what the value is called
	pairs  int8   // see short
	bytes  int8
	joined int   // behind the last line of Base64 that was put together
	told   span  // the last token that is known, such as a digest: it needs no decoding
	guess  bool  // whether it is a layer at all is not known: damage in it is none
	known  bool  // what the bytes are was found out
	cut    bool  // more may have followed: what they were taken from broke off
	marked bool  // there may be vCards in it, or PGP
	nested bool  // JSON that is a string of JSON
	origin int32 // index+1 of tokens.origins, 0 while there is none
}

type span struct{ from, to int }

// layerKind says how places of a layer are places of its parent.
type layerKind uint8

const (
	boxed  layerKind = iota // all are the token's place
	opaque                  // none are: unpacked
	mapped                  // by moves
	hidden                  // by moves, and the step is none: findings are told in the parent
	within                  // behind at.from: they are bytes of the parent
)

// A move says where in the parent the bytes from a place on stand, up to the
// next move.
type move struct{ child, parent int32 }

// up returns the place in the parent of a place in l, which is mapped.
func (l *layer) up(i int) int {
	lo, hi := 0, len(l.moves)
	for lo < hi {
		if m := (lo + hi) / 2; int(l.moves[m].child) <= i {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if lo == 0 {
		return i
	}
	m := l.moves[lo-1]
	return int(m.parent) + i - int(m.child)
}

// parentSpan returns the place in the parent of bytes of l.
func (l *layer) parentSpan(s span) span {
	switch l.kind {
	case mapped, hidden:
		to := s.from
		if s.to > s.from {
			to = l.up(s.to-1) + 1
			// An escape at the end is as long as it is up to what follows.
			if s.to < len(l.p) {
				to = max(to, l.up(s.to))
			} else {
				to = l.at.to
			}
		}
		return span{l.up(s.from), to}
	case within:
		return span{l.at.from + s.from, l.at.from + s.to}
	}
	return l.at
}

// chain returns the steps from the part's bytes to l's, behind before.
func (l *layer) chain(before []string) []string {
	if l.parent == nil {
		out := append([]string(nil), before...)
		if l.shape != "" {
			out = append(out, l.shape)
		}
		return out
	}
	out := l.parent.chain(before)
	if l.kind != hidden && l.step != "" {
		// The shape of the parent is told by the step that undoes it.
		if n := len(out); n > 0 && out[n-1] == l.step && l.parent.shape == l.step && !l.nested {
			out = out[:n-1]
		}
		out = append(out, l.step)
	}
	if l.shape != "" && (len(out) == 0 || out[len(out)-1] != l.shape) && (l.kind != mapped || l.parent.shape != l.shape) {
		out = append(out, l.shape)
	}
	return out
}

// put records a finding at a place of l. The certainty is at least Possible.
func (s *scan) put(l *layer, at span, of owner, k Kind, c Certainty, f form, recipe string) {
	if s.count >= s.o.MaxFindings {
		s.trouble(TooMany)
		return
	}
	if k == Number && l.cut && at.to == len(l.p) {
		c = Possible
	}
	for l.kind == hidden && l.parent != nil {
		at, l = l.parentSpan(at), l.parent
	}
	// path is where the value stands in the layers that keep no places of their
	// parents', from the inside out; top where that is in the part.
	path, top, steps := s.path[:0], at, 0
	for up := l; up.parent != nil; up = up.parent {
		if up.kind != within && up.kind != hidden {
			steps++
		}
		switch up.kind {
		case opaque:
			path, top = append(path, top), span{0, len(up.parent.p)}
		case boxed:
			path, top = append(path, top), up.at
		default:
			top = up.parentSpan(top)
		}
	}
	s.path = path
	chain := l.chain(s.before)
	if l.kind == mapped && l.step == "form" && objectValue(l.parent.p, l.up(at.from)) {
		chain = append(chain, "json")
	}
	who := s.b.contactOf(of)
	for i := s.last[who]; i > 0; {
		g := &s.out[i-1]
		i = g.prev
		if g.dropped || !g.top.overlaps(top) {
			continue
		}
		if !overlap(g.path, path) {
			if g.Kind == k && g.Start == at.from && g.End == at.to && slices.Equal(g.Chain, chain) && len(g.path) != len(path) {
				return // the same way, by another reading of what is around it
			}
			continue
		}
		switch {
		case g.Kind == k, k != Name && g.Kind != Name:
			in, old := top, g.top
			if len(path) > 0 {
				in, old = path[0], g.path[0]
			}
			longer := k == Number && in.from <= old.from && old.to <= in.to && in != old && g.steps >= steps
			if g.Certainty > c || g.Certainty == c && g.steps <= steps && !longer {
				return
			}
		case g.Kind == Email: // the name is its address
			return
		case k != Email:
			continue
		}
		g.dropped = true
		s.count--
	}
	if k == Digest && at == (span{0, len(l.p)}) {
		l.known = true
	}
	from, to := max(0, at.from-40), min(len(l.p), at.to+40)
	fd := Finding{
		Sent: s.sent, Contact: who, E164: s.b.E164(who), Kind: k, Certainty: c,
		Value: s.value(l, at), Recipe: recipe, Location: s.location, Chain: chain,
		Start: at.from, End: at.to, Context: append([]byte(nil), l.p[from:to]...), At: at.from - from,
		owner: of, spelled: f, top: top, path: slices.Clone(path), steps: steps, prev: s.last[who],
		whole: l.parent == nil && at.from <= 1 && at.to >= len(l.p)-1,
	}
	if of >= 0 {
		fd.E164 = s.b.numbers[of].e164
	}
	s.out = append(s.out, fd)
	s.last[who] = len(s.out)
	s.count++
}

func (s span) overlaps(t span) bool { return s.from < t.to && t.from < s.to }

// overlap reports whether two values overlap in each of as many layers.
func overlap(a, b []span) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !a[i].overlaps(b[i]) {
			return false
		}
	}
	return true
}

// value is what stands at a place: text as it is, other bytes in hexadecimal.
func (s *scan) value(l *layer, at span) string {
	p := l.p[at.from:at.to]
	for _, c := range p {
		if classes[c]&clsControl != 0 || c >= 0x80 && !validText(p) {
			return hexText(p)
		}
	}
	return string(p)
}

func hexText(p []byte) string {
	const digits = "0123456789abcdef"
	out := make([]byte, 0, 2*len(p))
	for _, c := range p {
		out = append(out, digits[c>>4], digits[c&15])
	}
	return string(out)
}

// grow makes room for n more bytes.
func grow(p []byte, n int) []byte {
	if cap(p)-len(p) >= n {
		return p
	}
	q := make([]byte, len(p), max(2*cap(p), len(p)+n))
	copy(q, p)
	return q
}

// buffer returns room for the bytes of a layer of a depth: there is one of each
// at a time.
func (s *scan) buffer(depth int) []byte {
	for len(s.buffers) <= depth {
		s.buffers = append(s.buffers, nil)
	}
	if cap(s.buffers[depth]) > 4<<20 {
		s.buffers[depth] = nil
	}
	return s.buffers[depth][:0]
}

// child makes a layer inside l. It holds until the next of its depth.
func (s *scan) child(l *layer, step string, kind layerKind, at span, p []byte) *layer {
	d := l.depth + 1
	for len(s.layers) <= d {
		s.layers = append(s.layers, new(layer))
	}
	c := s.layers[d]
	moves := c.moves[:0]
	*c = layer{p: p, parent: l, step: step, kind: kind, at: at, depth: d, moves: moves, key: l.key, guess: l.guess, cut: l.cut}
	return c
}
