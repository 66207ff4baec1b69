// Package unpack undoes the compressions that traffic carries: gzip (RFC 1952),
// zlib (RFC 1950), raw deflate (RFC 1951), Brotli (RFC 7932) and Zstandard (RFC
// 8878).
//
// It is written by hand because of where it runs: in auditor.wasm, where
// klauspost/compress does not build and the others are several times as large,
// and on captures, where a stream that breaks off has to give all that came
// before, and where a few kilobytes may unpack to gigabytes.
package unpack

// An Error says why a stream did not unpack. What came out before is returned
// with it.
type Error uint8

const (
	Corrupt     Error = iota + 1 // not what the format says
	Short                        // ends too early
	Large                        // more than the limit
	Unsupported                  // needs a dictionary that is not there
)

var errorNames = [...]string{"OK", "CORRUPT", "SHORT", "LARGE", "UNSUPPORTED"}

// Error gives the stable name, such as "CORRUPT".
func (e Error) Error() string { return errorNames[e] }
