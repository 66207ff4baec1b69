package directory

// The JSON bodies of requests and answers, as both sides write and read them.
// A request has all fields and no others; in answers a client passes over what
// it does not know.

// DirectoryAnswer is that of GET /v2/directory.
type DirectoryAnswer struct {
	Key  string `json:"key"`  // verifier key of notes; clients pin it
	Note string `json:"note"` // signed Parameters
}

// BeginRequest asks for a code: POST /v2/registrations. The answer is the same
// whether or not the number is registered.
type BeginRequest struct {
	Number string `json:"number"` // E.164
}

// BeginAnswer comes with 202.
type BeginAnswer struct {
	Registration string `json:"registration"` // 16 bytes in hexadecimal
	Expires      string `json:"expires"`
}

// ConfirmRequest confirms a registration: POST /v2/registrations/{id}. With the
// credential of the number's account, in the header, it is renewed at once.
type ConfirmRequest struct {
	Number  string         `json:"number"`
	Code    string         `json:"code"`
	Blinded Bytes          `json:"blinded"` // 32 bytes
	Consent ConsentRequest `json:"consent"`
}

// ConsentRequest is what a person agrees to.
type ConsentRequest struct {
	TextSHA256 string  `json:"text_sha256"`
	Scopes     []Scope `json:"scopes"`
}

// WithdrawRequest erases the number's account: POST /v2/registrations/{id}, for
// who lost the credential. The answer, with 200, is a WithdrawAnswer.
type WithdrawRequest struct {
	Number   string `json:"number"`
	Code     string `json:"code"`
	Withdraw bool   `json:"withdraw"` // true
}

// ConfirmAnswer comes with 201.
type ConfirmAnswer struct {
	Credential Bytes  `json:"credential"` // 32 bytes
	Epoch      uint32 `json:"epoch"`
	Evaluated  Bytes  `json:"evaluated"` // 32 bytes
	Proof      Bytes  `json:"proof"`     // 64 bytes
	Receipt    string `json:"receipt"`   // signed Receipt
}

// RenewalAnswer comes with 202 where the number has an account and the request
// does not have its credential. From Ready on the same request, with another
// blinding, to /v2/registrations/{Renewal} is answered with 201.
type RenewalAnswer struct {
	Renewal string `json:"renewal"` // 16 bytes in hexadecimal
	Ready   string `json:"ready"`
}

// WithdrawAnswer comes with 200, to DELETE /v2/me too.
type WithdrawAnswer struct {
	Receipt string `json:"receipt"` // signed Withdrawal
}

// MoveRequest moves an account to a new epoch: POST /v2/me/epoch, with the old
// credential, in the first 30 days. The directory evaluates under both keys and
// compares account ids. The answer is a ConfirmAnswer.
type MoveRequest struct {
	Number  string `json:"number"`
	Blinded Bytes  `json:"blinded"` // 32 bytes
}

// Held is what GET /v2/me answers: all that is held about an account.
type Held struct {
	Account          string      `json:"account"` // hexadecimal
	Epoch            uint32      `json:"epoch"`
	Tag              Bytes       `json:"tag"`
	Record           Bytes       `json:"record"`
	CredentialSHA256 string      `json:"credential_sha256"`
	Scopes           []Scope     `json:"scopes"`
	Registered       string      `json:"registered"`
	Lapses           string      `json:"lapses"` // unless there is a sync or a code before
	ConsentSHA256    string      `json:"consent_sha256"`
	Budget           HeldBudget  `json:"budget"`
	Renewal          *Renewal    `json:"renewal"` // null: none is under way
	Elsewhere        []Elsewhere `json:"elsewhere"`
}

// HeldBudget is what is left of an account's evaluations.
type HeldBudget struct {
	Used         int64  `json:"used"`
	Limit        int64  `json:"limit"`
	RefillPerDay int64  `json:"refill_per_day"`
	Available    int64  `json:"available"`
	At           string `json:"at"`
}

// Renewal is that somebody has shown a code for the account's number without
// its credential, and gets the account when it is ready. DELETE /v2/me/renewal
// refuses it once, which delays it by 7 days; the answer is 204.
type Renewal struct {
	Ready   string `json:"ready"`
	Refused bool   `json:"refused"`
}

// Elsewhere is something held beside the account.
//
// "sends", "tries" and "registration" are under keyed hashes of the number and of
// network addresses, which are not known here: they are always named, until when
// at most. "records" that were put and "moves" that were tried are counted for a
// day under the account's id: they are named if there are any, with their times.
type Elsewhere struct {
	What  string   `json:"what"`
	Times []string `json:"times,omitempty"` // none: not known here
	Until string   `json:"until"`
}
