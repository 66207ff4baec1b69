//go:build old

package discovery

import (
	"errors"
	"time"

	"sealbook/wasm/directory"
)

// Code says what went wrong. It is stable, and the same as in the npm package:
// append only. errors.Is finds it.
type Code string

const (
	Cancelled      Code = "CANCELLED"  // the context ended
	Network        Code = "NETWORK"    // no connection, or it broke
	Slow           Code = "SLOW"       // the answer takes too long
	Size           Code = "SIZE"       // the answer is longer than any that is right
	Answer         Code = "ANSWER"     // the answer is not what the protocol says
	Refused        Code = "PROBLEM"    // the directory refused; Error.Problem says why
	Budget         Code = "BUDGET"     // the budget is spent; Error.RetryAt says until when
	Key            Code = "KEY"        // not the pinned key, or another public key for the same epoch
	Note           Code = "NOTE"       // not signed by the key, or malformed
	ReceiptWrong   Code = "RECEIPT"    // a receipt for something else
	Proof          Code = "PROOF"      // no proof that the directory used its key
	Epoch          Code = "EPOCH"      // of another epoch: open the directory again
	TagsWrong      Code = "TAGS"       // malformed tags, or they never go with the records
	RecordWrong    Code = "RECORD"     // malformed records
	StateWrong     Code = "STATE"      // damaged, of another directory, or it can't be read or saved
	NumberWrong    Code = "NUMBER"     // nobody can have this number
	Protocol       Code = "PROTOCOL"   // another version of the protocol
	Input          Code = "INPUT"      // something that was given to a call is not what it takes
	TranscriptLost Code = "TRANSCRIPT" // the transcript can't be written: nothing more is sent
)

// Error is the code.
func (c Code) Error() string { return string(c) }

// Error is an error of this package. Its text holds no number, code or
// credential, nor any text of the directory's.
type Error struct {
	Code    Code
	Message string
	Problem *directory.Problem // with Refused and Budget: status, code and numbers
	RetryAt time.Time          // zero if the directory said nothing
	Err     error              // the cause
}

func (e *Error) Error() string { return e.Message }

// Unwrap answers the code, the problem and the cause.
func (e *Error) Unwrap() []error {
	all := []error{e.Code}
	if e.Problem != nil {
		all = append(all, e.Problem)
	}
	if e.Err != nil {
		all = append(all, e.Err)
	}
	return all
}

func fail(code Code, message string) error { return &Error{Code: code, Message: message} }

func wrap(code Code, message string, err error) error {
	return &Error{Code: code, Message: message, Err: err}
}

func malformed() error { return fail(Answer, "the directory's answer is malformed") }

func otherEpoch() error {
	return fail(Epoch, "the directory has moved to another epoch: open it again")
}

// ofNote explains why a note was not accepted.
func ofNote(err error) error {
	switch {
	case errors.Is(err, directory.ErrProtocol):
		return wrap(Protocol, "the directory speaks another version of the protocol", err)
	case errors.Is(err, directory.ErrSignature):
		return wrap(Note, "the note is not signed by the directory's key", err)
	}
	return wrap(Note, "the directory's note is malformed", err)
}
