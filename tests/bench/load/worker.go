package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"sealbook/tests/bench/figures"
	"sealbook/tests/edge/storecases"
	"sealbook/wasm/directory"
)

// The worker beside the native server: the same people, requests and clients.

// startWorker starts the worker in workerd.
func (b *bench) startWorker() (*server, error) {
	settings := map[string]string{
		"SEALBOOK_BUDGET": fmt.Sprint(budget), "SEALBOOK_REFILL": "1", "SEALBOOK_INTERVAL": "2", "SEALBOOK_SHARE": "1",
		"SEALBOOK_SENDS_ADDRESS": "1000000", "SEALBOOK_SENDS_NETWORK": "1000000", "SEALBOOK_SENDS_CALLING": "1000000", "SEALBOOK_SENDS_TOTAL": "1000000", "SEALBOOK_RECORDS": "1000000",
	}
	if seed, err := os.ReadFile(filepath.Join(b.data, "seed")); err == nil {
		settings["SEALBOOK_SEED"] = strings.TrimSpace(string(seed))
	}
	if b.port == 0 { // a client goes on after a restart
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		b.port = l.Addr().(*net.TCPAddr).Port
		l.Close()
	}
	options, err := json.Marshal(map[string]any{
		"port": b.port, "data": b.d1(), "worker": filepath.Join(filepath.Dir(b.data), "worker"), "site": filepath.Join(filepath.Dir(b.data), "site"), "entry": "bench.js", "inspect": true, "settings": settings,
	})
	if err != nil {
		return nil, err
	}
	s := &server{ready: make(chan struct{}), ended: make(chan struct{})}
	s.cmd = exec.Command("node", "wasm/edge/worker/serve.mjs", string(options))
	s.cmd.Stderr = os.Stderr
	if _, err := s.cmd.StdinPipe(); err != nil { // its end would be that of the worker
		return nil, err
	}
	out, err := s.cmd.StdoutPipe()
	if err == nil {
		err = s.cmd.Start()
	}
	if err != nil {
		return nil, err
	}
	go s.read(bufio.NewScanner(out))
	select {
	case <-s.ready:
	case <-s.ended:
		return nil, fmt.Errorf("the worker ended: %v", s.cmd.ProcessState)
	}
	if s.pid, err = workerd(s.cmd.Process.Pid); err != nil {
		return nil, err
	}
	if s.heap, err = watchHeap(s.inspector); err != nil {
		return nil, err
	}
	b.server = s
	var said directory.DirectoryAnswer
	err = b.readJSON(context.Background(), "/v2/directory", &said)
	s.key = said.Key
	return s, err
}
func (b *bench) d1() string { return filepath.Join(filepath.Dir(b.data), "d1") }

// workerd is the process below node's.
func workerd(parent int) (int, error) {
	names, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil || !bytes.Contains(text, []byte("(workerd")) {
			continue
		}
		if fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:])); fields[1] == strconv.Itoa(parent) {
			return strconv.Atoi(filepath.Base(filepath.Dir(name)))
		}
	}
	return 0, errors.New("there is no workerd")
}

// packWorker builds the worker, with the entry for measuring.
func (b *bench) packWorker() error {
	folder := filepath.Join(filepath.Dir(b.data), "worker")
	if out, err := exec.Command("go", "run", "./wasm/edge/worker/pack", "-o", folder).CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	script, err := os.ReadFile("tests/bench/load/bench.js")
	if err != nil {
		return err
	}
	// An empty site: the simulator reads all of it, and takes no large files.
	return errors.Join(os.WriteFile(filepath.Join(folder, "edge/worker/bench.js"), script, 0o644),
		os.MkdirAll(filepath.Join(filepath.Dir(b.data), "site"), 0o755))
}

