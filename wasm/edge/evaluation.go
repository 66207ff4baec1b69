package edge

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
	"sealbook/wasm/oprf"
)

// evaluate answers a batch. It is charged, in one statement, before anything is
// multiplied, and stays charged where an element turns out to be none: else
// whoever sends such would be served for nothing.
func (h *Handler) evaluate(w http.ResponseWriter, r *http.Request, _ []string) error {
	credential, a, err := h.authorize(r)
	if err != nil {
		return err
	}
	if !a.Search {
		return refuse(directory.ScopeMissing, "The account has not been given the scope search.")
	}
	blinded, err := readOctets(r, directory.MaxBatch*oprf.ElementSize)
	if err != nil {
		return err
	}
	n := len(blinded) / oprf.ElementSize
	if len(blinded)%oprf.ElementSize != 0 || !slices.Contains(directory.BatchSizes(), n) {
		return refuse(directory.BatchSize, "A batch has 8, 64, 256 or 1024 elements of 32 bytes.")
	}
	release, err := h.queue()
	if err != nil {
		return err
	}
	defer release()
	ctx, now, budget := r.Context(), h.now(), h.config.Limits.budget()
	epoch, err := h.epochOf(ctx, a.Epoch)
	if err != nil {
		return err
	}
	charged, err := h.config.Store.Charge(ctx, credential, int64(n), budget, now)
	if errors.Is(err, store.ErrBudget) {
		return h.notCharged(charged, a, int64(n), now)
	} else if err != nil {
		return known(err)
	}
	evaluated, proof, err := h.evaluateBlinded(epoch.evaluator, blinded)
	if err != nil {
		return err
	}
	w.Header().Set("Sealbook-Epoch", strconv.FormatUint(uint64(a.Epoch), 10))
	w.Header().Set("Sealbook-Budget", strconv.FormatInt(budget.Available(charged.Used, charged.UsedAt, now), 10))
	send(w, http.StatusOK, octets, append(evaluated, proof[:]...))
	return nil
}

// notCharged is why an account was not charged: it is of the epoch before, or
// its budget does not cover it.
func (h *Handler) notCharged(a, before store.Account, n, now int64) *problem {
	b := h.config.Limits.budget()
	available := b.Available(a.Used, a.UsedAt, now)
	if available >= n {
		return unauthorized(directory.CredentialUnknown, "The account is of the epoch before; it has to move to this one.")
	}
	p := refuse(directory.BudgetExceeded, "The budget does not cover this batch.").after(b.Wait(a.Used, a.UsedAt, now, n))
	p.Available = &available
	return p
}

// queue takes a place among those who wait for multiplications, or refuses: what
// waits takes memory.
func (h *Handler) queue() (release func(), err error) {
	select {
	case h.waiting <- struct{}{}:
		return func() { <-h.waiting }, nil
	default:
		return nil, refuse(directory.StoreBusy, "Too many requests are under way; nothing was changed.").after(1)
	}
}

// evaluateBlinded evaluates elements, with one proof for all of them.
func (h *Handler) evaluateBlinded(e Evaluator, blinded []byte) (evaluated []byte, proof [oprf.ProofSize]byte, err error) {
	var random [oprf.RandomSize]byte
	if _, err := io.ReadFull(h.config.Random, random[:]); err != nil {
		return nil, proof, err
	}
	evaluated = make([]byte, len(blinded), len(blinded)+len(proof))
	switch at, code := e.Evaluate(blinded, &random, evaluated, &proof); {
	case code == oprf.OK:
		return evaluated, proof, nil
	case at >= 0:
		p := refuse(directory.ElementInvalid, "An element is none of the group, or its identity.")
		p.Index = &at
		return nil, proof, p
	default:
		return nil, proof, fmt.Errorf("edge: evaluate: %w", code)
	}
}
