package edge_test

import (
	"errors"
	"os"
	"testing"
	"time"

	"sealbook/tests/edge/storecases"
	"sealbook/wasm/edge/sqlite"
	"sealbook/wasm/edge/store"
)

// The WAL is cut off as soon as nobody reads an older state; until then writes
// go on, and no scrub holds them up.
func TestScrub(t *testing.T) {
	file, name := openFile(t, sqlite.Options{})
	if err := storecases.Seed(file.Store, 2000, time.Now().Unix()); err != nil {
		t.Fatal(err)
	}
	wal := func() int64 {
		info, err := os.Stat(name + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	reader, err := file.Store.Read.Query("SELECT id FROM accounts")
	if err != nil || !reader.Next() {
		t.Fatal(err)
	}
	if err := storecases.Seed(file.Store, 10, time.Now().Unix()); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := file.Scrub(t.Context()); !errors.Is(err, store.ErrBusy) || wal() == 0 {
		t.Errorf("with a reader: %v, WAL of %d bytes", err, wal())
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("a scrub in vain took %v", took)
	}
	if err := storecases.Seed(file.Store, 10, time.Now().Unix()); err != nil {
		t.Errorf("writing after a scrub in vain: %v", err)
	}
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	if err := file.Scrub(t.Context()); err != nil || wal() != 0 {
		t.Errorf("without: %v, WAL of %d bytes", err, wal())
	}
}
