package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sealbook/wasm/recipe"
)

// outcome is what the hits of one person and one target come to.
type outcome struct {
	recipes []string // that write the digest in this way
	others  []string // that write it in another way
	grid    []string
	bytes   int // of the target; 0 if it is text
	of      int // of the digest
}

func (m *matcher) outcome(hits []personHit) (o outcome) {
	add := func(to *[]string, name string) {
		if !slices.Contains(*to, name) {
			*to = append(*to, name)
		}
	}
	// What the number explains, its text need not.
	typed := !slices.ContainsFunc(hits, func(h personHit) bool { return !h.c.typed })
	for _, h := range hits {
		if h.c.typed && !typed {
			continue
		}
		if h.reading < 0 {
			for _, published := range h.c.members {
				add(&o.recipes, published.id)
			}
			continue
		}
		r := &m.targets.readings[h.reading]
		whole := h.c.Size()
		o.bytes, o.of = len(r.bytes), whole
		for _, published := range h.c.members {
			switch {
			case len(r.bytes) > published.size:
			case published.class == r.class:
				add(&o.recipes, published.id)
			default:
				add(&o.others, published.id)
			}
			if len(r.bytes) == published.size {
				o.of = published.size
			}
		}
		if h.c.grid != "" {
			name := h.c.grid + "/" + r.spelling(m.targets.texts[h.target])
			if len(r.bytes) < whole {
				name += "/" + strconv.Itoa(len(r.bytes))
			}
			add(&o.grid, name)
		}
	}
	return o
}

func (o *outcome) appendText(dst []byte, digest string, p *person) []byte {
	dst = append(appendVisible(dst, []byte(digest)), '\n')
	field := func(name string, text []byte) {
		if len(text) > 0 {
			dst = append(appendVisible(fmt.Appendf(dst, "  %-9s ", name), text), '\n')
		}
	}
	if p.email {
		field("e-mail", p.text)
	} else {
		field("number", p.e164)
	}
	field("name", p.name)
	field("line", strconv.AppendInt(nil, int64(p.line), 10))
	field("recipes", []byte(strings.Join(marked(o.recipes), ", ")))
	field("otherwise", []byte(strings.Join(marked(o.others), ", ")))
	field("grid", []byte(strings.Join(o.grid, ", ")))
	if o.bytes > 0 {
		note := ""
		if o.bytes < o.of && o.bytes < 8 {
			note = ": may fit by coincidence"
		}
		field("bytes", fmt.Appendf(nil, "%d of %d%s", o.bytes, o.of, note))
	}
	return dst
}

// marked says of which recipes there is no source.
func marked(ids []string) []string {
	out := slices.Clone(ids)
	for i, id := range ids {
		if r, ok := recipe.Lookup(id); ok && r.Confidence() == recipe.RecallOnly {
			out[i] += " (recall-only)"
		}
	}
	return out
}

func (o *outcome) appendJSON(dst []byte, digest string, p *person) []byte {
	dst = appendQuoted(append(dst, `{"digest":`...), []byte(digest))
	dst = append(dst, `,"found":true,"e164":`...)
	if p.email {
		dst = appendQuoted(append(dst, `null,"email":`...), p.text)
	} else {
		dst = append(appendQuoted(dst, p.e164), `,"email":null`...)
	}
	dst = append(dst, `,"name":`...)
	if len(p.name) == 0 {
		dst = append(dst, "null"...)
	} else {
		dst = appendQuoted(dst, p.name)
	}
	dst = fmt.Appendf(dst, `,"line":%d`, p.line)
	for _, list := range []struct {
		name string
		of   []string
	}{{"recipes", o.recipes}, {"other_encoding", o.others}, {"grid", o.grid}} {
		dst = fmt.Appendf(dst, `,"%s":[`, list.name)
		for i, id := range list.of {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendQuoted(dst, []byte(id))
		}
		dst = append(dst, ']')
	}
	if o.bytes == 0 {
		return append(dst, `,"bytes":null,"of":null,"error":null}`+"\n"...)
	}
	return fmt.Appendf(dst, `,"bytes":%d,"of":%d,"error":null}`+"\n", o.bytes, o.of)
}
