//go:build old

package suite

import (
	"crypto/rand"
	"encoding/hex"
	"slices"
	"testing"

	"sealbook/wasm/directory"
	"sealbook/wasm/oprf"
)

// about reads and checks what the server says about itself.
func (s *Server) about(t testing.TB) directory.Parameters {
	t.Helper()
	var body struct{ Key, Note string }
	a := s.get(t, "/v1/directory")
	a.wantStatus(t, 200)
	a.read(t, &body)
	if body.Key != s.Key {
		t.Fatal("the server has another key")
	}
	var p directory.Parameters
	s.open(t, body.Note, &p)
	return p
}

// open checks a note.
func (s *Server) open(t testing.TB, note string, v directory.Statement) {
	t.Helper()
	verifier, err := directory.NewVerifier(s.Key)
	if err == nil {
		err = verifier.Open(note, v)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// begun is the answer to a registration.
type begun struct{ Registration, Expires string }

func (s *Server) begin(t testing.TB, number string) begun {
	t.Helper()
	a := s.post(t, "/v1/registrations", map[string]any{"number": number})
	a.wantStatus(t, 202)
	var b begun
	a.read(t, &b)
	raw, err := hex.DecodeString(b.Registration)
	if _, errTime := directory.ParseTime(b.Expires); err != nil || errTime != nil || len(raw) != 16 {
		t.Fatalf("registration %v %v", err, errTime)
	}
	return b
}

// confirmation is the body that confirms a registration; a test spoils it.
type confirmation struct {
	Number  string          `json:"number"`
	Code    string          `json:"code"`
	Blinded directory.Bytes `json:"blinded"`
	Consent consentGiven    `json:"consent"`
}

type consentGiven struct {
	TextSHA256 string            `json:"text_sha256"`
	Scopes     []directory.Scope `json:"scopes"`
}

func (s *Server) confirmation(t testing.TB, number, code string, scopes ...directory.Scope) (confirmation, *batch) {
	p := s.about(t)
	b := blind(t, p, number)
	return confirmation{number, code, b.blinded, consentGiven{p.Consent.SHA256, scopes}}, b
}

// confirmed is the answer to a confirmation.
type confirmed struct {
	Credential directory.Bytes
	Epoch      uint32
	Evaluated  directory.Bytes
	Proof      directory.Bytes
	Receipt    string
}

// person is somebody who is registered.
type person struct {
	number     string
	credential string
	receipt    directory.Receipt
	y          [oprf.OutputSize]byte
}

func (p *person) tag() [5]byte { return directory.Tag(&p.y, p.receipt.Epoch) }

func (s *Server) register(t testing.TB, scopes ...directory.Scope) *person {
	t.Helper()
	return s.registerNumber(t, s.numbers.next(), scopes...)
}

func (s *Server) registerNumber(t testing.TB, number string, scopes ...directory.Scope) *person {
	t.Helper()
	b := s.begin(t, number)
	body, blinded := s.confirmation(t, number, s.Code(t, b.Registration), scopes...)
	a := s.post(t, "/v1/registrations/"+b.Registration, body)
	a.wantStatus(t, 201)
	return s.accept(t, a, blinded, number)
}

// accept checks all that a confirmed registration answers.
func (s *Server) accept(t testing.TB, a answer, b *batch, number string) *person {
	t.Helper()
	var c confirmed
	a.read(t, &c)
	if len(c.Credential) != 32 {
		t.Fatalf("a credential of %d bytes", len(c.Credential))
	}
	p := &person{number: number, credential: c.Credential.String()}
	p.y = [oprf.OutputSize]byte(b.finalize(t, c.Evaluated, c.Proof))
	s.open(t, c.Receipt, &p.receipt)
	r := p.receipt
	id, tag := directory.AccountID(&p.y, c.Epoch), p.tag()
	listed := slices.Contains(r.Scopes, directory.Discoverable)
	if r.Epoch != c.Epoch || r.Account != hex.EncodeToString(id[:]) || r.Bucket != directory.Bucket(number, b.parameters.BucketBits) ||
		listed && string(*r.Tag) != string(tag[:]) {
		t.Errorf("the receipt %+v is not about %x", r, id)
	}
	return p
}

// batch is a batch of blinded elements.
type batch struct {
	parameters directory.Parameters
	client     oprf.Client
	inputs     oprf.Inputs
	blinds     []byte
	blinded    []byte
}

func blind(t testing.TB, p directory.Parameters, inputs ...string) *batch {
	t.Helper()
	b := &batch{parameters: p}
	if code := b.client.Init(oprf.VOPRF, (*[32]byte)(p.PublicKey), new(oprf.Room)); code != oprf.OK {
		t.Fatal(code)
	}
	for _, input := range inputs {
		b.inputs.Text = append(b.inputs.Text, input...)
		b.inputs.End = append(b.inputs.End, uint32(len(b.inputs.Text)))
	}
	random := make([]byte, oprf.RandomSize*len(inputs))
	rand.Read(random)
	b.blinds, b.blinded = make([]byte, 32*len(inputs)), make([]byte, 32*len(inputs))
	if _, code := b.client.Blind(b.inputs, random, b.blinds, b.blinded); code != oprf.OK {
		t.Fatal(code)
	}
	return b
}

// finalize checks the proof and answers the outputs, 64 bytes each.
func (b *batch) finalize(t testing.TB, evaluated, proof []byte) []byte {
	t.Helper()
	if len(proof) != oprf.ProofSize {
		t.Fatalf("a proof of %d bytes", len(proof))
	}
	outputs := make([]byte, oprf.OutputSize*len(b.inputs.End))
	if at, code := b.client.Finalize(b.inputs, b.blinds, b.blinded, evaluated, (*[64]byte)(proof), outputs); code != oprf.OK {
		t.Fatalf("finalize: %v at %d", code, at)
	}
	return outputs
}

// evaluate sends blinded elements.
func (s *Server) evaluate(t testing.TB, bearer string, blinded []byte) answer {
	t.Helper()
	return s.do(t, request{method: "POST", path: "/v1/evaluations", contentType: "application/octet-stream", bearer: bearer, body: blinded})
}

// me is what the server holds about an account.
type me struct {
	Account          string
	Epoch            uint32
	Tag              directory.Bytes
	Bucket           uint32
	Record           directory.Bytes
	CredentialSHA256 string `json:"credential_sha256"`
	Scopes           []directory.Scope
	Registered       string
	ConsentSHA256    string `json:"consent_sha256"`
	Budget           struct {
		Used, Limit, Available int64
		RefillPerDay           int64 `json:"refill_per_day"`
		At                     string
	}
}

func (s *Server) me(t testing.TB, bearer string) me {
	t.Helper()
	a := s.do(t, request{method: "GET", path: "/v1/me", bearer: bearer})
	a.wantStatus(t, 200)
	var m me
	a.read(t, &m)
	return m
}

// tags reads and checks the tags of the one bucket there is.
func (s *Server) tags(t testing.TB) directory.Tags {
	t.Helper()
	a := s.get(t, "/v1/buckets/0/tags")
	a.wantStatus(t, 200)
	tags, err := directory.ParseTags(a.body)
	if err != nil {
		t.Fatal(err)
	}
	return tags
}

// putRecord seals and puts a record.
func (s *Server) putRecord(t testing.TB, p *person, r directory.Record) {
	t.Helper()
	key := directory.RecordKey(&p.y, p.receipt.Epoch)
	var nonce [directory.NonceSize]byte
	rand.Read(nonce[:])
	sealed := r.Seal(&key, &nonce)
	a := s.do(t, request{method: "PUT", path: "/v1/me/record", contentType: "application/octet-stream", bearer: p.credential, body: sealed[:]})
	a.wantStatus(t, 204)
}

// find looks a person up as a friend would, and answers the record that opens.
func (s *Server) find(t testing.TB, p *person) (directory.Record, bool) {
	t.Helper()
	from, to := s.tags(t).Find(p.tag())
	a := s.get(t, "/v1/buckets/0/records")
	a.wantStatus(t, 200)
	if _, err := directory.ParseRecordsHeader(a.body); err != nil {
		t.Fatal(err)
	}
	key := directory.RecordKey(&p.y, p.receipt.Epoch)
	for i := from; i < to; i++ {
		sealed := [directory.RecordSize]byte(a.body[directory.HeaderSize+i*directory.RecordSize:])
		if r, ok := directory.OpenRecord(&key, &sealed); ok {
			return r, true
		}
	}
	return directory.Record{}, false
}

// withdraw withdraws and answers the receipt.
func (s *Server) withdraw(t testing.TB, p *person) directory.Withdrawal {
	t.Helper()
	a := s.do(t, request{method: "DELETE", path: "/v1/me", bearer: p.credential})
	a.wantStatus(t, 200)
	var body struct{ Receipt string }
	a.read(t, &body)
	var w directory.Withdrawal
	s.open(t, body.Receipt, &w)
	return w
}

// Credential registers somebody and answers the credential.
func (s *Server) Credential(t testing.TB) string {
	if s.numbers == nil {
		s.numbers = new(numbers)
	}
	return s.register(t, both...).credential
}
