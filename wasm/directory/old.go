package directory

// What the service of version 1 still uses; it goes with it.

import (
	"bytes"
	"encoding/binary"

	"sealbook/wasm/digest"
	"sealbook/wasm/oprf"
)

func (h Header) AppendTags(dst []byte) []byte { return h.append(dst, "SBT1", 0) }

func Bucket(number string, bits uint8) uint32 {
	h := digest.New(digest.SHA256)
	h.WriteString("sealbook/1 bucket\x00")
	h.WriteString(number)
	var sum [digest.MaxSize]byte
	h.Sum(&sum)
	return uint32(uint64(binary.BigEndian.Uint32(sum[:])) >> (32 - min(bits, 32)))
}

func (k *Keys) Epoch(epoch uint32) (key [oprf.ElementSize]byte, err error) {
	seed := k.derive("oprf\x00", u32(epoch))
	return EpochKey(&seed, epoch)
}

const BucketUnknown = VersionUnknown

type Delta struct {
	Place
	From, To       uint64
	Added, Removed []byte
}

func (d Delta) Append(dst []byte) []byte {
	return append(append(dst, d.Added...), bytes.Clone(d.Removed)...)
}
