package directory

import (
	"fmt"
	"slices"

	"sealbook/wasm/oprf"
)

// Protocol is the version of the protocol that this package speaks.
const Protocol = 1

// Parameters is what a directory says about itself.
type Parameters struct {
	Protocol   int    `json:"protocol"`
	Name       string `json:"name"` // as in its verifier key
	Epoch      uint32 `json:"epoch"`
	PublicKey  Bytes  `json:"public_key"` // of the epoch, 32 bytes
	BucketBits uint8  `json:"bucket_bits"`
	// Version is that of the newest file of tags.
	Version uint64      `json:"version"`
	Consent ConsentText `json:"consent"`
	Limits  Limits      `json:"limits"`
	Scopes  []Scope     `json:"scopes"`
	Time    string      `json:"time"`
}

// ConsentText is what people agree to, and its hash.
type ConsentText struct {
	Text   string `json:"text"`
	SHA256 string `json:"sha256"`
}

// Limits are what a directory allows.
type Limits struct {
	Batch        int   `json:"batch"`          // most elements of an evaluation, 1–MaxBatch
	Batches      []int `json:"batches"`        // sizes that batches are padded to, ascending
	Budget       int64 `json:"budget"`         // evaluations at once
	RefillPerDay int64 `json:"refill_per_day"` // of which come back
	CodeDigits   int   `json:"code_digits"`    // 4–12
	CodeTries    int64 `json:"code_tries"`
	CodeSeconds  int64 `json:"code_seconds"`   // until a code expires
	SendsPerHour int64 `json:"sends_per_hour"` // of codes to one number
	Block        int   `json:"block"`          // records that are read together, 1–65536
}

// DefaultLimits are those of the protocol's text.
func DefaultLimits() Limits {
	return Limits{
		Batch: MaxBatch, Batches: BatchSizes(), Budget: 5120, RefillPerDay: 200,
		CodeDigits: 6, CodeTries: 5, CodeSeconds: 600, SendsPerHour: 3, Block: Block,
	}
}

func (*Parameters) kind() string { return "sealbook directory v1" }

func (p *Parameters) check() error {
	malformed := func(what string) error { return fmt.Errorf("%w parameters: %s", ErrMalformed, what) }
	switch {
	case p.Protocol != Protocol:
		return fmt.Errorf("%w: version %d", ErrProtocol, p.Protocol)
	case !validName(p.Name):
		return malformed("name")
	case len(p.PublicKey) != oprf.ElementSize:
		return malformed("public key")
	case p.BucketBits > MaxBucketBits || p.Version > MaxVersion:
		return malformed("bucket bits or version")
	case p.Consent.SHA256 != TextSHA256(p.Consent.Text):
		return malformed("the hash is not that of the consent text")
	case !p.Limits.valid():
		return malformed("limits")
	case !validScopes(p.Scopes):
		return malformed("scopes")
	case !validTime(p.Time):
		return malformed("time")
	}
	return nil
}

func (l Limits) valid() bool {
	positive := l.Budget >= 0 && l.RefillPerDay >= 0 && l.CodeTries >= 1 && l.CodeSeconds >= 1 && l.SendsPerHour >= 1
	largest := max(l.Budget, l.RefillPerDay, l.CodeTries, l.CodeSeconds, l.SendsPerHour)
	return positive && largest <= MaxVersion && // what clients hold exactly
		1 <= l.Batch && l.Batch <= MaxBatch &&
		len(l.Batches) > 0 && l.Batches[0] >= 1 && l.Batches[len(l.Batches)-1] <= l.Batch &&
		slices.IsSorted(l.Batches) && len(slices.Compact(slices.Clone(l.Batches))) == len(l.Batches) &&
		4 <= l.CodeDigits && l.CodeDigits <= 12 && 1 <= l.Block && l.Block <= 1<<16
}
