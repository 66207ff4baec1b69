package edge_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sealbook/tests/edge/storecases"
	"sealbook/wasm/directory"
	"sealbook/wasm/edge/sqlite"
)

// dump is all that the tables hold.
func dump(t testing.TB, data string) string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, "directory.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var all strings.Builder
	for _, table := range []string{"directory", "epochs", "accounts", "withdrawn", "registrations", "counts", "journal", "log"} {
		rows, err := db.Query("SELECT * FROM " + table)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			for _, v := range values {
				fmt.Fprintf(&all, "%v ", *v.(*any))
			}
			fmt.Fprintln(&all, table)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
	}
	return all.String()
}

// writes are all requests that write, for somebody who is registered and
// somebody who has a code.
func writes(t testing.TB, p *process, a *acknowledged, number string) []func() (int, []byte, error) {
	t.Helper()
	about, err := aboutOf(p)
	if err != nil {
		t.Fatal(err)
	}
	_, body, err := raw("POST", p.url+"/v2/registrations", "application/json", "", []byte(`{"number":"`+number+`"}`))
	var begun struct{ Registration string }
	if err != nil || json.Unmarshal(body, &begun) != nil {
		t.Fatal("cannot begin")
	}
	confirm, err := json.Marshal(directory.ConfirmRequest{Number: number, Code: p.code(t, begun.Registration), Blinded: generator(),
		Consent: directory.ConsentRequest{TextSHA256: about.Consent.SHA256, Scopes: about.Scopes}})
	if err != nil {
		t.Fatal(err)
	}
	return []func() (int, []byte, error){
		func() (int, []byte, error) {
			return raw("POST", p.url+"/v2/registrations", "application/json", "", []byte(`{"number":"`+number+`"}`))
		},
		func() (int, []byte, error) {
			return raw("POST", p.url+"/v2/registrations/"+begun.Registration, "application/json", "", confirm)
		},
		func() (int, []byte, error) {
			return raw("PUT", p.url+"/v2/me/record", "application/octet-stream", a.credential, make([]byte, 64))
		},
		func() (int, []byte, error) {
			return raw("POST", p.url+"/v2/evaluations", "application/octet-stream", a.credential, eight())
		},
		func() (int, []byte, error) { return raw("DELETE", p.url+"/v2/me", "", a.credential, nil) },
	}
}

// While another process has the database locked, writes are refused and change
// nothing, and reads are answered; after that all is as before.
func TestLocked(t *testing.T) {
	data := t.TempDir()
	p := start(t, data, "-wait", "100ms", "-interval", "3600")
	a := mustJoin(t, p, "+12025550101")
	all := writes(t, p, a, "+12025550102")
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, "directory.db")+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	before := dump(t, data)
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	for i, write := range all {
		status, body, err := write()
		if err != nil || status != 503 || problemCode(body) != directory.StoreBusy {
			t.Errorf("write %d: %d %s %v", i, status, problemCode(body), err)
		}
	}
	for _, path := range []string{"/v2/directory", "/v2/me", "/v2/states/1/tags", "/v2/states/1/records", "/v2/log/update?from=0"} {
		if status, _, err := raw("GET", p.url+path, "", a.credential, nil); err != nil || status != 200 {
			t.Errorf("GET %s: %d %v", path, status, err)
		}
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if dump(t, data) != before {
		t.Error("a refused write changed something")
	}
	for i, write := range all {
		if status, body, err := write(); err != nil || status >= 300 {
			t.Errorf("write %d, unlocked: %d %s %v", i, status, problemCode(body), err)
		}
	}
	p.stop(t)
}

// A full database refuses what would make it grow, as a whole, and serves on.
func TestFull(t *testing.T) {
	data := t.TempDir()
	p := start(t, data, "-max-size", "1", "-interval", "3600")
	a := mustJoin(t, p, "+12025550101")
	all := writes(t, p, a, "+12025550102")
	file, err := sqlite.Open(t.Context(), filepath.Join(data, "directory.db"), sqlite.Options{MaxBytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int64{1000, 100, 10} {
		for err = nil; err == nil; {
			err = storecases.Seed(file.Store, n, time.Now().Unix())
		}
	}
	// Rows go to random places: it is full when none of many finds one.
	for refused := 0; refused < 100; refused++ {
		if storecases.Seed(file.Store, 1, time.Now().Unix()) == nil {
			refused = 0
		}
	}
	for _, fill := range []string{
		"INSERT INTO counts (key, at, until) VALUES (randomblob(32), 9e9, 9e9)",
		"INSERT INTO journal (tag, id, was) VALUES (randomblob(5), randomblob(16), randomblob(64))",
		"INSERT INTO registrations (id, number, code, tries, sent, expires, address, calling, total) VALUES (randomblob(16), randomblob(32), randomblob(32), 1, 9e9, 9e9, randomblob(32), randomblob(32), randomblob(32))",
	} {
		for refused := 0; refused < 100; refused++ {
			if _, err := file.Store.Write.Exec(fill); err == nil {
				refused = 0
			}
		}
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	before := dump(t, data)
	full := 0
	for i, write := range all {
		if i == len(all)-1 {
			break // what withdraws comes below
		}
		status, body, err := write()
		switch {
		case err != nil:
			t.Fatal(err)
		case status == 503 && problemCode(body) == directory.StoreFull:
			full++
			if after := dump(t, data); after != before {
				t.Errorf("write %d was refused and changed something", i)
			}
		case status >= 300:
			t.Errorf("write %d: %d %s", i, status, problemCode(body))
		}
		before = dump(t, data)
	}
	if full < 2 { // registering takes room; writing over a record may not
		t.Errorf("%d writes were refused by a full database", full)
	}
	if status, _, err := raw("GET", p.url+"/v2/me", "", a.credential, nil); err != nil || status != 200 {
		t.Errorf("me: %d %v", status, err)
	}
	checkPublished(t, p)
	// Whoever withdraws makes room.
	if status, body, err := all[len(all)-1](); err != nil || status != 200 && problemCode(body) != directory.StoreFull {
		t.Errorf("withdraw: %d %v", status, err)
	}
	p.stop(t)
	checkIntegrity(t, data)
	if !strings.Contains(p.stderr.String(), "full") {
		t.Error("the operator is not told that the database is full")
	}
}
