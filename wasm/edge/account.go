package edge

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"time"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
)

// authorize reads the credential of a request and answers its account.
func (h *Handler) authorize(r *http.Request) (store.Account, error) {
	credential, err := credentialOf(r)
	if err != nil {
		return store.Account{}, err
	}
	a, err := h.config.Store.Account(r.Context(), credential)
	return a, known(err)
}

// credentialOf answers the hash of a request's credential. From here on only
// the hash is used; a secret of 256 random bits needs no slower one.
func credentialOf(r *http.Request) ([32]byte, error) {
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || text == "" {
		return [32]byte{}, unauthorized(directory.CredentialMissing, "This needs the credential of a registration.")
	}
	var credential directory.Bytes
	if err := credential.UnmarshalText([]byte(text)); err != nil || len(credential) != 32 {
		return [32]byte{}, unknownCredential()
	}
	return sha256.Sum256(credential), nil
}

func unknownCredential() *problem {
	return unauthorized(directory.CredentialUnknown, "No account has this credential; it was withdrawn or renewed, or another epoch has begun.")
}

// known turns the absence of an account into its problem.
func known(err error) error {
	if errors.Is(err, store.ErrNone) {
		return unknownCredential()
	}
	return err
}

// getAccount tells a person everything that is held about them.
func (h *Handler) getAccount(w http.ResponseWriter, r *http.Request, _ string) error {
	a, err := h.authorize(r)
	if err != nil {
		return err
	}
	type budget struct {
		Used         int64  `json:"used"`
		Limit        int64  `json:"limit"`
		RefillPerDay int64  `json:"refill_per_day"`
		Available    int64  `json:"available"`
		At           string `json:"at"`
	}
	l, now := h.config.Limits, h.now()
	available := l.budget().Available(a.Used, a.UsedAt, now)
	return sendJSON(w, http.StatusOK, struct {
		Account          string            `json:"account"`
		Epoch            uint32            `json:"epoch"`
		Tag              directory.Bytes   `json:"tag"`
		Bucket           uint32            `json:"bucket"`
		Record           directory.Bytes   `json:"record"`
		CredentialSHA256 string            `json:"credential_sha256"`
		Scopes           []directory.Scope `json:"scopes"`
		Registered       string            `json:"registered"`
		ConsentSHA256    string            `json:"consent_sha256"`
		Budget           budget            `json:"budget"`
	}{
		hex.EncodeToString(a.ID[:]), a.Epoch, a.Tag[:], a.Bucket, a.Record[:], hex.EncodeToString(a.Credential[:]),
		scopesOf(a), unix(a.Registered), hex.EncodeToString(a.Consent[:]),
		budget{l.Budget - available, l.Budget, l.RefillPerDay, available, unix(now)},
	})
}

// unix writes a time of the database.
func unix(seconds int64) string { return directory.Time(time.Unix(seconds, 0)) }

// putRecord replaces a person's record.
func (h *Handler) putRecord(w http.ResponseWriter, r *http.Request, _ string) error {
	credential, err := credentialOf(r)
	if err != nil {
		return err
	}
	body, err := readOctets(r, directory.RecordSize)
	if err != nil {
		return err
	}
	if len(body) != directory.RecordSize {
		return refuse(directory.RecordLength, "A record has 64 bytes.")
	}
	if err := h.config.Store.PutRecord(r.Context(), credential, [directory.RecordSize]byte(body)); err != nil {
		return known(err)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// withdraw erases an account. The receipt says from which version of its
// bucket's files on its tag is absent.
func (h *Handler) withdraw(w http.ResponseWriter, r *http.Request, _ string) error {
	credential, err := credentialOf(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	a, err := h.config.Store.Withdraw(ctx, credential)
	if err != nil {
		return known(err)
	}
	// It is erased, whatever happens now.
	ctx = context.WithoutCancel(ctx)
	if h.config.Erased != nil {
		h.config.Erased()
	}
	b, err := h.config.Store.Bucket(ctx, a.Bucket)
	if err != nil {
		return err
	}
	receipt, err := h.withdrawal(a, b.Version)
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, struct {
		Receipt string `json:"receipt"`
	}{receipt})
}
