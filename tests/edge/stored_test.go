package edge_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sealbook/tests/canary"
	"sealbook/tests/edge/suite"
)

// Nothing of what people give the server stays in any byte that it writes:
// database, write-ahead log, shared memory, what it prints.
func TestNothingStored(t *testing.T) {
	home := t.TempDir()
	data := filepath.Join(home, "data")
	// So that caches and temporary files land here too.
	for _, name := range []string{"HOME", "TMPDIR", "XDG_CACHE_HOME", "SQLITE_TMPDIR"} {
		t.Setenv(name, home)
	}
	p := start(t, data)
	server := suite.New(p.url, p.key, p.code)
	left := server.Canaries(t)
	checkOpenFiles(t, p, home)

	if found := left.Erased.In(files(t, home)); len(found) == 0 {
		t.Error("what is stored about people is not found while it is stored")
	}
	left.Withdraw()
	// What was published stays public for its time, sealed; the database forgets.
	erased := func() []canary.Finding { return left.Erased.In(databaseFiles(t, data)) }
	if len(left.Erased.In(files(t, filepath.Join(data, "published")))) == 0 {
		t.Error("the changes of an hour have no records")
	}
	for late := time.Now().Add(20 * time.Second); len(erased()) > 0 && time.Now().Before(late); {
		time.Sleep(50 * time.Millisecond)
	}
	if found := erased(); len(found) > 0 {
		t.Errorf("of people who withdrew remains: %v", found)
	}
	look := func(when string) { lookThrough(t, p, home, left, when, "directory key: ") }
	look("while it runs")
	p.kill()
	look("after it was killed")
	p = start(t, data)
	server = suite.New(p.url, p.key, p.code)
	look("after it started again")
	p.stop(t)
	look("after it stopped")
	t.Logf("counts: %d forms of %d numbers, elements and secrets searched for", len(left.Everywhere.Needles()), countWhat(left.Everywhere))

	planted(t, filepath.Join(data, "directory.db"), home, left)
}

// lookThrough searches all that a directory has stored under home and printed.
// Its printed words hold the mark, or the search looked in the wrong place.
func lookThrough(t *testing.T, p *process, home string, left suite.Left, when, mark string) {
	t.Helper()
	stored := files(t, home)
	p.mu.Lock()
	printed := p.stdout.String() + p.stderr.String()
	p.mu.Unlock()
	for what, found := range map[string][]canary.Finding{
		"stored": append(left.Everywhere.In(stored), left.Stored.In(stored)...), "printed": left.Everywhere.In([]byte(printed)),
	} {
		if len(found) > 0 {
			t.Errorf("%s, %s: %v", when, what, found)
		}
	}
	if len(stored) < 50_000 || !strings.Contains(printed, mark) {
		t.Fatalf("%s: looked at %d bytes of files and %d printed", when, len(stored), len(printed))
	}
}

func countWhat(s *canary.Search) int {
	what := map[string]bool{}
	for _, n := range s.Needles() {
		what[n.What] = true
	}
	return len(what)
}

// planted shows that the search would have found: each form of one number and of
// one element, put into the database itself as a blob and as text.
func planted(t *testing.T, name, home string, left suite.Left) {
	db, err := sql.Open("sqlite", "file:"+name)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF"); err != nil {
		t.Fatal(err)
	}
	n, missed := 0, 0
	var needles []canary.Needle
	for _, needle := range left.Everywhere.Needles() {
		if needle.What == "contact 3" || needle.What == "element 3 of 1" {
			needles = append(needles, needle)
		}
	}
	for _, kind := range []string{"blob", "text"} {
		if _, err := db.Exec("DELETE FROM counts"); err != nil {
			t.Fatal(err)
		}
		tx, err := db.Begin()
		if err != nil {
			t.Fatal(err)
		}
		for _, needle := range needles {
			var value any = needle.Bytes()
			if kind == "text" {
				value = string(needle.Bytes())
			}
			if _, err := tx.Exec("INSERT INTO counts (key, at, until) VALUES (?, 0, 0)", value); err != nil {
				t.Fatal(err)
			}
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		found := map[string]bool{}
		for _, f := range left.Everywhere.In(files(t, home)) {
			found[f.What+f.Form] = true
		}
		for _, needle := range needles {
			n++
			if !found[needle.What+needle.Form] {
				missed++
				t.Errorf("planted and not found: %s, %s", needle.What, needle.Form)
			}
		}
	}
	if n < 1000 || missed > 0 {
		t.Errorf("%d planted, %d missed", n, missed)
	}
	t.Logf("counts: %d planted in the database and found", n)
}

// databaseFiles is every byte of the database and what lies beside it.
func databaseFiles(t testing.TB, data string) (all []byte) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(data, "directory.db*"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%q %v", names, err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	return all
}

// files is every byte of every file under the folder.
func files(t testing.TB, folder string) []byte {
	t.Helper()
	var all bytes.Buffer
	err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			return nil // the WAL comes and goes
		}
		fmt.Fprintf(&all, "\n%s\n", filepath.Base(path))
		all.Write(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.Bytes()
}

// checkOpenFiles shows that the server writes nowhere else: every file that it
// has open lies in the folder.
func checkOpenFiles(t *testing.T, p *process, folder string) {
	t.Helper()
	links, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", p.cmd.Process.Pid))
	if err != nil || len(links) == 0 {
		t.Fatalf("its open files cannot be listed: %v", err)
	}
	inside := 0
	for _, link := range links {
		target, err := os.Readlink(link)
		switch {
		case err != nil: // closed meanwhile
		case strings.HasPrefix(target, folder+"/"):
			inside++
		case strings.HasPrefix(target, "/") && !strings.HasPrefix(target, "/dev/") && !strings.HasPrefix(target, "/sys/") && !strings.HasPrefix(target, "/proc/"):
			t.Errorf("the server has a file open elsewhere: %s", filepath.Base(target))
		}
	}
	if inside < 3 {
		t.Errorf("only %d files are open in the folder", inside)
	}
}
