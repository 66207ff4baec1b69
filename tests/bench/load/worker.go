package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
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
	var said directory.Said
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
		if _, err := b.server.heap.most(); err != nil {
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
		if p.V8, err = b.server.heap.most(); err != nil {
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

// kinds measures each kind of request.
func (b *bench) kinds(ctx context.Context, credentials []string, worker bool) (all []figures.Kind, err error) {
	st, err := b.newest(ctx)
	if err != nil {
		return nil, err
	}
	v, hour := st.Version, st.Time.Unix()/3600
	element, err := hex.DecodeString("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76")
	if err != nil {
		return nil, err
	}
	block := fmt.Sprintf("bytes=%d-%d", directory.HeaderSize+directory.RecordSize*directory.Block, directory.HeaderSize+2*directory.RecordSize*directory.Block-1)
	width := v % 256
	for _, k := range []struct {
		ask
		file string // of the version
	}{
		{ask{name: "`GET /v2/directory`", path: "/v2/directory"}, ""},
		{ask{name: "`GET /v2/log/update`", path: "/v2/log/update?from=1"}, ""},
		{ask{name: "`GET /v2/log/checkpoint`", path: "/v2/log/checkpoint"}, ""},
		{ask{name: "a tile of the log", path: fmt.Sprintf("/v2/log/tile/entries/000.p/%d", width)}, fmt.Sprintf("log/tile/entries/000.p/%d", width)},
		{ask{name: "tags", path: fmt.Sprintf("/v2/states/%d/tags", v)}, "tags"},
		{ask{name: "a block of records", path: fmt.Sprintf("/v2/states/%d/records", v), header: map[string]string{"Range": block}, status: 206}, "records"},
		{ask{name: "hashes of the blocks", path: fmt.Sprintf("/v2/states/%d/hashes", v)}, "hashes"},
		{ask{name: "the hour's changes", path: fmt.Sprintf("/v2/changes/%d/%d", hour, v)}, "changes"},
		{ask{name: "their records", path: fmt.Sprintf("/v2/changes/%d/%d/records", hour, v)}, "changes-records"},
		{ask{name: "`GET /v2/me`", path: "/v2/me", credential: of(credentials)}, ""},
		{ask{name: "`PUT /v2/me/record`", method: "PUT", path: "/v2/me/record", credential: of(credentials), body: make([]byte, directory.RecordSize), status: 204}, ""},
		{ask{name: "evaluation of 8", method: "POST", path: "/v2/evaluations", credential: of(credentials), body: bytes.Repeat(element, 8)}, ""},
		{ask{name: "evaluation of 64", method: "POST", path: "/v2/evaluations", credential: of(credentials), body: bytes.Repeat(element, 64)}, ""},
		{ask{name: "evaluation of 1,024", method: "POST", path: "/v2/evaluations", credential: of(credentials), body: bytes.Repeat(element, 1024)}, ""},
	} {
		a := k.ask
		if a.method == "" {
			a.method = "GET"
		}
		if a.status == 0 {
			a.status = 200
		}
		a.units, a.unit = 1, "answers"
		c := figures.Kind{Name: a.name}
		mine := &c.Native
		if worker {
			mine = &c.Worker
		}
		measured := func(a ask) (float64, error) {
			took, err := b.measure(ctx, 4, a)
			return took.Seconds() * 1e3, err
		}
		if worker && k.file != "" {
			key := k.file
			if !strings.HasPrefix(key, "log/") {
				prefix, err := b.read(ctx, fmt.Sprintf("/v2/bench/key?%d", v))
				if err != nil {
					return nil, err
				}
				key = string(prefix) + k.file
			}
			stream := a
			stream.name, stream.path, stream.status = "… streamed and nothing else", "/v2/bench/stream?"+key, 200
			// In turn, so that what else the machine does meets both.
			for range 2 {
				took, err := measured(stream)
				if err != nil {
					return nil, err
				}
				c.Streamed += took / 2
				if took, err = measured(a); err != nil {
					return nil, err
				}
				*mine += took / 2
			}
		} else if *mine, err = measured(a); err != nil {
			return nil, err
		}
		if worker {
			if _, err := b.used(ctx, true); err != nil {
				return nil, err
			}
		}
		n, err := b.once(ctx, 0, a)
		if err != nil {
			return nil, err
		}
		c.Bytes = float64(n)
		if worker {
			if c.Used, err = b.used(ctx, false); err != nil {
				return nil, err
			}
		}
		all = append(all, c)
	}
	return all, nil
}

// hourOfTraffic is what a tenth of the people send who sync daily, in an hour.
func (b *bench) hourOfTraffic(ctx context.Context, credentials []string) (h figures.Hour, err error) {
	st, err := b.newest(ctx)
	if err != nil {
		return h, err
	}
	hour := st.Time.Unix() / 3600
	element, err := hex.DecodeString("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76")
	if err != nil {
		return h, err
	}
	sync1 := []ask{
		{method: "GET", path: "/v2/directory", status: 200},
		{method: "GET", path: "/v2/log/update?from=1", status: 200},
		{method: "GET", path: fmt.Sprintf("/v2/changes/%d/%d", hour, st.Version), status: 200},
		{method: "GET", path: "/v2/me", status: 200, credential: of(credentials)},
		{method: "POST", path: "/v2/evaluations", status: 200, credential: of(credentials), body: bytes.Repeat(element, 8)},
	}
	if err := b.server.forgetMost(); err != nil {
		return h, err
	}
	if _, err := b.server.heap.most(); err != nil {
		return h, err
	}
	h.From, _ = b.server.memory()
	var left, done atomic.Int64
	left.Store(int64(max(b.people/10/24, 100)))
	var mu sync.Mutex
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for turn := i; left.Add(-1) >= 0; turn += 8 {
				for _, a := range sync1 {
					if _, failed := b.once(ctx, turn, a); failed != nil {
						mu.Lock()
						err = failed
						mu.Unlock()
						return
					}
					done.Add(1)
				}
			}
		})
	}
	group.Wait()
	h.To, h.Most = b.server.memory()
	h.Requests = done.Load()
	if err != nil {
		return h, err
	}
	var largest float64
	if err := b.readJSON(ctx, "/v2/bench/largest", &largest); err != nil {
		return h, err
	}
	h.Go = largest / 1e6
	h.V8, err = b.server.heap.most()
	return h, err
}

