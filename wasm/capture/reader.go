package capture

import "sealbook/wasm/capture/unpack"

// A Reader reads one capture. See the package's comment for how it is driven.
type Reader struct {
	o     Options
	found func(*Message)
	about About

	name string // of the capture, without folders
	size int64
	at   int64 // where in the capture the next bytes are wanted
	seek bool  // … was set by the sink
	sink sink
	done bool

	asked   string // another file that is wanted, or ""
	answer  []byte
	answers func(data []byte, why Reason)

	stream     unpack.Stream
	containers [maxContainers + 1]*unpack.Stream // see container
	unpacked   int64                             // bytes that decompression has made so far
	b          builder
}

// A sink takes the bytes of a capture, or of what is inside one, in order.
type sink interface {
	// write returns how many bytes it took. If these are fewer than len(p), it
	// waits for a file that it has asked for, or is done; the rest comes again.
	write(p []byte) int
	// end says that nothing follows. It returns false where it waits for a file
	// that it has asked for, and is called again.
	end() bool
}

// NewReader returns a reader that calls found for each message, in order.
func NewReader(o Options, found func(*Message)) *Reader {
	return &Reader{o: o.withDefaults(), found: found, done: true}
}

// Reset makes the reader one with other options. Of the captures before it keeps
// nothing but room of a fixed size.
func (r *Reader) Reset(o Options) {
	*r = Reader{o: o.withDefaults(), found: r.found, done: true, stream: r.stream, containers: r.containers}
}

// Begin starts a capture: its file's name, which helps to tell formats apart
// and to find what lies beside it, and its size in bytes.
func (r *Reader) Begin(name string, size int64) {
	*r = Reader{o: r.o, found: r.found, name: baseName(name), size: size, b: r.b, stream: r.stream, containers: r.containers, answer: r.answer[:0]}
	if exported(r.name) {
		r.fail(ExportAsHAR, 0)
		return
	}
	r.sink = newSniffer(r)
}

// Want names the bytes that are wanted next: a file and an offset in it. The
// capture itself is "", any other name is a path with slashes inside the
// capture's folder. more is false when the capture has been read.
func (r *Reader) Want() (name string, offset int64, more bool) {
	if r.done {
		return "", 0, false
	}
	if r.asked != "" {
		return r.asked, int64(len(r.answer)), true
	}
	return "", r.at, true
}

// Feed gives the bytes that are wanted, at least one. They are not kept.
func (r *Reader) Feed(p []byte) {
	switch {
	case r.done || len(p) == 0:
	case r.asked != "":
		if room := r.o.MaxBody - len(r.answer); len(p) > room {
			r.answer = append(r.answer, p[:room]...)
			r.give(TooLarge)
			return
		}
		r.answer = append(r.answer, p...)
	default:
		r.seek = false
		n := r.sink.write(p)
		if !r.seek {
			r.at += int64(n)
			if n == 0 && r.asked == "" {
				r.done = true // it will take no more
			}
		}
	}
}

// End says that the file which is wanted ends where it is wanted.
func (r *Reader) End() {
	switch {
	case r.done:
	case r.asked != "":
		r.give(OK)
	default:
		if r.sink.end() {
			r.done = true
		}
	}
}

// Missing says that the file which is wanted is not there or cannot be read.
func (r *Reader) Missing() {
	switch {
	case r.done:
	case r.asked != "":
		r.give(FileMissing)
	default:
		r.fail(NoFile, r.at)
	}
}

// About returns what is known of the capture so far.
func (r *Reader) About() About { return r.about }

// Progress returns how many bytes of the capture have been read.
func (r *Reader) Progress() int64 { return r.at }

// ask wants another file of the capture's folder, whole.
func (r *Reader) ask(name string, then func(data []byte, why Reason)) {
	r.asked, r.answer, r.answers = name, r.answer[:0], then
}

func (r *Reader) give(why Reason) {
	then := r.answers
	if why == OK {
		r.about.Beside = append(r.about.Beside, r.asked)
	}
	r.asked, r.answers = "", nil
	then(r.answer, why)
}

// container returns the stream that unpacks the container at a depth. There is
// one for each, which keeps its room from one member and capture to the next.
func (r *Reader) container(depth int) *unpack.Stream {
	if r.containers[depth] == nil {
		r.containers[depth] = new(unpack.Stream)
	}
	return r.containers[depth]
}

// jump wants the bytes from at on.
func (r *Reader) jump(at int64) { r.at, r.seek = at, true }

// note reports a problem of the file, which belongs to no message.
func (r *Reader) note(why Reason, offset int64) {
	m := Message{Index: -1, Problems: []Problem{{Reason: why, Offset: offset}}}
	r.found(&m)
}

// fail reports a problem of the file and ends the reading.
func (r *Reader) fail(why Reason, offset int64) {
	if !r.done {
		r.done = true
		r.note(why, offset)
	}
}

// inside reports whether a path that a capture names stays in its folder.
func inside(path []byte) bool {
	if len(path) == 0 || path[0] == '/' {
		return false
	}
	for len(path) > 0 {
		n := 0
		for n < len(path) && path[n] != '/' {
			if c := path[n]; c == '\\' || c == ':' || c < ' ' {
				return false
			}
			n++
		}
		if name := string(path[:n]); name == ".." || name == "." || name == "" {
			return false
		}
		if n == len(path) {
			return true
		}
		path = path[n+1:]
	}
	return false
}

// baseName is what stands behind the last slash of either kind.
func baseName(path string) string {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '/' || path[i] == '\\' {
			return path[i+1:]
		}
	}
	return path
}

// exported reports whether a file is of a format that nobody has described.
func exported(name string) bool {
	return hasSuffixFold(name, ".chls") || hasSuffixFold(name, ".chlz") || hasSuffixFold(name, ".proxymanlog") || hasSuffixFold(name, ".proxymanlogv2")
}

func hasSuffixFold(s, suffix string) bool {
	return len(s) >= len(suffix) && equalFold(s[len(s)-len(suffix):], suffix)
}

// equalFold compares ASCII without regard to case; lower is in lower case.
func equalFold[T, L ~string | ~[]byte](s T, lower L) bool {
	if len(s) != len(lower) {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}
