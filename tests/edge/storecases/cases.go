//go:build ignore

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
	{"state", state},
	{"sends", sends},
	{"sends at once", sendsAtOnce},
	{"tries", tries},
	{"tries at once", triesAtOnce},
	{"register", register},
	{"register at once", registerAtOnce},
	{"renew", renew},
	{"record", record},
	{"withdraw", withdraw},
	{"budget", budget},
	{"budget at once", budgetAtOnce},
	{"budget and clock", budgetAndClock},
	{"versions", versions},
	{"equal tags", equalTags},
	{"many entries", manyEntries},
	{"deltas", deltas},
	{"purge", purge},
	{"epoch", epoch},
	{"great numbers", greatNumbers},
}

var ctx = context.Background()

// Reset empties the tables.
func Reset(s *store.Store) error {
	for _, sql := range []string{
		"DELETE FROM accounts", "DELETE FROM registrations", "DELETE FROM sends", "DELETE FROM removals", "DELETE FROM buckets",
		"UPDATE directory SET key = '', epoch = 1, bucket_bits = 0",
		"UPDATE directory SET version = 1, floor = 1",
		"DELETE FROM buckets",
	} {
		if _, err := s.Write.ExecContext(ctx, sql); err != nil {
			return err
		}
	}
	return nil
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
		Consent: bytes32('t', 0), Registered: now,
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

var wide = store.SendLimits{Number: 1000, Address: 1 << 40}

// begin begins a registration that must succeed.
func begin(t T, s *store.Store, n int) store.Registration {
	r := registration(n)
	if ok, _, err := s.Begin(ctx, r, bytes32('a', n), wide); err != nil || !ok {
		t.Fatalf("begin: %v %v", ok, err)
	}
	return r
}

// add registers an account that must succeed.
func add(t T, s *store.Store, a store.Account) {
	r := begin(t, s, int(binary.BigEndian.Uint32(a.ID[1:])))
	if err := s.Register(ctx, a, r.ID); err != nil {
		t.Fatalf("register: %v", err)
	}
}

func version(t T, s *store.Store) uint64 {
	st, err := s.State(ctx)
	if err != nil {
		t.Fatalf("state: %v", err)
	}
	return st.Version
}

// wantVersion checks version of directory and bucket.
func wantVersion(t T, s *store.Store, bucket uint32, want uint64) {
	if got := version(t, s); got != want {
		t.Errorf("version %d, want %d", got, want)
	}
	b, err := s.Bucket(ctx, bucket)
	if err != nil || b.Version != want {
		t.Errorf("bucket version %d %v, want %d", b.Version, err, want)
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
