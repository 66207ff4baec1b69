package directory

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A note is a text that a directory signed (C2SP signed-note, Ed25519): a line
// with the kind, a line of compact JSON, an empty line and the signature.
//
//	sealbook receipt v2
//	{"account":"…","epoch":1,…}
//
//	— directory.example Az3grl…

// Statement is what a note says: [Parameters], [Receipt] or [Withdrawal].
type Statement interface {
	kind() string
	check() error
}

// ErrSignature is that a note is not signed by the key it was checked with.
var ErrSignature = errors.New("directory: the note is not signed by this key")

// ErrKey is that a text is no verifier key.
var ErrKey = errors.New("directory: not a verifier key: name+hash+base64")

// MaxNote is how long a note may be, in bytes.
const MaxNote = 1 << 20

// Sign writes and signs a note.
func (k *Keys) Sign(s Statement) (string, error) {
	if err := s.check(); err != nil {
		return "", err
	}
	text := s.kind() + "\n" + encode(s) + "\n"
	signed, err := note.Sign(&note.Note{Text: text}, k.signer)
	if err != nil {
		return "", err
	}
	// What could not be opened must not be given out either.
	if len(signed) > MaxNote {
		return "", fmt.Errorf("%w note: too long", ErrMalformed)
	}
	return string(signed), nil
}

// Verifier checks the notes of one directory.
type Verifier struct {
	text string
	key  note.Verifier
}

// NewVerifier reads a key as [Keys.Verifier] writes it.
func NewVerifier(key string) (*Verifier, error) {
	v, err := note.NewVerifier(key)
	if err != nil || !validName(v.Name()) || !canonicalKey(key, v) {
		return nil, ErrKey
	}
	return &Verifier{key, v}, nil
}

// canonicalKey tells whether the hash of a key is written in its one form.
func canonicalKey(key string, v note.Verifier) bool {
	_, rest, _ := strings.Cut(key, "+")
	hash, encoded, _ := strings.Cut(rest, "+")
	return hash == fmt.Sprintf("%08x", v.KeyHash()) && len(encoded) == 44 && !strings.ContainsAny(encoded, "\r\n")
}

// Name is the directory's.
func (v *Verifier) Name() string { return v.key.Name() }

// String is the key as it was read.
func (v *Verifier) String() string { return v.text }

// Open checks a note and reads it into s, which is of the kind that it must be.
// Errors wrap ErrSignature or ErrMalformed; then s is of no use.
func (v *Verifier) Open(text string, s Statement) error {
	if len(text) > MaxNote {
		return fmt.Errorf("%w note: too long", ErrMalformed)
	}
	n, err := note.Open([]byte(text), note.VerifierList(v.key))
	if err != nil {
		if _, ok := errors.AsType[*note.UnverifiedNoteError](err); ok {
			return ErrSignature
		}
		if _, ok := errors.AsType[*note.InvalidSignatureError](err); ok {
			return ErrSignature
		}
		return fmt.Errorf("%w note", ErrMalformed)
	}
	// The signature is over the text alone; all else must have its one form.
	if len(n.Sigs) != 1 || text != n.Text+"\n— "+n.Sigs[0].Name+" "+n.Sigs[0].Base64+"\n" || len(n.Sigs[0].Base64) != 92 {
		return fmt.Errorf("%w note: signatures", ErrMalformed)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 3 || lines[0] != s.kind() {
		return fmt.Errorf("%w note: another kind", ErrMalformed)
	}
	if err := decode(lines[1], s); err != nil {
		return fmt.Errorf("%w: the note's content", err)
	}
	if p, ok := s.(*Parameters); ok && p.Name != v.Name() {
		return fmt.Errorf("%w note: of another name", ErrMalformed)
	}
	return s.check()
}

// ErrOutdated is that parameters are not those of a state in the log: others
// were published meanwhile.
var ErrOutdated = errors.New("directory: other parameters are published")

// ErrOtherKey is that parameters have another key than the log has for their
// epoch: the directory contradicts itself.
var ErrOtherKey = errors.New("directory: the log has another key for this epoch")

// LogTree is the log as it stood when a note was signed. So every receipt nails
// the log down: a fork from before it contradicts the directory's own signature.
type LogTree struct {
	Size uint64 `json:"log_size"`
	Root Bytes  `json:"log_root"` // 32 bytes
}

// NewLogTree is a tree as notes have it.
func NewLogTree(tree tlog.Tree) LogTree { return LogTree{uint64(tree.N), tree.Hash[:]} }

// Tree is the tree of the note.
func (t *LogTree) Tree() tlog.Tree { return tlog.Tree{N: int64(t.Size), Hash: tlog.Hash(t.Root)} }

func (t *LogTree) valid() bool { return t.Size <= MaxVersion && len(t.Root) == tlog.HashSize }

// Receipt says that an account was made, and with which consent.
type Receipt struct {
	Account string `json:"account"` // hexadecimal
	Epoch   uint32 `json:"epoch"`
	// Tag is null for an account that is not discoverable: it is not published.
	Tag           *Bytes  `json:"tag"`
	Scopes        []Scope `json:"scopes"`
	ConsentSHA256 string  `json:"consent_sha256"`
	LogTree
	Time string `json:"time"`
}

func (*Receipt) kind() string { return "sealbook receipt v2" }

func (r *Receipt) check() error {
	listed := slices.Contains(r.Scopes, Discoverable)
	if !validHex(r.Account, AccountSize) || listed != (r.Tag != nil) || listed && len(*r.Tag) != TagSize ||
		!validScopes(r.Scopes) || !validHex(r.ConsentSHA256, 32) || !r.LogTree.valid() || !validTime(r.Time) {
		return fmt.Errorf("%w receipt", ErrMalformed)
	}
	return nil
}

// Withdrawal says that an account was erased, and what is kept until when.
type Withdrawal struct {
	Account string `json:"account"` // hexadecimal
	Epoch   uint32 `json:"epoch"`
	// AbsentFromVersion is the version from which on the account's tag is not
	// published.
	AbsentFromVersion uint64 `json:"absent_from_version"`
	// Until when the removal stays listed in the changes, and until when account
	// id and budget are kept: until it is full again. A time that is not after
	// Time means that nothing is kept.
	RemovalListedUntil string `json:"removal_listed_until"`
	BudgetKeptUntil    string `json:"budget_kept_until"`
	LogTree
	Time string `json:"time"`
}

func (*Withdrawal) kind() string { return "sealbook withdrawal v2" }

func (w *Withdrawal) check() error {
	if !validHex(w.Account, AccountSize) || w.AbsentFromVersion > MaxVersion ||
		!validTime(w.RemovalListedUntil) || !validTime(w.BudgetKeptUntil) || !w.LogTree.valid() || !validTime(w.Time) {
		return fmt.Errorf("%w withdrawal", ErrMalformed)
	}
	return nil
}
