// Package discoverytest is a directory in memory, for tests of its clients: it
// serves what packages directory and trust make, and does what a test tells it,
// also what no honest directory does. Nothing of it is a service.
package discoverytest

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"sealbook/verifier/discovery"
	"sealbook/wasm/directory"
	"sealbook/wasm/oprf"
	"sealbook/wasm/trust"
)

// Name is the directory's, URL its address.
const (
	Name = "directory.example"
	URL  = "https://directory.example/"
)

// Directory is the directory. It is for one request at a time.
type Directory struct {
	Now    func() time.Time
	Limits directory.Limits
	// Lie changes the answer to a request, nil answers nothing. It is called
	// after the answer was made.
	Lie func(*Exchange)
	// Renewal is how long a renewal takes.
	Renewal time.Duration
	// Code is the code that was sent last.
	Code string

	Epoch    uint32
	keys     *directory.Keys
	random   *rand.ChaCha8
	servers  map[uint32]*oprf.Server
	public   [oprf.ElementSize]byte
	people   []Person // in the order of the list
	touched  map[personKey]*directory.Entry
	accounts map[[32]byte]*account
	pending  map[string]*registration
	states   []*State // newest last
	hashes   store
}

// A Person is somebody in the list.
type Person struct {
	Tag    [directory.TagSize]byte
	ID     [directory.AccountSize]byte
	Record [directory.RecordSize]byte
}

type personKey struct {
	tag [directory.TagSize]byte
	id  [directory.AccountSize]byte
}

// A State is what was published at one moment.
type State struct {
	trust.State
	Tree    tlog.Tree
	Tags    []byte // file
	Records []byte // file
	Root    tlog.Hash
	Hashes  []byte
	Changes []byte
	// ChangeRecords are those of the changes.
	ChangeRecords []byte
}

type store []tlog.Hash

func (s store) ReadHashes(indexes []int64) (list []tlog.Hash, err error) {
	for _, i := range indexes {
		list = append(list, s[i])
	}
	return list, nil
}

// New makes a directory with nobody in it, and its first state. The seed decides
// over all that is random.
func New(seed byte, now func() time.Time) *Directory {
	d := &Directory{
		Now: now, Limits: directory.DefaultLimits(), Renewal: 24 * time.Hour,
		random: rand.NewChaCha8([32]byte{seed}), servers: map[uint32]*oprf.Server{}, touched: map[personKey]*directory.Entry{},
		accounts: map[[32]byte]*account{}, pending: map[string]*registration{},
	}
	keys, err := directory.NewKeys([directory.SeedSize]byte{seed}, Name)
	if err != nil {
		panic(err)
	}
	d.keys = keys
	d.NextEpoch()
	d.Publish()
	return d
}

// Key is the directory's, to pin.
func (d *Directory) Key() string { return d.keys.Verifier() }

func (d *Directory) draw(b []byte) { d.random.Read(b) }

// NextEpoch begins an epoch: with a new key and nobody.
func (d *Directory) NextEpoch() {
	d.Epoch++
	var drawn [directory.SeedSize]byte
	d.draw(drawn[:])
	key, err := directory.EpochKey(&drawn, d.Epoch)
	if err != nil {
		panic(err)
	}
	server := new(oprf.Server)
	if code := server.Init(oprf.VOPRF, &key, new(oprf.Room)); code != oprf.OK {
		panic(code)
	}
	server.PublicKey(&d.public)
	d.servers[d.Epoch] = server
	d.people, d.touched = nil, map[personKey]*directory.Entry{}
}

// Output is y of a number in the present epoch.
func (d *Directory) Output(number string) (y [oprf.OutputSize]byte) {
	if code := d.servers[d.Epoch].Output(&y, []byte(number)); code != oprf.OK {
		panic(code)
	}
	return y
}

