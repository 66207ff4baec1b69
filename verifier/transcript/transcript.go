// Package transcript checks what a client of a directory wrote down: it makes
// every request again from what the transcript says that it is made of, and
// compares byte by byte. What it cannot make again is a [Finding].
//
// A request that no client which keeps to the protocol's rule sends is a finding
// too, and so is an answer that does not fit the directory's log, or that says
// what clients refuse.
//
// So a transcript without findings shows that the bodies hold blinded elements
// of the numbers and padding that it names, the person's own registration, and
// nothing else. It cannot show that the client sent nothing beside it, or that
// it drew its blinds at random: that is for those who read the client's code and
// watch its network.
package transcript

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/directory"
	"sealbook/wasm/oprf"
)

// Part is a part of a line.
type Part string

const (
	Head    Part = "head"    // the first line
	Method  Part = "method"  // of the request
	Path    Part = "path"    // of the request
	Headers Part = "headers" // of the request
	Body    Part = "body"    // of the request
	Item    Part = "items"   // what the request is said to be made of
	Answer  Part = "answer"  // of the directory
)

// Finding is something that is not explained, or not right.
type Finding struct {
	Line int  `json:"line"` // of the transcript, from 1
	Part Part `json:"part"`
	// Offset is the first byte of a path, header field or body, or the first
	// item, that is not explained, from 0; -1 if it is about the whole part.
	Offset int    `json:"offset"`
	Reason string `json:"reason"` // without anything that was in the transcript
}

func (f Finding) String() string {
	at := ""
	switch {
	case f.Offset >= 0 && f.Part == Item:
		at = fmt.Sprintf(" %d", f.Offset)
	case f.Offset >= 0:
		at = fmt.Sprintf(", byte %d", f.Offset)
	}
	return fmt.Sprintf("line %d, %s%s: %s", f.Line, f.Part, at, f.Reason)
}

// Options are what the owner of a transcript knows beside it.
type Options struct {
	// Credential is the account's, base64url. With it the credential that was
	// sent is explained even if it was given before the transcript began.
	Credential string
	// RecordKey is what records were sealed with, for the same case.
	RecordKey *[directory.RecordKeySize]byte
}

// Report is what a transcript shows.
type Report struct {
	Findings []Finding `json:"findings"`
	// Learned is what is told by what was sent, found or not.
	Learned Learned `json:"learned"`
}

// ErrHead is that the key in the head is none: nothing can be checked.
var ErrHead = errors.New("the head of the transcript has no key")

// Check checks a transcript. Its error is that there is nothing to check: a
// *directory.LineError where a line is malformed, or ErrHead.
func Check(b []byte, o Options) (*Report, error) {
	t, err := directory.ParseTranscript(b)
	if err != nil {
		return nil, err
	}
	c := &checker{
		report:        &Report{Findings: []Finding{}},
		registrations: map[string]bool{}, blinds: map[[oprf.ElementSize]byte]bool{}, recordKey: o.RecordKey,
		trees: map[int64]tlog.Tree{},
	}
	if o.Credential != "" {
		c.credential = directory.TextSHA256(o.Credential)
	}
	head := &t.Head.Directory
	c.report.Learned.URL = head.URL
	if head.Key != "" {
		if c.verifier, err = directory.NewVerifier(head.Key); err != nil {
			return nil, ErrHead
		}
		c.report.Learned.Directory = c.verifier.Name()
	}
	for i := range t.Exchanges {
		c.line = i + 2
		c.exchange(&t.Exchanges[i])
	}
	return c.report, nil
}

// checker goes through a transcript line by line.
type checker struct {
	report *Report
	line   int

	verifier   *directory.Verifier   // nil: not known yet
	parameters *directory.Parameters // that were read last; nil: none
	sync       sync

	tree          tlog.Tree                      // of the log, as it was read last
	trees         map[int64]tlog.Tree            // all that were read
	registrations map[string]bool                // ids that answers gave
	credential    string                         // the hash of the one that is used; "": not known yet
	recordKey     *[directory.RecordKeySize]byte // nil: not known
	account       string                         // "": not known
	blinds        map[[oprf.ElementSize]byte]bool
}

// find writes a finding down.
func (c *checker) find(p Part, offset int, format string, args ...any) {
	c.report.Findings = append(c.report.Findings, Finding{c.line, p, offset, fmt.Sprintf(format, args...)})
}

// exchange checks one line.
func (c *checker) exchange(e *directory.Exchange) {
	c.report.Learned.count(e)
	explain := c.route(e)
	if explain == nil {
		c.find(Path, 0, "no request of the protocol has this method and path")
		return
	}
	explain(e)
}

// compare finds the first byte in which what was sent is not what it must be.
func (c *checker) compare(p Part, sent, want []byte, reason string) bool {
	for i := range max(len(sent), len(want)) {
		if i >= len(sent) || i >= len(want) || sent[i] != want[i] {
			c.find(p, i, "%s", reason)
			return false
		}
	}
	return true
}

// fields compares the header fields with those that the request must have.
func (c *checker) fields(e *directory.Exchange, want ...directory.Field) {
	for i, f := range e.Request.Headers {
		at := -1
		for j, w := range want {
			if w.Name == f.Name {
				at = j
			}
		}
		if at < 0 {
			c.find(Headers, 0, "field %d is none that this request needs", i+1)
			continue
		}
		c.compare(Headers, []byte(f.Value), []byte(want[at].Value), fmt.Sprintf("field %d has another value than it must have", i+1))
	}
	for _, w := range want {
		if _, ok := e.Request.Headers.Get(w.Name); !ok {
			c.find(Headers, -1, "the field %s is missing", w.Name)
		}
	}
}

// bearer is the field with the hash of the credential, which must be the same in
// all requests.
func (c *checker) bearer(e *directory.Exchange) directory.Field {
	const start = "Bearer sha256:"
	if value, ok := e.Request.Headers.Get("authorization"); ok && c.credential == "" &&
		len(value) == len(start)+2*sha256.Size && value[:len(start)] == start {
		if raw, err := hex.DecodeString(value[len(start):]); err == nil && hex.EncodeToString(raw) == value[len(start):] {
			c.credential = value[len(start):]
			c.report.Learned.CredentialGiven = true
		}
	}
	return directory.Field{Name: "authorization", Value: start + c.credential}
}

// nothing checks that a request has no body, and is not said to be made of
// anything.
func (c *checker) nothing(e *directory.Exchange) {
	c.compare(Body, e.Request.Body, nil, "this request has no body")
	c.madeOf(e, false, false)
}

// madeOf checks that the line has no explanations but those of its request.
func (c *checker) madeOf(e *directory.Exchange, items, record bool) {
	if !items && e.Items != nil || !record && e.Record != nil {
		c.find(Item, -1, "this request is not made of that")
	}
}

// body is the answer's body, if it came with that status and whole.
func body(e *directory.Exchange, status int) ([]byte, bool) {
	var b directory.Bytes
	if e.Response == nil || e.Response.Status != status || e.Response.Bytes != nil || b.UnmarshalText([]byte(e.Response.Body)) != nil {
		return nil, false
	}
	return b, true
}

// at is when a request was sent.
func at(e *directory.Exchange) time.Time {
	t, err := directory.ParseTime(e.Request.At)
	if err != nil {
		return time.Time{} // ParseTranscript looked at it
	}
	return t
}
