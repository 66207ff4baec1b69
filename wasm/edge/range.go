package edge

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"sealbook/wasm/directory"
)

// sendFile answers GET and HEAD of a public file: whole, in part (RFC 9110,
// section 14: one range of bytes), or not at all if the client has it.
func sendFile(w http.ResponseWriter, r *http.Request, etag string, body []byte) error {
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=60")
	h.Set("ETag", etag)
	h.Set("Accept-Ranges", "bytes")
	if matches(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	field := r.Header.Get("Range")
	if condition := r.Header.Get("If-Range"); condition != "" && condition != etag {
		field = ""
	}
	from, to, kind := parseRange(field, len(body))
	switch kind {
	case outside:
		return refuse(directory.RangeUnsatisfiable, "The file does not have these bytes.").
			with("Content-Range", fmt.Sprintf("bytes */%d", len(body)))
	case part:
		h.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, to-1, len(body)))
		send(w, http.StatusPartialContent, octets, body[from:to])
	default:
		send(w, http.StatusOK, octets, body)
	}
	return nil
}

// matches reports whether an If-None-Match field names the entity tag.
func matches(field, etag string) bool {
	for tag := range strings.SplitSeq(field, ",") {
		if tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/"); tag == etag || tag == "*" {
			return true
		}
	}
	return false
}

type rangeKind int

const (
	whole   rangeKind = iota // no range, or one that is to be ignored
	part                     // the bytes from ≤ i < to
	outside                  // none of the file's bytes
)

// parseRange reads a Range field for a file of size bytes. Several ranges, and
// whatever is not well formed, ask for the whole.
func parseRange(field string, size int) (from, to int, kind rangeKind) {
	spec, ok := strings.CutPrefix(field, "bytes=")
	first, last, dash := strings.Cut(strings.TrimSpace(spec), "-")
	if !ok || !dash {
		return 0, size, whole
	}
	if first == "" { // the last bytes
		n, err := position(last)
		switch {
		case err != nil:
			return 0, size, whole
		case n == 0 || size == 0:
			return 0, 0, outside
		}
		return max(size-n, 0), size, part
	}
	from, err := position(first)
	if err != nil {
		return 0, size, whole
	}
	to = size
	if last != "" {
		n, err := position(last)
		if err != nil || n < from {
			return 0, size, whole
		}
		to = min(size, n+1)
	}
	if from >= size {
		return 0, 0, outside
	}
	return from, to, part
}

// position reads digits; what is beyond every file is cut off.
func position(text string) (int, error) {
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, strconv.ErrSyntax
		}
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil && text == "" {
		return 0, err
	}
	return int(min(n, 1<<40)), nil // out of range gives the greatest number
}
