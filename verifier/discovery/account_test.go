package discovery_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"sealbook/verifier/discovery"
	"sealbook/wasm/directory"
)

// Whoever comes with a code alone waits, and the old credential can refuse once.
func TestRenewal(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		ann := fiction(0)
		old := r.Account(ann, "@ann")
		r.later(time.Hour)
		d, s := r.open("")
		reg, err := d.Register(background, ann)
		if err != nil {
			t.Fatal(err)
		}
		c := discovery.Confirmation{Registration: reg.ID, Number: ann, Code: r.Code, Scopes: directory.Scopes()}
		confirm := func() (discovery.Mine, *discovery.Renewing) {
			m, err := d.Confirm(background, s, c)
			later, _ := errors.AsType[*discovery.Renewing](err)
			if later == nil && err != nil {
				t.Fatal(err)
			}
			return m, later
		}
		_, later := confirm()
		if later == nil || !later.Ready.Equal(time.Now().Add(24*time.Hour).Truncate(time.Second)) {
			t.Fatal(later)
		}
		c.Registration = later.Registration
		held, err := d.Me(background, old.Credential)
		if err != nil || held.Renewal == nil || held.Renewal.Refused {
			t.Fatal(held, err)
		}
		if err := d.RefuseRenewal(background, old.Credential); err != nil {
			t.Fatal(err)
		}
		if err := d.RefuseRenewal(background, old.Credential); !errors.Is(err, directory.RenewalFinal) {
			t.Error(err)
		}
		r.later(20 * time.Hour)
		r.later(6 * time.Hour)
		if _, later := confirm(); later == nil {
			t.Error("renewed though it was refused")
		}
		for range 30 {
			r.later(6 * time.Hour)
		}
		renewed, later := confirm()
		if later != nil || renewed.Receipt.Account != old.Receipt.Account || renewed.Credential == old.Credential {
			t.Error(renewed.Receipt, later)
		}
		if _, err := d.Me(background, old.Credential); !errors.Is(err, directory.CredentialUnknown) {
			t.Error(err)
		}
		// With the credential it comes at once.
		reg, _ = d.Register(background, ann)
		c = discovery.Confirmation{Registration: reg.ID, Number: ann, Code: r.Code, Scopes: directory.Scopes(), Credential: renewed.Credential}
		if again, later := confirm(); later != nil || again.Credential == renewed.Credential {
			t.Error("not renewed at once")
		}
	})
}

// A new epoch: the account moves without a code, and all numbers are anew.
func TestMove(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		path := filepath.Join(t.TempDir(), "state")
		mine := r.Account(fiction(0), "@ann")
		r.Put(r.PersonOf(fiction(1), "@ben"))
		r.later(time.Hour)
		if _, err := r.sync(path, mine, fiction(1)); err != nil {
			t.Fatal(err)
		}
		r.NextEpoch()
		r.Put(r.PersonOf(fiction(1), "@ben"))
		r.later(time.Hour)
		stays := *mine
		stays.Number = ""
		if _, err := r.sync(path, &stays, fiction(1)); !errors.Is(err, discovery.Epoch) {
			t.Errorf("without the number: %v", err)
		}
		result, err := r.sync(path, mine, fiction(1))
		if err != nil || result.Moved == nil || result.Moved.Receipt.Epoch != 2 || len(result.Found) != 1 || result.Counts.Evaluated != 1 || result.Epochs {
			t.Fatal(result, err)
		}
		d, _ := r.open("")
		if err := d.Publish(background, result.Moved, directory.Record{Handle: [32]byte{'@'}}); err != nil {
			t.Fatal(err)
		}
		r.later(time.Hour)
		if result, err = r.sync(path, result.Moved, fiction(1)); err != nil || result.Moved != nil || result.Counts.Evaluated != 0 {
			t.Fatal(result, err)
		}
		// The second one within a day is worth a warning.
		r.NextEpoch()
		r.later(time.Hour)
		moved := *mine
		moved.Credential = result.Held.CredentialSHA256 // not one
		if _, err := r.sync(path, &moved, fiction(1)); !errors.Is(err, discovery.Input) {
			t.Error(err)
		}
	})
}

// Withdrawing, with a credential or by a code, and what a receipt must be.
func TestWithdraw(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		ann, ben := r.Account(fiction(0), "@ann"), r.Account(fiction(1), "@ben")
		r.later(time.Hour)
		d, _ := r.open("")
		w, note, err := d.Withdraw(background, ann.Credential, ann.Receipt.Account)
		if err != nil || w.AbsentFromVersion != r.Last().Version+1 || note == "" || w.Tree() != r.Last().Tree {
			t.Error(w, err)
		}
		if _, _, err := d.Withdraw(background, ann.Credential, ""); !errors.Is(err, directory.CredentialUnknown) {
			t.Error(err)
		}
		if _, _, err := d.Withdraw(background, ben.Credential, ann.Receipt.Account); !errors.Is(err, discovery.ReceiptWrong) {
			t.Error(err)
		}
		ben = r.Account(fiction(1), "@ben")
		reg, err := d.Register(background, fiction(1))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := d.WithdrawByCode(background, reg.ID, fiction(1), "00000000"); !errors.Is(err, directory.CodeWrong) {
			t.Error(err)
		}
		if w, _, err := d.WithdrawByCode(background, reg.ID, fiction(1), r.Code); err != nil || w.Account != ben.Receipt.Account {
			t.Error(w, err)
		}
		if _, err := d.Me(background, ben.Credential); !errors.Is(err, directory.CredentialUnknown) {
			t.Error(err)
		}
	})
}