// PersonOf is somebody with a number, and a record that shows the handle.
func (d *Directory) PersonOf(number, handle string) Person {
	y := d.Output(number)
	p := Person{Tag: directory.Tag(&y, d.Epoch), ID: directory.AccountID(&y, d.Epoch)}
	r := directory.Record{}
	copy(r.Handle[:], handle)
	key := directory.RecordKey(&y, d.Epoch)
	var nonce [directory.NonceSize]byte
	d.draw(nonce[:])
	p.Record = r.Seal(&key, &nonce)
	return p
}

// Stranger is somebody whose number nobody knows.
func (d *Directory) Stranger(tag [directory.TagSize]byte) (p Person) {
	p.Tag = tag
	d.draw(p.ID[:])
	d.draw(p.Record[:])
	return p
}

// Draw draws a tag.
func (d *Directory) Draw() (tag [directory.TagSize]byte) { d.draw(tag[:]); return tag }

func (p Person) key() personKey { return personKey{p.Tag, p.ID} }

func compare(a, b Person) int {
	if c := bytes.Compare(a.Tag[:], b.Tag[:]); c != 0 {
		return c
	}
	return bytes.Compare(a.ID[:], b.ID[:])
}

func (d *Directory) remember(p Person) (at int, there bool) {
	at, there = slices.BinarySearchFunc(d.people, p, compare)
	if _, noted := d.touched[p.key()]; !noted {
		d.touched[p.key()] = nil
		if there {
			e := directory.NewEntry(p.Tag, d.people[at].Record[:])
			d.touched[p.key()] = &e
		}
	}
	return at, there
}

// Put adds people, or replaces their records.
func (d *Directory) Put(people ...Person) {
	for _, p := range people {
		if at, there := d.remember(p); there {
			d.people[at] = p
		} else {
			d.people = slices.Insert(d.people, at, p)
		}
	}
}

// Remove removes people.
func (d *Directory) Remove(people ...Person) {
	for _, p := range people {
		if at, there := d.remember(p); there {
			d.people = slices.Delete(d.people, at, at+1)
		}
	}
}

// People are those in the list, in its order.
func (d *Directory) People() []Person { return d.people }

// Last is the newest state.
func (d *Directory) Last() *State {
	if len(d.states) == 0 {
		return nil
	}
	return d.states[len(d.states)-1]
}

// Parameters are what the directory says about itself.
func (d *Directory) Parameters() *directory.Parameters {
	return &directory.Parameters{
		Protocol: directory.Protocol, Name: Name, Epoch: d.Epoch, PublicKey: d.public[:],
		Consent: directory.ConsentText{Text: directory.Consent, SHA256: directory.ConsentSHA256},
		Limits:  d.Limits, Scopes: directory.Scopes(), Log: d.keys.LogVerifier(), Time: directory.Time(d.Now()),
	}
}

// Publish publishes a state.
func (d *Directory) Publish() *State {
	s := d.Make()
	d.Append(s)
	return s
}