// compareWorker runs the worker's part, with the native server's figures.
func (b *bench) compareWorker(ctx context.Context) error {
	if err := b.packWorker(); err != nil {
		return err
	}
	// Native first: the kinds, with people of its own.
	credentials, err := b.joinAll(ctx, 1100, b.clients)
	if err != nil {
		return err
	}
	if err := b.settle(ctx); err != nil {
		return err
	}
	native, err := b.kinds(ctx, credentials, false)
	if err != nil {
		return err
	}
	cpu := b.server.cpu()
	if err := b.change(ctx, 10_000); err != nil {
		return err
	}
	if err := b.settle(ctx); err != nil {
		return err
	}
	nativePublish := b.server.cpu() - cpu
	if err := b.server.stop(); err != nil {
		return err
	}

	b.worker = true
	if _, err := b.startWorker(); err != nil { // which makes the tables
		return err
	}
	if err := b.server.stop(); err != nil {
		return err
	}
	began := time.Now()
	if err := b.copyTables(ctx); err != nil {
		return err
	}
	b.say("worker: people moved", "%d in %.0f s", b.people, time.Since(began).Seconds())
	if _, err := b.startWorker(); err != nil {
		return err
	}
	defer func() { b.server.stop() }()
	if _, err := b.joinAll(ctx, 1200, 1); err != nil {
		return err
	}
	var publishings []figures.Publishing
	publish := func(name string) error {
		p, err := b.publish(ctx, false)
		if err != nil {
			return err
		}
		p.Name = name
		publishings = append(publishings, p)
		b.say("worker: "+name, "%.1f s of CPU, %.1f s; isolate %.0f MB, of it Go %.0f MB; the process %+.0f MB at most", p.CPU, p.Took, p.Isolate(), p.Go, p.Process)
		return nil
	}
	if err := publish("all made anew from D1"); err != nil {
		return err
	}
	for _, n := range []int{1000, 10_000} {
		if err := b.changeWorker(ctx, n); err != nil {
			return err
		}
		if err := publish(fmt.Sprintf("%d,000 changes", n/1000)); err != nil {
			return err
		}
	}
	if err := b.changeWorker(ctx, 10_000); err != nil {
		return err
	}
	again, err := b.publish(ctx, true)
	if err != nil {
		return err
	}
	publishings[len(publishings)-1].Used = again.Used
	b.say("native: 10,000 changes", "%.1f s of CPU", nativePublish.Seconds())
	if err := b.search(ctx); err != nil {
		return err
	}
	if credentials, err = b.joinAll(ctx, 1300, b.clients); err != nil {
		return err
	}
	if _, err := b.publish(ctx, false); err != nil {
		return err
	}
	kinds, err := b.kinds(ctx, credentials, true)
	if err != nil {
		return err
	}
	for i := range kinds {
		kinds[i].Native = native[i].Native
	}
	cpu = b.server.cpu()
	const registered = 60
	if _, err := b.used(ctx, true); err != nil {
		return err
	}
	if _, err := b.joinAll(ctx, 1400, registered); err != nil {
		return err
	}
	registering := figures.Kind{Name: "registering, code and record", Worker: (b.server.cpu() - cpu).Seconds() * 1e3 / registered}
	if registering.Used, err = b.used(ctx, false); err != nil {
		return err
	}
	registering.Used.Read /= registered
	registering.Used.Written /= registered
	registering.Used.B /= registered
	hour, err := b.hourOfTraffic(ctx, credentials)
	if err != nil {
		return err
	}
	b.say("worker: an hour's traffic", "%d requests; memory %.0f MB, then %.0f, at most %.0f; V8 at most %.0f, an instance of Go %.0f", hour.Requests, hour.From, hour.To, hour.Most, hour.V8, hour.Go)
	f := figures.Figures{
		Date: time.Now().UTC().Format(time.DateOnly), Processors: runtime.NumCPU(), People: b.people,
		Database: b.figures["database_bytes"].(int64), Tags: int64(b.figures["tags_bytes"].(int)),
		Kinds: append(kinds, registering), Publishings: publishings, Hour: hour,
	}
	if f.Private, err = retrieve(ctx); err != nil {
		return err
	}
	if b.people < 1_000_000 {
		fmt.Println("not written down: the tables are of a million people")
		return nil
	}
	return f.Save(".")
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
