package transcript

import (
	"encoding/hex"
	"encoding/json"
	"slices"

	"sealbook/wasm/directory"
	"sealbook/wasm/number"
	"sealbook/wasm/oprf"
)

var (
	jsonType  = directory.Field{Name: "content-type", Value: "application/json"}
	octetType = directory.Field{Name: "content-type", Value: "application/octet-stream"}
)

// isNumber tells whether a text is E.164 of a valid number, in its one form.
func isNumber(text string) bool {
	n, err := number.Parse(text, "")
	return err == nil && n.Valid() && n.ExtensionLen() == 0 && n.String() == text
}

// encode writes JSON as clients do.
func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // texts
	}
	return b
}

// register explains the request that has a code sent: the number itself.
func (c *checker) register(e *directory.Exchange) {
	c.fields(e, jsonType)
	c.madeOf(e, false, false)
	var sent directory.BeginRequest
	if json.Unmarshal(e.Request.Body, &sent) != nil || !isNumber(sent.Number) {
		c.find(Body, 0, "not a number to be registered")
	} else {
		c.compare(Body, e.Request.Body, encode(sent), "more than a number")
		c.report.Learned.Registered++
	}
	var said directory.BeginAnswer
	if b, ok := body(e, 202); ok && json.Unmarshal(b, &said) == nil {
		c.registrations[said.Registration] = true
	}
}

// confirm explains the request with a code: for an account, with or without its
// old credential, or to withdraw.
func (c *checker) confirm(e *directory.Exchange, id string) {
	if !c.registrations[id] {
		c.find(Path, len("/v2/registrations/"), "no answer in this transcript gave this registration's id")
	}
	fields := []directory.Field{jsonType}
	if _, ok := e.Request.Headers.Get("authorization"); ok {
		fields = append(fields, c.bearer(e))
	}
	c.fields(e, fields...)
	var out directory.WithdrawRequest
	if json.Unmarshal(e.Request.Body, &out) == nil && out.Withdraw {
		c.madeOf(e, false, false)
		if !isNumber(out.Number) {
			c.find(Body, 0, "not the withdrawal of a number")
			return
		}
		out.Code = codeOf(out.Code)
		if c.compare(Body, e.Request.Body, encode(out), "not what number and code amount to") {
			c.report.Learned.Confirmed++
		}
		c.withdrawn(e)
		return
	}
	c.madeOf(e, true, false)
	var sent directory.ConfirmRequest
	if json.Unmarshal(e.Request.Body, &sent) != nil || !isNumber(sent.Number) {
		c.find(Body, 0, "not the confirmation of a registration")
		return
	}
	b, ok := c.ownElement(e, sent.Number)
	if !ok {
		return
	}
	// What was sent, with each part as it must be.
	want := sent
	want.Blinded = b.elements
	want.Consent.TextSHA256 = c.parameters.Consent.SHA256
	want.Code, want.Consent.Scopes = codeOf(sent.Code), scopesOf(sent.Consent.Scopes, c.parameters.Scopes)
	if c.compare(Body, e.Request.Body, encode(want), "not what number, blind, code and consent amount to") {
		c.report.Learned.Confirmed++
	}
	var later directory.RenewalAnswer
	if answered, ok := body(e, 202); ok && json.Unmarshal(answered, &later) == nil {
		c.registrations[later.Renewal] = true
	}
	c.confirmed(e, b, c.parameters.Consent.SHA256)
}

// move explains that an account is moved to a new epoch.
func (c *checker) move(e *directory.Exchange) {
	c.fields(e, jsonType, c.bearer(e))
	c.madeOf(e, true, false)
	var sent directory.MoveRequest
	if json.Unmarshal(e.Request.Body, &sent) != nil || !isNumber(sent.Number) {
		c.find(Body, 0, "not the move of a number")
		return
	}
	b, ok := c.ownElement(e, sent.Number)
	if !ok {
		return
	}
	if c.compare(Body, e.Request.Body, encode(directory.MoveRequest{Number: sent.Number, Blinded: b.elements}), "not what number and blind amount to") {
		c.report.Learned.Moved++
	}
	c.confirmed(e, b, "")
}

