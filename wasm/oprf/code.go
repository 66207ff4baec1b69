package oprf

// Code says why a call was refused. The numbers and names are part of the
// interfaces of core.wasm and of the npm package: append only.
type Code uint8

const (
	OK              Code = iota
	InvalidLength        // a buffer has the wrong size, or there are no items or too many
	UnknownMode          // neither OPRF nor VOPRF
	InvalidElement       // not the canonical encoding of an element
	IdentityElement      // the identity, which nobody sends
	InvalidScalar        // not less than the group's order
	ZeroScalar           // 0, which has no inverse
	BadProof             // the server did not use the key of that public key
	InputTooLong         // over 65535 bytes
	InvalidInput         // maps to the identity; nobody knows such an input
)

const names = "OK\x00INVALID_LENGTH\x00UNKNOWN_MODE\x00INVALID_ELEMENT\x00IDENTITY_ELEMENT\x00" +
	"INVALID_SCALAR\x00ZERO_SCALAR\x00BAD_PROOF\x00INPUT_TOO_LONG\x00INVALID_INPUT\x00"

// String returns the code's stable name: INVALID_ELEMENT.
func (c Code) String() string {
	start := 0
	for i := range len(names) {
		if names[i] == 0 {
			if c == 0 {
				return names[start:i]
			}
			c--
			start = i + 1
		}
	}
	return "UNKNOWN"
}

// Error is String.
func (c Code) Error() string { return c.String() }
