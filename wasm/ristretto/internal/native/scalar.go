package native

import "filippo.io/edwards25519"

// Scalar is an integer modulo the group's order
// 2^252 + 27742317777372353535851937790883648493. The zero Scalar is 0.
type Scalar struct{ s edwards25519.Scalar }

var half = func() (h Scalar) {
	h.SetUint64(2)
	h.Invert(&h)
	return
}()

// Add sets s to a+b.
func (s *Scalar) Add(a, b *Scalar) { s.s.Add(&a.s, &b.s) }

// Sub sets s to a-b.
func (s *Scalar) Sub(a, b *Scalar) { s.s.Subtract(&a.s, &b.s) }

// Mul sets s to a*b.
func (s *Scalar) Mul(a, b *Scalar) { s.s.Multiply(&a.s, &b.s) }

// Invert sets s to 1/a, and to 0 for 0. The time depends on nothing.
func (s *Scalar) Invert(a *Scalar) { s.s.Invert(&a.s) }

// InvertAll sets every s[i] to 1/s[i], with one inversion for all (Montgomery's
// trick), using room, which is as long. It answers false, and leaves 0 in all,
// if one of them is 0.
func InvertAll(s, room []Scalar) bool {
	if len(s) == 0 {
		return true
	}
	room[0] = s[0]
	for i := 1; i < len(s); i++ {
		room[i].Mul(&room[i-1], &s[i])
	}
	var t, next Scalar
	t.Invert(&room[len(s)-1])
	for i := len(s) - 1; i > 0; i-- {
		next.Mul(&t, &s[i])
		s[i].Mul(&t, &room[i-1])
		t = next
		room[i] = Scalar{}
	}
	room[0] = Scalar{}
	s[0] = t
	return t.IsZero() == 0
}

// SetWide sets s to the 512-bit integer in b, little-endian, modulo the order.
func (s *Scalar) SetWide(b *[64]byte) { s.s.SetUniformBytes(b[:]) }

// SetUint64 sets s to x.
func (s *Scalar) SetUint64(x uint64) {
	var b [32]byte
	for i := range 8 {
		b[i] = byte(x >> (8 * i))
	}
	s.s.SetCanonicalBytes(b[:])
}

// Decode sets s to the integer in b, little-endian, and answers whether it is
// less than the order; if not, s is 0.
func (s *Scalar) Decode(b *[32]byte) bool {
	if _, err := s.s.SetCanonicalBytes(b[:]); err != nil {
		*s = Scalar{}
		return false
	}
	return true
}

// Encode writes s in 32 bytes, little-endian.
func (s *Scalar) Encode(out *[32]byte) { *out = [32]byte(s.s.Bytes()) }

// Equal returns 1 if s = t and 0 if not.
func (s *Scalar) Equal(t *Scalar) int { return s.s.Equal(&t.s) }

// IsZero returns 1 if s is 0 and 0 if not.
func (s *Scalar) IsZero() int { return s.Equal(&Scalar{}) }
