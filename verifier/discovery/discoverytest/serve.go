package discoverytest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/directory"
	"sealbook/wasm/oprf"
	"sealbook/wasm/trust"
)

// An Exchange is a request, and the answer that will be given.
type Exchange struct {
	Method, Path string // with the query
	Request      http.Header
	Sent         []byte
	Status       int
	Header       http.Header
	Body         []byte
	// Stream, if it is not nil, is read instead of Body.
	Stream io.ReadCloser
	// Err, if it is not nil, is what happens to the connection instead.
	Err error
}

type registration struct {
	number, code string
	ready        time.Time // of a renewal; zero: of none
}

// RoundTrip answers a request: a Directory is a transport.
func (d *Directory) RoundTrip(r *http.Request) (*http.Response, error) {
	e := &Exchange{Method: r.Method, Path: r.URL.RequestURI(), Request: r.Header, Header: http.Header{}, Status: 200}
	if r.Body != nil {
		var err error
		if e.Sent, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		r.Body.Close()
	}
	d.answer(e)
	if d.Lie != nil {
		e.Body = bytes.Clone(e.Body)
		d.Lie(e)
	}
	if e.Err != nil {
		return nil, e.Err
	}
	response := &http.Response{
		StatusCode: e.Status, Status: http.StatusText(e.Status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: e.Header, Body: io.NopCloser(bytes.NewReader(e.Body)), ContentLength: int64(len(e.Body)), Request: r,
	}
	if text := e.Header.Get("Content-Length"); text != "" {
		response.ContentLength, _ = strconv.ParseInt(text, 10, 64)
	}
	if e.Stream != nil {
		response.Body, response.ContentLength = e.Stream, -1
	}
	return response, nil
}

// ServeHTTP serves over a socket what RoundTrip answers.
func (d *Directory) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	response, err := d.RoundTrip(r)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer response.Body.Close()
	for name, values := range response.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(response.StatusCode)
	io.Copy(w, response.Body)
}

// Refuse answers with a problem.
func (e *Exchange) Refuse(code directory.Code) {
	e.Header.Set("Content-Type", directory.ProblemType)
	e.Status = code.Status()
	e.Body, _ = json.Marshal(directory.NewProblem(code, ""))
}

func (e *Exchange) json(status int, body any) {
	e.Header.Set("Content-Type", "application/json")
	e.Status = status
	e.Body, _ = json.Marshal(body)
}

func (d *Directory) answer(e *Exchange) {
	path, query, _ := strings.Cut(e.Path, "?")
	parts := strings.Split(strings.TrimPrefix(path, "/v2/"), "/")
	route := e.Method + " " + parts[0]
	switch {
	case route == "GET directory":
		e.json(200, directory.DirectoryAnswer{Key: d.Key(), Note: d.Note(d.Parameters())})
	case path == "/v2/log/update":
		from, err := strconv.ParseInt(strings.TrimPrefix(query, "from="), 10, 64)
		if err != nil {
			e.Refuse(directory.NotFound)
			return
		}
		e.Body = []byte(d.Update(from, d.Last()))
	case path == "/v2/log/checkpoint":
		e.Body = []byte(d.Checkpoint(d.Last()))
	case strings.HasPrefix(path, "/v2/log/tile/"):
		d.tile(e, strings.TrimPrefix(path, "/v2/log/"))
	case route == "GET states" && len(parts) == 3:
		d.file(e, parts[1], parts[2])
	case route == "GET changes":
		d.changes(e, parts[1:])
	case path == "/v2/me" || strings.HasPrefix(path, "/v2/me/") || path == "/v2/evaluations":
		d.authorized(e, path)
	case route == "POST registrations" && len(parts) == 1:
		var body directory.BeginRequest
		json.Unmarshal(e.Sent, &body)
		id := d.Draw()
		d.Code = fmt.Sprintf("%08d", directory.TagNumber(id)%100_000_000)
		name := hex.EncodeToString(append(id[:], make([]byte, 11)...))
		d.pending[name] = &registration{number: body.Number, code: d.Code}
		e.json(202, directory.BeginAnswer{Registration: name, Expires: directory.Time(d.Now().Add(10 * time.Minute))})
	case route == "POST registrations" && len(parts) == 2:
		d.confirm(e, parts[1])
	default:
		e.Refuse(directory.NotFound)
	}
}

// tile answers a tile of the log.
func (d *Directory) tile(e *Exchange, path string) {
	t, err := trust.ParseTile(path)
	first, count := t.Range()
	switch {
	case err != nil || t.L > 0 || first+count > int64(len(d.states)):
		e.Refuse(directory.NotFound)
	case t.Entries:
		for _, s := range d.states[first : first+count] {
			e.Body = trust.AppendEntry(e.Body, s.Leaf())
		}
	default:
		if e.Body, err = tlog.ReadTileData(t.Tile, d.hashes); err != nil {
			e.Refuse(directory.NotFound)
		}
	}
}

