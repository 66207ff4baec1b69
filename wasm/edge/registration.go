package edge

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
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
func (h *Handler) beginRegistration(w http.ResponseWriter, r *http.Request, _ []string) error {
	var body directory.BeginRequest
	if err := readJSON(r, maxRegistration, &body); err != nil {
		return err
	}
	n, err := h.checkNumber(body.Number)
	if err != nil {
		return err
	}
	if !h.reachable(n) {
		return refuse(directory.NumberKind, "Codes go to mobile and fixed numbers; not to one of this kind.")
	}
	ctx, now := r.Context(), h.now()
	// What expired goes before something new comes.
	if h.purgeIsDue(now) {
		if err := h.Clean(ctx); err != nil && !errors.Is(err, ErrClock) {
			return err
		}
	}
	l := h.config.Limits
	reg := store.Registration{Number: h.keys.Number(body.Number), Tries: l.CodeTries, Sent: now, Expires: now + l.CodeSeconds}
	if _, err := io.ReadFull(h.config.Random, reg.ID[:]); err != nil {
		return err
	}
	digits, err := h.digits(ctx, reg.Number, now)
	if err != nil {
		return err
	}
	code, err := h.drawCode(digits)
	if err != nil {
		return err
	}
	reg.Code = h.keys.Code(reg.ID, code)
	again, err := h.config.Store.Begin(ctx, reg, h.sendOf(r, strconv.Itoa(n.CallingCode())), store.SendLimits{
		Number: l.SendsPerHour, NumberDay: l.SendsPerDay, Address: l.SendsAddress, Network: l.SendsNetwork,
		Calling: l.SendsCalling, Total: l.SendsTotal,
	})
	if errors.Is(err, store.ErrLimit) {
		return refuse(directory.SendsExceeded, "Too many codes were sent.").after(again - now)
	} else if err != nil {
		return err
	}
	id := hex.EncodeToString(reg.ID[:])
	message := Message{Number: body.Number, Code: code, Registration: id, Expires: time.Unix(reg.Expires, 0)}
	if err := h.config.Sender.Send(ctx, message); err != nil {
		if err := h.config.Store.Abandon(context.WithoutCancel(ctx), reg.ID); err != nil {
			h.log(err)
		}
		return fmt.Errorf("%w: %w", refuse(directory.SenderFailed, "The code could not be sent."), err)
	}
	return sendJSON(w, http.StatusAccepted, directory.BeginAnswer{Registration: id, Expires: unix(reg.Expires)})
}

// checkNumber takes E.164 of a valid number in its one form.
func (h *Handler) checkNumber(text string) (n number.Number, err error) {
	if err := n.UnmarshalText([]byte(text)); err != nil || n.ExtensionLen() > 0 || !n.Valid() || n.String() != text {
		return n, refuse(directory.NumberInvalid, "The number is not a valid one in E.164 form.")
	}
	return n, nil
}

// NonGeographic is the kind of numbers whose calling code belongs to no country:
// satellites, worldwide toll-free and shared-cost numbers and the like.
const NonGeographic = "NON_GEOGRAPHIC"

// Kinds are the names of all that numbers may be, as libphonenumber has them,
// and NonGeographic.
func Kinds() (names []string) {
	for t := number.FixedLine; t <= number.Voicemail; t++ {
		names = append(names, t.String())
	}
	return append(names, NonGeographic)
}

// reachable reports whether codes are sent to numbers of this kind. Others cost
// whoever sends, and whoever owns them may earn by it.
func (h *Handler) reachable(n number.Number) bool {
	const world = "001"
	if n.Region() == world {
		return slices.Contains(h.config.Kinds, NonGeographic)
	}
	switch t := n.Type(); t {
	case number.Mobile, number.FixedLine, number.FixedLineOrMobile:
		return true
	default:
		return slices.Contains(h.config.Kinds, t.String())
	}
}

// Windows in which wrong tries are counted, in seconds.
const (
	wrongShort  = 86400
	wrongWindow = 30 * 86400
)

