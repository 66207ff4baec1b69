package report

import (
	"unicode/utf8"

	"sealbook/wasm/capture"
)

const longestVerbatim = 4096 // bytes of a body

// verbatim is a request as it was recorded: its line, its header, and its body,
// what is no text as a hexadecimal dump; the body is cut at 4,096 bytes.
func verbatim(m *capture.Message) (text []byte, cut bool) {
	h := html{}
	h.bytes(m.Method).raw(" ").bytes(m.Target).raw("\n")
	for _, f := range m.Header {
		h.bytes(f.Name).raw(": ").bytes(f.Value).raw("\n")
	}
	room := longestVerbatim
	for i := range m.Parts {
		p := &m.Parts[i]
		switch p.Place {
		case capture.Body, capture.BodyPart, capture.WebSocketMsg:
		default:
			continue
		}
		body := p.Bytes
		if len(body) > room {
			body, cut = body[:room], true
		}
		room -= len(body)
		h.raw("\n[").raw(p.Location())
		for i, step := range p.Chain {
			h.raw([...]string{", after ", ", "}[min(i, 1)]).raw(step)
		}
		h.raw(", ").count(len(p.Bytes), "byte").raw("]\n")
		if printable(body) {
			h.bytes(body)
		} else {
			h.dump(body)
		}
		h.raw("\n")
	}
	return h.to, cut
}

func (h *html) bytes(p []byte) *html {
	h.to = append(h.to, p...)
	return h
}

// printable reports whether bytes are text, but for a letter cut at the end.
func printable(p []byte) bool {
	for i := 0; i < len(p); {
		c, n := utf8.DecodeRune(p[i:])
		if c == utf8.RuneError && n == 1 && (i+4 <= len(p) || utf8.FullRune(p[i:])) || c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			return false
		}
		i += n
	}
	return true
}

// dump writes bytes as hexdump -C does.
func (h *html) dump(p []byte) {
	const digits = "0123456789abcdef"
	for at := 0; at < len(p); at += 16 {
		for shift := 28; shift >= 0; shift -= 4 {
			h.to = append(h.to, digits[at>>shift&15])
		}
		line := p[at:min(at+16, len(p))]
		for i := range 16 {
			if i%8 == 0 {
				h.to = append(h.to, ' ')
			}
			if i < len(line) {
				h.to = append(h.to, ' ', digits[line[i]>>4], digits[line[i]&15])
			} else {
				h.to = append(h.to, "   "...)
			}
		}
		h.to = append(h.to, "  |"...)
		for _, c := range line {
			if c < ' ' || c > '~' {
				c = '.'
			}
			h.to = append(h.to, c)
		}
		h.to = append(h.to, "|\n"...)
	}
}
