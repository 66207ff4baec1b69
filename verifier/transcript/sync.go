package transcript

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/directory"
	"sealbook/wasm/trust"
)

// kind is a part of a sync. They come in this order.
type kind int

const (
	parameters kind = iota
	update
	root
	tags // the whole list, or changes
	records
	account
	evaluations
)

func (k kind) String() string {
	return [...]string{"parameters", "the log", "the root of the records", "tags or changes", "records", "the account", "evaluations"}[k]
}

// step is a request of a sync; each comes once, but evaluations.
type step struct {
	kind
	name string // of the file
}

// sync is where a client is in the protocol's order.
type sync struct {
	open   bool // the parameters and the log were read, and fit
	at     kind
	seen   map[step]bool
	leaf   trust.State
	root   *tlog.Hash
	tags   string // the hash of the file of tags, hexadecimal; "": it was not read
	hour   int64  // of changes that was read last; -1: none
	handle bool   // the hashes of records were asked for: one friend's handle
	partly bool   // a batch was not full
}

// allows says whether a request comes when it may, and finds it if not: what a
// client sends depends on what is published, not on whom it looks for.
func (s *sync) allows(c *checker, next step) bool {
	switch {
	case !s.open:
		c.find(Path, -1, "%s without the log before: nothing says that it is what everybody is shown", next.kind)
	case next.kind < s.at:
		c.find(Path, -1, "%s after %s: the protocol has another order", next.kind, s.at)
	case s.seen[next] && next.kind != evaluations:
		c.find(Path, -1, "a file that was read already")
	case next.kind > tags && s.hour >= 0 && s.hour != s.leaf.Time.Unix()/3600:
		c.find(Path, -1, "%s before the changes of all hours", next.kind)
	default:
		s.at, s.seen[next] = next.kind, true
		return true
	}
	return false
}

// describe explains the request for the parameters, which begins a sync, and
// checks that they are within what clients take.
func (c *checker) describe(e *directory.Exchange) {
	c.fields(e)
	c.nothing(e)
	c.sync = sync{}
	answered, ok := body(e, 200)
	if !ok {
		return
	}
	var said directory.DirectoryAnswer
	if json.Unmarshal(answered, &said) != nil {
		c.find(Answer, -1, "malformed")
		return
	}
	if c.verifier == nil {
		verifier, err := directory.NewVerifier(said.Key)
		if err != nil {
			c.find(Answer, -1, "the directory's key is none")
			return
		}
		c.verifier = verifier
		c.report.Learned.Directory = verifier.Name()
	}
	var p directory.Parameters
	switch err := c.verifier.Open(said.Note, &p); {
	case errors.Is(err, directory.ErrSignature):
		c.find(Answer, -1, "the parameters are not signed by the directory's key")
	case err != nil:
		c.find(Answer, -1, "the parameters are not within what clients take")
	default:
		c.parameters = &p
	}
}

// held explains the request for what is held about the account.
func (c *checker) held(e *directory.Exchange) {
	c.fields(e, c.bearer(e))
	c.nothing(e)
	if c.sync.open && c.sync.at <= account {
		c.sync.seen[step{account, ""}] = false // an account that is moved is read again
		c.sync.allows(c, step{account, ""})
	}
}

// update explains the request for the newest leaf of the log: from the size that
// is known. Its answer must follow from what was known.
func (c *checker) update(e *directory.Exchange, query string) {
	c.fields(e)
	c.nothing(e)
	text, ok := strings.CutPrefix(query, "from=")
	from, err := strconv.ParseInt(text, 10, 64)
	switch {
	case !ok || err != nil || from < 0 || from > directory.MaxVersion || strconv.FormatInt(from, 10) != text:
		c.find(Path, len("/v2/log/update"), "not the size of a log")
		return
	case from > 0 && len(c.trees) > 0 && c.trees[from].N == 0:
		// A client that begins anew knows nothing; else it knows what it was told.
		c.find(Path, len("/v2/log/update?from="), "not a size of the log that was read before")
		return
	}
	c.report.Learned.Returned = c.report.Learned.Returned || from > 0
	answered, ok := body(e, 200)
	if !ok {
		return
	}
	if c.parameters == nil {
		c.find(Path, -1, "the log without the parameters before: its key is not known")
		return
	}
	log, err := trust.NewVerifier(c.parameters.Log, trust.Origin(c.parameters.Name))
	if err != nil {
		c.find(Answer, -1, "the key of the log is none")
		return
	}
	var u trust.Update
	if known, ok := c.trees[from]; ok || from == 0 {
		u, err = trust.OpenUpdate(string(answered), known, log)
	} else {
		u, err = trust.ReadUpdate(string(answered), from, log)
	}
	if err == nil {
		err = u.State.Fresh(at(e))
	}
	if code, ok := errors.AsType[trust.Code](err); ok {
		c.find(Answer, -1, "the log is not what clients take (%s)", string(code))
		return
	}
	if c.parameters.Fit(&u.State) != nil {
		c.report.Learned.Syncs++
		return // the client begins again, or refuses
	}
	c.report.Learned.Syncs++
	// After a sync that did not end well a client begins from the same again.
	c.tree, c.trees[u.Tree.N] = u.Tree, u.Tree
	c.sync = sync{open: true, at: update, seen: map[step]bool{}, leaf: u.State, hour: -1}
}

