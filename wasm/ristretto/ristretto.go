// Package ristretto is the prime-order group ristretto255 (RFC 9496).
//
// It is what package oprf is built from; programs want that one. Elements have
// exactly one encoding of 32 bytes, and decoding refuses any other. Scalars are
// integers modulo the group's order, 32 bytes, little-endian.
//
// There is one API over two arithmetics. Native machines use
// filippo.io/edwards25519. WebAssembly has no wide multiplication, and there
// that takes more than twice as long as limbs of 29 bits in 64-bit words
// (package internal/limb). The build tag portable chooses the latter anywhere,
// for tests; both are held against each other and against the vectors of RFC
// 9496.
//
//	var e ristretto.Element
//	ok := e.Decode(&bytes)        // canonical encodings only
//	e.Mul(&k, &e)                 // constant time
//	e.Encode(&bytes)
//
// Where many products are encoded, [Batch] shares one inversion among them,
// [InvertAll] one among scalars, and [Sum] adds up products of public values.
//
// Time is independent of all values except those given to a Sum, whether a
// Decode succeeds, and what a method answers. Nothing allocates. Nothing fails
// but by its answer. Methods may be given their own receiver as an argument.
package ristretto
