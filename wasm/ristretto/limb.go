//go:build tinygo || wasm || portable

package ristretto

import "sealbook/wasm/ristretto/internal/limb"

// Arithmetic names what this build computes with: "limb" or "native".
const Arithmetic = "limb"

type (
	// Element is an element of the group. The zero Element is none: set it first.
	Element = limb.Element
	// Scalar is an integer modulo the group's order. The zero Scalar is 0.
	Scalar = limb.Scalar
	// Batch computes the encodings of many products with one inversion.
	Batch = limb.Batch
	// Sum adds up products of public scalars and elements in variable time.
	Sum = limb.Sum
)

// BatchSize is how many products a [Batch] holds.
const BatchSize = limb.BatchSize

// InvertAll sets every s[i] to 1/s[i], with one inversion for all, using room,
// which is as long. It answers false, and leaves 0 in all, if one of them is 0.
func InvertAll(s, room []Scalar) bool { return limb.InvertAll(s, room) }
