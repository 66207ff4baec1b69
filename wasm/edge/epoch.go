package edge

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
	"sealbook/wasm/oprf"
)

// epoch is what belongs to one epoch.
type epoch struct {
	number    uint32
	evaluator Evaluator
	public    [oprf.ElementSize]byte
}

// MaxEpoch is for how many seconds an epoch's key is used at most. Then the next
// begins by itself.
const MaxEpoch = 400 * 86400

// StartEpoch begins the epoch after from, with a key that is drawn now. Nobody
// is published in it yet; for 30 days people move to it, and it to them.
func (h *Handler) StartEpoch(ctx context.Context, from uint32) error {
	var random [directory.SeedSize]byte
	if _, err := io.ReadFull(h.config.Random, random[:]); err != nil {
		return err
	}
	if _, err := directory.EpochKey(&random, from+1); err != nil {
		return fmt.Errorf("edge: epoch: %w", err)
	}
	sealed, err := h.sealEpoch(from+1, &random)
	if err != nil {
		return err
	}
	if err := h.config.Store.StartEpoch(ctx, from, h.now(), sealed); err != nil {
		return err
	}
	h.changed()
	return nil
}

// Epoch is the number of the present epoch.
func (h *Handler) Epoch(ctx context.Context) (uint32, error) {
	head, err := h.config.Store.Head(ctx)
	return head.Epoch, err
}

// sealEpoch encrypts what an epoch's key is made of under a key of the seed, so
// that database and seed are both needed, and neither is enough.
func (h *Handler) sealEpoch(number uint32, random *[directory.SeedSize]byte) ([]byte, error) {
	aead := epochSeal(h.keys)
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(random)+aead.Overhead())
	if _, err := io.ReadFull(h.config.Random, nonce); err != nil {
		return nil, err
	}
	return aead.Seal(nonce, nonce, random[:], binary.BigEndian.AppendUint32(nil, number)), nil
}

// openEpoch decrypts it, also where it is still kept under the seed before.
func (h *Handler) openEpoch(number uint32, sealed []byte) (random [directory.SeedSize]byte, err error) {
	random, err = openSealed(h.keys, number, sealed)
	if err != nil && h.replaced != nil {
		random, err = openSealed(h.replaced, number, sealed)
	}
	return random, err
}

func openSealed(keys *directory.Keys, number uint32, sealed []byte) (random [directory.SeedSize]byte, err error) {
	aead := epochSeal(keys)
	if len(sealed) != aead.NonceSize()+len(random)+aead.Overhead() {
		return random, errors.New("edge: an epoch's key is not as it was written")
	}
	nonce, text := sealed[:aead.NonceSize()], sealed[aead.NonceSize():]
	plain, err := aead.Open(nil, nonce, text, binary.BigEndian.AppendUint32(nil, number))
	if err != nil {
		return random, errors.New("edge: an epoch's key does not open with this seed")
	}
	return [directory.SeedSize]byte(plain), nil
}

func epochSeal(keys *directory.Keys) cipher.AEAD {
	key := keys.Secret("epoch")
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // the key has its size
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // so has the block
	}
	return aead
}

// epochOf makes the evaluator of an epoch, or returns the one made before.
func (h *Handler) epochOf(ctx context.Context, number uint32) (epoch, error) {
	h.mu.Lock()
	e, ok := h.epochs[number]
	h.mu.Unlock()
	if ok {
		return e, nil
	}
	sealed, err := h.config.Store.EpochKey(ctx, number)
	if err != nil {
		return epoch{}, err
	}
	random, err := h.openEpoch(number, sealed)
	if err != nil {
		return epoch{}, err
	}
	key, err := directory.EpochKey(&random, number)
	if err != nil {
		return epoch{}, fmt.Errorf("edge: epoch: %w", err)
	}
	e = epoch{number: number}
	if e.evaluator, err = h.config.Evaluator(&key); err != nil {
		return epoch{}, err
	}
	e.evaluator.PublicKey(&e.public)
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.epochs) > 1 {
		clear(h.epochs) // the one before the last has had its time
	}
	h.epochs[number] = e
	return e, nil
}

// former is the account id of a number in the epoch before, while that is kept.
func (h *Handler) former(ctx context.Context, head store.Head, number string, now int64) (*[directory.AccountSize]byte, error) {
	if head.Epoch < 2 || now-head.Began >= store.Overlap {
		return nil, nil
	}
	before, err := h.epochOf(ctx, head.Epoch-1)
	if errors.Is(err, store.ErrNone) {
		return nil, nil // destroyed meanwhile
	} else if err != nil {
		return nil, err
	}
	y, err := output(before, number)
	if err != nil {
		return nil, err
	}
	id := directory.AccountID(&y, before.number)
	return &id, nil
}

func output(e epoch, number string) (y [oprf.OutputSize]byte, err error) {
	if code := e.evaluator.Output(&y, []byte(number)); code != oprf.OK {
		return y, fmt.Errorf("edge: output: %w", code)
	}
	return y, nil
}

// movesPerDay is how often an account may try to move: each try multiplies.
const movesPerDay = 10

// moveEpoch moves an account of the epoch before to this one: without a code,
// because the number is compared with the account under the old key.
func (h *Handler) moveEpoch(w http.ResponseWriter, r *http.Request, _ []string) error {
	credential, old, err := h.authorize(r)
	if err != nil {
		return err
	}
	var body directory.MoveRequest
	if err := readJSON(r, maxRegistration, &body); err != nil {
		return err
	}
	if _, err := h.checkNumber(body.Number); err != nil {
		return err
	}
	if len(body.Blinded) != oprf.ElementSize {
		return malformed("The blinded element must have 32 bytes.")
	}
	ctx, now := r.Context(), h.now()
	head, err := h.config.Store.Head(ctx)
	if err != nil {
		return err
	}
	if old.Epoch+1 != head.Epoch || now-head.Began >= store.Overlap {
		return refuse(directory.EpochPassed, "There is no epoch that this account can move to.")
	}
	again, err := h.config.Store.CountMove(ctx, old.ID, movesPerDay, now)
	if errors.Is(err, store.ErrLimit) {
		return refuse(directory.MovesExceeded, "The account tried to move too often in a day.").after(again - now)
	} else if err != nil {
		return err
	}
	release, err := h.queue()
	if err != nil {
		return err
	}
	defer release()
	former, err := h.former(ctx, head, body.Number, now)
	if err != nil {
		return err
	}
	if former == nil || *former != old.ID {
		return refuse(directory.NumberOther, "The account is of another number.")
	}
	present, err := h.epochOf(ctx, head.Epoch)
	if err != nil {
		return err
	}
	var scopes []directory.Scope = scopesOf(old)
	made, err := h.newAccount(present, body.Number, scopes, now)
	if err != nil {
		return err
	}
	made.account.Consent, made.account.Registered = old.Consent, now
	evaluated, proof, err := h.evaluateBlinded(present.evaluator, body.Blinded)
	if err != nil {
		return err
	}
	account, err := h.config.Store.Register(ctx, made.account, store.Entry{Former: former, Credential: &credential, Wait: h.config.Limits.Renewal})
	switch {
	case errors.Is(err, store.ErrBarred), errors.Is(err, store.ErrNone):
		return refuse(directory.EpochPassed, "The account has moved, or was withdrawn, in this moment.")
	case err != nil:
		return err
	}
	h.changed()
	h.erased()
	return h.sendAccount(ctx, w, account, made.credential, evaluated, proof)
}
