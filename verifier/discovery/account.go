package discovery

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"sealbook/wasm/directory"
	"sealbook/wasm/oprf"
)

// Mine is a person's own account. Keep it as a password is kept.
type Mine struct {
	Number     string // E.164; "" where it is not to be moved to a new epoch by itself
	Credential string // base64url
	Receipt    directory.Receipt
	Note       string                        // the receipt, signed
	RecordKey  [directory.RecordKeySize]byte // that records are sealed with
	Record     *directory.Record             // what it shows, as it was put last; nil: none yet
	Sealed     *[directory.RecordSize]byte   // the same, sealed
}

// Held is what a directory holds about an account, in its own words.
type Held struct {
	directory.Held
	// JSON is the whole answer; it may tell more.
	JSON json.RawMessage
}

// Me asks for all that the directory holds about the account.
func (d *Directory) Me(ctx context.Context, credential string) (Held, error) {
	if err := checkCredential(credential); err != nil {
		return Held{}, err
	}
	var h Held
	c := call{method: "GET", path: "/v2/me", expect: []int{200}}
	if err := d.callJSON(ctx, c.withCredential(credential), &h.JSON); err != nil {
		return Held{}, err
	}
	if json.Unmarshal(h.JSON, &h.Held) != nil || !isAccount(h.Account) || h.Scopes == nil {
		return Held{}, malformed()
	}
	return h, nil
}

func isAccount(id string) bool {
	raw, err := hex.DecodeString(id)
	return err == nil && len(raw) == directory.AccountSize && hex.EncodeToString(raw) == id
}

// Withdraw erases an account and returns the receipt, verified, and as it was
// signed. If account is not empty, the receipt must be for that one. Where the
// answer gets lost, a second call is refused with credential_unknown: nothing
// is there any more.
func (d *Directory) Withdraw(ctx context.Context, credential, account string) (directory.Withdrawal, string, error) {
	if err := checkCredential(credential); err != nil {
		return directory.Withdrawal{}, "", err
	}
	if err := d.known(ctx); err != nil {
		return directory.Withdrawal{}, "", err
	}
	c := call{method: "DELETE", path: "/v2/me", expect: []int{200}}
	return d.withdrawn(ctx, c.withCredential(credential), account)
}

// WithdrawByCode erases the account of a number by a code that was sent to it,
// for who lost the credential. There is no account to compare with.
func (d *Directory) WithdrawByCode(ctx context.Context, registration, number, code string) (directory.Withdrawal, string, error) {
	if err := checkCode(registration, number, code); err != nil {
		return directory.Withdrawal{}, "", err
	}
	if err := d.known(ctx); err != nil {
		return directory.Withdrawal{}, "", err
	}
	c := call{method: "POST", path: "/v2/registrations/" + registration, expect: []int{200}}
	return d.withdrawn(ctx, c.withJSON(directory.WithdrawRequest{Number: number, Code: code, Withdraw: true}), "")
}

func (d *Directory) withdrawn(ctx context.Context, c call, account string) (directory.Withdrawal, string, error) {
	var said directory.WithdrawAnswer
	if err := d.callJSON(ctx, c, &said); err != nil {
		return directory.Withdrawal{}, "", err
	}
	var w directory.Withdrawal
	if err := d.verifier.Open(said.Receipt, &w); err != nil {
		return directory.Withdrawal{}, "", ofNote(err)
	}
	if account != "" && w.Account != account || w.Epoch > d.Parameters.Epoch {
		return directory.Withdrawal{}, "", fail(ReceiptWrong, "the directory's receipt is not for the withdrawal of this account")
	}
	return w, said.Receipt, nil
}

// RefuseRenewal refuses, once, that somebody who showed a code for the account's
// number gets the account: it is delayed by 7 days.
func (d *Directory) RefuseRenewal(ctx context.Context, credential string) error {
	if err := checkCredential(credential); err != nil {
		return err
	}
	c := call{method: "DELETE", path: "/v2/me/renewal", expect: []int{204}}
	_, err := d.send(ctx, c.withCredential(credential))
	return err
}

