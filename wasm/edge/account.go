package edge

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
)

// authorize reads the credential of a request and returns its hash and account.
func (h *Handler) authorize(r *http.Request) (credential [32]byte, a store.Account, err error) {
	if credential, err = credentialOf(r); err != nil {
		return credential, a, err
	}
	a, err = h.config.Store.Account(r.Context(), credential)
	return credential, a, known(err)
}

// credentialOf returns the hash of a request's credential. From here on only
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
func (h *Handler) getAccount(w http.ResponseWriter, r *http.Request, _ []string) error {
	credential, a, err := h.authorize(r)
	if err != nil {
		return err
	}
	l, now := h.config.Limits, h.now()
	if a.Seen < store.Day(now) { // a sync
		if err := h.config.Store.Touch(r.Context(), credential, now); err != nil {
			return err
		}
		a.Seen = store.Day(now)
	}
	records, moves, err := h.config.Store.Tallies(r.Context(), a.ID, now)
	if err != nil {
		return err
	}
	available := l.budget().Available(a.Used, a.UsedAt, now)
	held := directory.Held{
		Account: hex.EncodeToString(a.ID[:]), Epoch: a.Epoch, Tag: a.Tag[:], Record: a.Record[:],
		CredentialSHA256: hex.EncodeToString(a.Credential[:]), Scopes: scopesOf(a),
		Registered: unix(a.Registered), Lapses: unix(a.Seen + store.Lapse), ConsentSHA256: hex.EncodeToString(a.Consent[:]),
		Budget: directory.HeldBudget{
			Used: l.Budget - available, Limit: l.Budget, RefillPerDay: l.RefillPerDay, Available: available, At: unix(now),
		},
		// Under keyed hashes of the number and of network addresses, which are not
		// known here: the longest that anything of today is kept.
		Elsewhere: []directory.Elsewhere{
			{What: "sends", Until: unix(now + 86400)},
			{What: "tries", Until: unix(now + wrongWindow)},
			{What: "registration", Until: unix(now + l.CodeSeconds)},
		},
	}
	if a.Ready > now-store.Claimable && a.Ready > 0 {
		held.Renewal = &directory.Renewal{Ready: unix(a.Ready), Refused: a.Refused}
		held.Elsewhere[2].Until = unix(a.Ready + store.Claimable)
	}
	for _, counted := range []struct {
		what string
		store.Tally
	}{{"records", records}, {"moves", moves}} {
		if len(counted.At) == 0 {
			continue
		}
		e := directory.Elsewhere{What: counted.what, Until: unix(counted.Until)}
		for _, at := range counted.At {
			e.Times = append(e.Times, unix(at))
		}
		held.Elsewhere = append(held.Elsewhere, e)
	}
	return sendJSON(w, http.StatusOK, held)
}

// putRecord replaces a person's record. It is published with the next state.
func (h *Handler) putRecord(w http.ResponseWriter, r *http.Request, _ []string) error {
	credential, _, err := h.authorize(r)
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
	now := h.now()
	again, err := h.config.Store.PutRecord(r.Context(), credential, [directory.RecordSize]byte(body), h.config.Limits.RecordsPerDay, now)
	switch {
	case errors.Is(err, store.ErrLimit) && again == 0:
		return unauthorized(directory.CredentialUnknown, "The account is of the epoch before; it has to move to this one.")
	case errors.Is(err, store.ErrLimit):
		return refuse(directory.RecordsExceeded, "There were too many new records in a day.").after(again - now)
	case err != nil:
		return known(err)
	}
	h.changed()
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// withdraw erases an account. The receipt says from which version on its tag is
// not published.
func (h *Handler) withdraw(w http.ResponseWriter, r *http.Request, _ []string) error {
	credential, err := credentialOf(r)
	if err != nil {
		return err
	}
	now := h.now()
	a, err := h.config.Store.Withdraw(r.Context(), credential, now)
	if err != nil {
		return known(err)
	}
	return h.sendWithdrawal(r.Context(), w, a, now)
}

// sendWithdrawal answers that an account was erased. It is, whatever happens.
func (h *Handler) sendWithdrawal(ctx context.Context, w http.ResponseWriter, a store.Withdrawn, now int64) error {
	h.erased()
	h.changed()
	receipt, err := h.withdrawal(context.WithoutCancel(ctx), a, now)
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, directory.WithdrawAnswer{Receipt: receipt})
}

// refuseRenewal delays a renewal, once: the owner has the credential, whoever
// asked for the renewal only codes.
func (h *Handler) refuseRenewal(w http.ResponseWriter, r *http.Request, _ []string) error {
	credential, _, err := h.authorize(r)
	if err != nil {
		return err
	}
	err = h.config.Store.Refuse(r.Context(), credential, h.now())
	switch {
	case errors.Is(err, store.ErrLimit):
		return refuse(directory.RenewalFinal, "The renewal was refused once already.")
	case errors.Is(err, store.ErrNone):
		return refuse(directory.RenewalUnknown, "No renewal is under way.")
	case err != nil:
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
