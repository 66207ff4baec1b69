package capture

import "sealbook/wasm/capture/unpack"

// zipped is a capture in a zip archive: Fiddler's SAZ, a HAR with bodies in
// members as Playwright writes it, or captures that somebody packed. It reads
// where the directory at the end says.
type zipped struct {
	r       *Reader
	phase   zipPhase
	buf     []byte
	members []member
	names   map[string]int

	queue  []int  // members to read, in order
	main   *unzip // the one that is read as a stream
	aside  *unzip // the one that is read whole, for main or for a session
	then   func([]byte, Reason)
	inner  sink
	folder string // of main
	saz    *saz
}

type zipPhase uint8

const (
	zipTail zipPhase = iota
	zipDirectory
	zipHeader
	zipData
)

// A member of an archive.
type member struct {
	name         string
	method       int
	encrypted    bool
	packed, size int64
	offset       int64
}

// unzip reads one member.
type unzip struct {
	m    *member
	at   int64 // of the next byte in the archive
	left int64 // packed bytes to come
	s    *unpack.Stream
	out  []byte // for inner, not yet taken
	made int64
	data []byte // of a member that is read whole
	why  Reason
	done bool
}

const (
	maxMembers   = 1 << 18
	maxDirectory = 64 << 20
	zipTailSize  = 22 + 1<<16 + 20 // with the longest comment and zip64's locator
)

func newZip(r *Reader) *zipped { return &zipped{r: r} }

// begin goes to the end of the archive.
func (z *zipped) begin() { z.r.jump(max(z.r.size-zipTailSize, 0)) }

func (z *zipped) write(p []byte) int {
	switch z.phase {
	case zipTail:
		z.buf = append(z.buf, p...)
		if z.r.at+int64(len(p)) >= z.r.size {
			z.tail(z.r.at + int64(len(p)))
		}
	case zipDirectory:
		need := cap(z.buf) - len(z.buf)
		z.buf = append(z.buf, p[:min(need, len(p))]...)
		if len(z.buf) == cap(z.buf) {
			z.directory()
		}
	case zipHeader:
		z.buf = append(z.buf, p...)
		z.header()
	case zipData:
		z.data(p)
	}
	return len(p)
}

func (z *zipped) end() bool {
	z.r.note(Truncated, z.r.at) // the directory says that there is more
	return true
}

// tail finds the end record in the last bytes of the archive, which end at end.
func (z *zipped) tail(end int64) {
	from := end - int64(len(z.buf))
	for i := len(z.buf) - 22; i >= 0; i-- {
		p := z.buf[i:]
		if !hasPrefix(p, "PK\x05\x06") || 22+uint16of(p[20:], false) > len(p) {
			continue
		}
		count, size, at := int64(uint16of(p[10:], false)), int64(uint32of(p[12:], false)), int64(uint32of(p[16:], false))
		if at == 0xffffffff || count == 0xffff || size == 0xffffffff {
			// The zip64 record stands before its locator, which stands here.
			for j := i - 56; j >= 0; j-- {
				if q := z.buf[j:]; hasPrefix(q, "PK\x06\x06") {
					size, at = little64(q[40:]), little64(q[48:])
					break
				}
			}
		}
		// What stands before the archive shifts it.
		if shift := from + int64(i) - size - at; shift > 0 && at+size < from+int64(i)-200 {
			at += shift
		}
		if size < 0 || size > maxDirectory || at < 0 || at+size > z.r.size {
			break
		}
		z.phase, z.buf = zipDirectory, make([]byte, 0, size)
		if size == 0 {
			z.directory()
			return
		}
		z.r.jump(at)
		return
	}
	z.r.fail(BadCapture, z.r.size)
}

func little64(p []byte) int64 {
	return int64(uint32of(p, false)) | int64(uint32of(p[4:], false))<<32
}

// directory reads the central directory and decides what to read.
func (z *zipped) directory() {
	z.names = map[string]int{}
	for p := z.buf; len(p) >= 46 && hasPrefix(p, "PK\x01\x02") && len(z.members) < maxMembers; {
		n, extra, comment := uint16of(p[28:], false), uint16of(p[30:], false), uint16of(p[32:], false)
		if 46+n+extra+comment > len(p) {
			break
		}
		m := member{
			name: string(p[46 : 46+n]), method: uint16of(p[10:], false), encrypted: p[8]&1 != 0,
			packed: int64(uint32of(p[20:], false)), size: int64(uint32of(p[24:], false)), offset: int64(uint32of(p[42:], false)),
		}
		m.zip64(p[46+n : 46+n+extra])
		z.names[m.name] = len(z.members)
		z.members = append(z.members, m)
		p = p[46+n+extra+comment:]
	}
	z.buf = nil
	for i := range z.members {
		if _, part := sazName(z.members[i].name); part != 0 {
			z.saz = newSAZ(z)
			z.saz.next()
			return
		}
	}
	for i := range z.members {
		if hasSuffixFold(z.members[i].name, ".har") {
			z.queue = append(z.queue, i)
		}
	}
	if len(z.queue) == 0 {
		for i := range z.members {
			if name := z.members[i].name; name != "" && name[len(name)-1] != '/' && name[0] != '_' {
				z.queue = append(z.queue, i)
			}
		}
	}
	z.next()
}

