package edge_test

import (
	"bytes"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"sealbook/wasm/directory"
)

// raw makes a request and answers status and body; it fails only with the
// connection.
func raw(method, url, mediaType, bearer string, body []byte) (int, []byte, error) {
	r, err := http.NewRequest(method, url, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	if mediaType != "" {
		r.Header.Set("Content-Type", mediaType)
	}
	if bearer != "" {
		r.Header.Set("Authorization", "Bearer "+bearer)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	return res.StatusCode, answer, err
}

// acknowledged is what a client was told is done.
type acknowledged struct {
	credential string
	record     []byte // last one answered with 204
	trying     []byte // one that was sent; it may have been written
	used       int64  // evaluations that were answered
	asked      int64  // evaluations that were asked for
	withdrawn  bool
}

// join registers somebody. It answers nil if the server broke off.
func join(p *process, number string) *acknowledged {
	about, err := aboutOf(p)
	if err != nil {
		return nil
	}
	status, body, err := raw("POST", p.url+"/v1/registrations", "application/json", "", []byte(`{"number":"`+number+`"}`))
	if err != nil || status != 202 {
		return nil
	}
	var begun struct{ Registration string }
	if json.Unmarshal(body, &begun) != nil {
		return nil
	}
	confirm, err := json.Marshal(map[string]any{"number": number, "code": p.tryCode(begun.Registration), "blinded": directory.Bytes(generator()),
		"consent": map[string]any{"text_sha256": about.Consent.SHA256, "scopes": about.Scopes}})
	if err != nil {
		return nil
	}
	status, body, err = raw("POST", p.url+"/v1/registrations/"+begun.Registration, "application/json", "", confirm)
	if err != nil || status != 201 {
		return nil
	}
	var made struct{ Credential string }
	if json.Unmarshal(body, &made) != nil {
		return nil
	}
	return &acknowledged{credential: made.Credential}
}

// write writes records, spends and withdraws until the connection breaks.
func (a *acknowledged) write(p *process, r *mathrand.Rand) {
	for range 200 {
		switch r.IntN(40) {
		case 0:
			status, _, err := raw("DELETE", p.url+"/v1/me", "", a.credential, nil)
			a.withdrawn = err == nil && status == 200
			if err != nil {
				a.credential = "" // nobody knows
			}
			return
		case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15:
			n := int64(1 + r.IntN(4))
			a.asked += n
			status, _, err := raw("POST", p.url+"/v1/evaluations", "application/octet-stream", a.credential, bytes.Repeat(generator(), int(n)))
			if err != nil || status != 200 {
				return
			}
			a.used += n
		default:
			a.trying = make([]byte, 64)
			rand.Read(a.trying)
			status, _, err := raw("PUT", p.url+"/v1/me/record", "application/octet-stream", a.credential, a.trying)
			if err != nil || status != 204 {
				return
			}
			a.record = a.trying
		}
	}
}

func aboutOf(p *process) (directory.Parameters, error) {
	var parameters directory.Parameters
	_, body, err := raw("GET", p.url+"/v1/directory", "", "", nil)
	if err != nil {
		return parameters, err
	}
	var said struct{ Note string }
	if err := json.Unmarshal(body, &said); err != nil {
		return parameters, err
	}
	verifier, err := directory.NewVerifier(p.key)
	if err != nil {
		return parameters, err
	}
	return parameters, verifier.Open(said.Note, &parameters)
}

// generator is an element of the group.
func generator() []byte {
	element, err := hex.DecodeString("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76")
	if err != nil {
		panic(err)
	}
	return element
}

// Killed at any moment, the server has afterwards all that it acknowledged, and
// a database that is whole.
func TestKilled(t *testing.T) {
	const rounds = 25
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
	p := start(t, data)
	checked, records, spent, gone := 0, 0, int64(0), 0
	for _, a := range all {
		if a.credential == "" {
			continue
		}
		checked++
		status, body, err := raw("GET", p.url+"/v1/me", "", a.credential, nil)
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
		var me struct {
			Record directory.Bytes
			Tag    directory.Bytes
			Budget struct{ Used int64 }
		}
		if err := json.Unmarshal(body, &me); err != nil || status != 200 {
			t.Errorf("an account that was acknowledged is lost: %d %v", status, err)
			continue
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
	checkPublished(t, p)
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
	// Nothing half done: no account with a registration still to be spent, no
	// listed one without a version, no version beyond the directory's.
	var half int
	err = db.QueryRow(`SELECT (SELECT count(*) FROM accounts WHERE registration IS NOT NULL
		OR listed = 1 AND (added = 0 OR changed < added OR changed > (SELECT version FROM directory)))
		+ (SELECT count(*) FROM registrations WHERE address IS NOT NULL)
		+ (SELECT count(*) FROM buckets WHERE version > (SELECT version FROM directory))`).Scan(&half)
	if err != nil || half != 0 {
		t.Fatalf("%d rows are half written, %v", half, err)
	}
}

// checkPublished compares the files with the database.
func checkPublished(t testing.TB, p *process) {
	t.Helper()
	_, body, err := raw("GET", p.url+"/v1/buckets/0/tags", "", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	tags, err := directory.ParseTags(body)
	if err != nil {
		t.Fatal(err)
	}
	_, records, err := raw("GET", p.url+"/v1/buckets/0/records", "", "", nil)
	if err != nil || len(records) != directory.HeaderSize+int(tags.Count)*directory.RecordSize {
		t.Errorf("%d records for %d tags, %v", len(records), tags.Count, err)
	}
}

// problemCode is the code of a problem document.
func problemCode(body []byte) directory.Code {
	var p directory.Problem
	if json.Unmarshal(body, &p) != nil {
		return ""
	}
	return p.Code
}
