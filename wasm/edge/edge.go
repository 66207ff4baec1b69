// Package edge is the directory service: one http.Handler for the discovery
// protocol, version 1, on whatever platform gives it a database, an evaluator,
// a sender of codes, a clock and random bytes. It opens no file and no
// connection itself. Package server runs it on SQLite, package worker on
// Cloudflare.
//
// What comes in and what stays:
//
//   - A number comes with a registration and its code. It is hashed under a key
//     to count sends and to recognise it, handed to the sender, put through the
//     OPRF for its tag, and dropped.
//   - Blinded elements come, are evaluated and dropped. They reveal nothing.
//   - Of a credential and of a code only a hash stays.
//   - Nothing of a request is written to a log: only what failed inside, which
//     has no request data in it.
//
// Every refusal is a [directory.Problem] with a stable code, and leaves the state as it
// was; but a wrong code uses up a try.
package edge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
	"sealbook/wasm/oprf"
)

// Evaluator evaluates under the key of one epoch, as oprf.Server does. It may
// be called from several goroutines.
type Evaluator interface {
	Evaluate(blinded []byte, random *[oprf.RandomSize]byte, evaluated []byte, proof *[oprf.ProofSize]byte) (int, oprf.Code)
	Output(out *[oprf.OutputSize]byte, input []byte) oprf.Code
	PublicKey(out *[oprf.ElementSize]byte)
}

// Sender brings codes to people.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// Message is a code on its way to a person.
type Message struct {
	Number       string // E.164
	Code         string // digits
	Registration string // its id, in hexadecimal
	Expires      time.Time
}

// Config is what a platform gives and an operator chooses. Every field but Log,
// Erased and Cache is needed.
type Config struct {
	Name  string   // of the directory, as in a host name; part of its verifier key
	Seed  [32]byte // the one secret; all keys are derived from it
	Store *store.Store
	// Evaluator makes the evaluator for a private key of mode VOPRF.
	Evaluator func(key *[oprf.ElementSize]byte) (Evaluator, error)
	Sender    Sender
	// Address names the network that a request comes from, to limit the codes
	// that are sent for it. It is hashed at once.
	Address func(*http.Request) string
	Now     func() time.Time
	Random  io.Reader // cryptographically random
	Limits  Limits
	Consent string      // the text that people agree to
	Log     func(error) // hears what failed inside
	// Erased is told when an account was erased: copies of it may remain where
	// the database keeps older pages. May be nil.
	Erased func()
	// Cache is how many bytes of built files may be kept in memory.
	Cache int
}

// Limits are what an operator may choose, and what is published of it.
type Limits struct {
	directory.Limits
	SendsPerAddress int64 // an hour
}

// DefaultLimits are those of the protocol's text.
func DefaultLimits() Limits { return Limits{directory.DefaultLimits(), 30} }

func (l Limits) check() error {
	switch {
	case l.Check() != nil:
		return errors.New("edge: a limit that clients refuse")
	case l.Budget < directory.MaxBatch || l.Budget >= 1<<36:
		return fmt.Errorf("edge: a budget of %d does not cover a batch of %d, or is beyond counting", l.Budget, directory.MaxBatch)
	case l.RefillPerDay < 1 || l.RefillPerDay > l.Budget:
		return errors.New("edge: the refill must be at least 1 a day and at most the budget")
	case l.CodeDigits < 4 || l.CodeDigits > 12:
		return errors.New("edge: a code has 4 to 12 digits")
	case l.CodeTries < 1 || l.CodeSeconds < 1 || l.SendsPerHour < 1 || l.SendsPerAddress < 1:
		return errors.New("edge: tries, life and sends of codes must be at least 1")
	}
	return nil
}

func (l Limits) budget() directory.Budget {
	return directory.Budget{Size: l.Budget, PerDay: l.RefillPerDay}
}
