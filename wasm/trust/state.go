package trust

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// State is all that a directory publishes at one moment. Its text is a leaf of
// the directory's log:
//
//	sealbook state v1
//	epoch 1
//	key AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=
//	bucket_bits 0
//	version 7
//	people 300
//	files iFNS803YvWn/pOfF6j16kDX8KooNhYHySduwqwIjSOI=
//	changes 6KOT2JFrcAPSmyVzox6BSgCuE0ebs1ZSdelEUkix+Lk=
//	parameters 8cbfb42adc0078539278536c0cb968c46e44298522c6f2ed84335d66c7ebb009
//	consent f4171248ab46060082b6f1e852f7834a16146edb10c251f8ada1965b9b11968c
//	time 2026-11-28T01:00:00Z
//
// The bits are always 0: there is one list for everybody.
type State struct {
	Epoch      uint32
	Key        [32]byte  // OPRF public key of the epoch
	Version    uint64    // 0–MaxInteger
	People     uint64    // 0–MaxInteger here; clients take no more than a file of tags may have
	Files      tlog.Hash // see [Files]
	Changes    tlog.Hash // see [Chain]
	Parameters [32]byte  // SHA-256 of the parameters' JSON, its time left out
	Consent    [32]byte  // SHA-256 of the terms
	Time       time.Time // UTC, whole seconds
}

const stateHead = "sealbook state v1\n"

// names of a leaf's fields, in their order.
var names = [...]string{"epoch", "key", "bucket_bits", "version", "people", "files", "changes", "parameters", "consent", "time"}

// Leaf is the text of the state.
func (s *State) Leaf() []byte {
	b64 := base64.StdEncoding.EncodeToString
	values := [len(names)]string{
		strconv.FormatUint(uint64(s.Epoch), 10), b64(s.Key[:]), "0",
		strconv.FormatUint(s.Version, 10), strconv.FormatUint(s.People, 10),
		b64(s.Files[:]), b64(s.Changes[:]),
		hex.EncodeToString(s.Parameters[:]), hex.EncodeToString(s.Consent[:]), formatTime(s.Time),
	}
	leaf := []byte(stateHead)
	for i, value := range values {
		leaf = fmt.Appendf(leaf, "%s %s\n", names[i], value)
	}
	return leaf
}

// ParseState reads what Leaf writes. A leaf that is well-formed but has bits is
// refused as Rules, all else as Format.
func ParseState(leaf []byte) (State, error) {
	rest, ok := strings.CutPrefix(string(leaf), stateHead)
	if !ok {
		return State{}, Format.Because("not a state, or of a later format")
	}
	var values [len(names)]string
	for i, name := range names {
		var line string
		var found bool
		line, rest, ok = strings.Cut(rest, "\n")
		values[i], found = strings.CutPrefix(line, name+" ")
		if !ok || !found {
			return State{}, Format.Because("state: no line " + name)
		}
	}
	var s State
	epoch, ok0 := parseInteger(values[0])
	ok1 := parse32(&s.Key, values[1], base64.StdEncoding.Strict().DecodeString)
	bits, ok2 := parseInteger(values[2])
	version, ok3 := parseInteger(values[3])
	people, ok4 := parseInteger(values[4])
	ok5 := parse32((*[32]byte)(&s.Files), values[5], base64.StdEncoding.Strict().DecodeString)
	ok6 := parse32((*[32]byte)(&s.Changes), values[6], base64.StdEncoding.Strict().DecodeString)
	ok7 := parse32(&s.Parameters, values[7], hex.DecodeString)
	ok8 := parse32(&s.Consent, values[8], hex.DecodeString)
	at, ok9 := parseTime(values[9])
	if rest != "" || epoch > 1<<32-1 ||
		!(ok0 && ok1 && ok2 && ok3 && ok4 && ok5 && ok6 && ok7 && ok8 && ok9) {
		return State{}, Format.Because("state")
	}
	s.Epoch, s.Version, s.People, s.Time = uint32(epoch), version, people, at
	if bits != 0 {
		return State{}, Rules.Because("state: bucket bits")
	}
	if string(s.Leaf()) != string(leaf) { // capitals in hexadecimal
		return State{}, Format.Because("state")
	}
	return s, nil
}

// Follows says whether s may come after last in a log: the key stays within an
// epoch and changes with it, epochs do not fall, versions rise, times do not
// fall. A directory counts versions one by one, but who did not see the leaves
// between can know only that they rise. Its error is Rules.
func (s *State) Follows(last *State) error {
	switch {
	case s.Epoch < last.Epoch:
		return Rules.Because("the epoch falls")
	case (s.Epoch == last.Epoch) != (s.Key == last.Key):
		return Rules.Because("the key does not change with the epoch")
	case s.Version <= last.Version:
		return Rules.Because("the version does not rise")
	case s.Time.Before(last.Time):
		return Rules.Because("the time falls")
	}
	return nil
}

// Fresh says whether s may be the newest leaf at a time: at most MaxAge old, at
// most MaxAhead of it. Its error is Stale or Clock.
func (s *State) Fresh(now time.Time) error {
	switch {
	case now.Sub(s.Time) > MaxAge:
		return Stale.Because("the newest state is older than " + MaxAge.String())
	case s.Time.Sub(now) > MaxAhead:
		return Clock.Because("the newest state is of the future")
	}
	return nil
}

// parseInteger reads a decimal of at most MaxInteger in its one form.
func parseInteger(text string) (uint64, bool) {
	n, err := strconv.ParseUint(text, 10, 64)
	return n, err == nil && n <= MaxInteger && strconv.FormatUint(n, 10) == text
}

func parse32(dst *[32]byte, text string, decode func(string) ([]byte, error)) bool {
	raw, err := decode(text)
	if err != nil || len(raw) != 32 {
		return false
	}
	*dst = [32]byte(raw)
	return true
}

// formatTime writes RFC 3339 in UTC with whole seconds.
func formatTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func parseTime(text string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339, text)
	return t.UTC(), err == nil && formatTime(t) == text
}
