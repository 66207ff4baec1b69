// Package storecases holds what the store of a directory must do, as cases that
// know no platform: the same ones run on SQLite in `go test` and on D1 inside
// workerd, where there is no package testing.
package storecases

import (
	"context"
	"encoding/binary"
	"errors"
	"math/rand/v2"

	"sealbook/wasm/edge/store"
)

// T is what a case says its findings to; *testing.T is one. Fatalf does not
// return.
type T interface {
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Case is one case. It begins with an empty directory, as Reset leaves it.
type Case struct {
	Name string
	Run  func(t T, s *store.Store)
}

// Cases are all of them.
var Cases = []Case{
	{"head", head},
	{"sends", sends},
	{"sends at once", sendsAtOnce},
	{"counts", counts},
	{"counts at once", countsAtOnce},
	{"tries", tries},
	{"tries at once", triesAtOnce},
	{"register", register},
	{"register at once", registerAtOnce},
	{"renew with the credential", renewWith},
	{"renew without", renewWithout},
	{"renewals end", renewalsEnd},
	{"refuse", refuse},
	{"refuse late", refuseLate},
	{"records", records},
	{"records at once", recordsAtOnce},
	{"tallies", tallies},
	{"withdraw", withdraw},
	{"withdraw a number", withdrawNumber},
	{"budget", budget},
	{"budget at once", budgetAtOnce},
	{"budget and clock", budgetAndClock},
	{"budget is kept", budgetKept},
	{"journal", journal},
	{"equal tags", equalTags},
	{"random lives", lives},
	{"many people", manyPeople},
	{"log", log},
	{"log at once", logAtOnce},
	{"absent from", absentFrom},
	{"moments", moments},
	{"purge", purge},
	{"epoch", epoch},
	{"epochs one after the other", epochs},
	{"another seed", anotherSeed},
	{"move", move},
	{"great numbers", greatNumbers},
	{"publishing killed", publishingKilled},
	{"publishing at once", publishingAtOnce},
	{"publishing by a clock that is set back", publishingClock},
}

var ctx = context.Background()

// Reset empties the tables, and begins the first epoch.
func Reset(s *store.Store) error {
	for _, sql := range []string{
		"DELETE FROM accounts", "DELETE FROM registrations", "DELETE FROM counts", "DELETE FROM withdrawn", "DELETE FROM journal",
		"DELETE FROM log", "DELETE FROM epochs",
		"UPDATE directory SET key = '', epoch = 0, size = 0, read = 0, reading = 0, refill = 200",
		"DELETE FROM sqlite_sequence WHERE name = 'journal'",
	} {
		if _, err := s.Write.ExecContext(ctx, sql); err != nil {
			return err
		}
	}
	return s.StartEpoch(ctx, 0, now, []byte{1})
}

// now is the time in most cases, before any time that the database's own clock
// may show.
const now = int64(1_700_000_000)

// bytes16 and bytes32 make values that are told apart by n.
func bytes16(kind byte, n int) (b [16]byte) {
	b[0] = kind
	binary.BigEndian.PutUint32(b[1:], uint32(n))
	return b
}

func bytes32(kind byte, n int) (b [32]byte) {
	b[31] = kind
	binary.BigEndian.PutUint32(b[1:], uint32(n))
	return b
}

// person is an account with chosen values.
func person(n int) store.Account {
	a := store.Account{
		ID: bytes16('i', n), Epoch: 1, Credential: bytes32('c', n), Search: true, Listed: true,
		Consent: bytes32('t', 0), Registered: now, Seen: store.Day(now), UsedAt: now,
	}
	r := rand.New(rand.NewPCG(1, uint64(n)))
	binary.BigEndian.PutUint32(a.Tag[1:], r.Uint32())
	a.Tag[0] = byte(r.Uint32())
	for i := range a.Record {
		a.Record[i] = byte(r.Uint32())
	}
	return a
}

func registration(n int) store.Registration {
	return store.Registration{
		ID: bytes16('r', n), Number: bytes32('n', n), Code: bytes32('k', n), Tries: 5, Sent: now, Expires: now + 600,
	}
}

var wide = store.SendLimits{Number: 1000, NumberDay: 1000, Address: 1000, Network: 1000, Calling: 1000, Total: 1000}

// send is what a send is counted under.
func send(n int) store.Send {
	return store.Send{Address: bytes32('a', n), Calling: bytes32('g', 0), Total: bytes32('t', 0)}
}

// begin begins a registration that must succeed.
func begin(t T, s *store.Store, n int) store.Registration {
	r := registration(n)
	if _, err := s.Begin(ctx, r, send(n), wide); err != nil {
		t.Fatalf("begin: %v", err)
	}
	return r
}

// add registers an account that must succeed.
func add(t T, s *store.Store, a store.Account) {
	r := begin(t, s, int(binary.BigEndian.Uint32(a.ID[1:])))
	if _, err := s.Register(ctx, a, store.Entry{Registration: &r.ID}); err != nil {
		t.Fatalf("register: %v", err)
	}
}

func must(t T, err error) {
	if err != nil {
		t.Fatalf("%v", err)
	}
}

// count counts the rows of a table.
func count(t T, s *store.Store, table string) int64 {
	var n int64
	if err := s.Read.QueryRowContext(ctx, "SELECT count(*) FROM "+table).Scan(&n); err != nil {
		t.Fatalf("count: %v", err)
	}
	return n
}

func wantCount(t T, s *store.Store, table string, want int64) {
	if got := count(t, s, table); got != want {
		t.Errorf("%d rows in %s, want %d", got, table, want)
	}
}

func wantErr(t T, got, want error) {
	if !errors.Is(got, want) {
		t.Errorf("error %v, want %v", got, want)
	}
}

// atOnce runs f n times at once and answers how often it was true.
func atOnce(n int, f func(i int) bool) int {
	answers := make(chan bool)
	for i := range n {
		go func() { answers <- f(i) }()
	}
	sum := 0
	for range n {
		if <-answers {
			sum++
		}
	}
	return sum
}
