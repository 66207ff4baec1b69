package edge

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
	"sealbook/wasm/number"
	"sealbook/wasm/oprf"
)

// maxRegistration is more than any well-formed body of a registration has.
const maxRegistration = 4096

// beginRegistration sends a code. Whether the number is registered makes no
// difference to the answer.
func (h *Handler) beginRegistration(w http.ResponseWriter, r *http.Request, _ string) error {
	var body struct {
		Number string `json:"number"`
	}
	if err := readJSON(r, maxRegistration, &body); err != nil {
		return err
	}
	if err := checkNumber(body.Number); err != nil {
		return err
	}
	ctx, now := r.Context(), h.now()
	// What expired goes before something new comes.
	if h.purgeIsDue(now) {
		if _, err := h.config.Store.Purge(ctx, now); err != nil {
			return err
		}
	}
	reg := store.Registration{
		Number:  h.keys.Number(body.Number),
		Tries:   h.config.Limits.CodeTries,
		Sent:    now,
		Expires: now + h.config.Limits.CodeSeconds,
	}
	if _, err := io.ReadFull(h.config.Random, reg.ID[:]); err != nil {
		return err
	}
	code, err := h.drawCode()
	if err != nil {
		return err
	}
	reg.Code = h.keys.Code(reg.ID, code)
	address := h.keys.Address(h.config.Address(r))
	limits := store.SendLimits{Number: h.config.Limits.SendsPerHour, Address: h.config.Limits.SendsPerAddress}
	ok, again, err := h.config.Store.Begin(ctx, reg, address, limits)
	if err != nil {
		return err
	}
	if !ok {
		return refuse(directory.SendsExceeded, "Too many codes were sent within an hour.").after(again - now)
	}
	id := hex.EncodeToString(reg.ID[:])
	expires := time.Unix(reg.Expires, 0)
	message := Message{Number: body.Number, Code: code, Registration: id, Expires: expires}
	if err := h.config.Sender.Send(ctx, message); err != nil {
		if err := h.config.Store.Abandon(ctx, reg.ID); err != nil {
			h.log(err)
		}
		return fmt.Errorf("%w: %w", refuse(directory.SenderFailed, "The code could not be sent."), err)
	}
	return sendJSON(w, http.StatusAccepted, struct {
		Registration string `json:"registration"`
		Expires      string `json:"expires"`
	}{id, directory.Time(expires)})
}

// checkNumber takes E.164 of a valid number in its one form.
func checkNumber(text string) error {
	var n number.Number
	if err := n.UnmarshalText([]byte(text)); err != nil || n.ExtensionLen() > 0 || !n.Valid() || n.String() != text {
		return refuse(directory.NumberInvalid, "The number is not a valid one in E.164 form.")
	}
	return nil
}

// drawCode draws a code, each with the same probability: what would make some
// digits more likely is drawn again.
func (h *Handler) drawCode() (string, error) {
	code := make([]byte, 0, h.config.Limits.CodeDigits)
	for len(code) < cap(code) {
		var b [1]byte
		if _, err := io.ReadFull(h.config.Random, b[:]); err != nil {
			return "", err
		}
		if b[0] < 250 {
			code = append(code, '0'+b[0]%10)
		}
	}
	return string(code), nil
}

// confirmation is the body that confirms a registration.
type confirmation struct {
	Number  string          `json:"number"`
	Code    string          `json:"code"`
	Blinded directory.Bytes `json:"blinded"`
	Consent struct {
		TextSHA256 string            `json:"text_sha256"`
		Scopes     []directory.Scope `json:"scopes"`
	} `json:"consent"`
}

