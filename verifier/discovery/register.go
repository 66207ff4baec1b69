//go:build old

package discovery

import (
	"context"
	"encoding/hex"
	"slices"
	"time"

	"sealbook/wasm/directory"
	"sealbook/wasm/number"
	"sealbook/wasm/oprf"
)

// Registration is one that waits for its code.
type Registration struct {
	ID      string // hexadecimal
	Number  string // E.164
	Expires time.Time
}

// ParseNumber reads a number that somebody can register: a valid one without an
// extension. The region says how to read one without "+".
func ParseNumber(text, region string) (string, error) {
	n, err := number.Parse(text, region)
	if err != nil || !n.Valid() || n.ExtensionLen() > 0 {
		return "", fail(NumberWrong, "not a phone number that has been given out to somebody")
	}
	return n.String(), nil
}

// Register has a code sent to a number, in E.164, which goes to the directory as
// it is.
func (d *Directory) Register(ctx context.Context, number string) (Registration, error) {
	if canonical, err := ParseNumber(number, ""); err != nil || canonical != number {
		return Registration{}, fail(NumberWrong, "not a phone number that has been given out to somebody")
	}
	var said struct{ Registration, Expires string }
	c := call{method: "POST", path: "/v1/registrations", expect: []int{202}}
	if err := d.callJSON(ctx, c.withJSON(struct {
		Number string `json:"number"`
	}{number}), &said); err != nil {
		return Registration{}, err
	}
	expires, err := directory.ParseTime(said.Expires)
	if err != nil || !isRegistration(said.Registration) {
		return Registration{}, malformed()
	}
	return Registration{said.Registration, number, expires}, nil
}

func isRegistration(id string) bool {
	raw, err := hex.DecodeString(id)
	return err == nil && len(raw) == 16 && hex.EncodeToString(raw) == id
}

// Confirmation is what confirms a registration.
type Confirmation struct {
	Registration string // its id
	Number       string // E.164
	Code         string // digits
	// Scopes are what the person consents to; Parameters.Consent is the text to
	// show before.
	Scopes []directory.Scope
	// Record is what is published, if Discoverable is among them.
	Record directory.Record
}

// Confirmed is a person's own account. Keep it as a password is kept.
type Confirmed struct {
	Credential string // base64url
	Receipt    directory.Receipt
	Note       string                        // the receipt, signed
	RecordKey  [directory.RecordKeySize]byte // that records are sealed with
}

// Confirm shows the code, consents, and gets a credential. The proof and the
// receipt are verified: account, tag and bucket are computed here, and must be
// those that the directory signed. If all went well but publishing the record,
// the account is answered with the error: keep it, and call Publish.
func (d *Directory) Confirm(ctx context.Context, c Confirmation) (Confirmed, error) {
	if err := d.checkConfirmation(c); err != nil {
		return Confirmed{}, err
	}
	own := d.blind([]string{c.Number}, 1)
	type consent struct {
		SHA256 string            `json:"text_sha256"`
		Scopes []directory.Scope `json:"scopes"`
	}
	request := call{method: "POST", path: "/v1/registrations/" + c.Registration, expect: []int{201}, items: own.items(1)}
	var said struct {
		Credential       directory.Bytes
		Epoch            uint32
		Evaluated, Proof directory.Bytes
		Receipt          string
	}
	if err := d.callJSON(ctx, request.withJSON(struct {
		Number  string          `json:"number"`
		Code    string          `json:"code"`
		Blinded directory.Bytes `json:"blinded"`
		Consent consent         `json:"consent"`
	}{c.Number, c.Code, own.elements, consent{d.Parameters.Consent.SHA256, c.Scopes}}), &said); err != nil {
		return Confirmed{}, err
	}
	if len(said.Credential) != 32 || len(said.Evaluated) != oprf.ElementSize || len(said.Proof) != oprf.ProofSize {
		return Confirmed{}, malformed()
	}
	if said.Epoch != d.Parameters.Epoch {
		return Confirmed{}, otherEpoch()
	}
	outputs, err := own.finalize(said.Evaluated, (*[oprf.ProofSize]byte)(said.Proof), 1)
	if err != nil {
		return Confirmed{}, err
	}
	y := &outputs[0]
	mine := Confirmed{Credential: said.Credential.String(), Note: said.Receipt, RecordKey: directory.RecordKey(y, said.Epoch)}
	if err := d.verifier.Open(said.Receipt, &mine.Receipt); err != nil {
		return Confirmed{}, ofNote(err)
	}
	if !d.receiptIsFor(&mine.Receipt, c, y) {
		return Confirmed{}, fail(ReceiptWrong, "the directory's receipt is not for this number and consent")
	}
	if slices.Contains(c.Scopes, directory.Discoverable) {
		if err := d.Publish(ctx, mine.Credential, mine.RecordKey, c.Record); err != nil {
			return mine, err
		}
	}
	return mine, nil
}

func (d *Directory) checkConfirmation(c Confirmation) error {
	if canonical, err := ParseNumber(c.Number, ""); err != nil || canonical != c.Number {
		return fail(NumberWrong, "not a phone number that has been given out to somebody")
	}
	if !isRegistration(c.Registration) {
		return fail(Input, "a registration is what Register answered")
	}
	for _, digit := range []byte(c.Code) {
		if digit < '0' || digit > '9' {
			return fail(Input, "a code is digits")
		}
	}
	if c.Code == "" || len(c.Code) > 12 {
		return fail(Input, "a code is 1 to 12 digits")
	}
	for i, scope := range c.Scopes {
		if !slices.Contains(d.Parameters.Scopes, scope) || slices.Contains(c.Scopes[:i], scope) {
			return fail(Input, "scopes are some of the directory's, each once")
		}
	}
	if len(c.Scopes) == 0 {
		return fail(Input, "an account needs at least one scope")
	}
	return nil
}

// receiptIsFor compares what the directory signed with what is computed here.
func (d *Directory) receiptIsFor(r *directory.Receipt, c Confirmation, y *[oprf.OutputSize]byte) bool {
	p := &d.Parameters
	account, tag := directory.AccountID(y, p.Epoch), directory.Tag(y, p.Epoch)
	want, got := slices.Sorted(slices.Values(c.Scopes)), slices.Sorted(slices.Values(r.Scopes))
	return r.Account == hex.EncodeToString(account[:]) && r.Epoch == p.Epoch &&
		(r.Tag == nil || [directory.TagSize]byte(*r.Tag) == tag) &&
		r.Bucket == directory.Bucket(c.Number, p.BucketBits) &&
		slices.Equal(got, want) && r.ConsentSHA256 == p.Consent.SHA256
}

// Publish seals a record and puts it in place of the one before.
func (d *Directory) Publish(ctx context.Context, credential string, key [directory.RecordKeySize]byte, r directory.Record) error {
	if err := checkCredential(credential); err != nil {
		return err
	}
	var nonce [directory.NonceSize]byte
	d.draw(nonce[:])
	sealed := r.Seal(&key, &nonce)
	c := call{method: "PUT", path: "/v1/me/record", expect: []int{204},
		record: &directory.SealedRecord{Handle: r.Handle[:], Flags: r.Flags, Nonce: nonce[:]}}
	_, err := d.send(ctx, c.withOctets(sealed[:]).withCredential(credential))
	return err
}
