package edge

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
	"sealbook/wasm/oprf"
)

// evaluate evaluates a batch. The budget is looked at before the work, and
// charged after it, in one statement, before the answer: a refused batch costs
// nothing, and no answer goes out unpaid.
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
	n := int64(len(blinded) / oprf.ElementSize)
	if n == 0 || len(blinded)%oprf.ElementSize != 0 {
		return refuse(directory.BatchSize, "A batch has 1 to 1024 elements of 32 bytes.")
	}
	ctx := r.Context()
	budget, now := h.config.Limits.budget(), h.now()
	if budget.Available(a.Used, a.UsedAt, now) < n {
		return budgetExceeded(budget, a, n, now)
	}
	// Accounts of another epoch are not known, nor charged.
	epoch, err := h.epochOf(a.Epoch)
	if err != nil {
		return err
	}
	evaluated, proof, err := h.evaluateBlinded(epoch.evaluator, blinded)
	if err != nil {
		return err
	}
	charged, err := h.config.Store.Charge(ctx, a.Credential, n, budget, now)
	if errors.Is(err, store.ErrBudget) {
		return budgetExceeded(budget, charged, n, now)
	} else if err != nil {
		return known(err)
	}
	w.Header().Set("Sealbook-Epoch", strconv.FormatUint(uint64(a.Epoch), 10))
	w.Header().Set("Sealbook-Budget", strconv.FormatInt(budget.Available(charged.Used, charged.UsedAt, now), 10))
	send(w, http.StatusOK, octets, append(evaluated, proof[:]...))
	return nil
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