// database opens the file in which the simulator keeps D1. The worker must not run.
func (b *bench) database(ctx context.Context) (*sql.DB, error) {
	names, err := filepath.Glob(filepath.Join(b.d1(), "d1/*/*.sqlite"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		db, err := sql.Open("sqlite", "file:"+name)
		if err != nil {
			return nil, err
		}
		db.SetMaxOpenConns(1)
		var n int
		if db.QueryRowContext(ctx, "SELECT count(*) FROM directory").Scan(&n); n == 1 {
			return db, nil
		}
		db.Close()
	}
	return nil, errors.New("there is no D1 database")
}

// copyTables moves all rows of the native server into the worker's database.
func (b *bench) copyTables(ctx context.Context) error {
	db, err := b.database(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	var triggers [][2]string
	rows, err := db.QueryContext(ctx, "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
	if err != nil {
		return err
	}
	for rows.Next() {
		var t [2]string
		if err := rows.Scan(&t[0], &t[1]); err != nil {
			return err
		}
		triggers = append(triggers, t)
	}
	rows.Close()
	statements := []string{"PRAGMA synchronous = OFF", "ATTACH '" + filepath.Join(b.data, "directory.db") + "' AS native"}
	for _, t := range triggers {
		statements = append(statements, "DROP TRIGGER "+t[0])
	}
	for _, table := range []string{"directory", "epochs", "accounts", "withdrawn", "registrations", "counts", "journal", "log"} {
		statements = append(statements, "DELETE FROM "+table, "INSERT INTO "+table+" SELECT * FROM native."+table)
	}
	statements = append(statements, "DELETE FROM sqlite_sequence WHERE name = 'journal'",
		"INSERT INTO sqlite_sequence SELECT * FROM native.sqlite_sequence WHERE name = 'journal'")
	for _, t := range triggers {
		statements = append(statements, t[1])
	}
	for _, statement := range statements {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// changeWorker brings changes into the worker's database, while it does not run.
func (b *bench) changeWorker(ctx context.Context, n int) error {
	if err := b.server.stop(); err != nil {
		return err
	}
	db, err := b.database(ctx)
	if err != nil {
		return err
	}
	err = change(ctx, db, n)
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	_, err = b.startWorker()
	return err
}

// used is what D1 and R2 were used for since the last call, and whether to go on
// counting.
func (b *bench) used(ctx context.Context, on bool) (u figures.Used, err error) {
	path := "/v2/bench/used"
	if on {
		path += "?on"
	}
	return u, b.readJSON(ctx, path, &u)
}

// publish lets the worker publish all that changed. Counting what it uses takes time
// and memory too, so either is measured.
func (b *bench) publish(ctx context.Context, counting bool) (p figures.Publishing, err error) {
	before, err := b.newest(ctx)
	if err != nil {
		return p, err
	}
	for began := time.Now(); time.Since(began) < 3*time.Minute; time.Sleep(200 * time.Millisecond) {
		if err := b.server.forgetMost(); err != nil {
			return p, err
		}
		if _, err := b.server.heap.most(false); err != nil {
			return p, err
		}
		if _, err := b.used(ctx, counting); err != nil {
			return p, err
		}
		held, _ := b.server.memory()
		cpu, at := b.server.cpu(), time.Now()
		var done struct{ Wait, Memory float64 }
		if err := b.readJSON(ctx, "/v2/bench/publish", &done); err != nil {
			return p, err
		}
		_, most := b.server.memory()
		p = figures.Publishing{CPU: (b.server.cpu() - cpu).Seconds(), Took: time.Since(at).Seconds(), Go: done.Memory / 1e6, Process: most - held}
		if p.V8, err = b.server.heap.most(false); err != nil {
			return p, err
		}
		if p.Used, err = b.used(ctx, false); err != nil {
			return p, err
		}
		after, err := b.newest(ctx)
		if err != nil || after.Version > before.Version || done.Wait > 60_000 { // nothing changed
			return p, err
		}
	}
	return p, errors.New("nothing is published")
}
func change(ctx context.Context, db *sql.DB, n int) error {
	some := "(SELECT id FROM accounts WHERE listed = 1 AND epoch = 1 AND used_at = 0 AND tag >= randomblob(5) ORDER BY tag LIMIT ?)"
	for _, piece := range []struct {
		sql string
		n   int
	}{
		{"UPDATE accounts SET record = randomblob(64) WHERE id IN " + some, n * 8 / 10},
		{"DELETE FROM accounts WHERE id IN " + some, n / 10},
	} {
		if _, err := db.ExecContext(ctx, piece.sql, piece.n); err != nil {
			return err
		}
	}
	return storecases.SeedInto(ctx, db, int64(n/10), time.Now().Unix())
}