// ownElement makes the element of the own number again.
func (c *checker) ownElement(e *directory.Exchange, number string) (*batch, bool) {
	if c.parameters == nil {
		c.find(Body, 0, "the number was blinded before the directory said anything about itself")
		return nil, false
	}
	if len(e.Items) != 1 || e.Items[0].Number != number {
		c.find(Item, -1, "a registration has one element, of the number that is registered")
		return nil, false
	}
	return c.blind(e.Items)
}

// codeOf leaves of a code what can be one.
func codeOf(code string) string {
	for i, digit := range []byte(code) {
		if digit < '0' || digit > '9' || i >= 12 {
			return code[:i]
		}
	}
	return code
}

// scopesOf leaves of scopes those that there are, each once.
func scopesOf(scopes, all []directory.Scope) []directory.Scope {
	out := []directory.Scope{}
	for _, s := range scopes {
		if slices.Contains(all, s) && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// confirmed checks the answer to a confirmation.
func (c *checker) confirmed(e *directory.Exchange, b *batch, consent string) {
	answered, ok := body(e, 201)
	if !ok {
		return
	}
	var said directory.ConfirmAnswer
	if json.Unmarshal(answered, &said) != nil || len(said.Evaluated) != oprf.ElementSize || len(said.Proof) != oprf.ProofSize {
		c.find(Answer, -1, "malformed")
		return
	}
	outputs, ok := c.finalize(b, append(said.Evaluated, said.Proof...))
	if !ok {
		return
	}
	y := (*[oprf.OutputSize]byte)(outputs)
	c.credential = directory.TextSHA256(said.Credential.String())
	key := directory.RecordKey(y, c.parameters.Epoch)
	c.recordKey = &key
	account, tag := directory.AccountID(y, c.parameters.Epoch), directory.Tag(y, c.parameters.Epoch)
	c.account = hex.EncodeToString(account[:])
	var r directory.Receipt
	switch err := c.verifier.Open(said.Receipt, &r); {
	case err != nil:
		c.find(Answer, -1, "the receipt is not one that the directory signed")
	case r.Account != c.account || r.Epoch != c.parameters.Epoch ||
		r.Tag != nil && [directory.TagSize]byte(*r.Tag) != tag || consent != "" && r.ConsentSHA256 != consent:
		c.find(Answer, -1, "the receipt is for another number or consent")
	case r.Tree().N == c.tree.N && r.Tree() != c.tree:
		c.find(Answer, -1, "the receipt names another log than the directory shows")
	}
}

// publish explains a record.
func (c *checker) publish(e *directory.Exchange) {
	c.fields(e, octetType, c.bearer(e))
	c.madeOf(e, false, true)
	switch {
	case e.Record == nil:
		c.find(Body, 0, "what the record was sealed from is not said")
		return
	case c.recordKey == nil:
		c.find(Body, 0, "the key of the record is not known: neither does the transcript hold the registration, nor was the account given")
		return
	}
	r := directory.Record{Handle: [directory.HandleSize]byte(e.Record.Handle), Flags: e.Record.Flags}
	sealed := r.Seal(c.recordKey, (*[directory.NonceSize]byte)(e.Record.Nonce))
	if c.compare(Body, e.Request.Body, sealed[:], "not what the record seals to") {
		c.report.Learned.Published++
	}
}

// withdraw explains a withdrawal and checks its receipt.
func (c *checker) withdraw(e *directory.Exchange) {
	c.fields(e, c.bearer(e))
	c.nothing(e)
	c.withdrawn(e)
}

func (c *checker) withdrawn(e *directory.Exchange) {
	answered, ok := body(e, 200)
	if !ok {
		return
	}
	var said directory.WithdrawAnswer
	var w directory.Withdrawal
	switch {
	case json.Unmarshal(answered, &said) != nil:
		c.find(Answer, -1, "malformed")
	case c.verifier == nil || c.verifier.Open(said.Receipt, &w) != nil:
		c.find(Answer, -1, "the receipt is not one that the directory signed")
	case c.account != "" && w.Account != c.account:
		c.find(Answer, -1, "the receipt is for another account")
	}
}
