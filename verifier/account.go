package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/signal"
	"syscall"

	"sealbook/verifier/discovery"
	"sealbook/wasm/directory"
)

// account is the file of --account: a person's account with one directory. It
// is written with mode 0600, and nothing of it is ever shown but its receipts.
type account struct {
	Sealbook   string          `json:"sealbook"` // "account"
	Version    int             `json:"version"`  // 2
	URL        string          `json:"url"`
	Key        string          `json:"key"` // the directory's, pinned
	Pending    *pending        `json:"pending,omitempty"`
	Number     string          `json:"number,omitempty"` // to move the account to a new epoch
	Credential string          `json:"credential,omitempty"`
	RecordKey  directory.Bytes `json:"record_key,omitempty"`
	Handle     directory.Bytes `json:"handle,omitempty"`
	Flags      uint32          `json:"flags,omitempty"`
	Sealed     directory.Bytes `json:"sealed,omitempty"`     // the record as it was put last
	Receipt    string          `json:"receipt,omitempty"`    // signed
	Withdrawal string          `json:"withdrawal,omitempty"` // signed
	path       string
}

// pending is a registration that waits for its code.
type pending struct {
	Registration string            `json:"registration"`
	Number       string            `json:"number"`
	Scopes       []directory.Scope `json:"scopes"`
	Handle       directory.Bytes   `json:"handle"`
	Flags        uint32            `json:"flags"`
	Consent      string            `json:"consent_sha256"` // of the text that was shown
	Code         string            `json:"code,omitempty"` // of a renewal, and when it is ready
	Ready        string            `json:"ready,omitempty"`
}

func readAccount(path string) (*account, error) {
	if path == "" {
		return nil, fail("--account is missing", "the file that register wrote, as in --account me.account")
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fail("cannot read the file of --account: "+bare(err).Error(), "verifier register makes one")
	}
	a := &account{path: path}
	if json.Unmarshal(b, a) != nil || a.Sealbook != "account" || a.Version != 2 ||
		a.RecordKey != nil && len(a.RecordKey) != directory.RecordKeySize ||
		a.Sealed != nil && len(a.Sealed) != directory.RecordSize || a.Handle != nil && len(a.Handle) != directory.HandleSize {
		return nil, fail("the file of --account is no account", "verifier register makes one")
	}
	return a, nil
}

func (a *account) save() error {
	b, err := json.MarshalIndent(a, "", " ")
	if err != nil {
		return err
	}
	if err := discovery.WriteSecret(a.path, append(b, '\n')); err != nil {
		return fail("cannot write the file of --account: "+bare(err).Error(), "")
	}
	return nil
}

// credential is that of an account that is confirmed and not withdrawn.
func (a *account) credential() (string, error) {
	switch {
	case a.Credential != "":
		return a.Credential, nil
	case a.Withdrawal != "":
		return "", fail("the account was withdrawn", "verifier register makes another one")
	}
	return "", fail("the account is not confirmed yet", "verifier confirm takes the code that was sent")
}

// take takes over an account that was confirmed or moved.
func (a *account) take(m *discovery.Mine) {
	a.Number, a.Credential, a.RecordKey, a.Receipt, a.Sealed = m.Number, m.Credential, m.RecordKey[:], m.Note, nil
	if m.Sealed != nil {
		a.Sealed = m.Sealed[:]
	}
}

// mine is the account as package discovery has it.
func (a *account) mine() (*discovery.Mine, error) {
	credential, err := a.credential()
	if err != nil {
		return nil, err
	}
	m := &discovery.Mine{Number: a.Number, Credential: credential, Note: a.Receipt}
	verifier, err := directory.NewVerifier(a.Key)
	if err != nil || verifier.Open(a.Receipt, &m.Receipt) != nil || len(a.RecordKey) != directory.RecordKeySize {
		return nil, fail("the file of --account is damaged: its receipt does not verify", "")
	}
	m.RecordKey = [directory.RecordKeySize]byte(a.RecordKey)
	if len(a.Handle) == directory.HandleSize {
		m.Record = &directory.Record{Handle: [directory.HandleSize]byte(a.Handle), Flags: a.Flags}
	}
	if a.Sealed != nil {
		m.Sealed = (*[directory.RecordSize]byte)(a.Sealed)
	}
	return m, nil
}

// publish puts the account's record, if it is to be found, and keeps how it was
// sealed.
func (a *account) publish(ctx context.Context, d *discovery.Directory) error {
	m, err := a.mine()
	if err != nil || m.Receipt.Tag == nil || len(a.Handle) != directory.HandleSize {
		return err
	}
	if err := d.Publish(ctx, m, directory.Record{Handle: [directory.HandleSize]byte(a.Handle), Flags: a.Flags}); err != nil {
		return ofDirectory(err)
	}
	a.Sealed = m.Sealed[:]
	return a.save()
}

