package edge_test

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sealbook/tests/edge/storecases"
	"sealbook/wasm/directory"
	"sealbook/wasm/edge/sqlite"
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

// mustJoin registers somebody.
func mustJoin(t testing.TB, p *process, number string) *acknowledged {
	t.Helper()
	a := join(p, number)
	if a == nil {
		t.Fatal("cannot register")
	}
	return a
}

// dump is all that the tables hold.
func dump(t testing.TB, data string) string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, "directory.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var all strings.Builder
	for _, table := range []string{"directory", "accounts", "registrations", "sends", "buckets", "removals"} {
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
	_, body, err := raw("POST", p.url+"/v1/registrations", "application/json", "", []byte(`{"number":"`+number+`"}`))
	var begun struct{ Registration string }
	if err != nil || json.Unmarshal(body, &begun) != nil {
		t.Fatal("cannot begin")
	}
	confirm, err := json.Marshal(map[string]any{"number": number, "code": p.code(t, begun.Registration), "blinded": directory.Bytes(generator()),
		"consent": map[string]any{"text_sha256": about.Consent.SHA256, "scopes": about.Scopes}})
	if err != nil {
		t.Fatal(err)
	}
	return []func() (int, []byte, error){
		func() (int, []byte, error) {
			return raw("POST", p.url+"/v1/registrations", "application/json", "", []byte(`{"number":"`+number+`"}`))
		},
		func() (int, []byte, error) {
			return raw("POST", p.url+"/v1/registrations/"+begun.Registration, "application/json", "", confirm)
		},
		func() (int, []byte, error) {
			return raw("PUT", p.url+"/v1/me/record", "application/octet-stream", a.credential, make([]byte, 64))
		},
		func() (int, []byte, error) {
			return raw("POST", p.url+"/v1/evaluations", "application/octet-stream", a.credential, generator())
		},
		func() (int, []byte, error) { return raw("DELETE", p.url+"/v1/me", "", a.credential, nil) },
	}
}

// While another process has the database locked, writes are refused and change
// nothing, and reads are answered; after that all is as before.
func TestLocked(t *testing.T) {
	data := t.TempDir()
	p := start(t, data, "-wait", "100ms")
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
	for _, path := range []string{"/v1/directory", "/v1/me", "/v1/buckets/0/tags", "/v1/buckets/0/records", "/v1/buckets/0/delta?since=1"} {
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
	p := start(t, data, "-max-size", "1")
	a := mustJoin(t, p, "+12025550101")
	all := writes(t, p, a, "+12025550102")
	p.stop(t)
	file, err := sqlite.Open(t.Context(), filepath.Join(data, "directory.db"), sqlite.Options{MaxBytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int64{1000, 100, 10} {
		for err = nil; err == nil; {
			err = storecases.Seed(file.Store, n, 0)
		}
	}
	// Rows go to random places: it is full when none of many finds one.
	for refused := 0; refused < 100; refused++ {
		if storecases.Seed(file.Store, 1, 0) == nil {
			refused = 0
		}
	}
	for _, fill := range []string{
		"INSERT INTO sends (key, at) VALUES (randomblob(32), 9e9)",
		"INSERT INTO removals (version, bucket, tag, added, at) SELECT coalesce(max(version), 1e9) + 1, 9, randomblob(5), 1, 9e9 FROM removals",
		"INSERT INTO registrations (id, number, code, tries, sent, expires, address) VALUES (randomblob(16), randomblob(32), randomblob(32), 1, 9e9, 9e9, randomblob(32))",
	} {
		for err = nil; err == nil; {
			_, err = file.Store.Write.Exec(fill)
		}
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	p2 := start(t, data, "-max-size", "1")
	p.url = p2.url
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
	if status, _, err := raw("GET", p2.url+"/v1/me", "", a.credential, nil); err != nil || status != 200 {
		t.Errorf("me: %d %v", status, err)
	}
	checkPublished(t, p2)
	// Whoever withdraws makes room.
	if status, body, err := all[len(all)-1](); err != nil || status != 200 && problemCode(body) != directory.StoreFull {
		t.Errorf("withdraw: %d %v", status, err)
	}
	p2.stop(t)
	checkIntegrity(t, data)
	if !strings.Contains(p2.stderr.String(), "full") {
		t.Error("the operator is not told that the database is full")
	}
}

// An operator who ends the server ends no request that is under way.
func TestShutdown(t *testing.T) {
	data := t.TempDir()
	p := start(t, data)
	a := mustJoin(t, p, "+12025550101")
	host := strings.TrimPrefix(p.url, "http://")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	body := bytes.Repeat(generator(), 4)
	fmt.Fprintf(conn, "POST /v1/evaluations HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n", host, a.credential, len(body))
	if _, err := conn.Write(body[:50]); err != nil {
		t.Fatal(err)
	}
	time.Sleep(200 * time.Millisecond) // the server is reading
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	refused := false
	for range 100 {
		c, err := net.Dial("tcp", host)
		if refused = err != nil; refused {
			break
		}
		c.Close()
		time.Sleep(50 * time.Millisecond)
	}
	if !refused {
		t.Error("new connections are still taken")
	}
	if _, err := conn.Write(body[50:]); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 200 || len(answer) != len(body)+64 {
		t.Errorf("%d, %d bytes, %v", res.StatusCode, len(answer), err)
	}
	<-p.ended
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if left, _ := filepath.Glob(filepath.Join(data, "*-wal")); len(left) > 0 {
		t.Error("a WAL remains")
	}
}

// Who sends slowly is told, and holds nothing up.
func TestSlow(t *testing.T) {
	p := start(t, t.TempDir(), "-patience", "1s")
	a := mustJoin(t, p, "+12025550101")
	host := strings.TrimPrefix(p.url, "http://")
	slow := func(head string) (*http.Response, error) {
		conn, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := conn.Write([]byte(head)); err != nil {
			t.Fatal(err)
		}
		go func() {
			for range 100 {
				if _, err := conn.Write([]byte("x")); err != nil {
					return
				}
				time.Sleep(100 * time.Millisecond)
			}
		}()
		if err := conn.SetReadDeadline(time.Now().Add(8 * time.Second)); err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(res.Body)
		if err == nil && problemCode(body) != directory.BodyTimeout {
			err = fmt.Errorf("problem %q", problemCode(body))
		}
		return res, err
	}
	res, err := slow("POST /v1/evaluations HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + a.credential + "\r\nContent-Type: application/octet-stream\r\nContent-Length: 3200\r\n\r\n")
	if err != nil || res.StatusCode != 408 {
		t.Errorf("a slow body: %v %v", res, err)
	}
	// A head that does not end gets no answer, and the connection's end.
	if _, err := slow("POST /v1/evaluations HTTP/1.1\r\nHost: h\r\nX: "); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a slow head: %v", err)
	}
	status, body, err := raw("GET", p.url+"/v1/me", "", a.credential, nil)
	if err != nil || status != 200 || !bytes.Contains(body, []byte(`"used":0`)) {
		t.Errorf("%d %v", status, err)
	}
}
