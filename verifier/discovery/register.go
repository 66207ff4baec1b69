package discovery

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"sealbook/wasm/directory"
	"sealbook/wasm/number"
)

// Registration is one that waits for its code, or for its renewal.
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
		return "", notANumber()
	}
	return n.String(), nil
}

func notANumber() error {
	return fail(NumberWrong, "not a phone number that has been given out to somebody")
}

func checkNumber(number string) error {
	if canonical, err := ParseNumber(number, ""); err != nil || canonical != number {
		return notANumber()
	}
	return nil
}

// Register has a code sent to a number, in E.164, which goes to the directory as
// it is.
func (d *Directory) Register(ctx context.Context, number string) (Registration, error) {
	if err := checkNumber(number); err != nil {
		return Registration{}, err
	}
	var said directory.BeginAnswer
	c := call{method: "POST", path: "/v2/registrations", expect: []int{202}}
	if err := d.callJSON(ctx, c.withJSON(directory.BeginRequest{Number: number}), &said); err != nil {
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
	Registration string // its id, or that of a renewal
	Number       string // E.164
	Code         string // digits
	// Scopes are what the person consents to; Parameters.Consent is the text to
	// show before.
	Scopes []directory.Scope
	// Credential is that of the number's account, if there is one: then it is
	// renewed at once.
	Credential string
	// Consent is the hash of the text that the person was shown; "" is that of
	// Parameters.
	Consent string
}

// Renewing is that the number has an account and its credential was not shown:
// the new one comes when it is ready, and until then the old one works and can
// refuse. Confirm again from then on with this registration.
type Renewing struct {
	Registration string
	Ready        time.Time
}

func (r *Renewing) Error() string {
	return "the number has an account: a new credential comes at " + directory.Time(r.Ready) + ", unless the old one refuses"
}

// Confirm shows the code, consents, and gets a credential. Before the number is
// blinded parameters and log are read and held against each other; the proof and
// the receipt are verified: account and tag are computed here, and must be those
// that the directory signed. Its error may be a *Renewing.
//
// The record is put by Publish, when the account has been kept.
func (d *Directory) Confirm(ctx context.Context, s *State, c Confirmation) (Mine, error) {
	if err := checkCode(c.Registration, c.Number, c.Code); err != nil {
		return Mine{}, err
	}
	if s == nil {
		s = NewState(d)
	}
	p, err := d.readLog(ctx, s)
	if err != nil {
		return Mine{}, err
	}
	for i, scope := range c.Scopes {
		if !slices.Contains(d.Parameters.Scopes, scope) || slices.Contains(c.Scopes[:i], scope) {
			return Mine{}, fail(Input, "scopes are some of the directory's, each once")
		}
	}
	if len(c.Scopes) == 0 {
		return Mine{}, fail(Input, "an account needs at least one scope")
	}
	if c.Consent == "" {
		c.Consent = d.Parameters.Consent.SHA256
	}
	if c.Consent != d.Parameters.Consent.SHA256 {
		return Mine{}, fail(Input, "the directory asks for consent to another text by now")
	}
	own := d.blind(&p.State.Key, []string{c.Number}, 1)
	request := call{method: "POST", path: "/v2/registrations/" + c.Registration, expect: []int{201, 202}, items: own.items()}
	request = request.withJSON(directory.ConfirmRequest{Number: c.Number, Code: c.Code, Blinded: own.elements,
		Consent: directory.ConsentRequest{TextSHA256: c.Consent, Scopes: c.Scopes}})
	var raw json.RawMessage
	status, err := d.callJSONStatus(ctx, request.withCredential(c.Credential), &raw)
	if err != nil {
		return Mine{}, err
	}
	if status == 202 {
		var said directory.RenewalAnswer
		if json.Unmarshal(raw, &said) != nil {
			return Mine{}, malformed()
		}
		ready, err := directory.ParseTime(said.Ready)
		if err != nil || !isRegistration(said.Renewal) {
			return Mine{}, malformed()
		}
		return Mine{}, &Renewing{said.Renewal, ready}
	}
	var said directory.ConfirmAnswer
	if json.Unmarshal(raw, &said) != nil {
		return Mine{}, malformed()
	}
	return d.confirmed(own, &said, c.Scopes, c.Consent, &view{published: p})
}

func checkCode(registration, number, code string) error {
	if err := checkNumber(number); err != nil {
		return err
	}
	if !isRegistration(registration) {
		return fail(Input, "a registration is what Register returned")
	}
	for _, digit := range []byte(code) {
		if digit < '0' || digit > '9' {
			return fail(Input, "a code is digits")
		}
	}
	if code == "" || len(code) > 12 {
		return fail(Input, "a code is 1 to 12 digits")
	}
	return nil
}
