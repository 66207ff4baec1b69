package capture

// A Reason says why something could not be read. The names that String gives
// are the same in Go, in wasm and in JavaScript.
type Reason uint8

const (
	OK Reason = iota

	// Bodies that the capture does not hold.
	BodyMissing   // a size above 0 is stated and nothing is there, or null is
	BodyTruncated // a size is stated and less is there
	BodyReplaced  // bytes were replaced by U+FFFD when the capture was written
	BodyStreamed  // passed on without being stored
	BodyDiscarded // left out by the recorder, which says so
	FileMissing   // in a file that is not there
	FileOutside   // in a file outside the capture's folder, which is not opened

	// Bodies that are there.
	UnknownEncoding // a Content-Encoding, or encoding of the capture, that is not read here
	BrokenEncoding  // does not decode; what came before the break is kept
	TooLarge        // over Options.MaxBody or MaxHead; what came before is kept
	UnpacksTooLarge // over Options.MaxUnpacked: a decompression bomb

	// Connections.
	NoKey           // TLS without a secret for it
	UnsupportedTLS  // TLS of a version or cipher suite that is not read here
	BrokenTLS       // TLS that does not decrypt with the secret given
	Encrypted       // a protocol of its own that looks encrypted or packed, or SSH
	QUIC            // HTTP/3, which is not read here
	Gap             // packets are missing
	PacketTruncated // packets were cut when the capture was made
	Malformed       // not what the protocol says
	Buffered        // over Options.MaxBuffered or MaxStreams

	// The file.
	Truncated       // ends in the middle
	BadCapture      // not what its format says, from here on
	TooDeep         // over Options.MaxDepth
	ExportAsHAR     // a format without public description (.chls, .chlz, .proxymanlog): export as HAR
	Password        // encrypted with a password
	UnsupportedLink // a pcap of a link type that is not read here
	NoFile          // not there, or not readable
)

var reasonNames = [...]string{
	"OK",
	"BODY_MISSING", "BODY_TRUNCATED", "BODY_REPLACED", "BODY_STREAMED", "BODY_DISCARDED", "FILE_MISSING", "FILE_OUTSIDE",
	"UNKNOWN_ENCODING", "BROKEN_ENCODING", "TOO_LARGE", "UNPACKS_TOO_LARGE",
	"NO_KEY", "UNSUPPORTED_TLS", "BROKEN_TLS", "ENCRYPTED", "QUIC", "GAP", "PACKET_TRUNCATED", "MALFORMED", "BUFFERED",
	"TRUNCATED", "BAD_CAPTURE", "TOO_DEEP", "EXPORT_AS_HAR", "PASSWORD", "UNSUPPORTED_LINK", "NO_FILE",
}

// String gives the stable name, such as "BODY_MISSING".
func (r Reason) String() string { return reasonNames[r] }

// Error makes a Reason an error.
func (r Reason) Error() string { return reasonNames[r] }
