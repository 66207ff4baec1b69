package directory_test

import (
	"fmt"
	"slices"

	"sealbook/wasm/directory"
	"sealbook/wasm/oprf"
)

// What two friends and the directory compute for one number. Both friends get the
// OPRF's output for it, one for his own number, one for a contact; the directory
// gets what it publishes, and neither the output nor the number.
func Example() {
	const epoch = 7
	var y [oprf.OutputSize]byte // of +442079460123; see package oprf for how it is got
	copy(y[:], "an output of the OPRF is 64 bytes that look random, for everybody")

	// Who registers sends a tag and a record that is sealed to who knows the number.
	tag, key := directory.Tag(&y, epoch), directory.RecordKey(&y, epoch)
	record := directory.Record{Flags: 1}
	copy(record.Handle[:], "alice's public key, of 32 bytes")
	var nonce [directory.NonceSize]byte // random, in earnest
	sealed := record.Seal(&key, &nonce)

	// The directory publishes the tags of all, sorted, in one file for everybody.
	others := []uint64{11, 2222, 333333, directory.TagNumber(tag)}
	slices.Sort(others)
	file := directory.NewTags(directory.Place{Epoch: epoch}, 1, others).Append(nil)

	// Who has the number in an address book reads the file, and asks for nothing.
	tags, err := directory.ParseTags(file)
	if err != nil {
		fmt.Println(err)
		return
	}
	from, to := tags.Find(directory.Tag(&y, epoch))
	found, ok := directory.OpenRecord(&key, &sealed)
	fmt.Printf("%d of %d tags, %d bytes\n", to-from, tags.Count, len(file))
	fmt.Println(ok, string(found.Handle[:31]))

	// In the next epoch the same number has another tag.
	fmt.Println(directory.Tag(&y, epoch) == directory.Tag(&y, epoch+1))
	// Output:
	// 1 of 4 tags, 47 bytes
	// true alice's public key, of 32 bytes
	// false
}

// Files and requests say what is wrong with them, never what stood in them.
func ExampleParseTags() {
	_, err := directory.ParseTags([]byte("+442079460123"))
	fmt.Println(err)
	// Output: directory: malformed file: short
}
