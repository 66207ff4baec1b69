// Package digest computes MD5, SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512,
// and HMAC over any of them, without allocating.
//
// It exists because phone-number digests are short, many, and computed in
// WebAssembly: [Sum] of a message that fits one block goes from the caller's
// bytes to message words to state with nothing in between, and the standard
// library's packages are more than core.wasm weighs. Native programs that hash
// files should use the standard library, which uses the processor's own
// instructions.
//
// MD5 (RFC 1321) and SHA-1 (FIPS 180-4) are broken as signatures and are here
// because platforms still exchange phone numbers under them. None of these
// functions hides a phone number: a region's numbers are few enough to try
// them all. See package oprf for what does.
//
// Three ways in:
//
//	var out [digest.MaxSize]byte
//	n := digest.Sum(digest.SHA256, &out, message)       // one message
//
//	h := digest.New(digest.SHA512)                      // a message in parts
//	h.Write(part)
//	n := h.Sum(&out)
//
//	k := digest.NewKey(digest.SHA256, key)              // HMAC, RFC 2104
//	n := k.Sum(&out, message)
//
// A [Hash] and a [Key] are plain values: copying one copies the state. Nothing
// here fails; an [Algorithm] that is none of the constants yields no bytes.
package digest

// Algorithm names a hash function. The zero value is none.
type Algorithm uint8

// The hash functions. The values cross the WebAssembly boundary: append only.
const (
	MD5    Algorithm = 1 + iota // RFC 1321
	SHA1                        // FIPS 180-4, as the others
	SHA224                      // SHA-256 with another start, cut to 28 bytes
	SHA256                      //
	SHA384                      // SHA-512 with another start, cut to 48 bytes
	SHA512                      //
)

const (
	// MaxSize is the size of the longest digest, in bytes.
	MaxSize = 64
	// MaxBlock is the size of the longest block, in bytes.
	MaxBlock = 128
)

const sizes = "\x00\x10\x14\x1c\x20\x30\x40"

// Size returns the bytes in a digest: 16, 20, 28, 32, 48 or 64, and 0 for none.
func (a Algorithm) Size() int {
	if int(a) >= len(sizes) {
		return 0
	}
	return int(sizes[a])
}

// BlockSize returns the bytes in a block: 64, and 128 for SHA-384 and SHA-512.
func (a Algorithm) BlockSize() int {
	if a >= SHA384 {
		return 128
	}
	return 64
}

// Sum writes the digest of p to the front of out and answers its size. The
// bytes of out after it are unspecified.
func Sum(a Algorithm, out *[MaxSize]byte, p []byte) int {
	if a >= SHA384 {
		if len(p) < 112 && a <= SHA512 {
			return short64(a, out, p)
		}
	} else if len(p) < 56 && a >= MD5 {
		return short32(a, out, p)
	}
	h := New(a)
	h.Write(p)
	return h.Sum(out)
}

// short32 is Sum for a message that fits one block with its padding.
func short32(a Algorithm, out *[MaxSize]byte, p []byte) int {
	s := start32(a)
	last32(a, &s, p, 0)
	return finish32(a, out, &s)
}

// short64 is short32 for SHA-384 and SHA-512.
func short64(a Algorithm, out *[MaxSize]byte, p []byte) int {
	s := start64(a)
	last64(&s, p, 0)
	return finish64(a, out, &s)
}

// last32 mixes in the end of a message: p, fewer than 56 bytes, what pads it,
// and the length, which is before and p, in bytes.
//
//go:noinline
func last32(a Algorithm, s *[8]uint32, p []byte, before uint64) {
	var m [16]uint32
	bits := (before + uint64(len(p))) << 3
	if a == MD5 {
		tail32LE(&m, p)
		m[14], m[15] = uint32(bits), uint32(bits>>32)
	} else {
		tail32(&m, p)
		m[14], m[15] = uint32(bits>>32), uint32(bits)
	}
	block32(a, s, &m)
}

// last64 is last32 for SHA-384 and SHA-512, and fewer than 112 bytes.
//
//go:noinline
func last64(s *[8]uint64, p []byte, before uint64) {
	var m [16]uint64
	tail64(&m, p)
	n := before + uint64(len(p))
	m[14], m[15] = n>>61, n<<3
	block512(s, &m)
}

func start32(a Algorithm) (s [8]uint32) {
	switch a {
	case MD5, SHA1:
		return iv1
	case SHA224:
		for i := range s { // ranging over the array itself would copy it first
			s[i] = uint32(iv384[i])
		}
	default:
		for i := range s {
			s[i] = uint32(iv512[i] >> 32)
		}
	}
	return s
}

func start64(a Algorithm) [8]uint64 {
	if a == SHA384 {
		return iv384
	}
	return iv512
}

func block32(a Algorithm, s *[8]uint32, m *[16]uint32) {
	switch a {
	case MD5:
		blockMD5(s, m)
	case SHA1:
		block1(s, m)
	default:
		block256(s, m)
	}
}

// finish32 writes all eight words; the caller takes the digest's share.
//
//go:noinline
func finish32(a Algorithm, out *[MaxSize]byte, s *[8]uint32) int {
	if a == MD5 {
		for i, x := range s {
			put32LE(out, 4*i, x)
		}
	} else {
		for i, x := range s {
			put32(out, 4*i, x)
		}
	}
	return a.Size()
}

//go:noinline
func finish64(a Algorithm, out *[MaxSize]byte, s *[8]uint64) int {
	for i, x := range s {
		put32(out, 8*i, uint32(x>>32))
		put32(out, 8*i+4, uint32(x))
	}
	return a.Size()
}
