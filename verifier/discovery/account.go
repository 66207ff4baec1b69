//go:build old

package discovery

import (
	"context"
	"encoding/hex"
	"encoding/json"

	"sealbook/wasm/directory"
)

// Held is what a directory holds about an account, in its own words.
type Held struct {
	Account          string            `json:"account"` // hexadecimal
	Epoch            uint32            `json:"epoch"`
	Tag              directory.Bytes   `json:"tag"`
	Bucket           uint32            `json:"bucket"`
	Record           directory.Bytes   `json:"record"`
	CredentialSHA256 string            `json:"credential_sha256"`
	Scopes           []directory.Scope `json:"scopes"`
	Registered       string            `json:"registered"`
	ConsentSHA256    string            `json:"consent_sha256"`
	Budget           struct {
		Used         int64  `json:"used"`
		Limit        int64  `json:"limit"`
		RefillPerDay int64  `json:"refill_per_day"`
		Available    int64  `json:"available"`
		At           string `json:"at"`
	} `json:"budget"`
	// JSON is the whole answer; it may tell more.
	JSON json.RawMessage `json:"-"`
}

// Me asks for all that the directory holds about the account.
func (d *Directory) Me(ctx context.Context, credential string) (Held, error) {
	if err := checkCredential(credential); err != nil {
		return Held{}, err
	}
	var raw json.RawMessage
	c := call{method: "GET", path: "/v1/me", expect: []int{200}}
	if err := d.callJSON(ctx, c.withCredential(credential), &raw); err != nil {
		return Held{}, err
	}
	h := Held{JSON: raw}
	if json.Unmarshal(raw, &h) != nil || !isAccount(h.Account) || h.Scopes == nil {
		return Held{}, malformed()
	}
	return h, nil
}

func isAccount(id string) bool {
	raw, err := hex.DecodeString(id)
	return err == nil && len(raw) == directory.AccountSize && hex.EncodeToString(raw) == id
}

// Withdraw erases an account and answers the receipt, verified, and as it was
// signed. If account is not empty, the receipt must be for that one. Where the
// answer gets lost, a second call is refused with credential_unknown: nothing
// is there any more.
func (d *Directory) Withdraw(ctx context.Context, credential, account string) (directory.Withdrawal, string, error) {
	if err := checkCredential(credential); err != nil {
		return directory.Withdrawal{}, "", err
	}
	var said struct{ Receipt string }
	c := call{method: "DELETE", path: "/v1/me", expect: []int{200}}
	if err := d.callJSON(ctx, c.withCredential(credential), &said); err != nil {
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

// Absent asks whether the directory keeps the word of a withdrawal: the tag of
// the registration's receipt is not published any more. Another person's may be
// equal once in 10¹² pairs.
func (d *Directory) Absent(ctx context.Context, w directory.Withdrawal, tag [directory.TagSize]byte) (bool, error) {
	t, _, err := d.wholeTags(ctx, d.place(w.Bucket), "")
	if err != nil {
		return false, err
	}
	from, to := t.Find(tag)
	return from == to && t.Version >= w.AbsentFromVersion, nil
}
