package release

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
	"golang.org/x/mod/sumdb/note"
)

// A Key signs notes. Its private part stays where it is: in an agent, or in
// memory after a passphrase opened its file. No text of this package holds it.
type Key struct {
	name   string
	public ed25519.PublicKey
	sign   func(text []byte) ([]byte, error)
}

var _ note.Signer = (*Key)(nil)

// Name is the key's, such as "sealbook.example/release".
func (k *Key) Name() string { return k.name }

// KeyHash is the id that C2SP signed-note has for it.
func (k *Key) KeyHash() uint32 {
	sum := sha256.Sum256(append([]byte(k.name+"\n"), k.typed()...))
	return binary.BigEndian.Uint32(sum[:])
}

// Sign returns the Ed25519 signature of a text.
func (k *Key) Sign(text []byte) ([]byte, error) {
	signature, err := k.sign(text)
	if err == nil && !ed25519.Verify(k.public, text, signature) {
		err = errors.New("what holds the key made a signature that does not verify")
	}
	return signature, err
}

// Verifier is its verifier key, name+id+base64.
func (k *Key) Verifier() string {
	return fmt.Sprintf("%s+%08x+%s", k.name, k.KeyHash(), base64.StdEncoding.EncodeToString(k.typed()))
}

func (k *Key) typed() []byte { return append([]byte{1}, k.public...) }

// NewKey is a key of a seed: for tests and for trial releases, whose keys anybody
// has.
func NewKey(name string, seed [32]byte) *Key {
	private := ed25519.NewKeyFromSeed(seed[:])
	return &Key{name, private.Public().(ed25519.PublicKey), func(text []byte) ([]byte, error) { return ed25519.Sign(private, text), nil }}
}

// TrialHost is the name of trial releases, which no host can have.
const TrialHost = "trial.invalid"

// TrialKey is a key of trial releases. Its seed is the hash of its name, so that
// it is nowhere kept and proves nothing: who has this program can sign with it.
func TrialKey(kind string) *Key {
	return NewKey(TrialHost+"/"+kind, sha256.Sum256([]byte("sealbook trial key, known to everybody: "+kind)))
}

// A Keyring is where private keys are found.
type Keyring struct {
	Agent      string                                           // address of an ssh-agent's socket, SSH_AUTH_SOCK; empty for none
	Passphrase func(file string) (passphrase []byte, err error) // asks for one
	Insecure   bool                                             // take a file without passphrase, for throw-away keys
}

// Errors of keys. None tells what a file holds.
var (
	ErrInsecure = errors.New("the key lies on the disk without a passphrase")
	ErrNotKey   = errors.New("not an Ed25519 key as ssh-keygen -t ed25519 writes it")
	ErrAgent    = errors.New("the key is not in the ssh-agent")
)

// Open finds the key of a file under a name: FILE.pub names a key of the agent,
// and FILE itself is a private key of OpenSSH with a passphrase. Keys of security
// keys ("sk-") do not fit: they sign something else.
func (r Keyring) Open(file, name string) (*Key, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, bare(err)
	}
	defer clear(text)
	if public, _, _, _, err := ssh.ParseAuthorizedKey(text); err == nil {
		return r.fromAgent(public, name)
	}
	if !bytes.Contains(text, []byte("-----BEGIN OPENSSH PRIVATE KEY-----")) {
		return nil, ErrNotKey
	}
	raw, err := ssh.ParseRawPrivateKey(text)
	if _, locked := errors.AsType[*ssh.PassphraseMissingError](err); locked {
		if r.Passphrase == nil {
			return nil, errors.New("the key needs a passphrase, and nobody is there to ask")
		}
		passphrase, err := r.Passphrase(file)
		if err != nil {
			return nil, err
		}
		defer clear(passphrase)
		if raw, err = ssh.ParseRawPrivateKeyWithPassphrase(text, passphrase); err != nil {
			return nil, errors.New("the passphrase does not open the key")
		}
	} else if err != nil {
		return nil, ErrNotKey
	} else if !r.Insecure {
		return nil, ErrInsecure
	}
	private, ok := raw.(*ed25519.PrivateKey)
	if !ok {
		return nil, ErrNotKey
	}
	return &Key{name, private.Public().(ed25519.PublicKey), func(text []byte) ([]byte, error) { return ed25519.Sign(*private, text), nil }}, nil
}

func (r Keyring) fromAgent(public ssh.PublicKey, name string) (*Key, error) {
	holder, ok := public.(ssh.CryptoPublicKey)
	if !ok || public.Type() != ssh.KeyAlgoED25519 {
		return nil, ErrNotKey
	}
	key, ok := holder.CryptoPublicKey().(ed25519.PublicKey)
	if !ok {
		return nil, ErrNotKey
	}
	if r.Agent == "" {
		return nil, errors.New("no ssh-agent: SSH_AUTH_SOCK is not set")
	}
	return &Key{name, key, func(text []byte) ([]byte, error) {
		connection, err := net.Dial("unix", r.Agent)
		if err != nil {
			return nil, errors.New("the ssh-agent does not answer")
		}
		defer connection.Close()
		// The agent's answer is the plain Ed25519 signature of the text.
		signature, err := agent.NewClient(connection).Sign(public, text)
		if err != nil {
			return nil, ErrAgent
		}
		if signature.Format != ssh.KeyAlgoED25519 {
			return nil, ErrNotKey
		}
		return signature.Blob, nil
	}}, nil
}

// bare is an error without the name of a file.
func bare(err error) error {
	if p, ok := errors.AsType[*os.PathError](err); ok {
		return p.Err
	}
	return err
}
