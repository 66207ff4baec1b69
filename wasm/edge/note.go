package edge

import (
	"encoding/hex"
	"net/http"
	"slices"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
)

// said is the note about the directory that was signed last. It is given out
// again while it holds, for at most a minute: whoever asks costs no signature.
type said struct {
	state store.State
	at    int64
	note  string
}

const sayAgain = 60 // seconds

// getDirectory tells what the directory is, as a signed note.
func (h *Handler) getDirectory(w http.ResponseWriter, r *http.Request, _ string) error {
	state, err := h.state(r.Context())
	if err != nil {
		return err
	}
	note, err := h.parameters(state)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "public, max-age=60")
	return sendJSON(w, http.StatusOK, struct {
		Key  string `json:"key"`
		Note string `json:"note"`
	}{h.VerifierKey(), note})
}

func (h *Handler) parameters(st state) (string, error) {
	now := h.now()
	h.mu.Lock()
	defer h.mu.Unlock()
	if age := now - h.said.at; h.said.state == st.State && h.said.note != "" && 0 <= age && age < sayAgain {
		return h.said.note, nil
	}
	note, err := h.keys.Sign(&directory.Parameters{
		Protocol: directory.Protocol, Name: h.config.Name,
		Epoch: st.Epoch, PublicKey: st.public[:], BucketBits: st.BucketBits, Log: h.keys.LogVerifier(),
		Consent: directory.ConsentText{Text: h.config.Consent, SHA256: h.consent},
		Limits:  h.config.Limits.Limits, Scopes: directory.Scopes(), Time: unix(now),
	})
	if err != nil {
		return "", err
	}
	h.said = said{st.State, now, note}
	return note, nil
}

// receipt is what a person gets for a registration.
func (h *Handler) receipt(a store.Account) (string, error) {
	receipt := &directory.Receipt{
		Account: hex.EncodeToString(a.ID[:]), Epoch: a.Epoch,
		Scopes: scopesOf(a), ConsentSHA256: hex.EncodeToString(a.Consent[:]), Time: unix(a.Registered),
	}
	if a.Listed {
		tag := directory.Bytes(a.Tag[:])
		receipt.Tag = &tag
	}
	return h.keys.Sign(receipt)
}

// withdrawal is what a person gets for a withdrawal.
func (h *Handler) withdrawal(a store.Account, version uint64) (string, error) {
	return h.keys.Sign(&directory.Withdrawal{
		Account: hex.EncodeToString(a.ID[:]), Epoch: a.Epoch,
		AbsentFromVersion: version, Time: unix(h.now()),
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
		return refuse(directory.ConsentOutdated, "This is not the text that is asked for now; read /v1/directory again.")
	}
	return nil
}