// file explains the request for a file of a state: of the newest, in the order
// of the protocol.
func (c *checker) file(e *directory.Exchange, version, name string) {
	c.nothing(e)
	s := &c.sync
	next, ok := map[string]step{"root": {root, name}, "tags": {tags, name}, "records": {records, name}, "hashes": {records, name}}[name]
	if !ok {
		c.find(Path, len("/v2/states/"), "no such file")
		return
	}
	ranged, isRange := e.Request.Headers.Get("range")
	if isRange && name == "records" {
		next.name = ranged
	} else {
		isRange = false
		c.fields(e)
	}
	if !s.allows(c, next) {
		return
	}
	if version != strconv.FormatUint(s.leaf.Version, 10) {
		c.find(Path, len("/v2/states/"), "not the version of the newest state")
		return
	}
	switch {
	case isRange:
		c.block(e, ranged)
	case name == "root":
		if b, ok := body(e, 200); ok && len(b) == tlog.HashSize {
			h := tlog.Hash(b)
			s.root = &h
		}
	case name == "hashes":
		s.handle = true
	case name == "tags":
		c.report.Learned.Lists++
		c.list(e)
	case name == "records":
		c.report.Learned.Records++
		if r := e.Response; r != nil && r.Status == http.StatusOK && r.Bytes != nil &&
			*r.Bytes != directory.HeaderSize+directory.RecordSize*int64(s.leaf.People) {
			c.find(Answer, -1, "the records are not those of the log: another length")
		}
	}
}

// list checks that the file of tags is the one that the log commits to.
func (c *checker) list(e *directory.Exchange) {
	s := &c.sync
	r := e.Response
	if r == nil || r.Status != http.StatusOK || r.Bytes == nil {
		return
	}
	sum, ok := strings.CutPrefix(r.Body, "sha256:")
	if s.root == nil || !ok {
		c.find(Answer, -1, "nothing says that the tags are those of the log")
		return
	}
	var hash [32]byte // ParseTranscript looked at the text
	hex.Decode(hash[:], []byte(sum))
	if trust.Files(hash, *s.root) != s.leaf.Files {
		c.find(Answer, -1, "the tags are not those of the log")
	}
}

// block explains the request for one block of records: for one friend's handle,
// which a person asked for. It is no part of a sync.
func (c *checker) block(e *directory.Exchange, value string) {
	s := &c.sync
	people := int64(s.leaf.People)
	for from := int64(0); from < people; from += directory.Block {
		to := min(from+directory.Block, people)
		want := fmt.Sprintf("bytes=%d-%d", directory.HeaderSize+directory.RecordSize*from, directory.HeaderSize+directory.RecordSize*to-1)
		if value == want {
			c.fields(e, directory.Field{Name: "range", Value: want})
			if !s.handle {
				c.find(Headers, 0, "a block of records without the hashes of all of them before")
				return
			}
			c.report.Learned.Handles++
			return
		}
	}
	c.find(Headers, 0, "not a block of records")
}

// changes explains the request for the changes of an hour, or for their records:
// of all hours up to that of the newest state, each once.
func (c *checker) changes(e *directory.Exchange, parts []string) {
	c.fields(e)
	c.nothing(e)
	s := &c.sync
	next := step{kind: tags, name: strings.Join(parts, "/")}
	if parts[len(parts)-1] == "records" {
		next.kind, parts = records, parts[:len(parts)-1]
	}
	if !s.allows(c, next) {
		return
	}
	hour, err := strconv.ParseInt(parts[0], 10, 64)
	last := s.leaf.Time.Unix() / 3600
	switch {
	case err != nil || strconv.FormatInt(hour, 10) != parts[0] || hour < 0 || hour > last:
		c.find(Path, len("/v2/changes/"), "not an hour up to that of the newest state")
	case (hour == last) != (len(parts) == 2), len(parts) == 2 && parts[1] != strconv.FormatUint(s.leaf.Version, 10):
		c.find(Path, len("/v2/changes/"), "the hour of the newest state is asked for by its version, and no other is")
	case next.kind == tags && s.hour >= 0 && hour != s.hour+1:
		c.find(Path, len("/v2/changes/"), "an hour was left out: hours are read one after the other")
	default:
		if next.kind == tags {
			s.hour = hour
			c.report.Learned.Hours++
		}
	}
}