// digits is how many a number's next code has: more where too many were wrong.
// They are longer, never refused, or anybody could lock a number.
func (h *Handler) digits(ctx context.Context, number [32]byte, now int64) (int, error) {
	l, key := h.config.Limits, h.counter("wrong", string(number[:]))
	short, err := h.config.Store.Counted(ctx, key, wrongShort, l.WrongPerDay, now)
	if err != nil {
		return 0, err
	}
	long, err := h.config.Store.Counted(ctx, key, wrongWindow, l.WrongPerMonth, now)
	if err != nil {
		return 0, err
	}
	if short >= l.WrongPerDay || long >= l.WrongPerMonth {
		return hardDigits, nil
	}
	return l.CodeDigits, nil
}

// counter is the keyed hash under which something is counted.
func (h *Handler) counter(purpose, text string) [32]byte {
	mac := hmac.New(sha256.New, h.secret[:])
	mac.Write([]byte(purpose + "\x00" + text))
	return [32]byte(mac.Sum(nil))
}

// drawCode draws a code, each with the same probability: what would make some
// digits more likely is drawn again.
func (h *Handler) drawCode(digits int) (string, error) {
	code := make([]byte, 0, digits)
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

// confirmRegistration makes the account of whoever has the code, or with
// "withdraw" erases it.
//
// All that can be refused without looking is refused first, so that a bad
// request costs no try. Then the registration is looked up and a try is taken,
// so that no number of guesses at once is more than were granted; then the code
// is compared, and only for the right one anything is multiplied.
func (h *Handler) confirmRegistration(w http.ResponseWriter, r *http.Request, args []string) error {
	body, err := readBody(r, jsonType, maxRegistration)
	if err != nil {
		return err
	}
	raw, err := hex.DecodeString(args[0])
	if err != nil || len(raw) != 16 || hex.EncodeToString(raw) != args[0] {
		return unknownRegistration()
	}
	id := [16]byte(raw)
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields); fields["withdraw"] != nil {
		return h.withdrawNumber(w, r, id, body)
	}
	var confirm directory.ConfirmRequest
	if err := decodeJSON(body, &confirm); err != nil {
		return err
	}
	if _, err := h.checkNumber(confirm.Number); err != nil {
		return err
	}
	if err := h.checkConsent(confirm.Consent.TextSHA256, confirm.Consent.Scopes); err != nil {
		return err
	}
	if len(confirm.Blinded) != oprf.ElementSize {
		return malformed("The blinded element must have 32 bytes.")
	}
	entry := store.Entry{Registration: &id, Wait: h.config.Limits.Renewal}
	if r.Header.Get("Authorization") != "" {
		credential, err := credentialOf(r)
		if err != nil {
			return err
		}
		entry.Credential = &credential
	}
	ctx, now := r.Context(), h.now()
	release, err := h.queue()
	if err != nil {
		return err
	}
	defer release()
	if err := h.checkCode(ctx, id, confirm.Number, confirm.Code, now); err != nil {
		return err
	}
	// From here on the code was right: whatever fails, it may be tried again.
	done := false
	defer func() {
		if !done {
			if err := h.config.Store.Untry(context.WithoutCancel(ctx), id); err != nil {
				h.log(err)
			}
		}
	}()
	head, err := h.config.Store.Head(ctx)
	if err != nil {
		return err
	}
	epoch, err := h.epochOf(ctx, head.Epoch)
	if err != nil {
		return err
	}
	made, err := h.newAccount(epoch, confirm.Number, confirm.Consent.Scopes, now)
	if err != nil {
		return err
	}
	if entry.Former, err = h.former(ctx, head, confirm.Number, now); err != nil {
		return err
	}
	evaluated, proof, err := h.evaluateBlinded(epoch.evaluator, confirm.Blinded)
	if err != nil {
		return err
	}
	account, err := h.config.Store.Register(ctx, made.account, entry)
	switch {
	case errors.Is(err, store.ErrBarred):
		renewal, err := h.config.Store.Renew(ctx, made.account.ID, entry.Former, id, h.config.Limits.Renewal, now)
		if err != nil {
			return err
		}
		return sendJSON(w, http.StatusAccepted, directory.RenewalAnswer{Renewal: args[0], Ready: unix(renewal.Ready)})
	case errors.Is(err, store.ErrNone):
		done = true
		return unknownRegistration() // spent meanwhile by the same code
	case err != nil:
		return err
	}
	done = true
	h.changed()
	h.erased() // an older record
	return h.sendAccount(ctx, w, account, made.credential, evaluated, proof)
}

