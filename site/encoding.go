package site

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
)

// Copy is how the name of a file's Brotli copy ends, which site/build writes
// beside the file.
const Copy = ".br"

// zip returns data compressed by gzip, or nil if that is not at least a tenth
// smaller.
func zip(data []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	w.Write(data) // into memory: cannot fail
	w.Close()
	if b.Len() > len(data)-len(data)/10 {
		return nil
	}
	return b.Bytes()
}

// isCopy reports whether small is whole, compressed by Brotli.
func isCopy(small, whole []byte) bool {
	got, err := io.ReadAll(io.LimitReader(brotli.NewReader(bytes.NewReader(small)), int64(len(whole))+1))
	return err == nil && bytes.Equal(got, whole)
}

// encode returns the body that a request gets, and its Content-Encoding, "" for
// none: of those that it accepts the one that it likes best, of equals the
// smaller.
func (f file) encode(header http.Header) (body []byte, coding string) {
	body = f.plain
	best := 0.0
	for _, one := range []struct {
		coding string
		body   []byte
	}{{"br", f.brotli}, {"gzip", f.zipped}} {
		if q := weight(header, one.coding); one.body != nil && q > best {
			body, coding, best = one.body, one.coding, q
		}
	}
	return body, coding
}

// weight is the weight, from 0 to 1, that Accept-Encoding gives a coding (RFC
// 9110, section 12.5.3); 0 is a refusal.
func weight(header http.Header, coding string) float64 {
	any := 0.0
	for _, line := range header.Values("Accept-Encoding") {
		for part := range strings.SplitSeq(line, ",") {
			name, parameter, _ := strings.Cut(part, ";")
			q := 1.0
			if text, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(parameter)), "q="); ok {
				var err error
				if q, err = strconv.ParseFloat(text, 64); err != nil || !(q >= 0 && q <= 1) {
					q = 0
				}
			}
			switch name = strings.TrimSpace(name); {
			case strings.EqualFold(name, coding):
				return q
			case name == "*":
				any = q
			}
		}
	}
	return any
}
