// Package batch works through rows of text: phone numbers or recipes in, fixed
// records and lines of text out, in buffers that never grow. In others it takes
// the steps of an oblivious pseudorandom function, and searches for the number
// that gave a digest.
//
// core.wasm is [Batch] behind exported functions, blind.wasm is [Blinder]; the
// native verifier runs the same code, and the tests hold the bytes of the two
// against each other. A program that handles one number at a time is better served by
// package number and package recipe.
//
// # Framing
//
// Input holds items separated by "\n"; a last line without "\n" counts, an
// empty input has no items. With [Single] the whole input is one item, of any
// bytes. A call handles as many items as its buffers hold and says in
// [Batch.Status] how much that was: the caller moves what was not consumed to
// the front of the input and calls again. An item is never handled in part.
//
// Every item has its own code, so one bad line never spoils a batch. A call as
// a whole fails only for what the caller did wrong; such a [Failure] is
// negative and leaves records and text as they were.
package batch

import (
	"math/bits"

	"sealbook/wasm/number"
	"sealbook/wasm/recipe"
)

// Sizes of the buffers.
const (
	InputSize  = 256 << 10 // bytes
	MaxItems   = 8192      // records
	RecordSize = 32        // bytes
	TextSize   = 512 << 10 // bytes
	MaxOwn     = 8         // recipes defined by the caller that are held at once
)

// Mode says what [Batch.Parse] and [Batch.Hash] do. Other bits must be zero.
type Mode uint32

const (
	Info          Mode = 1 << iota // fill in validity, type, region and possibility
	Single                         // the whole input is one item
	RegionPerLine                  // each line is a region, a tab and the text

	Extension Mode = 1 << 8 // an E.164 text is followed by ";ext=" and the extension

	formatShift = 4 // bits 4–7: 1 + the plain number.Format to write as text; 0 for none
	modeMask    = Info | Single | RegionPerLine | Extension | 0xF<<formatShift
)

// Text asks for a line of text per item, empty where the item has an error. The
// format is a plain one; [Formatter] writes the others.
func Text(f number.Format) Mode { return Mode(f+1) << formatShift }

// Status tells how far the last call came.
type Status struct {
	Items    uint32 // handled
	Consumed uint32 // bytes of input
	Written  uint32 // bytes of text
	High     uint32 // upper half of a 64-bit answer, or why a recipe is malformed
}

// Failure is a call refused as a whole. Its numbers and names are part of the
// core's interface.
type Failure int32

const (
	Length        Failure = -1  // more input than the buffer holds
	BadMode       Failure = -2  // unknown mode bits
	Region        Failure = -3  // not letters of a region
	Recipe        Failure = -4  // no such recipe
	NotComputable Failure = -5  // a recipe that is known but not computed here
	Spec          Failure = -6  // a malformed recipe
	Digest        Failure = -7  // no digest that the recipe could give
	Space         Failure = -8  // a region without mobile numbers
	State         Failure = -9  // a call that needs another one first
	Refused       Failure = -10 // a step of package oprf; the status says why
	Form          Failure = -11 // a recipe whose form is not written here
)

var failureNames = [...]string{"", "LENGTH", "MODE", "REGION", "RECIPE", "NOT_COMPUTABLE", "SPEC", "DIGEST", "SPACE", "STATE", "REFUSED", "FORM"}

func (f Failure) String() string {
	if f < 0 && -int(f) < len(failureNames) {
		return failureNames[-f]
	}
	return "UNKNOWN"
}

func (f Failure) Error() string { return "batch: " + f.String() }

// Batch is the buffers and what is remembered between calls. It is about a
// megabyte; allocate it once and reuse it. One goroutine at a time.
type Batch struct {
	Input   [InputSize]byte
	Records [MaxItems]Record
	Out     [TextSize]byte
	Status  Status

	numbers [MaxItems]number.Number // of the last Parse
	parsed  int                     // how many of them there are
	own     [MaxOwn]recipe.Recipe
	made    recipe.Recipe // an own recipe until it is known to be well formed
	nextOwn int           // slot that the next own recipe takes
	ownUsed int           // slots in use
}

// reader walks over the items of the input.
type reader struct {
	in     []byte
	at     int // where the next item begins
	single bool
	done   bool
}

// next returns the next item and where the input goes on behind it.
//
//go:inline
func (r *reader) next() (item []byte, end int, ok bool) {
	if r.single {
		if r.done {
			return nil, r.at, false
		}
		r.done = true
		return r.in, len(r.in), true
	}
	if r.at >= len(r.in) {
		return nil, r.at, false
	}
	i := lineEnd(r.in, r.at)
	item = r.in[r.at:i]
	if i < len(r.in) {
		i++ // the line feed
	}
	return item, i, true
}

