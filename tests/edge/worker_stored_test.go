package edge_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"sealbook/tests/edge/suite"
)

// Nothing of what people give the worker stays in any byte that workerd and
// wrangler's tools write for it: database, its WAL, caches, logs.
func TestNothingStoredByWorker(t *testing.T) {
	builtFolder(t) // before the homes are moved, which hold Go's caches
	home := t.TempDir()
	data := filepath.Join(home, "data")
	for _, name := range []string{"HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"} {
		t.Setenv(name, home)
	}
	p := directoryWorker(t, data, manySettings)
	server := suite.New(p.url, p.key, p.code)
	server.OneShot = true
	left := server.Canaries(t)
	if found := left.Erased.In(files(t, home)); len(found) == 0 {
		t.Error("what is stored about people is not found while it is stored")
	}
	look := func(when string) { lookThrough(t, p, home, left, when, `{"url":`) }
	look("while it runs")
	left.Withdraw()
	p.kill()
	look("after it was killed")
	p = directoryWorker(t, data, manySettings)
	look("after it started again")
	p.stop(t)
	look("after it stopped")

	t.Logf("counts: %d forms of %d numbers, elements and secrets searched for", len(left.Everywhere.Needles()), countWhat(left.Everywhere))
	planted(t, database(t, data), home, left)
}

// database is the file in which the simulator keeps the D1 database.
func database(t testing.TB, data string) string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(data, "d1/*/*.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		db, err := sql.Open("sqlite", "file:"+name)
		if err != nil {
			t.Fatal(err)
		}
		var n int
		err = db.QueryRow("SELECT count(*) FROM directory").Scan(&n)
		db.Close()
		if err == nil && n == 1 {
			return name
		}
	}
	t.Fatalf("none of %d files is the database", len(names))
	return ""
}
