package edge

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
	"sealbook/wasm/oprf"
)

// lanes is how many accounts may have a batch under way, but for chance.
const lanes = 1024

// evaluate answers a batch.
func (h *Handler) evaluate(w http.ResponseWriter, r *http.Request, _ string) error {
	a, err := h.authorize(r)
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
	if len(blinded) == 0 || len(blinded)%oprf.ElementSize != 0 {
		return refuse(directory.BatchSize, "A batch has 1 to 1024 elements of 32 bytes.")
	}
	answer, left, err := h.sell(r, a, blinded)
	if err != nil {
		return err
	}
	w.Header().Set("Sealbook-Epoch", strconv.FormatUint(uint64(a.Epoch), 10))
	w.Header().Set("Sealbook-Budget", strconv.FormatInt(left, 10))
	send(w, http.StatusOK, octets, answer)
	return nil
}

// sell evaluates a batch and answers it with its proof, and what is left of the
// budget. The budget is looked at before the work, and charged after it, in one
// statement: a refused batch costs nothing, and no answer goes out unpaid.
func (h *Handler) sell(r *http.Request, a store.Account, blinded []byte) (answer []byte, left int64, err error) {
	ctx, n := r.Context(), int64(len(blinded)/oprf.ElementSize)
	// One batch of an account at a time: else many sent at once would all be
	// evaluated, and then be refused unpaid.
	lane := &h.lanes[binary.BigEndian.Uint16(a.ID[:])%lanes]
	if !lane.TryLock() {
		lane.Lock()
		if a, err = h.authorize(r); err == nil {
			err = ctx.Err() // the client may have gone meanwhile
		}
	}
	defer lane.Unlock()
	if err != nil {
		return nil, 0, err
	}
	budget, now := h.config.Limits.budget(), h.now()
	if budget.Available(a.Used, a.UsedAt, now) < n {
		return nil, 0, budgetExceeded(budget, a, n, now)
	}
	// Accounts of another epoch are not known, nor charged.
	epoch, err := h.epochOf(a.Epoch)
	if err != nil {
		return nil, 0, err
	}
	evaluated, proof, err := h.evaluateBlinded(epoch.evaluator, blinded)
	if err != nil {
		return nil, 0, err
	}
	charged, err := h.config.Store.Charge(ctx, a.Credential, n, budget, now)
	if errors.Is(err, store.ErrBudget) {
		return nil, 0, budgetExceeded(budget, charged, n, now)
	} else if err != nil {
		return nil, 0, known(err)
	}
	return append(evaluated, proof[:]...), budget.Available(charged.Used, charged.UsedAt, now), nil
}

func budgetExceeded(b directory.Budget, a store.Account, n, now int64) *problem {
	p := refuse(directory.BudgetExceeded, "The budget does not cover this batch.").after(b.Wait(a.Used, a.UsedAt, now, n))
	available := b.Available(a.Used, a.UsedAt, now)
	p.Available = &available
	return p
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