// lineEnd returns where the first line feed from i on is, len(in) if nowhere.
//
//go:inline
func lineEnd(in []byte, i int) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(in); i += 8 {
		b := in[i : i+8 : i+8]
		x := uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 | uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
		x ^= '\n' * ones
		// A high bit for each byte that was a line feed; of those above the
		// first some may be wrong.
		if x = (x - ones) & ^x & highs; x != 0 {
			return i + bits.TrailingZeros64(x)/8
		}
	}
	for i < len(in) && in[i] != '\n' {
		i++
	}
	return i
}

// RegionCode packs a region's letters as the core's interface passes them,
// the first in the lowest byte; 0 for more than three letters.
func RegionCode(region string) uint32 {
	if len(region) > 3 {
		return 0
	}
	var c uint32
	for i := len(region) - 1; i >= 0; i-- {
		c = c<<8 | uint32(region[i])
	}
	return c
}

// Parse reads the first length bytes of the input as phone numbers; region is
// the default region, packed as by [RegionCode], 0 for none. It answers how
// many items it handled.
func (b *Batch) Parse(length int, region uint32, mode Mode) (int, Failure) {
	if length < 0 || length > InputSize {
		return 0, Length
	}
	format, wantText := number.Format(mode>>formatShift&0xF)-1, mode>>formatShift&0xF != 0
	if mode&^modeMask != 0 || wantText && !format.Plain() {
		return 0, BadMode
	}
	var letters [4]byte
	def, ok := unpackRegion(region, &letters)
	if !ok {
		return 0, Region
	}
	r := reader{in: b.Input[:length], single: mode&Single != 0}
	items, written := 0, 0
	for items < MaxItems && TextSize-written >= number.MaxText+1 {
		item, end, more := r.next()
		if !more {
			break
		}
		home := def
		if mode&RegionPerLine != 0 {
			home, item = splitRegion(item)
		}
		n, code := number.ParseBytes(item, home)
		b.numbers[items] = n
		b.record(items, n, code, mode&Info != 0)
		if wantText {
			if code == number.OK {
				if mode&Extension != 0 && n.ExtensionLen() > 0 && format == number.E164 {
					text, _ := n.AppendText(b.Out[written:written:TextSize])
					written += len(text)
				} else if format == number.E164 {
					rec := &b.Records[items]
					written += copy(b.Out[written:], rec[8:8+rec[7]])
				} else {
					written += len(n.AppendPlain(b.Out[written:written:TextSize], format))
				}
			}
			b.Out[written] = '\n'
			written++
		}
		r.at = end
		items++
	}
	b.parsed = items
	b.Status = Status{Items: uint32(items), Consumed: uint32(r.at), Written: uint32(written)}
	return items, 0
}

// record writes what is known of item i.
//
//go:inline
func (b *Batch) record(i int, n number.Number, code number.Code, info bool) {
	rec := &b.Records[i]
	if code != number.OK {
		*rec = Record{byte(code)}
		return
	}
	length := n.PutE164((*[24]byte)(rec[8:]))
	*(*[8]byte)(rec[:]) = [8]byte{7: byte(length)}
	rec[29] = byte(n.ExtensionLen())
	cc := n.CallingCode()
	rec[30], rec[31] = byte(cc), byte(cc>>8)
	if !info {
		return
	}
	about := n.Info()
	rec[1] = flagInfo
	if about.Valid {
		rec[1] |= flagValid
	}
	if about.Region != "" {
		rec[1] |= flagRegion
	}
	rec[2], rec[3] = byte(about.Type), byte(about.Possible)
	copy(rec[4:7], about.Region)
}

// unpackRegion is the inverse of [RegionCode].
func unpackRegion(code uint32, letters *[4]byte) (string, bool) {
	n := 0
	for ; code != 0; code >>= 8 {
		c := byte(code)
		if n == 3 || c < '0' || c > '9' && c < 'A' || c > 'Z' {
			return "", false
		}
		letters[n] = c
		n++
	}
	return view(letters[:n]), true
}

// splitRegion parts a line into its region and its text; a line without a tab
// has no region.
//
//go:inline
func splitRegion(line []byte) (string, []byte) {
	for i, c := range line {
		if c == '\t' {
			return view(line[:i]), line[i+1:]
		}
	}
	return "", line
}
