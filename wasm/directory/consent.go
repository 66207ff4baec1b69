package directory

import (
	"crypto/sha256"
	"encoding/hex"
)

// Consent is the text that people agree to if an operator gives no other.
const Consent = `This directory lets people who already have your phone number find you, and you them.

To check that the number is yours, the directory sends it a code. It sees the number while it does that, hands it to the service that delivers the code, and then forgets it. It keeps an account: a tag that it computed from your number with its secret key, a record that your device seals, the SHA-256 of your credential, what you agreed to and when, and how many searches you have left. A tag is personal data: whoever holds the directory's key can find out by trying which number it belongs to.

With the scope "search" you may look for the numbers in your address book. Your device blinds them first, so that the directory learns neither the numbers nor whom you found. It does see your network address, when you search, and roughly how many numbers.

With the scope "discoverable" your tag and record are published. People who search for your number learn that you are here and can open your record. Others cannot.

You can see everything that is kept about you and withdraw at any time. Then your account is erased at once and you get a signed receipt; your tag stays in a list of removed tags for a day, so that others' copies forget it too.
`

// ConsentSHA256 is the SHA-256 of Consent.
const ConsentSHA256 = "404164ae3aa489ebf26af80ae14a130ced83dc80c4baeeb651a2c9344a3a711e"

// TextSHA256 is the SHA-256 of a text in lower-case hexadecimal, as notes and
// requests name a consent text.
func TextSHA256(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