// file answers a file of a state; it is readable for 10 minutes after the next.
func (d *Directory) file(e *Exchange, version, name string) {
	for i, s := range d.states {
		if strconv.FormatUint(s.Version, 10) != version {
			continue
		}
		if i+1 < len(d.states) && d.Now().Sub(d.states[i+1].Time) > 10*time.Minute {
			e.Refuse(directory.VersionGone)
			return
		}
		body := map[string][]byte{"tags": s.Tags, "records": s.Records, "root": s.Root[:], "hashes": s.Hashes}[name]
		if body == nil && name != "hashes" {
			e.Refuse(directory.NotFound)
			return
		}
		e.Body = body
		if r := e.Request.Get("Range"); r != "" {
			var from, to int
			if _, err := fmt.Sscanf(r, "bytes=%d-%d", &from, &to); err != nil || from > to || to >= len(body) {
				e.Refuse(directory.RangeUnsatisfiable)
				return
			}
			e.Status, e.Body = 206, body[from:to+1]
		}
		return
	}
	e.Refuse(directory.VersionUnknown)
}

// changes answers those of an hour, and their records.
func (d *Directory) changes(e *Exchange, parts []string) {
	records := parts[len(parts)-1] == "records"
	if records {
		parts = parts[:len(parts)-1]
	}
	h, err := strconv.ParseInt(parts[0], 10, 64)
	last := d.Last().Time.Unix() / 3600
	upTo := d.Last().Version
	switch {
	case err != nil:
		e.Refuse(directory.NotFound)
		return
	case len(parts) == 1 && h >= last:
		e.Refuse(directory.HourUnknown)
		return
	case len(parts) == 2:
		if upTo, err = strconv.ParseUint(parts[1], 10, 64); err != nil || upTo > d.Last().Version {
			e.Refuse(directory.HourUnknown)
			return
		}
	}
	if h < d.Now().Add(-8*24*time.Hour-2*time.Hour).Unix()/3600 {
		e.Refuse(directory.HourGone)
		return
	}
	e.Body = []byte{}
	for _, s := range d.states {
		if s.Time.Unix()/3600 == h && s.Version <= upTo && s.Epoch == d.Last().Epoch {
			if records {
				e.Body = append(e.Body, s.ChangeRecords...)
			} else {
				e.Body = append(e.Body, s.Changes...)
			}
		}
	}
}

func (d *Directory) authorized(e *Exchange, path string) {
	text, _ := strings.CutPrefix(e.Request.Get("Authorization"), "Bearer ")
	var raw directory.Bytes
	raw.UnmarshalText([]byte(text))
	credential := sha256.Sum256(raw)
	a := d.accounts[credential]
	if a == nil {
		e.Refuse(directory.CredentialUnknown)
		return
	}
	now := d.Now().Unix()
	budget := a.budget(d.Limits)
	switch e.Method + " " + path {
	case "GET /v2/me":
		available := budget.Available(a.level, a.at, now)
		y := d.Output(a.number)
		tag := directory.Tag(&y, d.Epoch)
		e.json(200, directory.Held{
			Account: a.receipt.Account, Epoch: a.epoch, Tag: tag[:], Record: a.sealed[:], CredentialSHA256: hex.EncodeToString(credential[:]),
			Scopes: a.scopes, Registered: a.receipt.Time, Lapses: directory.Time(d.Now().Add(400 * 24 * time.Hour)), ConsentSHA256: a.receipt.ConsentSHA256,
			Budget:  directory.HeldBudget{Used: budget.Size - available, Limit: budget.Size, RefillPerDay: budget.PerDay, Available: available, At: directory.Time(d.Now())},
			Renewal: a.renewal, Elsewhere: []directory.Elsewhere{},
		})
	case "PUT /v2/me/record":
		a.sealed = [directory.RecordSize]byte(e.Sent)
		if y := d.Output(a.number); a.listed {
			d.Put(Person{directory.Tag(&y, d.Epoch), directory.AccountID(&y, d.Epoch), a.sealed})
		}
		e.Status, e.Body = 204, nil
	case "DELETE /v2/me":
		d.erase(e, credential, a)
	case "DELETE /v2/me/renewal":
		if a.renewal == nil {
			e.Refuse(directory.RenewalUnknown)
			return
		}
		if a.renewal.Refused {
			e.Refuse(directory.RenewalFinal)
			return
		}
		ready, _ := directory.ParseTime(a.renewal.Ready)
		a.renewal = &directory.Renewal{Ready: directory.Time(ready.Add(7 * 24 * time.Hour)), Refused: true}
		for _, p := range d.pending {
			if p.number == a.number && !p.ready.IsZero() {
				p.ready = p.ready.Add(7 * 24 * time.Hour)
			}
		}
		e.Status = 204
	case "POST /v2/me/epoch":
		var body directory.MoveRequest
		json.Unmarshal(e.Sent, &body)
		if body.Number != a.number || a.epoch == d.Epoch {
			e.Refuse(directory.EpochPassed)
			return
		}
		level, at := a.level, a.at
		moved := d.newAccount([32]byte(raw), a.number, a.scopes)
		moved.level, moved.at = level, at
		d.draw(moved.sealed[:])
		y := d.Output(a.number)
		d.Put(Person{directory.Tag(&y, d.Epoch), directory.AccountID(&y, d.Epoch), moved.sealed})
		d.confirmed(e, moved, body.Blinded, raw)
	case "POST /v2/evaluations":
		n := len(e.Sent) / oprf.ElementSize
		if len(e.Sent)%oprf.ElementSize != 0 || !slices.Contains(directory.BatchSizes(), n) {
			e.Refuse(directory.BatchSize)
			return
		}
		level, ok := budget.Charge(a.level, a.at, now, int64(n))
		if !ok {
			e.Refuse(directory.BudgetExceeded)
			e.Header.Set("Retry-After", strconv.FormatInt(budget.Wait(a.level, a.at, now, int64(n)), 10))
			return
		}
		a.level, a.at = level, now
		e.Body = d.Evaluate(d.Epoch, e.Sent)
		e.Header.Set("Sealbook-Epoch", strconv.FormatUint(uint64(d.Epoch), 10))
		e.Header.Set("Sealbook-Budget", strconv.FormatInt(budget.Available(level, now, now), 10))
	default:
		e.Refuse(directory.NotFound)
	}
}