// Make makes the next state, without publishing it.
func (d *Directory) Make() *State {
	last := d.Last()
	version := uint64(1)
	chain := tlog.Hash{}
	at := d.Now().UTC().Truncate(time.Second)
	if last != nil {
		version = last.Version + 1
		if last.Epoch == d.Epoch {
			chain = last.State.Changes
		}
		if at.Before(last.Time) {
			at = last.Time
		}
	}
	place := directory.Place{Epoch: d.Epoch}
	list := make([]uint64, len(d.people))
	var records []byte
	for i, p := range d.people {
		list[i] = directory.TagNumber(p.Tag)
		records = append(records, p.Record[:]...)
	}
	tags := directory.NewTags(place, version, list)
	changes := directory.Changes{Place: place, Version: version}
	of := map[directory.Entry][]byte{}
	for key, before := range d.touched {
		var now *directory.Entry
		if at, there := slices.BinarySearchFunc(d.people, Person{Tag: key.tag, ID: key.id}, compare); there {
			e := directory.NewEntry(key.tag, d.people[at].Record[:])
			now, of[e] = &e, d.people[at].Record[:]
		}
		changes.Note(before, now)
	}
	d.touched = map[personKey]*directory.Entry{}
	s := &State{Tags: tags.Append(nil), Changes: changes.Append(nil)}
	for _, e := range slices.Concat(changes.Added, changes.Changed) {
		s.ChangeRecords = append(s.ChangeRecords, of[e]...)
	}
	s.Records = append(tags.AppendRecords(nil), records...)
	s.Root = trust.RecordsRoot(records)
	for block := range slices.Chunk(records, directory.Block*directory.RecordSize) {
		h := trust.BlockHash(block)
		s.Hashes = append(s.Hashes, h[:]...)
	}
	p := d.Parameters()
	s.State = trust.State{
		Epoch: d.Epoch, Key: d.public, Version: version, People: uint64(len(d.people)),
		Files: trust.Files(sha256.Sum256(s.Tags), s.Root), Changes: trust.Chain(chain, version, sha256.Sum256(s.Changes)),
		Parameters: p.SHA256(), Consent: sha256.Sum256([]byte(p.Consent.Text)), Time: at,
	}
	return s
}

// Append appends a state to the log and serves it.
func (d *Directory) Append(s *State) {
	n := int64(len(d.states))
	hashes, err := tlog.StoredHashes(n, s.Leaf(), d.hashes)
	if err != nil {
		panic(err)
	}
	d.hashes = append(d.hashes, hashes...)
	root, err := tlog.TreeHash(n+1, d.hashes)
	if err != nil {
		panic(err)
	}
	s.Tree = tlog.Tree{N: n + 1, Hash: root}
	d.states = append(d.states, s)
}

// Fork is a copy of the directory that goes its own way: the same keys and
// people, and a log of its own from here on. Accounts are shared.
func (d *Directory) Fork() *Directory {
	f := *d
	f.people, f.states, f.hashes = slices.Clone(d.people), slices.Clone(d.states), slices.Clone(d.hashes)
	f.touched = map[personKey]*directory.Entry{}
	for k, e := range d.touched {
		f.touched[k] = e
	}
	f.random = rand.NewChaCha8([32]byte{0xf0})
	return &f
}

// Rewind takes the newest n states out of the log.
func (d *Directory) Rewind(n int) {
	d.states = d.states[:len(d.states)-n]
	d.hashes = d.hashes[:tlog.StoredHashCount(int64(len(d.states)))]
}

// Note signs a statement with the directory's key.
func (d *Directory) Note(s directory.Statement) string {
	text, err := d.keys.Sign(s)
	if err != nil {
		panic(err)
	}
	return text
}

// Checkpoint is the signed one of a state's tree.
func (d *Directory) Checkpoint(s *State) string {
	text, err := trust.SignCheckpoint(s.Tree, d.keys.Log())
	if err != nil {
		panic(err)
	}
	return text
}

// Update is the update of the log from a size to a state.
func (d *Directory) Update(from int64, s *State) string {
	text, err := trust.NewUpdate(from, s.Tree, s.Leaf(), d.Checkpoint(s), d.hashes)
	if err != nil {
		panic(err)
	}
	return text
}

// account is somebody with a credential.
type account struct {
	number   string
	epoch    uint32
	scopes   []directory.Scope
	level    int64 // of the budget
	at       int64
	renewal  *directory.Renewal
	listed   bool
	receipt  directory.Receipt
	sealed   [directory.RecordSize]byte
	consents string
}