// confirmRegistration makes the account of whoever has the code.
//
// All that can be refused is refused before the code is looked at, so that a
// bad request costs no try; then the try is taken before the code is compared,
// so that no number of guesses at once is more than were granted.
func (h *Handler) confirmRegistration(w http.ResponseWriter, r *http.Request, arg string) error {
	var body confirmation
	if err := readJSON(r, maxRegistration, &body); err != nil {
		return err
	}
	raw, err := hex.DecodeString(arg)
	if err != nil || len(raw) != 16 || hex.EncodeToString(raw) != arg {
		return unknownRegistration()
	}
	id := [16]byte(raw)
	if err := checkNumber(body.Number); err != nil {
		return err
	}
	if err := h.checkConsent(body.Consent.TextSHA256, body.Consent.Scopes); err != nil {
		return err
	}
	if len(body.Blinded) != oprf.ElementSize {
		return malformed("The blinded element must have 32 bytes.")
	}
	ctx, now := r.Context(), h.now()
	state, err := h.state(ctx)
	if err != nil {
		return err
	}
	evaluated, proof, err := h.evaluateBlinded(state.evaluator, body.Blinded)
	if err != nil {
		return err
	}
	if err := h.checkCode(ctx, id, body.Number, body.Code, now); err != nil {
		return err
	}
	account, credential, err := h.newAccount(state, body.Number, body.Consent.Scopes, now)
	if err != nil {
		return err
	}
	switch err := h.config.Store.Register(ctx, account, id); {
	case errors.Is(err, store.ErrNone):
		return unknownRegistration() // spent meanwhile by the same code
	case err != nil:
		// The code was right: it may be tried again.
		return errors.Join(err, h.config.Store.Untry(context.WithoutCancel(ctx), id))
	}
	receipt, err := h.receipt(account)
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusCreated, struct {
		Credential directory.Bytes `json:"credential"`
		Epoch      uint32          `json:"epoch"`
		Evaluated  directory.Bytes `json:"evaluated"`
		Proof      directory.Bytes `json:"proof"`
		Receipt    string          `json:"receipt"`
	}{credential[:], state.Epoch, evaluated, proof[:], receipt})
}

func unknownRegistration() *problem {
	return refuse(directory.RegistrationUnknown, "There is no such registration; it may have been used.")
}

// checkCode takes a try and compares.
func (h *Handler) checkCode(ctx context.Context, id [16]byte, number, code string, now int64) error {
	reg, err := h.config.Store.Try(ctx, id, now)
	if errors.Is(err, store.ErrNone) {
		pending, err := h.config.Store.Pending(ctx, id)
		switch {
		case err != nil:
			return err
		case pending:
			return refuse(directory.CodeExpired, "The code has expired or was tried too often; ask for another.")
		}
		return unknownRegistration()
	} else if err != nil {
		return err
	}
	wantNumber, wantCode := h.keys.Number(number), h.keys.Code(id, code)
	if !hmac.Equal(reg.Number[:], wantNumber[:]) || !hmac.Equal(reg.Code[:], wantCode[:]) {
		p := refuse(directory.CodeWrong, "The code is not the one that was sent to this number.")
		p.TriesLeft = &reg.Tries
		return p
	}
	return nil
}

// newAccount makes what is to be stored about the owner of a number, and the
// credential of which only the hash is.
func (h *Handler) newAccount(st state, number string, scopes []directory.Scope, now int64) (store.Account, [32]byte, error) {
	var y [oprf.OutputSize]byte
	if code := st.evaluator.Output(&y, []byte(number)); code != oprf.OK {
		return store.Account{}, [32]byte{}, fmt.Errorf("edge: output: %w", code)
	}
	a := store.Account{
		ID:         directory.AccountID(&y, st.Epoch),
		Epoch:      st.Epoch,
		Search:     slices.Contains(scopes, directory.Search),
		Listed:     slices.Contains(scopes, directory.Discoverable),
		Tag:        directory.Tag(&y, st.Epoch),
		Bucket:     directory.Bucket(number, st.BucketBits),
		Consent:    sha256.Sum256([]byte(h.config.Consent)),
		Registered: now,
	}
	var credential [32]byte
	// Until the client puts its own, the record is one that nobody can open.
	for _, b := range [][]byte{credential[:], a.Record[:]} {
		if _, err := io.ReadFull(h.config.Random, b); err != nil {
			return store.Account{}, [32]byte{}, err
		}
	}
	a.Credential = sha256.Sum256(credential[:])
	return a, credential, nil
}
