package edge_test

import (
	"bytes"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	mathrand "math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"sealbook/tests/edge/suite"
	"sealbook/wasm/directory"
)

// write writes records, spends and withdraws until the connection breaks.
func (a *acknowledged) write(p *process, r *mathrand.Rand) {
	for range 200 {
		switch r.IntN(40) {
		case 0:
			status, _, err := raw("DELETE", p.url+"/v2/me", "", a.credential, nil)
			a.withdrawn = err == nil && status == 200
			if err != nil {
				a.credential = "" // nobody knows
			}
			return
		case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15:
			a.asked += 8
			status, _, err := raw("POST", p.url+"/v2/evaluations", "application/octet-stream", a.credential, eight())
			if err != nil || status != 200 {
				return
			}
			a.used += 8
		default:
			a.trying = make([]byte, 64)
			rand.Read(a.trying)
			status, _, err := raw("PUT", p.url+"/v2/me/record", "application/octet-stream", a.credential, a.trying)
			if err != nil || status != 204 {
				return
			}
			a.record = a.trying
		}
	}
}

// Killed at any moment, the server has afterwards all that it acknowledged, and
// a database that is whole.
func TestKilled(t *testing.T) {
	const rounds = 12
	data := t.TempDir()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := mathrand.New(mathrand.NewPCG(seed, 0))
	var mu sync.Mutex
	var all []*acknowledged
	number := 0
	for round := range rounds {
		p := start(t, data)
		var group sync.WaitGroup
		for i := range 6 {
			n := fmt.Sprintf("+1%d55501%02d", 201+number/100, number%100)
			number++
			random := mathrand.New(mathrand.NewPCG(seed, uint64(100*round+i)))
			group.Go(func() {
				if a := join(p, n); a != nil {
					mu.Lock()
					all = append(all, a)
					mu.Unlock()
					a.write(p, random)
				}
			})
		}
		time.Sleep(time.Duration(20+r.IntN(300)) * time.Millisecond)
		p.kill()
		group.Wait()
	}
	checkIntegrity(t, data)
	p := start(t, data) // which publishes first
	checked, listed, records, spent, gone := 0, 0, 0, int64(0), 0
	published := checkPublished(t, p)
	for _, a := range all {
		if a.credential == "" {
			continue
		}
		checked++
		status, body, err := raw("GET", p.url+"/v2/me", "", a.credential, nil)
		if err != nil {
			t.Fatal(err)
		}
		if a.withdrawn {
			gone++
			if status != 401 {
				t.Errorf("somebody who withdrew is back: %d", status)
			}
			continue
		}
		var me directory.Held
		if err := json.Unmarshal(body, &me); err != nil || status != 200 {
			t.Errorf("an account that was acknowledged is lost: %d %v", status, err)
			continue
		}
		if from, to := published.Find([directory.TagSize]byte(me.Tag)); to > from {
			listed++
		}
		if a.record != nil {
			records++
			if !bytes.Equal(me.Record, a.record) && !bytes.Equal(me.Record, a.trying) {
				t.Error("a record that was acknowledged is lost")
			}
		}
		spent += a.used
		if me.Budget.Used < a.used || me.Budget.Used > a.asked {
			t.Errorf("%d evaluations were answered and %d asked for, and %d charged", a.used, a.asked, me.Budget.Used)
		}
	}
	if listed != checked-gone {
		t.Errorf("%d of %d people are published", listed, checked-gone)
	}
	p.stop(t)
	if checked < rounds || records < rounds || spent < rounds {
		t.Errorf("only %d accounts, %d records, %d evaluations", checked, records, spent)
	}
	t.Logf("counts: killed %d times; %d accounts, %d records, %d withdrawals, %d evaluations acknowledged and there", rounds, checked, records, gone, spent)
}

// checkIntegrity lets SQLite look at the whole file, WAL and all.
func checkIntegrity(t testing.TB, data string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, "directory.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var result string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&result); err != nil || result != "ok" {
		t.Fatalf("integrity_check: %s %v", result, err)
	}
	// Nothing half done.
	var half int
	err = db.QueryRow(`SELECT (SELECT count(*) FROM accounts WHERE coalesce(registration, moved, put, left_at, barred) IS NOT NULL)
		+ (SELECT count(*) FROM registrations WHERE coalesce(address, network, calling, total) IS NOT NULL)
		+ (SELECT count(*) <> (SELECT size FROM directory) FROM log)
		+ (SELECT count(*) FROM journal WHERE seq <= (SELECT read FROM directory))`).Scan(&half)
	if err != nil || half != 0 {
		t.Fatalf("%d rows are half written, %v", half, err)
	}
}

// checkPublished looks at what is published as clients do.
func checkPublished(t testing.TB, p *process) directory.Tags {
	t.Helper()
	return suite.New(p.url, p.key, p.code).Follow().Look(t)
}