// Account registers a number without a code, and with a record.
func (d *Directory) Account(number, handle string) *discovery.Mine {
	var credential [32]byte
	d.draw(credential[:])
	y := d.Output(number)
	m := &discovery.Mine{Number: number, Credential: directory.Bytes(credential[:]).String(), RecordKey: directory.RecordKey(&y, d.Epoch)}
	a := d.newAccount(credential, number, directory.Scopes())
	p := d.PersonOf(number, handle)
	a.sealed, m.Sealed = p.Record, &p.Record
	m.Record = &directory.Record{}
	copy(m.Record.Handle[:], handle)
	d.Put(p)
	m.Receipt, m.Note = a.receipt, d.Note(&a.receipt)
	return m
}

func (d *Directory) newAccount(credential [32]byte, number string, scopes []directory.Scope) *account {
	y := d.Output(number)
	id, tag := directory.AccountID(&y, d.Epoch), directory.Tag(&y, d.Epoch)
	a := &account{number: number, epoch: d.Epoch, scopes: scopes, at: d.Now().Unix(), listed: slices.Contains(scopes, directory.Discoverable)}
	a.receipt = directory.Receipt{
		Account: hex.EncodeToString(id[:]), Epoch: d.Epoch, Scopes: scopes,
		ConsentSHA256: directory.ConsentSHA256, LogTree: directory.NewLogTree(d.Last().Tree), Time: directory.Time(d.Now()),
	}
	if a.listed {
		b := directory.Bytes(tag[:])
		a.receipt.Tag = &b
	}
	d.accounts[sha256.Sum256(credential[:])] = a
	return a
}

func (a *account) budget(l directory.Limits) directory.Budget {
	return directory.Budget{Size: l.Budget, PerDay: l.RefillPerDay}
}

// SignText signs what no honest directory signs: JSON of a kind.
func (d *Directory) SignText(kind string, content any) string {
	text, err := json.Marshal(content)
	if err != nil {
		panic(err)
	}
	seed := d.keys.Secret("note")
	hash := d.Key()[len(Name)+1:][:8]
	signer, err := note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%s+%s", Name, hash, base64.StdEncoding.EncodeToString(append([]byte{1}, seed[:]...))))
	if err != nil {
		panic(err)
	}
	signed, err := note.Sign(&note.Note{Text: kind + "\n" + string(text) + "\n"}, signer)
	if err != nil {
		panic(err)
	}
	return string(signed)
}

// UpdateOf is the update of a log whose newest leaf is another text.
func (d *Directory) UpdateOf(from int64, leaf []byte) string {
	n := int64(len(d.states) - 1)
	hashes := slices.Clone(d.hashes[:tlog.StoredHashCount(n)])
	more, err := tlog.StoredHashes(n, leaf, hashes)
	if err != nil {
		panic(err)
	}
	hashes = append(hashes, more...)
	root, err := tlog.TreeHash(n+1, hashes)
	if err != nil {
		panic(err)
	}
	tree := tlog.Tree{N: n + 1, Hash: root}
	checkpoint, err := trust.SignCheckpoint(tree, d.keys.Log())
	if err != nil {
		panic(err)
	}
	text, err := trust.NewUpdate(from, tree, leaf, checkpoint, hashes)
	if err != nil {
		panic(err)
	}
	return text
}

// PutAll adds many people at once.
func (d *Directory) PutAll(people []Person) {
	for _, p := range people {
		if _, there := d.remember(p); there {
			panic("discoverytest: somebody is there already")
		}
	}
	come := slices.SortedFunc(slices.Values(people), compare)
	merged := make([]Person, 0, len(d.people)+len(come))
	for _, p := range d.people {
		for len(come) > 0 && compare(come[0], p) < 0 {
			merged, come = append(merged, come[0]), come[1:]
		}
		merged = append(merged, p)
	}
	d.people = append(merged, come...)
}

// RemoveAll removes many people at once.
func (d *Directory) RemoveAll(people []Person) {
	gone := map[personKey]bool{}
	for _, p := range people {
		if _, there := d.remember(p); there {
			gone[p.key()] = true
		}
	}
	d.people = slices.DeleteFunc(d.people, func(p Person) bool { return gone[p.key()] })
}
