package directory

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"sealbook/wasm/oprf"
	"sealbook/wasm/trust"
)

// Protocol is the version of the protocol that this package speaks.
const Protocol = 2

// Parameters is what a directory says about itself. All but the time is what a
// state in its log commits to.
type Parameters struct {
	Protocol  int    `json:"protocol"`
	Name      string `json:"name"` // as in its verifier key
	Epoch     uint32 `json:"epoch"`
	PublicKey Bytes  `json:"public_key"` // of the epoch, 32 bytes
	// BucketBits is 0: there is one list for everybody.
	BucketBits uint8       `json:"bucket_bits"`
	Consent    ConsentText `json:"consent"`
	Limits     Limits      `json:"limits"`
	Scopes     []Scope     `json:"scopes"`
	Log        string      `json:"log"` // verifier key of the log of states
	Time       string      `json:"time,omitempty"`
}

// ConsentText is what people agree to, and its hash.
type ConsentText struct {
	Text   string `json:"text"`
	SHA256 string `json:"sha256"`
}

// Limits are what a directory allows. Each has a range that clients keep to: a
// directory that could narrow what it is asked could see who asks.
type Limits struct {
	Batch        int   `json:"batch"`          // MaxBatch
	Batches      []int `json:"batches"`        // BatchSizes
	Budget       int64 `json:"budget"`         // evaluations at once, 1,024–2²⁰
	RefillPerDay int64 `json:"refill_per_day"` // of which come back, 1–2²⁰
	CodeDigits   int   `json:"code_digits"`    // 8–12
	CodeTries    int64 `json:"code_tries"`     // 1–10
	CodeSeconds  int64 `json:"code_seconds"`   // until a code expires, 60–3,600
	SendsPerHour int64 `json:"sends_per_hour"` // of codes to one number, 1–60
	Block        int   `json:"block"`          // Block: records that are hashed together
}

// DefaultLimits are those of the protocol's text.
func DefaultLimits() Limits {
	return Limits{
		Batch: MaxBatch, Batches: BatchSizes(), Budget: 5120, RefillPerDay: 200,
		CodeDigits: 8, CodeTries: 5, CodeSeconds: 600, SendsPerHour: 3, Block: Block,
	}
}

// Check says whether all limits are within what clients take.
func (l Limits) Check() error {
	within := func(n, least, most int64) bool { return least <= n && n <= most }
	if l.Batch != MaxBatch || !slices.Equal(l.Batches, BatchSizes()) || l.Block != Block ||
		!within(l.Budget, MaxBatch, 1<<20) || !within(l.RefillPerDay, 1, 1<<20) ||
		!within(int64(l.CodeDigits), 8, 12) || !within(l.CodeTries, 1, 10) ||
		!within(l.CodeSeconds, 60, 3600) || !within(l.SendsPerHour, 1, 60) {
		return fmt.Errorf("%w parameters: limits", ErrMalformed)
	}
	return nil
}

// SHA256 is the hash that a state in the log has: of the compact JSON, the time
// left out.
func (p *Parameters) SHA256() [32]byte {
	timeless := *p
	timeless.Time = ""
	return sha256.Sum256([]byte(encode(&timeless)))
}

// Fit says whether a state of the log is of these parameters: their hash, epoch,
// key and terms. A state of another epoch or other terms may be a newer one, and
// the parameters are to be read again; its error is ErrOutdated. Another key in
// the same epoch is ErrOtherKey.
func (p *Parameters) Fit(s *trust.State) error {
	switch {
	case s.Epoch == p.Epoch && s.Key != [32]byte(p.PublicKey):
		return ErrOtherKey
	case s.Epoch != p.Epoch, s.Parameters != p.SHA256(), s.Consent != sha256.Sum256([]byte(p.Consent.Text)):
		return ErrOutdated
	}
	return nil
}

func (*Parameters) kind() string { return "sealbook directory v2" }

func (p *Parameters) check() error {
	malformed := func(what string) error { return fmt.Errorf("%w parameters: %s", ErrMalformed, what) }
	switch {
	case p.Protocol != Protocol:
		return fmt.Errorf("%w: version %d", ErrProtocol, p.Protocol)
	case !validName(p.Name):
		return malformed("name")
	case len(p.PublicKey) != oprf.ElementSize:
		return malformed("public key")
	case p.BucketBits != 0:
		return malformed("bucket bits")
	case p.Consent.SHA256 != TextSHA256(p.Consent.Text):
		return malformed("the hash is not that of the consent text")
	case p.Limits.Check() != nil:
		return p.Limits.Check()
	case !validScopes(p.Scopes):
		return malformed("scopes")
	case !validTime(p.Time):
		return malformed("time")
	}
	if _, err := trust.NewVerifier(p.Log, trust.Origin(p.Name)); err != nil {
		return malformed("key of the log")
	}
	return nil
}
