package directory

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
)

// Sizes in bytes.
const (
	HandleSize = 32
	NonceSize  = 12
	RecordSize = NonceSize + HandleSize + 4 + 16
)

// Record is what a person shows to those who have their number.
type Record struct {
	// Handle is a public key, or whatever else the person chose.
	Handle [HandleSize]byte
	// Flags are of the application's meaning.
	Flags uint32
}

// Seal encrypts r with AES-256-GCM: the nonce, then handle and flags with their
// authenticator. A nonce is drawn at random and never used again with the key.
func (r Record) Seal(key *[RecordKeySize]byte, nonce *[NonceSize]byte) [RecordSize]byte {
	plain := binary.BigEndian.AppendUint32(r.Handle[:], r.Flags)
	return [RecordSize]byte(gcm(key).Seal(nonce[:], nonce[:], plain, nil))
}

// OpenRecord decrypts a record. It answers false for one that was not sealed
// with that key: another person's, or random bytes that stand for none yet.
func OpenRecord(key *[RecordKeySize]byte, sealed *[RecordSize]byte) (Record, bool) {
	plain, err := gcm(key).Open(nil, sealed[:NonceSize], sealed[NonceSize:], nil)
	if err != nil {
		return Record{}, false
	}
	return Record{[HandleSize]byte(plain), binary.BigEndian.Uint32(plain[HandleSize:])}, true
}

func gcm(key *[RecordKeySize]byte) cipher.AEAD {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // the key has its size
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // so has the block
	}
	return aead
}
