package edge

import (
	"context"
	"errors"

	"sealbook/wasm/edge/store"
)

// rotate makes the database one of this seed that was one of the seed before, and
// returns the verifier key that stands then. The epochs' keys are encrypted anew,
// one by one, and last the verifier key is another: broken off anywhere, it goes
// on, and meanwhile either seed opens its own. Accounts, tags and the log are of no
// seed and stay; codes that were sent before do no more, and limits count anew.
func (h *Handler) rotate(ctx context.Context) (string, error) {
	head, err := h.config.Store.Head(ctx)
	if err != nil {
		return "", err
	}
	for n := head.Epoch; n > 0; n-- {
		sealed, err := h.config.Store.EpochKey(ctx, n)
		if errors.Is(err, store.ErrNone) {
			continue // destroyed
		} else if err != nil {
			return "", err
		}
		if _, err := openSealed(h.keys, n, sealed); err == nil {
			continue
		}
		random, err := openSealed(h.replaced, n, sealed)
		if err != nil {
			return "", err
		}
		anew, err := h.sealEpoch(n, &random)
		if err != nil {
			return "", err
		}
		if err := h.config.Store.ResealEpoch(ctx, n, sealed, anew); err != nil {
			return "", err
		}
	}
	return h.config.Store.Reclaim(ctx, h.replaced.Verifier(), h.VerifierKey())
}
