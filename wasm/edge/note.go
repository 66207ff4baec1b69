package edge

import (
	"context"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
	"sealbook/wasm/trust"
)

// signedNote is the note about the directory that was signed last. It is given out
// again while it holds, for at most a minute: whoever asks costs no signature.
type signedNote struct {
	epoch uint32
	at    int64
	text  string
}

const noteKept = 60 // seconds

// getDirectory tells what the directory is, as a signed note: what the newest
// state in the log commits to.
func (h *Handler) getDirectory(w http.ResponseWriter, r *http.Request, _ []string) error {
	newest, err := h.newest(r.Context())
	if err != nil {
		return err
	}
	if h.parameters(newest.state.Epoch, newest.state.Key).SHA256() != newest.state.Parameters {
		// An operator chose others, and the worker that knows it is new.
		if _, err = h.Publish(r.Context()); err == nil {
			newest, err = h.newest(r.Context())
		}
		if err != nil {
			return err
		}
	}
	note, err := h.parametersNote(newest.state)
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, directory.DirectoryAnswer{Key: h.VerifierKey(), Note: note})
}

func (h *Handler) parametersNote(s trust.State) (string, error) {
	now := h.now()
	h.mu.Lock()
	defer h.mu.Unlock()
	if age := now - h.note.at; h.note.epoch == s.Epoch && h.note.text != "" && 0 <= age && age < noteKept {
		return h.note.text, nil
	}
	p := h.parameters(s.Epoch, s.Key)
	p.Time = unix(now)
	note, err := h.keys.Sign(p)
	if err != nil {
		return "", err
	}
	h.note = signedNote{s.Epoch, now, note}
	return note, nil
}

// parameters are what the directory says about itself in an epoch, but the time.
func (h *Handler) parameters(epoch uint32, public [32]byte) *directory.Parameters {
	return &directory.Parameters{
		Protocol: directory.Protocol, Name: h.config.Name,
		Epoch: epoch, PublicKey: public[:],
		Consent: directory.ConsentText{Text: h.config.Consent, SHA256: h.consent},
		Limits:  h.config.Limits.Limits, Scopes: directory.Scopes(), Log: h.keys.LogVerifier(),
	}
}

// newest is the newest state in the log.
type newest struct {
	leaf  store.Leaf
	state trust.State
	tree  tlog.Tree
}

// newest returns the newest state. Where there is none yet it publishes first:
// nothing is served that is not in the log.
func (h *Handler) newest(ctx context.Context) (newest, error) {
	leaf, err := h.config.Store.Newest(ctx)
	if errors.Is(err, store.ErrNone) {
		if err = h.PublishNow(ctx); err == nil {
			leaf, err = h.config.Store.Newest(ctx)
		}
	}
	if err != nil {
		return newest{}, err
	}
	state, err := trust.ParseState([]byte(leaf.Text))
	if err != nil {
		return newest{}, err
	}
	return newest{leaf, state, tlog.Tree{N: leaf.N + 1, Hash: leaf.Root}}, nil
}

// receipt is what a person gets for a registration.
func (h *Handler) receipt(ctx context.Context, a store.Account) (string, error) {
	newest, err := h.newest(ctx)
	if err != nil {
		return "", err
	}
	receipt := &directory.Receipt{
		Account: hex.EncodeToString(a.ID[:]), Epoch: a.Epoch,
		Scopes: scopesOf(a), ConsentSHA256: hex.EncodeToString(a.Consent[:]),
		LogTree: directory.NewLogTree(newest.tree), Time: unix(a.Registered),
	}
	if a.Listed {
		tag := directory.Bytes(a.Tag[:])
		receipt.Tag = &tag
	}
	return h.keys.Sign(receipt)
}

// withdrawal is what a person gets for a withdrawal.
func (h *Handler) withdrawal(ctx context.Context, a store.Withdrawn, now int64) (string, error) {
	newest, err := h.newest(ctx)
	if err != nil {
		return "", err
	}
	b := h.config.Limits.budget()
	return h.keys.Sign(&directory.Withdrawal{
		Account: hex.EncodeToString(a.ID[:]), Epoch: a.Epoch,
		AbsentFromVersion:  a.Absent,
		RemovalListedUntil: unix(now + store.Remembered),
		BudgetKeptUntil:    unix(now + b.Wait(a.Used, a.UsedAt, now, b.Size)),
		LogTree:            directory.NewLogTree(newest.tree), Time: unix(now),
	})
}

// scopesOf are an account's scopes in their order.
func scopesOf(a store.Account) (scopes []directory.Scope) {
	if a.Search {
		scopes = append(scopes, directory.Search)
	}
	if a.Listed {
		scopes = append(scopes, directory.Discoverable)
	}
	return scopes
}

// checkConsent checks what was agreed to: the text that stands now, and at
// least one scope, in any order.
func (h *Handler) checkConsent(sha256 string, scopes []directory.Scope) error {
	left := directory.Scopes()
	for _, s := range scopes {
		i := slices.Index(left, s)
		if i < 0 {
			return refuse(directory.ConsentScopes, "A scope is unknown, or there twice.")
		}
		left = slices.Delete(left, i, i+1)
	}
	if len(scopes) == 0 {
		return refuse(directory.ConsentScopes, "At least one scope is needed.")
	}
	if sha256 != h.consent {
		return refuse(directory.ConsentOutdated, "This is not the text that is asked for now; read /v2/directory again.")
	}
	return nil
}

// unix writes a time of the database.
func unix(seconds int64) string { return directory.Time(time.Unix(seconds, 0)) }
