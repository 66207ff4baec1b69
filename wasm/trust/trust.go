// Package trust is what makes a directory show the same to everybody, and what
// lets anyone check that it does: the leaves of its log of states, what they
// commit to, checkpoints, proofs and updates. It does no input or output and
// knows neither clock nor randomness. A log of releases, whose entries, policy and
// witnesses are here too, is specified in TRUST.md.
//
// The log is a Merkle tree of RFC 6962 (package tlog), its checkpoints are C2SP
// tlog-checkpoint v1.0.0, signed notes with Ed25519 (package note), its tiles
// C2SP tlog-tiles of height 8, its proofs C2SP tlog-proof. A leaf is the text of
// a [State]. All texts have one form: what parses is written again with the
// same bytes.
//
// # To publish
//
// A directory publishes a state so, and in this order, so that whatever is in
// its log can be served:
//
//	tags, records := …                                  // directory.Tags, 64 bytes a person in the same order
//	file := tags.Append(nil)                            // SBT2
//	changes := directory.Diff(before, after).Append(nil) // SBC2
//	state := trust.State{Epoch: …, Key: …, Version: version, People: …,
//		Files:   trust.Files(sha256.Sum256(file), trust.RecordsRoot(records)),
//		Changes: trust.Chain(last.Changes, version, sha256.Sum256(changes)), // Hash{} before an epoch's first version
//		Parameters: parameters.SHA256(), Consent: …, Time: …}
//	// refuse to publish what clients would refuse: state.Follows(&last)
//	leaf := state.Leaf()
//	hashes, err := tlog.StoredHashes(size, leaf, reader)  // stored beside the leaf, where the size is still that
//	// …then map the version to its files, and then serve them.
//
// and answers with [SignCheckpoint], [NewUpdate], [AppendEntry] and [Tile].
//
// # To check
//
// A client opens what /v2/log/update answers with [OpenUpdate]: signature,
// consistency with the tree it knows, inclusion of the newest leaf. [State.Follows]
// and [State.Fresh] are the rules for that leaf. Errors wrap a [Code].
package trust

import (
	"fmt"
	"time"
)

// Code says what is wrong. It is stable: append only. Clients have codes of
// their own for most of them, see PROTOCOL.md.
type Code string

const (
	Format      Code = "FORMAT"      // not in the one form that it may have
	Signature   Code = "SIGNATURE"   // not signed by the key it was checked with
	Witness     Code = "WITNESS"     // fewer cosignatures than asked for
	Rollback    Code = "ROLLBACK"    // the log has fewer entries than it had
	Consistency Code = "CONSISTENCY" // the log is not the one it was: it was forked
	Inclusion   Code = "INCLUSION"   // not in the log, or not what the log commits to
	Stale       Code = "STALE"       // the newest leaf is too old
	Clock       Code = "CLOCK"       // the newest leaf is of the future
	Rules       Code = "RULES"       // a leaf that may not be, or not after the one before
	File        Code = "FILE"        // a block of records is not what the log commits to

	Key       Code = "KEY"       // other keys than those that are pinned
	Kind      Code = "KIND"      // of a kind that a newer program knows: nothing is said
	LogFile   Code = "LOG"       // a file of a log that is not what its entries give
	Expired   Code = "EXPIRED"   // a release whose time is over
	Withdrawn Code = "WITHDRAWN" // a release that was taken back
)

// Error is the code: a Code is an error, so that errors.Is finds it.
func (c Code) Error() string { return "trust: " + string(c) }

// Because is an error of the code that says more.
func (c Code) Because(what string) error { return fmt.Errorf("%w: %s", c, what) }

// Sizes and limits.
const (
	MaxText    = 64 << 10  // bytes of a checkpoint, proof or update
	MaxInteger = 1<<53 - 1 // what every client holds exactly
	Block      = 256       // records that are hashed together
	RecordSize = 64        // bytes of a record
)

// How old a newest leaf may be, and how far ahead of a client's clock.
const (
	MaxAge   = 25 * time.Hour
	MaxAhead = 5 * time.Minute
)
