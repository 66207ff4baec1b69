package edge

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
	"sealbook/wasm/oprf"
)

// Handler answers the protocol. Make it with New.
type Handler struct {
	config  Config
	keys    *directory.Keys
	consent string // SHA-256 of the text, in hexadecimal
	routes  []route
	cache   *cache

	lanes [lanes]sync.Mutex // of accounts that evaluate

	mu    sync.Mutex
	epoch epoch // the one asked for last
	said  said
	// purged is when what expired was erased last.
	purged int64
}

// epoch is what belongs to one epoch.
type epoch struct {
	number    uint32
	evaluator Evaluator
	public    [oprf.ElementSize]byte
}

// state is what holds now.
type state struct {
	store.State
	epoch
}

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
	h := &Handler{config: c, keys: keys, consent: directory.TextSHA256(c.Consent), cache: newCache(c.Store, c.Cache)}
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

// state reads what holds now. A database that another seed belongs to is
// refused: its tags are of other keys.
func (h *Handler) state(ctx context.Context) (state, error) {
	st, err := h.config.Store.State(ctx)
	if err != nil {
		return state{}, err
	}
	if st.Key == "" {
		if st.Key, err = h.config.Store.Claim(ctx, h.VerifierKey()); err != nil {
			return state{}, err
		}
	}
	if st.Key != h.VerifierKey() {
		return state{}, fmt.Errorf("edge: the database belongs to the directory %s, this seed and name make %s", st.Key, h.VerifierKey())
	}
	e, err := h.epochOf(st.Epoch)
	return state{st, e}, err
}

// Check reports whether database and seed belong together.
func (h *Handler) Check(ctx context.Context) error {
	_, err := h.state(ctx)
	return err
}

// epochOf makes the evaluator of an epoch, or answers the one made last.
func (h *Handler) epochOf(number uint32) (epoch, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.epoch.evaluator != nil && h.epoch.number == number {
		return h.epoch, nil
	}
	key, err := h.keys.Epoch(number)
	if err != nil {
		return epoch{}, err
	}
	e := epoch{number: number}
	if e.evaluator, err = h.config.Evaluator(&key); err != nil {
		return epoch{}, err
	}
	e.evaluator.PublicKey(&e.public)
	h.epoch = e
	return e, nil
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

// sendJSON answers with a JSON document.
func sendJSON(w http.ResponseWriter, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	send(w, status, jsonType, body)
	return nil
}