// zip64 takes the sizes that do not fit out of the extra field.
func (m *member) zip64(p []byte) {
	for len(p) >= 4 {
		id, n := uint16of(p, false), uint16of(p[2:], false)
		if 4+n > len(p) {
			return
		}
		q := p[4 : 4+n]
		p = p[4+n:]
		if id != 1 {
			continue
		}
		for _, v := range [3]*int64{&m.size, &m.packed, &m.offset} {
			if *v == 0xffffffff && len(q) >= 8 {
				*v = little64(q)
				q = q[8:]
			}
		}
	}
}

// next starts the next member of the queue, as a capture of its own.
func (z *zipped) next() {
	for len(z.queue) > 0 {
		m := &z.members[z.queue[0]]
		z.queue = z.queue[1:]
		name := baseName(m.name)
		why := m.readable()
		if exported(name) {
			why = ExportAsHAR
		}
		if why != OK {
			z.r.note(why, m.offset)
			continue
		}
		z.folder, z.r.name = m.name[:len(m.name)-len(name)], name
		z.inner = &sniffer{r: z.r, chain: []string{"zip"}}
		z.main, z.aside = newUnzip(m, z.r.container(0)), nil
		z.locate(z.main)
		return
	}
	z.r.done = true
}

func (m *member) readable() Reason {
	switch {
	case m.encrypted || m.method == 99:
		return Password
	case m.method != 0 && m.method != 8:
		return UnknownEncoding
	}
	return OK
}

func newUnzip(m *member, s *unpack.Stream) *unzip {
	return &unzip{m: m, s: s, at: m.offset, left: m.packed}
}

// locate goes to the local header of a member: only that tells where the data
// begins.
func (z *zipped) locate(u *unzip) {
	z.phase, z.buf = zipHeader, z.buf[:0]
	z.r.jump(u.m.offset)
}

// whole reads a member into memory and hands it over.
func (z *zipped) whole(i int, then func([]byte, Reason)) {
	z.aside, z.then = newUnzip(&z.members[i], z.r.container(maxContainers)), then
	z.locate(z.aside)
}

// current is the member that is being read.
func (z *zipped) current() *unzip {
	if z.aside != nil {
		return z.aside
	}
	return z.main
}

func (z *zipped) header() {
	u, p := z.current(), z.buf
	if len(p) < 30 {
		return
	}
	n := 30 + uint16of(p[26:], false) + uint16of(p[28:], false)
	if !hasPrefix(p, "PK\x03\x04") {
		u.why, u.done, n = BadCapture, true, 0
	} else if n > len(p) {
		return
	}
	u.at += int64(n)
	if u.m.method == 8 {
		u.s.Reset(unpack.Raw, piece)
	}
	z.phase = zipData
	z.data(nil)
}

// data takes bytes of the current member.
func (z *zipped) data(p []byte) {
	if u := z.aside; u != nil {
		for !u.done && u.unpack(&p, z.r) {
			if room := z.r.o.MaxBody - len(u.data); len(u.out) > room {
				u.out, u.why, u.done = u.out[:room], TooLarge, true
			}
			u.data = append(u.data, u.out...)
		}
		if u.done {
			z.aside = nil
			then := z.then
			then(u.data, u.why)
			if z.aside == nil && z.saz == nil {
				z.data(nil) // on with main
			}
			return
		}
		z.r.jump(u.at)
		return
	}
	u := z.main
	for !z.r.done {
		if len(u.out) > 0 {
			n := z.inner.write(u.out)
			u.out = u.out[n:]
			if z.r.asked != "" {
				if z.divert() {
					return
				}
				continue
			}
			if n == 0 {
				u.out, u.done = nil, true // it will take no more
			}
			continue
		}
		if u.done {
			if !z.inner.end() {
				if z.r.asked == "" || z.divert() {
					return
				}
				continue
			}
			if u.why != OK {
				z.r.note(u.why, u.m.offset)
			}
			z.next()
			return
		}
		if !u.unpack(&p, z.r) {
			if !u.done {
				break
			}
		}
	}
	z.r.jump(u.at)
}

// unpack makes out of p, and reports whether there is any.
func (u *unzip) unpack(p *[]byte, r *Reader) bool {
	q := (*p)[:min(int64(len(*p)), u.left)]
	used := len(q)
	if u.m.method == 0 {
		u.out = append([]byte(nil), q...)
		u.done = int64(used) == u.left
	} else {
		used, u.out = u.s.Write(q)
		switch {
		case u.s.Err() != nil:
			u.why, u.done = BrokenEncoding, true
		case u.s.Ended():
			u.done = true
		case used == 0 && len(u.out) == 0 && u.left == 0:
			u.why, u.done = Truncated, true
		}
	}
	*p = (*p)[used:]
	u.at += int64(used)
	u.left -= int64(used)
	u.made += int64(len(u.out))
	r.unpacked += int64(len(u.out))
	if u.made > r.o.MaxUnpacked+maxRatio*(u.m.packed-u.left) {
		u.why, u.done = UnpacksTooLarge, true
	}
	return len(u.out) > 0
}

// divert returns what main asks for out of the archive. It returns true if that
// has to be read first.
func (z *zipped) divert() bool {
	name, then := z.folder+z.r.asked, z.r.answers
	z.r.asked, z.r.answers = "", nil
	i, ok := z.names[name]
	if !ok {
		then(nil, FileMissing)
		return false
	}
	if why := z.members[i].readable(); why != OK {
		then(nil, why)
		return false
	}
	z.whole(i, then)
	return true
}
