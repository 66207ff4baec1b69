package capture

import "sealbook/wasm/capture/unpack"

// A sniffer finds out what a capture is from its first bytes and hands it on.
type sniffer struct {
	r     *Reader
	head  []byte
	inner sink
	chain []string // the containers around it, from the outside in
}

const sniffed = 4096 // bytes that tell any format

func newSniffer(r *Reader) *sniffer { return &sniffer{r: r} }

func (s *sniffer) write(p []byte) int {
	if s.inner != nil && len(s.head) == 0 {
		return s.inner.write(p)
	}
	taken := 0
	if s.inner == nil {
		taken = min(sniffed-len(s.head), len(p))
		s.head = append(s.head, p[:taken]...)
		if len(s.head) < sniffed {
			return taken
		}
		s.inner = s.choose()
		if z, ok := s.inner.(*zipped); ok { // which reads where it wants
			s.r.sink = z
			z.begin()
			return taken
		}
	}
	if !s.flush() || s.r.done {
		return taken
	}
	return taken + s.inner.write(p[taken:])
}

// flush hands the first bytes on and reports whether all were taken.
func (s *sniffer) flush() bool {
	n := s.inner.write(s.head)
	s.head = s.head[n:]
	return len(s.head) == 0
}

func (s *sniffer) end() bool {
	if s.inner == nil {
		s.inner = s.choose()
		if z, ok := s.inner.(*zipped); ok {
			s.r.sink = z
			z.begin()
			return false
		}
	}
	if len(s.head) > 0 && !s.flush() || s.r.done {
		return s.r.asked == "" // it waits for a file or is done
	}
	return s.inner.end()
}

// choose looks at the first bytes.
func (s *sniffer) choose() sink {
	r := s.r
	if hasPrefix(s.head, "\xef\xbb\xbf") {
		s.head = s.head[3:]
	}
	text := s.head
	for len(text) > 0 && blank(text[0]) {
		text = text[1:]
	}
	switch {
	case hasPrefix(s.head, "\x1f\x8b\x08") && len(s.chain) < maxContainers:
		return newUnzipper(r, unpack.Gzip, s)
	case isZlib(s.head) && len(s.chain) < maxContainers && unpacks(s.head):
		return newUnzipper(r, unpack.Zlib, s)
	case (hasPrefix(s.head, "PK\x03\x04") || hasPrefix(s.head, "PK\x05\x06")) && len(s.chain) == 0:
		return newZip(r)
	case isPcap(s.head):
		return newPcap(r)
	case hasPrefix(s.head, sectionHeader):
		return newPcapng(r)
	case isFlow(s.head):
		return newMitm(r)
	case hasPrefix(text, "{") && (index(text, `"log"`) >= 0 || hasSuffixFold(r.name, ".har")):
		return newHAR(r)
	case hasPrefix(text, "[") && (hasSuffixFold(r.name, ".chlsj") || looksChlsj(text)):
		return newChlsj(r)
	case hasPrefix(text, "<") && looksBurp(text):
		return newBurp(r)
	}
	return newRaw(r, s.chain)
}

// unpacks reports whether p is the start of a zlib stream: two bytes alone do
// not tell.
func unpacks(p []byte) bool {
	_, _, err := unpack.Inflate(nil, unpack.Zlib, p, 1<<16)
	return err != error(unpack.Corrupt)
}
