package directory

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"

	"sealbook/wasm/oprf"
	"sealbook/wasm/trust"
)

// Keys are all keys of a directory, derived from one secret seed:
//
//	S(purpose)  = first 32 bytes of HMAC-SHA-512(seed, "sealbook/2 " ‖ purpose)
//	note key    = S("note"), log key = S("log"): Ed25519 seeds
//	number      = S("number"), code = S("code"), address = S("address"): HMAC keys
//
// The OPRF keys are not among them: each epoch's is drawn fresh, see [EpochKey],
// so that a seed which is stolen later opens no archive of old tags.
type Keys struct {
	name     string
	seed     [SeedSize]byte
	verifier string
	signer   note.Signer
	log      note.Signer
	logKey   string
	// Derived once, because every registration needs them.
	number, code, address [MACSize]byte
}

// NewKeys derives the keys of a directory. The name becomes part of its verifier
// keys; it is like that of a host: 1 to 253 visible ASCII characters without "+".
func NewKeys(seed [SeedSize]byte, name string) (*Keys, error) {
	if !validName(name) {
		return nil, errors.New("directory: the name is not like a host's: 1 to 253 visible ASCII characters without +")
	}
	k := &Keys{name: name, seed: seed}
	k.number, k.code, k.address = k.derive("number"), k.derive("code"), k.derive("address")
	var err error
	if k.signer, k.verifier, err = newSigner(name, k.derive("note")); err != nil {
		return nil, err
	}
	k.log, k.logKey, err = newSigner(trust.Origin(name), k.derive("log"))
	return k, err
}

func validName(name string) bool {
	for _, c := range []byte(name) {
		if c <= ' ' || c >= 0x7f || c == '+' {
			return false
		}
	}
	return 1 <= len(name) && len(name) <= 253
}

// newSigner makes the signer of notes and the text of its verifier key.
func newSigner(name string, seed [SeedSize]byte) (note.Signer, string, error) {
	const ed25519ID = 1
	private := ed25519.NewKeyFromSeed(seed[:])
	verifier, err := note.NewEd25519VerifierKey(name, private.Public().(ed25519.PublicKey))
	if err != nil {
		return nil, "", err
	}
	hash := verifier[len(name)+1:][:8]
	key := base64.StdEncoding.EncodeToString(append([]byte{ed25519ID}, seed[:]...))
	signer, err := note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%s+%s", name, hash, key))
	return signer, verifier, err
}

// Name is the directory's name.
func (k *Keys) Name() string { return k.name }

// Verifier is the text of the key that checks the directory's notes, in the form
// name+hash+base64, as clients pin it.
func (k *Keys) Verifier() string { return k.verifier }

// Log signs the checkpoints of the directory's log of states.
func (k *Keys) Log() note.Signer { return k.log }

// LogVerifier is the text of the key that checks them.
func (k *Keys) LogVerifier() string { return k.logKey }

// Secret is S(purpose), for what a service counts under a key of its own.
func (k *Keys) Secret(purpose string) [MACSize]byte { return k.derive(purpose) }

// EpochKey is the private OPRF key of an epoch, from 32 random bytes that are
// drawn when the epoch begins and kept nowhere else. It lasts at most 400 days
// and is destroyed with its backups 30 days after the next epoch began: whoever
// has it can find out by trying which number a tag belongs to.
func EpochKey(random *[SeedSize]byte, epoch uint32) (key [oprf.ElementSize]byte, err error) {
	info := binary.BigEndian.AppendUint32([]byte("sealbook/2 epoch"), epoch)
	if code := oprf.VOPRF.DeriveKey(&key, random, info); code != oprf.OK {
		return key, code
	}
	return key, nil
}

// Number is under what a number may be counted and recognised while a
// registration is under way.
func (k *Keys) Number(number string) [MACSize]byte { return short(k.number[:], number) }

// Code is what is kept of a code that was sent for a registration.
func (k *Keys) Code(registration [16]byte, code string) [MACSize]byte {
	return short(k.code[:], string(registration[:]), code)
}

// Address is under what a network address may be counted.
func (k *Keys) Address(address string) [MACSize]byte { return short(k.address[:], address) }

func (k *Keys) derive(purpose ...string) [MACSize]byte {
	return short(k.seed[:], append([]string{"sealbook/2 "}, purpose...)...)
}

// short is the first half of mac.
func short(key []byte, parts ...string) [MACSize]byte {
	sum := mac(key, parts...)
	return [MACSize]byte(sum[:])
}
