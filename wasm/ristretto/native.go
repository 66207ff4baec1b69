//go:build !(tinygo || wasm || portable)

package ristretto

import "sealbook/wasm/ristretto/internal/native"

// Arithmetic names what this build computes with: "limb" or "native".
const Arithmetic = "native"

type (
	// Element is an element of the group. The zero Element is none: set it first.
	Element = native.Element
	// Scalar is an integer modulo the group's order. The zero Scalar is 0.
	Scalar = native.Scalar
	// Batch computes the encodings of many products with one inversion.
	Batch = native.Batch
	// Sum adds up products of public scalars and elements in variable time.
	Sum = native.Sum
)

// BatchSize is how many products a [Batch] holds.
const BatchSize = native.BatchSize

// InvertAll sets every s[i] to 1/s[i], with one inversion for all, using room,
// which is as long. It answers false, and leaves 0 in all, if one of them is 0.
func InvertAll(s, room []Scalar) bool { return native.InvertAll(s, room) }
