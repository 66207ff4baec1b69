package discovery

import (
	"sealbook/wasm/contacts/sift"
	"sealbook/wasm/number"
)

// Book is an address book as numbers that somebody could have registered, each
// once.
type Book struct {
	// Numbers in E.164, in the order in which they came.
	Numbers []string
	// Owners are the positions of those who have a number, as they were added.
	Owners map[string][]int
	Counts BookCounts
}

// BookCounts tells what became of the texts.
type BookCounts struct {
	Texts      int `json:"texts"`
	Numbers    int `json:"numbers"`    // different ones that are looked for
	Repeated   int `json:"repeated"`   // of a number that was there already
	Unreadable int `json:"unreadable"` // no numbers, or without a calling code
	Invalid    int `json:"invalid"`    // in no range that is given out; short numbers too
	Services   int `json:"services"`   // premium rate, shared cost, voicemail
	Extensions int `json:"extensions"` // behind a switchboard
}

// Add reads what somebody wrote as a number of the contact at a position. The
// region says how to read one without "+".
func (b *Book) Add(position int, text, region string) {
	b.Counts.Texts++
	filter := sift.Filter{Region: region}
	n, reason := filter.JudgeString(text)
	// Nobody can prove to hold a number that was never given out, or one behind
	// a switchboard.
	switch reason {
	case sift.Kept:
		if n.ExtensionLen() > 0 {
			b.Counts.Extensions++
			return
		}
	case sift.Emergency, sift.Short, sift.Impossible, sift.LocalOnly, sift.Invalid:
		b.Counts.Invalid++
		return
	case sift.OfType(number.PremiumRate), sift.OfType(number.SharedCost), sift.OfType(number.Voicemail):
		b.Counts.Services++
		return
	default:
		b.Counts.Unreadable++
		return
	}
	if b.Owners == nil {
		b.Owners = map[string][]int{}
	}
	e164 := n.String()
	owners := b.Owners[e164]
	switch {
	case owners == nil:
		b.Numbers = append(b.Numbers, e164)
		b.Counts.Numbers++
	default:
		b.Counts.Repeated++
		if owners[len(owners)-1] == position {
			return
		}
	}
	b.Owners[e164] = append(owners, position)
}
