package directory

import (
	"errors"
	"io"
)

// Files of tags that are read and written piece by piece, as a publication does
// where there is little memory: the same bytes as those of [Tags].

// piece is how many bytes are read or written at once.
const piece = 64 << 10

// TagsWriter writes a file of tags.
type TagsWriter struct {
	w     io.Writer
	coder coder
	left  uint32
	err   error
}

// NewTagsWriter begins a file of as many tags as its header says.
func NewTagsWriter(w io.Writer, h Header) *TagsWriter {
	k := rice(h.Count)
	return &TagsWriter{w: w, coder: newCoder(h.append(make([]byte, 0, piece+1<<10), tagsMagic, k), k), left: h.Count}
}

// ErrOrder is that tags were not written in their order, or not as many as the
// header says.
var ErrOrder = errors.New("directory: tags out of order, or of another number")

// Add adds the next tag, which is not less than the one before.
func (t *TagsWriter) Add(tag uint64) error {
	if t.err != nil {
		return t.err
	}
	if tag < t.coder.before || tag >= end || t.left == 0 {
		t.err = ErrOrder
		return t.err
	}
	t.left--
	if t.coder.add(tag); len(t.coder.dst) >= piece {
		_, t.err = t.w.Write(t.coder.dst)
		t.coder.dst = t.coder.dst[:0]
	}
	return t.err
}

// Close writes the rest.
func (t *TagsWriter) Close() error {
	if t.err == nil && t.left > 0 {
		t.err = ErrOrder
	}
	if t.err == nil {
		_, t.err = t.w.Write(t.coder.end())
	}
	return t.err
}

// TagsReader reads a file of tags.
type TagsReader struct {
	Header
	r      io.Reader
	buf    []byte
	bits   bitReader
	k      uint8
	left   uint32
	before uint64
	err    error // of r
}

// NewTagsReader reads the header.
func NewTagsReader(r io.Reader) (*TagsReader, error) {
	t := &TagsReader{r: r, buf: make([]byte, piece)}
	var head [HeaderSize]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			err = bad("short")
		}
		return nil, err
	}
	var err error
	if t.Header, t.k, err = parseHeader(head[:], tagsMagic); err != nil {
		return nil, err
	}
	if t.k != rice(t.Count) {
		return nil, bad("k")
	}
	t.left, t.bits.more = t.Count, t.more
	return t, nil
}

// more moves what is left to the beginning of the buffer, and reads behind it.
func (t *TagsReader) more() []byte {
	n := copy(t.buf, t.bits.rest)
	for n < 8 && t.err == nil {
		var m int
		m, t.err = t.r.Read(t.buf[n:])
		n += m
	}
	return t.buf[:n]
}

// Next returns the next tag, or io.EOF when all are read and nothing is left.
func (t *TagsReader) Next() (uint64, error) {
	if t.left == 0 {
		if err := t.bits.end(); err != nil {
			return 0, t.failed(err)
		}
		return 0, t.failed(io.EOF)
	}
	q, ok := t.bits.unary((end - 1 - t.before) >> t.k)
	if !ok {
		return 0, t.failed(bad(t.bits.reason))
	}
	low, ok := t.bits.bits(uint(t.k))
	if !ok {
		return 0, t.failed(bad("truncated"))
	}
	if t.before += q<<t.k + low; t.before >= end {
		return 0, bad("sum")
	}
	t.left--
	return t.before, nil
}

// failed is err, or what went wrong in reading.
func (t *TagsReader) failed(err error) error {
	if t.err != nil && t.err != io.EOF {
		return t.err
	}
	return err
}
