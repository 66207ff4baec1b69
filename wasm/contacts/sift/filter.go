// Package sift looks through the numbers in somebody's contacts: which of them
// are worth hashing or looking for ([Filter]), and in which region those without
// a calling code were written down ([Guess]).
//
// It reads texts, wherever they come from; package contacts finds them in files.
// It stands apart from that one because that one goes into contacts.wasm, which
// has no number tables. In JavaScript it is part of sealbook/contacts, and
// tests/vectors/sift.json holds the two to the same answers.
package sift

import (
	"unsafe"

	"sealbook/wasm/field"
	"sealbook/wasm/number"
	"sealbook/wasm/number/short"
)

// A Filter chooses which of the numbers in somebody's contacts are worth
// hashing or looking for. Emergency and short numbers and what is no number at
// all never are; the rest is the caller's choice. Nothing is lost: each text
// that is not kept has its [Reason], for the caller to show.
type Filter struct {
	// Region reads numbers without a calling code: two capital letters, ""
	// for none. [Guess] finds one.
	Region string

	// Habit is how most of the texts are written; see package field.
	Habit field.Habit

	// Drop is what not to keep; 0 is [Usual]. With [Nothing] every text is kept
	// that can be read as a number, as for an audit that must not miss one.
	Drop Reasons

	fields *field.Reader
	found  []Found
}

// A Found is a number in a field, or why there is none.
type Found struct {
	Number   number.Number // the zero Number where there is none, and for emergency and short ones
	Reason   Reason
	From, To int // the bytes of the field that it was read from
	Repairs  field.Repairs
}

// Read finds the numbers in what stands in a field, as package field does, and says
// which of them are kept. It answers at least one, which is none if it has no
// Number; the answers hold until the next call. Country is what the row says of the
// number's country, "" for nothing.
func (f *Filter) Read(text []byte, country string) []Found {
	if f.fields == nil {
		f.fields = new(field.Reader)
	}
	f.found = f.found[:0]
	if n, r := f.Judge(text); r == Emergency || r == Short {
		return append(f.found, Found{Number: n, Reason: r, To: len(text)})
	}
	numbers, code := f.fields.Read(text, field.Options{Region: f.Region, Country: country, Habit: f.Habit})
	if code != field.OK {
		return append(f.found, Found{Reason: Reason(code), To: len(text)})
	}
	for i := range numbers {
		a := &numbers[i]
		n, r := f.Judge(a.Append(nil))
		f.found = append(f.found, Found{Number: n, Reason: r, From: a.From, To: a.To, Repairs: a.Repairs})
	}
	return f.found
}

// A Reason says why a number is not kept, and [Kept] that it is. The values 1–7
// are the [field.Code] of a text that is no number, those from 16 on a
// [number.Type] that was not wanted; the names are theirs.
type Reason uint8

const (
	Kept      Reason = 0
	firstType Reason = 16
)

const (
	Emergency  Reason = 8 + iota // of the region's police, fire brigade, ambulance …
	Short                        // of another service that can be called inside the region alone
	Impossible                   // too long or too short
	LocalOnly                    // without its area code, and so in many places
	Invalid                      // in no range that is in use, as far as the metadata knows
)

// OfType is the reason to drop a valid number for its type.
func OfType(t number.Type) Reason { return firstType + Reason(t) }

var reasonNames = [...]string{"EMERGENCY", "SHORT", "IMPOSSIBLE", "LOCAL_ONLY", "INVALID"}

// String gives the stable code: KEPT, NOT_A_NUMBER …, EMERGENCY, SHORT,
// IMPOSSIBLE, LOCAL_ONLY, INVALID, or a type such as PREMIUM_RATE.
func (r Reason) String() string {
	switch {
	case r == Kept:
		return "KEPT"
	case r >= firstType:
		return number.Type(r - firstType).String()
	case r >= Emergency && r <= Invalid:
		return reasonNames[r-Emergency]
	}
	return field.Code(r).String()
}

// Reasons is a set of them.
type Reasons uint32

// Set makes a set.
func Set(reasons ...Reason) (s Reasons) {
	for _, r := range reasons {
		s |= 1 << r
	}
	return s
}

// Has says whether a reason is in the set.
func (s Reasons) Has(r Reason) bool { return s>>r&1 != 0 }

const (
	// Usual drops what nobody can be reached at from everywhere, or only for
	// an extra charge: numbers that are not valid, premium rate, shared cost and
	// voicemail. Toll-free numbers and those of whole companies are kept:
	// some are registered with services.
	Usual = Nothing | 1<<Impossible | 1<<LocalOnly | 1<<Invalid |
		1<<(firstType+Reason(number.PremiumRate)) | 1<<(firstType+Reason(number.SharedCost)) | 1<<(firstType+Reason(number.Voicemail))

	// Nothing drops nothing more than what is never kept.
	Nothing Reasons = 1<<Emergency | 1<<Short | 1<<number.InvalidCountryCode | 1<<number.NotANumber |
		1<<number.TooShortAfterIDD | 1<<number.TooShortNSN | 1<<number.TooLong | 1<<field.Ambiguous | 1<<field.Rounded
)

// Judge reads a text and says whether its number is kept. A number that is
// dropped for what it is comes along all the same; it is the zero Number where
// the text has none, as is that of an emergency or short number, which nobody
// outside the region can call. The text is to be a number and nothing else: [Filter.Read]
// finds those in what people write. Judge never allocates.
func (f *Filter) Judge(text []byte) (number.Number, Reason) {
	switch short.Lookup(text, f.Region) {
	case short.Emergency:
		return number.Number{}, Emergency
	case short.Short:
		return number.Number{}, Short
	}
	n, code := number.ParseBytes(text, f.Region)
	if code != number.OK {
		return number.Number{}, Reason(code)
	}
	drop := f.Drop
	if drop == 0 {
		drop = Usual
	}
	if r := reasonOf(n.Info()); drop.Has(r) {
		return n, r
	}
	return n, Kept
}

// JudgeString does the same for a string.
func (f *Filter) JudgeString(text string) (number.Number, Reason) {
	return f.Judge(unsafe.Slice(unsafe.StringData(text), len(text)))
}

// reasonOf returns the reason there may be to drop a number.
func reasonOf(info number.Info) Reason {
	switch {
	case info.Valid:
		return OfType(info.Type)
	case info.Possible == number.IsPossible:
		return Invalid
	case info.Possible == number.IsPossibleLocalOnly:
		return LocalOnly
	}
	return Impossible
}