// Evaluate multiplies elements by an epoch's key and appends the proof.
func (d *Directory) Evaluate(epoch uint32, elements []byte) []byte {
	var random [oprf.RandomSize]byte
	var proof [oprf.ProofSize]byte
	d.draw(random[:])
	evaluated := make([]byte, len(elements))
	if _, code := d.servers[epoch].Evaluate(elements, &random, evaluated, &proof); code != oprf.OK {
		panic(code)
	}
	return append(evaluated, proof[:]...)
}

func (d *Directory) erase(e *Exchange, credential [32]byte, a *account) {
	y := d.Output(a.number)
	d.Remove(Person{Tag: directory.Tag(&y, d.Epoch), ID: directory.AccountID(&y, d.Epoch)})
	delete(d.accounts, credential)
	e.json(200, directory.WithdrawAnswer{Receipt: d.Note(&directory.Withdrawal{
		Account: a.receipt.Account, Epoch: a.epoch, AbsentFromVersion: d.Last().Version + 1,
		RemovalListedUntil: directory.Time(d.Now().Add(8 * 24 * time.Hour)), BudgetKeptUntil: directory.Time(d.Now().Add(26 * 24 * time.Hour)),
		LogTree: directory.NewLogTree(d.Last().Tree), Time: directory.Time(d.Now()),
	})})
}

func (d *Directory) confirm(e *Exchange, id string) {
	var body struct {
		directory.ConfirmRequest
		Withdraw bool `json:"withdraw"`
	}
	json.Unmarshal(e.Sent, &body)
	p := d.pending[id]
	switch {
	case p == nil:
		e.Refuse(directory.RegistrationUnknown)
		return
	case p.number != body.Number || p.code != body.Code:
		e.Refuse(directory.CodeWrong)
		return
	}
	var old *account
	var oldCredential [32]byte
	for credential, a := range d.accounts {
		if a.number == body.Number {
			old, oldCredential = a, credential
		}
	}
	if body.Withdraw {
		if old == nil {
			e.Refuse(directory.CredentialUnknown)
			return
		}
		d.erase(e, oldCredential, old)
		return
	}
	text, _ := strings.CutPrefix(e.Request.Get("Authorization"), "Bearer ")
	var raw directory.Bytes
	raw.UnmarshalText([]byte(text))
	if old != nil && sha256.Sum256(raw) != oldCredential {
		if p.ready.IsZero() && d.Renewal > 0 {
			p.ready = d.Now().Add(d.Renewal)
			old.renewal = &directory.Renewal{Ready: directory.Time(p.ready)}
		}
		if d.Now().Before(p.ready) {
			e.json(202, directory.RenewalAnswer{Renewal: id, Ready: directory.Time(p.ready)})
			return
		}
	}
	if old != nil {
		delete(d.accounts, oldCredential)
	}
	delete(d.pending, id)
	var credential [32]byte
	d.draw(credential[:])
	a := d.newAccount(credential, body.Number, body.Consent.Scopes)
	d.draw(a.sealed[:])
	if a.listed {
		y := d.Output(body.Number)
		d.Put(Person{directory.Tag(&y, d.Epoch), directory.AccountID(&y, d.Epoch), a.sealed})
	}
	d.confirmed(e, a, body.Blinded, credential[:])
}

func (d *Directory) confirmed(e *Exchange, a *account, blinded, credential []byte) {
	answer := d.Evaluate(d.Epoch, blinded)
	e.json(201, directory.ConfirmAnswer{
		Credential: credential, Epoch: d.Epoch, Evaluated: answer[:oprf.ElementSize], Proof: answer[oprf.ElementSize:], Receipt: d.Note(&a.receipt),
	})
}
