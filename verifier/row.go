package main

import (
	"sealbook/verifier/stream"
	"sealbook/wasm/batch"
	"sealbook/wasm/number"
)

// row is one row of the input. Its slices are views of the chunk or of the
// format's memory, valid until the chunk is done.
type row struct {
	raw    []byte // all of it, with its line end
	line   int    // its first
	text   []byte // what is looked at
	mail   []byte // the address, where a column of its own has it
	region []byte // its own; empty for the one of --region
	apart  bool   // text holds a line feed, so that it cannot share a batch
	blank  bool   // there is nothing to look at and nothing wrong
	email  bool   // text is an e-mail address
	bad    string // why it is not of the format; empty if it is

	input, regionToken []byte // of JSON: the tokens to give back
	country            []byte // of JSON with --lenient
}

// format reads rows of one kind of file and writes their results. Each worker
// has its own.
type format interface {
	begin(c *stream.Chunk)
	next(r *row) bool
	number(dst []byte, r *row, n *parsed) []byte
	hashes(dst []byte, r *row, h *hashed) []byte
}

// parsed is what is known of a row as a phone number.
type parsed struct {
	code     number.Code
	e164     []byte
	valid    bool
	possible bool // IS_POSSIBLE or IS_POSSIBLE_LOCAL_ONLY
	kind     number.Type
	region   []byte // empty where there is none
}

// read reads a record that has info.
func (p *parsed) read(r *batch.Record) {
	*p = parsed{code: r.Code()}
	if p.code != number.OK {
		return
	}
	p.e164, p.region = r.E164(), r.Region()
	p.valid, p.kind = r.Valid(), r.Type()
	p.possible = r.Possibility() <= number.IsPossibleLocalOnly
}

// hashed is the digests of a row.
type hashed struct {
	recipes []chosen
	e164    []byte   // empty for an e-mail address
	texts   [][]byte // by recipe; empty where the recipe is for the other kind of text
	code    string   // why there is none; empty if there is
	more    string   // the same of the address, where the number has none either
}

// Codes of rows that number knows nothing of.
const (
	badLine    = "BAD_LINE"     // not of the file's format
	notAnEmail = "NOT_AN_EMAIL" // a recipe for e-mail addresses, another text
)
