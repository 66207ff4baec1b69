package discovery

import (
	"errors"
	"time"

	"sealbook/wasm/directory"
	"sealbook/wasm/trust"
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
	Epoch          Code = "EPOCH"      // of another epoch: sync again; an account is to be moved
	TagsWrong      Code = "TAGS"       // malformed tags, or they never go with the records
	RecordWrong    Code = "RECORD"     // malformed records
	StateWrong     Code = "STATE"      // damaged, of another directory, or it can't be read or saved
	NumberWrong    Code = "NUMBER"     // nobody can have this number
	Protocol       Code = "PROTOCOL"   // another version of the protocol
	Input          Code = "INPUT"      // something that was given to a call is not what it takes
	TranscriptLost Code = "TRANSCRIPT" // the transcript can't be written: nothing more is sent

	// Of the log of states.
	Rollback    Code = "ROLLBACK"    // the log has fewer entries than it had
	Consistency Code = "CONSISTENCY" // the log was forked
	Inclusion   Code = "INCLUSION"   // not what the log commits to
	Stale       Code = "STALE"       // the newest state is older than 25 hours
	Clock       Code = "CLOCK"       // the newest state is of the future, by this machine's clock
	Rules       Code = "RULES"       // a state that may not come after the one before
	Own         Code = "OWN"         // somebody else changed the own entry
)

// ofLog are the codes of package trust as this package says them.
var ofLog = map[trust.Code]Code{
	trust.Format: Note, trust.Signature: Note, trust.Witness: Note,
	trust.Rollback: Rollback, trust.Consistency: Consistency, trust.Inclusion: Inclusion,
	trust.Stale: Stale, trust.Clock: Clock, trust.Rules: Rules, trust.File: RecordWrong,
}

// Error is the code.
func (c Code) Error() string { return string(c) }

// Error is an error of this package. Its text holds no number, code or
// credential, nor any text of the directory's.
type Error struct {
	Code    Code
	Message string
	Problem *directory.Problem // with Refused and Budget: status, code and numbers
	RetryAt time.Time          // zero if the directory said nothing
	// Evidence are signed texts, and what they are held against: two that
	// contradict each other show the lie to anybody.
	Evidence []Signed
	// Saved is the file that the evidence was saved in, "" if there is none.
	Saved string
	again bool  // a newer version may have come: the sync begins again
	Err   error // the cause
}

func (e *Error) Error() string { return e.Message }

// Unwrap returns the code, the problem and the cause.
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
	return fail(Epoch, "the directory has begun another epoch")
}

// ofTrust explains an error of the log.
func ofTrust(err error) *Error {
	message := map[Code]string{
		Rollback:    "the directory's log has fewer entries than it had",
		Consistency: "the directory's log is not the one that it was: it was forked",
		Inclusion:   "the directory answers what is not in its log",
		Stale:       "the directory's newest state is older than 25 hours",
		Clock:       "the directory's newest state is of the future: its clock or yours is wrong",
		Rules:       "the directory's newest state may not come after the one before",
		RecordWrong: "the directory's records are not those of its log",
		Note:        "the directory's log is malformed, or not signed by its key",
	}
	trusted, ok := errors.AsType[trust.Code](err)
	if !ok {
		trusted = trust.Format
	}
	code := ofLog[trusted]
	return &Error{Code: code, Message: message[code], Err: err}
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
