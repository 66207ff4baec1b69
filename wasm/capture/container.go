package capture

import "sealbook/wasm/capture/unpack"

const piece = 256 << 10 // bytes that a container hands on at a time

// maxContainers bounds gzip inside gzip.
const maxContainers = 4

// unzipper is a capture inside gzip or zlib.
type unzipper struct {
	r     *Reader
	s     *unpack.Stream
	out   []byte // unpacked and not yet taken
	inner sink
	in    int64
	made  int64
	over  bool // by the limit
}

func newUnzipper(r *Reader, kind unpack.Kind, outer *sniffer) *unzipper {
	name := "gzip"
	if kind == unpack.Zlib {
		name = "deflate"
	}
	chain := append(outer.chain[:len(outer.chain):len(outer.chain)], name)
	u := &unzipper{r: r, s: r.container(len(outer.chain)), inner: &sniffer{r: r, chain: chain}}
	u.s.Reset(kind, piece)
	return u
}

// flush hands on what is unpacked and reports whether all was taken.
func (u *unzipper) flush() bool {
	for len(u.out) > 0 {
		n := u.inner.write(u.out)
		u.out = u.out[n:]
		if n == 0 || u.r.asked != "" || u.r.done {
			break
		}
	}
	return len(u.out) == 0
}

func (u *unzipper) write(p []byte) (used int) {
	for u.flush() && !u.over {
		n, out := u.s.Write(p[used:])
		used += n
		u.in += int64(n)
		if n == 0 && len(out) == 0 {
			if u.s.Ended() || u.s.Err() != nil {
				return len(p) // padding, or broken: see end
			}
			break
		}
		u.out = out
		u.made += int64(len(out))
		// A capture may well be packed a hundred times smaller; a bomb packs a
		// thousand times.
		if u.made > u.r.o.MaxUnpacked+maxRatio*u.in {
			u.over = true
		}
	}
	if u.over {
		return len(p)
	}
	return used
}

const maxRatio = 250

func (u *unzipper) end() bool {
	if !u.flush() {
		return u.r.asked == ""
	}
	if !u.inner.end() {
		return false
	}
	switch {
	case u.over:
		u.r.note(UnpacksTooLarge, u.in)
	case u.s.Err() != nil:
		u.r.note(BrokenEncoding, u.in)
	case !u.s.Ended():
		u.r.note(Truncated, u.in)
	}
	return true
}