// sendAccount answers with a new credential.
func (h *Handler) sendAccount(ctx context.Context, w http.ResponseWriter, a store.Account, credential [32]byte, evaluated []byte, proof [oprf.ProofSize]byte) error {
	receipt, err := h.receipt(context.WithoutCancel(ctx), a)
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusCreated, directory.ConfirmAnswer{
		Credential: credential[:], Epoch: a.Epoch, Evaluated: evaluated, Proof: proof[:], Receipt: receipt,
	})
}

// withdrawNumber erases the account of whoever has the code: the way out for
// who lost the device.
func (h *Handler) withdrawNumber(w http.ResponseWriter, r *http.Request, id [16]byte, body []byte) error {
	var request directory.WithdrawRequest
	if err := decodeJSON(body, &request); err != nil {
		return err
	}
	if !request.Withdraw {
		return malformed("To withdraw is true, or not there.")
	}
	if _, err := h.checkNumber(request.Number); err != nil {
		return err
	}
	ctx, now := r.Context(), h.now()
	release, err := h.queue()
	if err != nil {
		return err
	}
	defer release()
	if err := h.checkCode(ctx, id, request.Number, request.Code, now); err != nil {
		return err
	}
	a, err := h.eraseNumber(ctx, id, request.Number, now)
	if errors.Is(err, store.ErrNone) {
		return refuse(directory.AccountUnknown, "The number has no account.")
	} else if err != nil {
		return errors.Join(err, h.config.Store.Untry(context.WithoutCancel(ctx), id))
	}
	return h.sendWithdrawal(ctx, w, a, now)
}

func (h *Handler) eraseNumber(ctx context.Context, id [16]byte, number string, now int64) (store.Withdrawn, error) {
	head, err := h.config.Store.Head(ctx)
	if err != nil {
		return store.Withdrawn{}, err
	}
	epoch, err := h.epochOf(ctx, head.Epoch)
	if err != nil {
		return store.Withdrawn{}, err
	}
	y, err := output(epoch, number)
	if err != nil {
		return store.Withdrawn{}, err
	}
	former, err := h.former(ctx, head, number, now)
	if err != nil {
		return store.Withdrawn{}, err
	}
	return h.config.Store.WithdrawNumber(ctx, id, directory.AccountID(&y, epoch.number), former, h.config.Limits.Renewal, now)
}

func unknownRegistration() *problem {
	return refuse(directory.RegistrationUnknown, "There is no such registration; it may have been used.")
}

// checkCode looks the registration up, takes a try, and compares.
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
	if hmac.Equal(reg.Number[:], wantNumber[:]) && hmac.Equal(reg.Code[:], wantCode[:]) {
		return nil
	}
	// Counted for the number that the code was sent to.
	_, err = h.config.Store.Count(context.WithoutCancel(ctx), h.counter("wrong", string(reg.Number[:])), wrongWindow, h.config.Limits.mostWrong(), now)
	if err != nil && !errors.Is(err, store.ErrLimit) {
		return err
	}
	p := refuse(directory.CodeWrong, "The code is not the one that was sent to this number.")
	p.TriesLeft = &reg.Tries
	return p
}

// made is an account to be stored, and the credential of which only the hash
// is.
type made struct {
	account    store.Account
	credential [32]byte
}

// newAccount makes what is to be stored about the owner of a number.
func (h *Handler) newAccount(e epoch, number string, scopes []directory.Scope, now int64) (made, error) {
	y, err := output(e, number)
	if err != nil {
		return made{}, err
	}
	m := made{account: store.Account{
		ID:         directory.AccountID(&y, e.number),
		Epoch:      e.number,
		Search:     slices.Contains(scopes, directory.Search),
		Listed:     slices.Contains(scopes, directory.Discoverable),
		Tag:        directory.Tag(&y, e.number),
		Consent:    sha256.Sum256([]byte(h.config.Consent)),
		Registered: now,
		Seen:       store.Day(now),
	}}
	// Until the client puts its own, the record is one that nobody can open.
	for _, b := range [][]byte{m.credential[:], m.account.Record[:]} {
		if _, err := io.ReadFull(h.config.Random, b); err != nil {
			return made{}, err
		}
	}
	m.account.Credential = sha256.Sum256(m.credential[:])
	return m, nil
}
