package main

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"sealbook/verifier/stream"
	"sealbook/wasm/number"
)

// plain is a text a line in, and columns of fixed width out; the text comes
// last, because it may hold anything.
type plain struct {
	visible bool // write control characters so that they do nothing
	widths  [2]int

	c    *stream.Chunk
	rest []byte
	line int
}

func (p *plain) begin(c *stream.Chunk) {
	p.c, p.rest, p.line = c, c.In, c.Line
	if p.line == 1 {
		p.rest = bytes.TrimPrefix(p.rest, []byte(mark))
	}
}

// mark is the byte order mark that some programs put before UTF-8.
const mark = "\ufeff"

func (p *plain) next(r *row) bool {
	if len(p.rest) == 0 {
		return false
	}
	end := bytes.IndexByte(p.rest, '\n') + 1
	if end == 0 {
		end = len(p.rest)
	}
	*r = row{raw: p.rest[:end], line: p.line}
	r.text = bytes.TrimSuffix(bytes.TrimSuffix(r.raw, []byte("\n")), []byte("\r"))
	p.rest = p.rest[end:]
	p.line++
	return true
}

func (p *plain) number(dst []byte, r *row, n *parsed) []byte {
	e164, region, kind, status := none, none, "-", n.code.String()
	if n.code == number.OK {
		e164, kind = n.e164, n.kind.String()
		if len(n.region) > 0 {
			region = n.region
		}
		status = "IMPOSSIBLE"
		if n.valid {
			status = "VALID"
		} else if n.possible {
			status = "POSSIBLE"
		}
	}
	dst = column(dst, e164, e164Width)
	dst = column(dst, region, 6)
	dst = column(dst, kind, kindWidth)
	dst = column(dst, status, statusWidth)
	return append(p.text(dst, r.text), '\n')
}

var none = []byte("-")

// Widths of columns.
const (
	e164Width   = 16
	kindWidth   = 20
	statusWidth = 20
)

const numberHeader = "E164              REGION  TYPE                  STATUS                INPUT\n"

func (p *plain) hashes(dst []byte, r *row, h *hashed) []byte {
	if h.code != "" {
		dst = column(dst, "-", e164Width)
		dst = column(dst, "-", p.widths[0])
		dst = column(dst, h.code, p.widths[1])
		return append(p.text(dst, r.text), '\n')
	}
	for i, text := range h.texts {
		if len(text) == 0 {
			continue
		}
		e164 := none
		if len(h.e164) > 0 {
			e164 = h.e164
		}
		dst = column(dst, e164, e164Width)
		dst = column(dst, h.recipes[i].name, p.widths[0])
		dst = column(dst, text, p.widths[1])
		dst = append(p.text(dst, r.text), '\n')
	}
	return dst
}

func (p *plain) hashHeader() string {
	var dst []byte
	dst = column(dst, "E164", e164Width)
	dst = column(dst, "RECIPE", p.widths[0])
	dst = column(dst, "DIGEST", p.widths[1])
	return string(dst) + "INPUT\n"
}

// column appends a text, and blanks up to two more than width.
func column[T string | []byte](dst []byte, text T, width int) []byte {
	dst = append(dst, text...)
	for n := len(text); n < width; n++ {
		dst = append(dst, ' ')
	}
	return append(dst, "  "...)
}

func (p *plain) text(dst, text []byte) []byte {
	if !p.visible {
		return append(dst, text...)
	}
	return appendVisible(dst, text)
}

// appendVisible appends text with what would steer a terminal, or turn the
// direction of a line, written out.
func appendVisible(dst, text []byte) []byte {
	for len(text) > 0 {
		c, n := utf8.DecodeRune(text)
		switch {
		case c == utf8.RuneError && n == 1:
			dst = fmt.Appendf(dst, `\x%02x`, text[0])
		case c < ' ' || c == 0x7F:
			dst = fmt.Appendf(dst, `\x%02x`, c)
		case c >= 0x80 && c < 0xA0, c == 0x200E, c == 0x200F, c >= 0x2028 && c <= 0x202E, c >= 0x2066 && c <= 0x2069:
			dst = fmt.Appendf(dst, `\u%04x`, c)
		default:
			dst = append(dst, text[:n]...)
		}
		text = text[n:]
	}
	return dst
}