// open names the account's directory; nothing is sent yet.
func (s *session) open(a *account) (*discovery.Directory, error) {
	if s.key != "" && a.Key != "" && s.key != a.Key {
		return nil, fail("--key is not the key that the account was made with", "")
	}
	key := a.Key
	if key == "" {
		key = s.key
	}
	d, err := discovery.New(a.URL, discovery.Options{Key: key})
	if err != nil {
		return nil, ofDirectory(err)
	}
	if s.transcript != "" {
		if err := s.record(d); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// record appends to the file of --transcript, which it makes with mode 0600.
func (s *session) record(d *discovery.Directory) error {
	f, err := os.OpenFile(s.transcript, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fail("cannot write the file of --transcript: "+bare(err).Error(), "")
	}
	b, err := io.ReadAll(f)
	switch {
	case err != nil:
		return fail("cannot read the file of --transcript: "+bare(err).Error(), "")
	case len(b) == 0:
		return ofDirectory(d.Record(f))
	}
	t, err := directory.ParseTranscript(b)
	if err != nil || t.Head.Directory.URL != d.URL() || t.Head.Directory.Key != "" && d.Key() != "" && t.Head.Directory.Key != d.Key() {
		return fail("the file of --transcript has something else in it than a transcript with this directory", "name another file")
	}
	d.RecordOn(f)
	return nil
}

// warnOfAddress says what talking to a directory tells by itself.
func (s *session) warnOfAddress(d *discovery.Directory) {
	s.warn("%s sees your network address and the time, and so does whoever carries the packets", hostOf(d.URL()))
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "the directory"
	}
	return u.Host
}

// interruptible is a context that an interrupt ends: what was paid for is saved.
func interruptible() (context.Context, context.CancelFunc) {
	return signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
}

// lies are what a directory answers that does not do what it has promised.
var lies = []discovery.Code{
	discovery.Key, discovery.Note, discovery.ReceiptWrong, discovery.Proof, discovery.TagsWrong, discovery.RecordWrong,
	discovery.Rollback, discovery.Consistency, discovery.Inclusion, discovery.Stale, discovery.Rules, discovery.Own,
}

// ofDirectory explains an error of a directory, with its code.
func ofDirectory(err error) error {
	e, ok := errors.AsType[*discovery.Error](err)
	if !ok {
		return err
	}
	f := &failure{message: fmt.Sprintf("%s (%s)", e.Message, e.Code)}
	for _, code := range lies {
		if e.Code == code {
			f.exit = found
		}
	}
	switch {
	case errors.Is(err, directory.CredentialUnknown):
		f.hint = "the account was withdrawn, has lapsed, or was registered anew elsewhere: verifier register makes another one"
	case errors.Is(err, directory.ScopeMissing):
		f.hint = "the account was registered without --scope search"
	case errors.Is(err, directory.CodeWrong) && e.Problem.TriesLeft != nil:
		f.hint = fmt.Sprintf("%d tries are left: verifier confirm", *e.Problem.TriesLeft)
	case errors.Is(err, directory.CodeExpired), errors.Is(err, directory.RegistrationUnknown):
		f.hint = "verifier register has another code sent"
	case errors.Is(err, directory.ConsentOutdated):
		f.hint = "the directory asks for consent to another text by now: verifier register shows it"
	case e.Code == discovery.Key:
		f.hint = "either the directory is another one than before, or somebody is between you and it: ask its operator for the key, and send nothing until then"
	case e.Code == discovery.Rollback, e.Code == discovery.Consistency, e.Code == discovery.Rules, e.Code == discovery.Inclusion:
		f.hint = "the directory may be treating you in another way than others; compare with somebody else what it signed, and send nothing until then"
	case e.Code == discovery.Stale, e.Code == discovery.Clock:
		f.hint = "look at the clock of this machine; if it is right, the directory is held up or somebody is between you and it"
	case e.Code == discovery.Own:
		f.hint = "if it was not you on another device: tell those who find you by this number, and verifier me shows who asked for the account"
	case e.Code == discovery.Epoch:
		f.hint = "verifier discover moves the account"
	case e.Code == discovery.Proof:
		f.hint = "the directory may be treating you in another way than others; what it answered was dropped"
	case e.Code == discovery.StateWrong:
		f.hint = "put the file of --state away to begin with a new one"
	case e.Code == discovery.Network, e.Code == discovery.Slow, e.Code == discovery.Cancelled:
		f.hint = "the same command goes on where this one ended"
	}
	return f
}