// Publish seals a record and puts it in place of the one before; it is published
// with the next state.
func (d *Directory) Publish(ctx context.Context, m *Mine, r directory.Record) error {
	if err := checkCredential(m.Credential); err != nil {
		return err
	}
	var nonce [directory.NonceSize]byte
	d.draw(nonce[:])
	sealed := r.Seal(&m.RecordKey, &nonce)
	c := call{method: "PUT", path: "/v2/me/record", expect: []int{204},
		record: &directory.SealedRecord{Handle: r.Handle[:], Flags: r.Flags, Nonce: nonce[:]}}
	if _, err := d.send(ctx, c.withOctets(sealed[:]).withCredential(m.Credential)); err != nil {
		return err
	}
	m.Record, m.Sealed = &r, &sealed
	return nil
}

// Move moves an account to the epoch that has begun, without a code: the number
// goes to the directory once more. The record is to be published again.
func (d *Directory) Move(ctx context.Context, s *State, m *Mine) (Mine, error) {
	if err := checkCredential(m.Credential); err != nil {
		return Mine{}, err
	}
	p, err := d.readLog(ctx, s)
	if err != nil {
		return Mine{}, err
	}
	return d.move(ctx, m, &view{published: p})
}

func (d *Directory) move(ctx context.Context, m *Mine, v *view) (Mine, error) {
	own := d.blind(&v.State.Key, []string{m.Number}, 1)
	c := call{method: "POST", path: "/v2/me/epoch", expect: []int{201}, items: own.items()}
	var said directory.ConfirmAnswer
	if err := d.callJSON(ctx, c.withJSON(directory.MoveRequest{Number: m.Number, Blinded: own.elements}).withCredential(m.Credential), &said); err != nil {
		return Mine{}, err
	}
	return d.confirmed(own, &said, m.Receipt.Scopes, m.Receipt.ConsentSHA256, v)
}

// confirmed verifies what makes or moves an account: the proof with the key of
// the log, and that the receipt is for this number, consent and log.
func (d *Directory) confirmed(own *blinded, said *directory.ConfirmAnswer, scopes []directory.Scope, consent string, v *view) (Mine, error) {
	if len(said.Credential) != 32 || len(said.Evaluated) != oprf.ElementSize || len(said.Proof) != oprf.ProofSize {
		return Mine{}, malformed()
	}
	if said.Epoch != v.State.Epoch {
		return Mine{}, otherEpoch()
	}
	own.answer = append(slices.Clone([]byte(said.Evaluated)), said.Proof...)
	outputs, err := own.finalize()
	if err != nil {
		return Mine{}, err
	}
	y := &outputs[0]
	m := Mine{Number: own.numbers[0], Credential: said.Credential.String(), Note: said.Receipt, RecordKey: directory.RecordKey(y, said.Epoch)}
	if err := d.verifier.Open(said.Receipt, &m.Receipt); err != nil {
		return Mine{}, ofNote(err)
	}
	r := &m.Receipt
	account, tag := directory.AccountID(y, said.Epoch), directory.Tag(y, said.Epoch)
	want, got := slices.Sorted(slices.Values(scopes)), slices.Sorted(slices.Values(r.Scopes))
	if r.Account != hex.EncodeToString(account[:]) || r.Epoch != said.Epoch || r.Tag != nil && [directory.TagSize]byte(*r.Tag) != tag ||
		!slices.Equal(got, want) || r.ConsentSHA256 != consent {
		return Mine{}, fail(ReceiptWrong, "the directory's receipt is not for this number and consent")
	}
	if r.Tree().N < v.Tree.N {
		return Mine{}, fail(ReceiptWrong, "the directory's receipt names an older log")
	}
	if !receiptFits(&r.LogTree, v.Tree) {
		return Mine{}, &Error{Code: Consistency, Message: "the directory's receipt names another log than it shows",
			Evidence: []Signed{{"receipt", said.Receipt}, {"update", v.text}}}
	}
	return m, nil
}

// known makes sure that the directory's key is known.
func (d *Directory) known(ctx context.Context) error {
	if d.Parameters.Protocol != 0 {
		return nil
	}
	return d.Describe(ctx)
}

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }
