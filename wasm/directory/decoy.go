package directory

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"sealbook/wasm/digest"
)

// DecoySeedSize is how many random bytes decoys are drawn from.
const DecoySeedSize = 32

// DecoyBlocks chooses which blocks of a bucket's records are read beside the
// wanted ones: as many, where there are so many, and two where none is wanted,
// so that one match cannot be told from none. Both lists are ascending.
//
// A decoy is a fixed point of the file, drawn from a seed that never leaves the
// device. As the file grows its block moves just as that of a wanted tag does;
// decoys drawn anew each time would leave the wanted ones as what stays the same.
func DecoyBlocks(seed *[DecoySeedSize]byte, p Place, blocks int, wanted []int) []int {
	want := howMany(len(wanted), blocks)
	decoys := []int{}
	for i := uint32(0); len(decoys) < want; i++ {
		sum := point(seed, "sealbook/1 decoy\x00", u32(p.Epoch), u32(p.Bucket), u32(i))
		high, _ := bits.Mul64(binary.BigEndian.Uint64(sum[:]), uint64(blocks))
		if block := int(high); !slices.Contains(wanted, block) && !slices.Contains(decoys, block) {
			decoys = append(decoys, block)
		}
	}
	slices.Sort(decoys)
	return decoys
}

// DecoyBuckets chooses from a client's own buckets, ascending, those whose
// records are read though nobody matched in them.
func DecoyBuckets(seed *[DecoySeedSize]byte, epoch uint32, bucketBits uint8, buckets, matched []uint32) []uint32 {
	want := howMany(len(matched), len(buckets))
	var decoys []uint32
	add := func(bucket uint32) {
		if !slices.Contains(matched, bucket) && !slices.Contains(decoys, bucket) {
			decoys = append(decoys, bucket)
		}
	}
	for i := 0; len(decoys) < want && i < 64*len(buckets); i++ {
		sum := point(seed, "sealbook/1 decoy bucket\x00", u32(epoch), u32(uint32(i)))
		from := uint32(uint64(binary.BigEndian.Uint32(sum[:])) >> (MaxBucketBits - bucketBits))
		at, _ := slices.BinarySearch(buckets, from)
		add(buckets[at%len(buckets)])
	}
	// A bucket close behind another is hit by hardly any point.
	for i := 0; len(decoys) < want; i++ {
		add(buckets[i])
	}
	slices.Sort(decoys)
	return decoys
}

// howMany decoys there are for so many wanted of all.
func howMany(wanted, all int) int { return min(max(wanted, 2-wanted), all-wanted) }

func point(seed *[DecoySeedSize]byte, parts ...string) (sum [digest.MaxSize]byte) {
	k := digest.NewKey(digest.SHA256, seed[:])
	h := k.Begin()
	for _, part := range parts {
		h.WriteString(part)
	}
	k.Finish(&h, &sum)
	return sum
}
