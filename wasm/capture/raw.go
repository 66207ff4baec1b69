package capture

// raw is a file that is no capture: one body, taken for what an app sent.
type raw struct {
	r     *Reader
	body  []byte
	cut   bool
	chain []string
}

func newRaw(r *Reader, chain []string) *raw {
	r.about.Format = "raw"
	return &raw{r: r, chain: chain}
}

func (w *raw) write(p []byte) int {
	n := len(p)
	if room := w.r.o.MaxBody - len(w.body); n > room {
		p, w.cut = p[:room], true
	}
	w.body = append(w.body, p...)
	return n
}

func (w *raw) end() bool {
	if len(w.body) == 0 {
		w.r.note(Truncated, 0)
		return true
	}
	b := &w.r.b
	b.reset()
	b.m.Protocol = Raw
	b.m.Parts = append(b.m.Parts, Part{Place: Body, Bytes: w.body, Chain: w.chain})
	if w.cut {
		b.problem(TooLarge)
	}
	w.r.found(&b.m)
	return true
}
