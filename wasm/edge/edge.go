// Package edge is the directory service: one http.Handler for the discovery
// protocol, version 2, on whatever platform gives it a database, a place for
// files, an evaluator, a sender of codes, a clock and random bytes. It opens no
// file and no connection itself. Package server runs it on SQLite and a folder,
// package worker on Cloudflare.
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
// What is published changes by the clock, not by each request: [Handler.Publish]
// makes a state of what the database holds at one moment, writes its files, puts
// it into the log, and only then is it served. Whoever runs the handler calls
// Publish whenever it says so.
//
// Every refusal is a [directory.Problem] with a stable code, and leaves the state
// as it was; but a wrong code uses up a try, and a batch is charged before it is
// looked at.
package edge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"slices"
	"sync"
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

// Files keeps what is published, under names like "482-5f3a…/tags" that are
// written once and never change.
type Files interface {
	// Write writes a file of what write writes. When it returns without an error
	// the whole file survives whatever happens; else there is none.
	Write(ctx context.Context, name string, write func(io.Writer) error) error
	// Open opens a file and returns its size, or fs.ErrNotExist.
	Open(ctx context.Context, name string) (io.ReadSeekCloser, int64, error)
	// List returns all names; those too whose Write was interrupted.
	List(ctx context.Context) ([]string, error)
	// Remove removes files. There may be none of that name.
	Remove(ctx context.Context, names ...string) error
}

// Config is what a platform gives and an operator chooses. Every field is
// needed but those that say otherwise.
type Config struct {
	Name string   // of the directory, as in a host name; part of its verifier keys
	Seed [32]byte // the one secret, with which the epochs' keys are kept too
	// Former is the seed before, while a new one takes its place: what is kept
	// under it is kept under Seed from then on. Nil where none does.
	Former *[32]byte
	Store  *store.Store
	Files  Files
	// Evaluator makes the evaluator for a private key of mode VOPRF.
	Evaluator func(key *[oprf.ElementSize]byte) (Evaluator, error)
	Sender    Sender
	// Address is that of the client, to limit the codes that are sent for it. It
	// is hashed at once. An invalid one shares a limit with all that are.
	Address func(*http.Request) netip.Addr
	Now     func() time.Time
	Random  io.Reader // cryptographically random
	Limits  Limits
	Consent string // the text that people agree to
	// Kinds are those of numbers that get codes besides mobile and fixed ones,
	// from [Kinds]. May be empty.
	Kinds []string
	// Origins are those of pages that may use the directory, besides its own:
	// "https://app.example". May be empty.
	Origins []string
	// ClockChecked is a time at which somebody saw that the clock was right: near
	// it a jump of more than [MaxJump] is none. May be nil: nobody did.
	ClockChecked func() time.Time
	Log          func(error) // hears what failed inside; may be nil
	// Announcer is told what can be read. May be nil: requests for it come here.
	Announcer Announcer
	// Changed is told when there is something to publish, Erased when an account
	// was erased: copies of it may remain where the database keeps older pages.
	// Both may be nil, and must not block.
	Changed, Erased func()
}

// Handler answers the protocol. Make it with New.
type Handler struct {
	config   Config
	keys     *directory.Keys
	replaced *directory.Keys // of Config.Former; may be nil
	secret   [32]byte        // key of what is counted of people
	consent  string          // SHA-256 of the text, in hexadecimal
	routes   []route
	counts   counts
	// waiting bounds how many requests may wait for their multiplications.
	waiting chan struct{}

	publishing sync.Mutex      // of this process; others have the log's size
	claimed    bool            // under it: the database is this directory's
	swept      int64           // and when old files were looked for last
	announced  int64           // the log's size when its newest state was made known
	tiles      map[string]bool // that the announcer keeps; nil: nobody looked

	mu     sync.Mutex
	epochs map[uint32]epoch // asked for last
	note   signedNote
	signed signed
	purged int64 // when what expired was erased last
	nobody bool  // it was told that clients have no address
}

// mostWaiting is how many batches wait at once: 32 KiB each.
const mostWaiting = 256

// New makes a handler. It asks nothing of the platform yet: workers may not at
// that time.
func New(c Config) (*Handler, error) {
	if err := c.Limits.check(); err != nil {
		return nil, err
	}
	keys, err := directory.NewKeys(c.Seed, c.Name)
	if err != nil {
		return nil, err
	}
	var former *directory.Keys
	if c.Former != nil {
		if former, err = directory.NewKeys(*c.Former, c.Name); err != nil {
			return nil, err
		}
	}
	for _, kind := range c.Kinds {
		if !slices.Contains(Kinds(), kind) {
			return nil, fmt.Errorf("edge: there is no kind of numbers %q", kind)
		}
	}
	for _, origin := range c.Origins {
		if err := checkOrigin(origin); err != nil {
			return nil, err
		}
	}
	h := &Handler{
		config: c, keys: keys, replaced: former, secret: keys.Secret("counts"), consent: directory.TextSHA256(c.Consent),
		waiting: make(chan struct{}, mostWaiting), epochs: map[uint32]epoch{},
	}
	h.routes = h.makeRoutes()
	return h, nil
}

// VerifierKey is the key that checks the directory's notes, as clients pin it.
func (h *Handler) VerifierKey() string { return h.keys.Verifier() }

func (h *Handler) now() int64 { return h.config.Now().Unix() }

func (h *Handler) log(err error) {
	if h.config.Log != nil {
		h.config.Log(err)
	}
}

func (h *Handler) changed() {
	if h.config.Changed != nil {
		h.config.Changed()
	}
}

func (h *Handler) erased() {
	if h.config.Erased != nil {
		h.config.Erased()
	}
}

// ErrOther is that a database belongs to another directory.
var ErrOther = errors.New("edge: the database belongs to another directory")

// Belongs reports, as ErrOther, that a database whose verifier key is key belongs to
// another directory. One that nobody began has no key, and is anybody's.
func (h *Handler) Belongs(key string) error {
	if key != "" && key != h.VerifierKey() {
		return fmt.Errorf("%w, %s; this seed and name make %s", ErrOther, key, h.VerifierKey())
	}
	return nil
}

// claim checks that the database is this directory's, and makes it that where
// it is nobody's. One of another seed is refused: its tags are of other keys.
func (h *Handler) claim(ctx context.Context) error {
	key, err := h.config.Store.Claim(ctx, h.VerifierKey(), h.config.Limits.RefillPerDay)
	if err == nil && h.replaced != nil && key == h.replaced.Verifier() {
		key, err = h.rotate(ctx)
	}
	if err != nil {
		return err
	}
	return h.Belongs(key)
}

// purgeEvery is how many seconds lie between two purges at least.
const purgeEvery = 10

// purgeIsDue reports whether it is time to erase what expired. Platforms purge
// by a clock too; this is for those that sleep while nobody asks.
func (h *Handler) purgeIsDue(now int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if age := now - h.purged; 0 <= age && age < purgeEvery {
		return false
	}
	h.purged = now
	return true
}
