// Package canary searches bytes for what must not be in them: phone numbers in
// all their spellings, every spelling in every encoding, and every digest of
// them that a published recipe or a plain hash function makes; and binary
// secrets such as blinded elements.
//
// What is compressed or encrypted it cannot see. It is for bytes that a program
// wrote as they are: database files, logs, caches.
package canary

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
)

// Needle is one form of something that is searched for.
type Needle struct {
	What string // "contact 3", never what it is
	Form string // "national, base64 at offset 1"
	text []byte
}

// Bytes are what is looked for.
func (n Needle) Bytes() []byte { return bytes.Clone(n.text) }

// Finding is a needle in a haystack.
type Finding struct {
	Needle
	Offset int
}

func (f Finding) String() string { return fmt.Sprintf("%s: %s at %d", f.What, f.Form, f.Offset) }

// Search holds needles. The zero Search has none.
type Search struct {
	needles []Needle
	seen    map[string]bool
	index   map[uint32][]int // needles by their first four bytes
}

// shortest is how long a needle must be: shorter ones are in any file by chance.
const shortest = 5

// add takes a needle, if it can be told from chance. The same bytes are looked
// for once, under the first name they came with.
func (s *Search) add(what, form string, text []byte) {
	if len(text) < shortest || s.seen[string(text)] {
		return
	}
	if s.seen == nil {
		s.seen, s.index = map[string]bool{}, map[uint32][]int{}
	}
	s.seen[string(text)] = true
	first := binary.BigEndian.Uint32(text)
	s.index[first] = append(s.index[first], len(s.needles))
	s.needles = append(s.needles, Needle{what, form, bytes.Clone(text)})
}

// Needles are all needles.
func (s *Search) Needles() []Needle { return slices.Clone(s.needles) }

// In searches bytes. Each needle is found once.
func (s *Search) In(data []byte) (found []Finding) {
	seen := map[int]bool{}
	for at := 0; at+4 <= len(data); at++ {
		for _, i := range s.index[binary.BigEndian.Uint32(data[at:])] {
			if !seen[i] && bytes.HasPrefix(data[at:], s.needles[i].text) {
				seen[i] = true
				found = append(found, Finding{s.needles[i], at})
			}
		}
	}
	return found
}
