package directory

import (
	"crypto/sha256"
	"encoding/hex"
)

// Consent is the text that people agree to if an operator gives no other.
const Consent = `This directory lets people who already have your phone number find you, and you them.

To check that the number is yours, the directory sends it a code. It sees the number while it does that, hands it to the service that delivers the code, and then forgets it; it sees it once more when it changes its key, to move your account. It keeps an account: a tag that it computed from your number with its secret key, a record that your device seals, the SHA-256 of your credential, what you agreed to and when, and how many searches you have left. A tag is personal data: whoever holds the directory's key can find out by trying which number it belongs to, and could write a record in your name. Your device looks for that each time.

With the scope "search" you may look for the numbers in your address book. Your device blinds them first, so that the directory learns neither the numbers nor whom you found. It does see your network address, when you search, that it is you again, and roughly how many new numbers you look for. Where a directory has many people your device does not read what they all show; if you then ask for what one friend shows, the directory may learn which friend. Your device says so before.

With the scope "discoverable" your tag and record are published, in versions that anybody may copy and keep. People who search for your number learn that you are here and can open your record. Others cannot.

You can see everything that is kept about you and withdraw at any time, also with a code that is sent to your number if you lost your device. Then your account is erased and your tag is unpublished with the next version; you get a signed receipt. The removal stays listed for 8 days, so that others' copies forget the tag too. The number of your account and how many searches it has left are kept for up to 26 days, until they are all back. Copies that others made cannot be called back. An account that is not used for 400 days is erased.

If somebody else gets your number, they can get this account with a code. You are told when your device looks, and can refuse once, which delays it by 7 days.
`

// ConsentSHA256 is the SHA-256 of Consent.
const ConsentSHA256 = "787d1c484c825be68040e970724efe33dd4a626d66ca6ae5db05e7662fd4d6c4"

// TextSHA256 is the SHA-256 of a text in lower-case hexadecimal, as notes and
// requests name a consent text.
func TextSHA256(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
